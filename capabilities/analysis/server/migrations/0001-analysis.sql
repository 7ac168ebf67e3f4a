-- The log of runs. What was looked at and what was odd about it stays with the run; a failure keeps its cause.
create table analysis_run (
  id text primary key,
  -- The local day that is planned.
  day date not null,
  cause text not null check (cause in ('daily', 'catch-up', 'manual')),
  account_id text,
  account_name text not null,
  state text not null check (state in ('running', 'done', 'failed')),
  -- Times that its computing was begun: a run that a stop of the server broke off is begun again.
  attempts integer not null default 0,
  started_at timestamptz not null,
  ended_at timestamptz,
  parameters jsonb not null,
  quality jsonb not null default '[]',
  figures jsonb,
  failure jsonb,
  check ((state = 'running') = (ended_at is null)),
  check ((state = 'done') = (figures is not null)),
  check ((state = 'failed') = (failure is not null))
);
-- One at a time: two processors are all a district has.
create unique index analysis_run_running on analysis_run (state) where state = 'running';
create index analysis_run_by_day on analysis_run (day, state);

create table analysis_plan (
  run_id text not null references analysis_run (id),
  shift integer not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  expected double precision not null,
  low double precision not null,
  high double precision not null,
  -- In order of rank, each with its range, memory, incidents and rhythm.
  stops jsonb not null,
  primary key (run_id, shift)
);
