-- What a run found beside its stops: series and warnings as of the beginning of its day.
create table analysis_finding (
  run_id text primary key references analysis_run (id) on delete cascade,
  at_date date not null,
  -- The significance map of each category.
  knox jsonb not null,
  watched jsonb not null,
  series_left_out integer not null
);

create table analysis_series (
  run_id text not null references analysis_run (id) on delete cascade,
  -- The same on other days while it shares incidents with them.
  series_id text not null,
  since date not null,
  rank integer not null,
  category text not null,
  state text not null check (state in ('open', 'growing', 'closed')),
  -- Places, times and codes of circumstances; no person and no text.
  found jsonb not null,
  primary key (run_id, series_id)
);
create index analysis_series_by_id on analysis_series (series_id);

create table analysis_warning (
  run_id text not null references analysis_run (id) on delete cascade,
  warning_id text not null,
  rank integer not null,
  outcome text not null check (outcome in ('warning', 'noted')),
  found jsonb not null,
  primary key (run_id, warning_id)
);
