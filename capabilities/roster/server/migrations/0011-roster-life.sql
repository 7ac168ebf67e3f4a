-- Who has read which version of a roster, and what it said of their own days then.
create table roster_acknowledgement (
  roster_id text not null references roster (id),
  officer_id text not null references officer (id),
  at timestamptz not null,
  version integer not null,
  own_days text not null,
  primary key (roster_id, officer_id)
);

create table roster_swap (
  id text primary key,
  roster_id text not null references roster (id),
  from_officer_id text not null references officer (id),
  from_organisation_id text not null,
  from_date date not null,
  with_officer_id text not null references officer (id),
  with_organisation_id text not null,
  with_date date not null,
  state text not null check (state in ('offered', 'accepted', 'approved', 'refused', 'withdrawn', 'lapsed')),
  cells jsonb not null,
  offered_at timestamptz not null,
  offered_by_id text,
  offered_by text not null,
  answered_at timestamptz,
  answered_by_id text,
  answered_by text,
  decided_at timestamptz,
  decided_by_id text,
  decided_by text,
  reason text,
  retain_until date not null,
  version integer not null,
  check (from_officer_id <> with_officer_id)
);
create index roster_swap_of_roster on roster_swap (roster_id, state);
create index roster_swap_retain on roster_swap (retain_until);

-- The days that accepted swaps dispose of: a day of somebody belongs to one of them at most.
create table roster_swap_day (
  roster_id text not null references roster (id),
  officer_id text not null,
  date date not null,
  swap_id text not null references roster_swap (id) on delete cascade,
  primary key (roster_id, officer_id, date)
);

-- Somebody rostered cannot come. What they have is not asked and has no column.
create table sick_call (
  id text primary key,
  roster_id text not null references roster (id),
  officer_id text not null references officer (id),
  organisation_id text not null,
  date date not null,
  duty text not null,
  ends_at timestamptz not null,
  called_at timestamptz not null,
  called_by_id text,
  called_by text not null,
  state text not null check (state in ('open', 'covered', 'uncovered-accepted')),
  replacement_officer_id text references officer (id),
  decided_at timestamptz,
  decided_by_id text,
  decided_by text,
  reason text,
  retain_until date not null,
  version integer not null,
  check ((state = 'covered') = (replacement_officer_id is not null)),
  check ((state = 'open') = (decided_at is null)),
  check (state <> 'uncovered-accepted' or reason is not null)
);
create index sick_call_day on sick_call (date, organisation_id);
create index sick_call_retain on sick_call (retain_until);

-- What was called, one line an officer and day; a correction takes its place, and the audit log has both.
create table attendance (
  officer_id text not null references officer (id),
  date date not null,
  roster_id text not null references roster (id),
  organisation_id text not null,
  state text not null check (state in ('present', 'late', 'absent', 'excused')),
  at timestamptz not null,
  source text not null check (source in ('attendance', 'roll-call')),
  recorded_at timestamptz not null,
  recorded_by_id text,
  recorded_by text not null,
  retain_until date not null,
  primary key (officer_id, date)
);
create index attendance_day on attendance (date, organisation_id);
create index attendance_retain on attendance (retain_until);

-- The secret in a feed's address, as its hash: who reads this table reads no calendar.
create table calendar_feed (
  officer_id text primary key references officer (id),
  secret_hash bytea not null unique,
  made_at timestamptz not null
);
