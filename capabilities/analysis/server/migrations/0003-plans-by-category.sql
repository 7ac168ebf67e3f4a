-- Plans of the most frequent categories, and for the whole day and the week, beside those of all by shift.
alter table analysis_plan
  -- '' for all categories together.
  add column category text not null default '',
  add column stretch text not null default 'shift' check (stretch in ('shift', 'day', 'week'));
alter table analysis_plan drop constraint analysis_plan_pkey;
alter table analysis_plan add primary key (run_id, category, stretch, shift);
