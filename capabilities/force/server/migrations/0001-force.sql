create table organisation (
  id text primary key,
  parent_id text references organisation (id),
  code text not null unique,
  kind text not null check (kind in ('sub-bureau', 'station', 'special-patrol', 'other')),
  name_zh text not null,
  name_en text not null,
  lon double precision check (lon between -180 and 180),
  lat double precision check (lat between -90 and 90),
  duty_commander_officer_id text,
  version integer not null default 1,
  check (parent_id <> id),
  check ((lon is null) = (lat is null))
);

create table officer (
  id text primary key,
  organisation_id text not null references organisation (id),
  badge_number text not null,
  name text not null,
  phone text,
  sworn boolean not null,
  patrol_capable boolean not null,
  skills text[] not null default '{}',
  duty text not null default 'off' check (duty in ('on', 'off')),
  duty_since timestamptz not null,
  post text not null default 'none' check (post in ('none', 'street')),
  post_since timestamptz not null,
  removed_at timestamptz,
  version integer not null default 1,
  constraint officer_post_only_on_duty check (post = 'none' or duty = 'on'),
  constraint officer_removed_is_off_duty check (removed_at is null or duty = 'off')
);
create unique index officer_badge_number on officer (badge_number) where removed_at is null;
create index officer_organisation on officer (organisation_id) where removed_at is null;

alter table organisation
  add constraint organisation_duty_commander foreign key (duty_commander_officer_id) references officer (id);

create table vehicle (
  id text primary key,
  organisation_id text not null references organisation (id),
  plate text not null,
  kind text not null check (kind in ('car', 'van', 'motorcycle', 'e-bike', 'bicycle', 'other')),
  removed_at timestamptz,
  version integer not null default 1
);
create unique index vehicle_plate on vehicle (plate) where removed_at is null;

create table unit (
  id text primary key,
  organisation_id text not null references organisation (id),
  call_sign text not null,
  kind text not null
    check (kind in ('car', 'motorcycle', 'bicycle', 'foot', 'special', 'plain-clothes', 'other')),
  leader_officer_id text references officer (id),
  vehicle_id text references vehicle (id),
  skills text[] not null default '{}',
  equipment text[] not null default '{}',
  status text not null default 'off-duty' check (status in (
    'off-duty', 'briefing', 'patrolling', 'en-route', 'on-scene', 'stand-by', 'inspecting', 'break',
    'out-of-service')),
  status_since timestamptz not null,
  removed_at timestamptz,
  version integer not null default 1
);
create unique index unit_call_sign on unit (call_sign) where removed_at is null;
create unique index unit_one_vehicle on unit (vehicle_id) where removed_at is null;

create table unit_member (
  unit_id text not null references unit (id),
  officer_id text not null references officer (id),
  since_at timestamptz not null,
  until_at timestamptz,
  check (until_at >= since_at)
);
-- An officer is in one unit at a time, whatever the code above does.
create unique index unit_member_one_unit on unit_member (officer_id) where until_at is null;
create index unit_member_unit on unit_member (unit_id, until_at);

create table unit_status_change (
  id bigserial primary key,
  unit_id text not null references unit (id),
  rule text not null,
  from_status text not null,
  to_status text not null,
  source text not null check (source in ('dispatcher', 'unit', 'system')),
  changed_at timestamptz not null,
  account_id text,
  account_name text not null,
  ip text not null,
  cause text
);
create index unit_status_change_unit on unit_status_change (unit_id, id);
create index unit_status_change_time on unit_status_change (changed_at);

create table loan (
  id text primary key,
  subject_kind text not null check (subject_kind in ('officer', 'unit')),
  subject_id text not null,
  from_organisation_id text not null references organisation (id),
  to_organisation_id text not null references organisation (id),
  starts_at timestamptz not null,
  ends_at timestamptz,
  returned_at timestamptz,
  reason text not null,
  -- Set once the beginning and the end have had their effect on crews and have been announced.
  begun_at timestamptz,
  over_at timestamptz,
  check (from_organisation_id <> to_organisation_id),
  check (ends_at > starts_at),
  -- Nobody is lent twice at one moment.
  constraint loan_no_overlap exclude using gist (
    subject_kind with =,
    subject_id with =,
    tstzrange(
      starts_at,
      greatest(starts_at, least(coalesce(returned_at, 'infinity'), coalesce(ends_at, 'infinity')))
    ) with &&
  )
);
create index loan_open on loan (starts_at) where over_at is null;
