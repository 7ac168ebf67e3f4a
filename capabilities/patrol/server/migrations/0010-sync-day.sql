-- The sync index of each finished day: how much of patrol fell where and when risk was, and what explains it.
create table sync_day (
  day date primary key,
  computed_at timestamptz not null,
  state text not null check (state in ('done', 'no-track', 'no-plan')),
  -- The run whose expectation it was held against.
  run_id text,
  -- Where the units' minutes went; nothing of which unit.
  minutes jsonb,
  figures jsonb,
  -- Risk, presence and better places by cell and hour, as compressed JSON (raw deflate).
  surface bytea,
  check ((state = 'done') = (figures is not null)),
  check ((state = 'done') = (surface is not null)),
  check (state = 'no-plan' or run_id is not null)
);
