-- Leave, training, not fit for duty. Why somebody is not fit is not asked and has no column.
create table absence (
  id text primary key,
  officer_id text not null references officer (id),
  organisation_id text not null,
  kind text not null check (kind in ('leave', 'training', 'unfit')),
  from_date date not null,
  until_date date not null,
  state text not null check (state in ('requested', 'approved', 'refused', 'withdrawn')),
  note text check (kind <> 'unfit' or note is null),
  requested_at timestamptz not null,
  requested_by_id text,
  requested_by text not null,
  decided_at timestamptz,
  decided_by_id text,
  decided_by text,
  decision_reason text,
  -- The date after which the row is deleted.
  retain_until date not null,
  version integer not null default 1,
  check (until_date >= from_date),
  -- Nobody is granted the same day twice, whoever decides at the same moment.
  constraint absence_granted_once exclude using gist (
    officer_id with =, daterange(from_date, until_date, '[]') with &&
  ) where (state = 'approved')
);
create index absence_officer on absence (officer_id, from_date);
create index absence_retain on absence (retain_until);

-- What an officer would like: a shift, or a day off, on a date; or rather not. One wish a day.
create table roster_wish (
  officer_id text not null references officer (id),
  date date not null,
  shift text,
  is_wanted boolean not null,
  weight integer not null check (weight between 1 and 3),
  wished_at timestamptz not null,
  primary key (officer_id, date)
);
