create table assignment (
  id text primary key,
  incident_id text not null references incident (id),
  unit_id text not null references unit (id),
  call_sign text not null,
  organisation_id text not null,
  role text not null check (role in ('handle', 'stand-by')),
  state text not null check (state in ('ordered', 'acknowledged', 'en-route', 'on-scene', 'cleared', 'released')),
  echelon integer not null check (echelon > 0),
  ordered_at timestamptz not null,
  asked_at timestamptz not null,
  acknowledged_at timestamptz,
  departed_at timestamptz,
  arrived_at timestamptz,
  released_at timestamptz,
  release_cause text,
  chase_count integer not null default 0,
  last_chased_at timestamptz,
  chase_escalated_at timestamptz,
  version integer not null default 1,
  check ((released_at is null) = (state not in ('cleared', 'released'))),
  check ((released_at is null) = (release_cause is null)),
  check (role = 'handle' or state in ('ordered', 'acknowledged', 'released'))
);
-- A unit is never assigned twice, whatever the code above this line does.
create unique index assignment_one_open_per_unit on assignment (unit_id) where released_at is null;
create index assignment_open_by_incident on assignment (incident_id) where released_at is null;
create index assignment_by_incident on assignment (incident_id, ordered_at);
create index assignment_by_unit on assignment (unit_id, ordered_at desc);
create index assignment_unanswered on assignment (asked_at) where state = 'ordered' and chase_escalated_at is null;

create table notice (
  id text primary key,
  kind text not null check (kind in ('nearby', 'group', 'chase', 'leader')),
  incident_id text not null references incident (id),
  assignment_id text references assignment (id),
  recipient_kind text not null check (recipient_kind in ('unit', 'organisation', 'group')),
  recipient_id text not null,
  data jsonb not null,
  due_at timestamptz not null,
  sent_at timestamptz,
  check ((recipient_kind = 'group') = (kind = 'group'))
);
create index notice_by_incident on notice (incident_id, due_at);
create index notice_by_recipient on notice (recipient_kind, recipient_id, due_at desc);
create index notice_due on notice (due_at) where sent_at is null;

create table notice_receipt (
  notice_id text not null references notice (id),
  account_id text not null,
  account_name text not null,
  read_at timestamptz not null,
  primary key (notice_id, account_id)
);
