create extension if not exists btree_gist;
create extension if not exists pg_trgm;

create table setting (
  key text primary key,
  value jsonb not null,
  version integer not null default 1,
  changed_at timestamptz not null
);

create table account (
  id text primary key,
  username text not null,
  name text not null,
  password_hash text,
  kind text not null check (kind in ('person', 'service')),
  officer_id text,
  active boolean not null default true,
  totp_secret text,
  totp_enrolled_at timestamptz,
  totp_last_step bigint,
  failed_sign_ins integer not null default 0,
  locked_until timestamptz,
  created_at timestamptz not null,
  version integer not null default 1
);
create unique index account_username on account (lower(username));

create table account_grant (
  account_id text not null references account (id),
  role text not null,
  organisation_id text
);
create unique index account_grant_once on account_grant (account_id, role, coalesce(organisation_id, ''));
-- The three administrators are never one person: at most one of the three roles an account.
create unique index account_one_administrator on account_grant (account_id)
  where role in ('system-admin', 'security-admin', 'audit-admin');

create table account_session (
  token_hash bytea primary key,
  account_id text not null references account (id),
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ip text not null,
  user_agent text not null
);
create index account_session_account on account_session (account_id);

create table api_token (
  id text primary key,
  account_id text not null references account (id),
  token_hash bytea not null unique,
  label text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);

create table audit_entry (
  id bigserial primary key,
  at timestamptz not null,
  account_id text,
  account_name text not null,
  action text not null,
  subject_kind text not null,
  subject_id text,
  reason text,
  ip text not null,
  request_id text not null,
  detail jsonb
);
create index audit_entry_subject on audit_entry (subject_kind, subject_id, id);
create index audit_entry_account on audit_entry (account_id, id);

create table audit_seal (
  id bigserial primary key,
  first_entry bigint not null,
  last_entry bigint not null,
  previous_hash bytea not null,
  hash bytea not null,
  sealed_at timestamptz not null
);

create table outbox (
  id bigserial primary key,
  seq bigint unique,
  topic text not null,
  subject_id text not null,
  organisation_id text,
  permission text not null,
  at timestamptz not null,
  data jsonb not null
);
create index outbox_unpublished on outbox (id) where seq is null;

create table stream_head (
  single boolean primary key default true check (single),
  seq bigint not null
);
insert into stream_head (seq) values (0);

create table flow_cursor (consumer text primary key, seq bigint not null);
create table flow_run (
  seq bigint not null,
  row_id text not null,
  ran_at timestamptz not null,
  primary key (seq, row_id)
);
create table flow_failure (
  seq bigint not null,
  row_id text not null,
  failed_at timestamptz not null,
  attempts integer not null,
  message text not null,
  primary key (seq, row_id)
);

create table idempotency (
  key text not null,
  account_id text not null,
  route text not null,
  request_hash bytea not null,
  status integer,
  etag text,
  body jsonb,
  created_at timestamptz not null,
  primary key (account_id, key)
);
create index idempotency_age on idempotency (created_at);

create table webhook (
  id text primary key,
  url text not null,
  secret text not null,
  topics text[] not null,
  active boolean not null,
  created_at timestamptz not null,
  cursor bigint not null,
  failures integer not null default 0,
  next_attempt_at timestamptz not null,
  last_status text,
  version integer not null default 1
);

-- Append-only by rights: the running server may add and read, and nothing else.
revoke update, delete, truncate on audit_entry, audit_seal from xunfang_app;
