-- Wrong passwords are counted by account and address: one who guesses must not shut out the one whose name he guesses at.
-- Rows are forgotten thirty days after they were last used.
create table sign_in_address (
  account_id text not null references account (id),
  ip text not null,
  failures integer not null default 0,
  locked_until timestamptz,
  opened_at timestamptz,
  used_at timestamptz not null,
  primary key (account_id, ip)
);
