-- Agencies may replace the dictionary; while it is empty the default of core/incident-type.ts is in force.
create table incident_type (
  code text primary key,
  name_zh text not null,
  name_en text not null,
  base_level text not null check (base_level in ('general', 'complex', 'major')),
  urgent boolean not null,
  position integer not null
);

-- The count within each local day. Taken under the lock of its row, so numbers have no gaps: an opening that
-- rolls back gives its number back.
create table incident_day (
  day date primary key,
  last_count integer not null
);

create table incident (
  id text primary key,
  number text not null unique,
  origin text not null check (origin in ('citizen', 'patrol', 'alarm', 'system')),
  type_code text not null,
  summary text not null,
  address text not null,
  lon double precision not null check (lon between -180 and 180),
  lat double precision not null check (lat between -90 and 90),
  people_count integer check (people_count >= 0),
  circumstances text[] not null,
  organisation_id text,
  key_place_id text,
  opened_at timestamptz not null,
  hour_drawn boolean not null,
  proposal jsonb,
  proposed_level text check (proposed_level in ('general', 'complex', 'major')),
  level text check (level in ('general', 'complex', 'major')),
  stage text not null check (stage in ('response', 'reinforcement', 'handling', 'mediation')),
  first_arrived_at timestamptz,
  status text not null check (status in ('open', 'closed', 'merged')),
  closed_at timestamptz,
  disposition_code text,
  result text,
  merged_into_id text references incident (id),
  version integer not null,
  last_sequence integer not null,
  check ((status = 'closed') = (closed_at is not null and disposition_code is not null)),
  check ((status = 'merged') = (merged_into_id is not null))
);
create index incident_by_time on incident (opened_at desc, id desc);
create index incident_open on incident (opened_at desc, id desc) where status = 'open';
create index incident_by_organisation on incident (organisation_id, opened_at desc);
create index incident_merged on incident (merged_into_id) where merged_into_id is not null;

create table incident_event (
  incident_id text not null references incident (id),
  sequence integer not null check (sequence > 0),
  type text not null,
  at timestamptz not null,
  account_id text,
  account_name text not null,
  data jsonb not null,
  primary key (incident_id, sequence)
);
-- The timeline is evidence: the running server adds to it and reads it, nothing else.
revoke update, delete, truncate on incident_event from xunfang_app;

create table report (
  id text primary key,
  incident_id text not null references incident (id),
  origin text not null check (origin in ('citizen', 'patrol', 'alarm', 'system')),
  type_code text not null,
  summary text not null,
  address text not null,
  lon double precision not null,
  lat double precision not null,
  people_count integer,
  circumstances text[] not null,
  received_at timestamptz not null,
  occurred_at timestamptz,
  received_by text,
  found_by_unit_id text,
  external_source text,
  external_id text,
  check ((external_source is null) = (external_id is null))
);
create unique index report_external on report (external_source, external_id) where external_id is not null;
create index report_incident on report (incident_id, received_at);

-- Personal data apart from the rest, so that it can lapse alone.
create table report_caller (
  report_id text primary key references report (id),
  name text,
  phone text,
  legal_basis text not null,
  purpose text not null,
  retain_until timestamptz not null
);
create index report_caller_lapse on report_caller (retain_until);

-- A projection of the timeline, written again whenever an incident ends or opens again.
create table incident_summary (
  incident_id text primary key references incident (id),
  organisation_id text,
  opened_at timestamptz not null,
  figures jsonb not null
);
create index incident_summary_time on incident_summary (opened_at);
