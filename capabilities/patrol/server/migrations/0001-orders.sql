create table patrol_order (
  id text primary key,
  number text unique,
  state text not null
    check (state in ('draft', 'proposed', 'returned', 'discarded', 'issued', 'withdrawn', 'expired')),
  organisation_id text references organisation (id),
  lon double precision not null,
  lat double precision not null,
  radius_metres integer not null check (radius_metres between 30 and 500),
  label text not null,
  category text,
  starts_at timestamptz not null,
  expires_at timestamptz not null,
  from_minute integer not null check (from_minute between 0 and 1439),
  until_minute integer not null,
  weekdays integer[] not null,
  visits integer not null check (visits > 0),
  minutes_per_visit integer not null check (minutes_per_visit > 0),
  reason text not null,
  evidence jsonb not null,
  drafted_at timestamptz not null,
  drafted_by_id text,
  drafted_by text not null,
  proposed_at timestamptz,
  proposed_by_id text,
  proposed_by text,
  returned_at timestamptz,
  returned_by_id text,
  returned_by text,
  return_reason text,
  issued_at timestamptz,
  approved_by_id text,
  approved_by text,
  is_own_proposal boolean,
  ended_at timestamptz,
  ended_by_id text,
  ended_by text,
  end_reason text,
  version integer not null,
  check (expires_at > starts_at),
  check (until_minute > from_minute and until_minute <= from_minute + 1440),
  -- A number is drawn by an approval, and no approval is without one.
  check ((number is not null) = (state in ('issued', 'withdrawn', 'expired'))),
  check ((number is null) = (issued_at is null) and (number is null) = (approved_by is null)),
  check ((ended_at is not null) = (state in ('discarded', 'withdrawn', 'expired'))),
  check ((returned_at is not null) = (state = 'returned'))
);
create index patrol_order_in_force on patrol_order (expires_at) where state = 'issued';
create index patrol_order_issued on patrol_order (issued_at) where issued_at is not null;

-- The count of each local year: the row is locked until the approval commits, so that no number is missing or given twice.
create table patrol_order_year (
  year integer primary key,
  last_count integer not null
);

create table patrol_order_event (
  order_id text not null references patrol_order (id),
  sequence integer not null,
  type text not null,
  at timestamptz not null,
  account_id text,
  account_name text not null,
  data jsonb not null,
  primary key (order_id, sequence)
);
revoke update, delete, truncate on patrol_order_event from xunfang_app;

create table patrol_order_unit (
  order_id text not null references patrol_order (id),
  unit_id text not null references unit (id),
  call_sign text not null,
  organisation_id text not null references organisation (id),
  sent_at timestamptz,
  read_at timestamptz,
  recalled_at timestamptz,
  primary key (order_id, unit_id)
);
create index patrol_order_unit_by_unit on patrol_order_unit (unit_id);

create table patrol_order_receipt (
  order_id text not null,
  unit_id text not null,
  account_id text not null,
  account_name text not null,
  read_at timestamptz not null,
  primary key (order_id, unit_id, account_id),
  foreign key (order_id, unit_id) references patrol_order_unit (order_id, unit_id)
);

-- Each time the band of an issued order comes round, with what was done of what it asks.
create table patrol_occurrence (
  order_id text not null references patrol_order (id),
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  asked_visits integer not null,
  asked_seconds integer not null,
  outcome text not null
    check (outcome in ('upcoming', 'under-way', 'done', 'partly', 'not-done', 'cannot-be-told')),
  visits integer not null default 0,
  seconds integer not null default 0,
  other_visits integer not null default 0,
  unknown_seconds integer not null default 0,
  counted_at timestamptz,
  primary key (order_id, starts_at)
);
create index patrol_occurrence_ends on patrol_occurrence (ends_at);

-- Which unit was there when. It goes with the fixes that it was read from.
create table patrol_visit (
  order_id text not null,
  occurrence_starts_at timestamptz not null,
  unit_id text not null references unit (id),
  arrived_at timestamptz not null,
  left_at timestamptz not null,
  seconds integer not null,
  is_addressed boolean not null,
  counts boolean not null,
  primary key (order_id, occurrence_starts_at, unit_id, arrived_at),
  foreign key (order_id, occurrence_starts_at) references patrol_occurrence (order_id, starts_at) on delete cascade
);
create index patrol_visit_arrived on patrol_visit (arrived_at);
