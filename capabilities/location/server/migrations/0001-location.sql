create table device (
  id text primary key,
  -- Small numbers for the hot path: a fix refers to its device by four bytes instead of 37.
  number integer generated always as identity unique,
  code text not null unique check (length(code) between 1 and 100),
  name text not null,
  kind text not null check (kind in ('phone', 'vehicle-terminal', 'tracker', 'gateway', 'other')),
  datum text not null check (datum in ('wgs-84', 'cgcs2000', 'gcj-02', 'bd-09')),
  gateway_id text references device (id),
  -- SHA-256 of 256 bits of chance; the secret itself is shown once and kept nowhere.
  secret_hash bytea not null check (length(secret_hash) = 32),
  secret_set_at timestamptz not null,
  enabled boolean not null default true,
  created_at timestamptz not null,
  version integer not null default 1
);
create index device_gateway on device (gateway_id) where gateway_id is not null;

-- Whom a device went with and when: one at a time, the past kept.
create table device_binding (
  id text primary key,
  device_id text not null references device (id),
  unit_id text,
  officer_id text,
  vehicle_id text,
  since_at timestamptz not null,
  until_at timestamptz,
  check (num_nonnulls(unit_id, officer_id, vehicle_id) = 1),
  check (until_at is null or until_at >= since_at)
);
create unique index device_bound_once on device_binding (device_id) where until_at is null;
create index device_binding_history on device_binding (device_id, since_at);

-- For which unit a device spoke and when, as worked out from its binding and the crews of that time.
-- Tracks and replay read a unit's way from here, so that a later change of crew does not change the past.
create table device_speaker (
  device_number integer not null references device (number),
  unit_id text not null,
  rank smallint not null,
  since_at timestamptz not null,
  until_at timestamptz,
  primary key (device_number, since_at),
  check (until_at is null or until_at >= since_at)
);
create unique index device_speaks_once on device_speaker (device_number) where until_at is null;
create index device_speaker_unit on device_speaker (unit_id, since_at);

-- History. Column order leaves no padding. One day a partition, opened before it is written, dropped whole.
create table fix (
  device_number integer not null,
  -- Bits of FLAG in location/core/fix.ts.
  flags smallint not null,
  battery_percent smallint,
  fixed_at timestamptz not null,
  received_at timestamptz not null,
  lon double precision not null,
  lat double precision not null,
  accuracy_metres real,
  speed_metres_per_second real,
  bearing_degrees real,
  -- A moment of a device is stored once, whoever sends it how often.
  primary key (device_number, fixed_at)
) partition by range (fixed_at);
create index fix_by_time on fix using brin (fixed_at) with (pages_per_range = 32);

create table latest_position (
  device_number integer primary key,
  flags smallint not null,
  battery_percent smallint,
  fixed_at timestamptz not null,
  received_at timestamptz not null,
  lon double precision not null,
  lat double precision not null,
  accuracy_metres real,
  speed_metres_per_second real,
  bearing_degrees real
) with (fillfactor = 40);

-- How many of what, by device and UTC day of receipt; device 0 is «nobody we know».
create table fix_count (
  day date not null,
  device_number integer not null,
  cause text not null,
  count bigint not null,
  primary key (day, device_number, cause)
);

-- Who kept which key place from when to when.
create table key_place_stay (
  key_place_id text not null,
  unit_id text not null,
  entered_at timestamptz not null,
  left_at timestamptz,
  primary key (key_place_id, unit_id, entered_at),
  check (left_at is null or left_at >= entered_at)
);
create unique index key_place_stays_once on key_place_stay (key_place_id, unit_id) where left_at is null;
create index key_place_stay_time on key_place_stay (key_place_id, entered_at);

create table key_place_coverage (
  key_place_id text primary key,
  state text not null check (state in ('not-required', 'covered', 'uncovered', 'alarm')),
  since_at timestamptz,
  raised_at timestamptz
);

create table key_place_alarm (
  id text primary key,
  key_place_id text not null,
  required_units integer not null,
  present_units integer not null,
  uncovered_since_at timestamptz not null,
  raised_at timestamptz not null,
  covered_at timestamptz
);
create unique index key_place_one_alarm on key_place_alarm (key_place_id) where covered_at is null;
create index key_place_alarm_time on key_place_alarm (raised_at);

-- The running server owns no table, so opening and dropping days are functions of the owner.
create function open_fix_day(day date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  partition text := 'fix_' || to_char(day, 'YYYYMMDD');
begin
  perform pg_advisory_xact_lock(hashtext('fix-days'));
  if to_regclass(partition) is null then
    execute format(
      'create table %I partition of fix for values from (%L) to (%L)',
      partition, day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
  end if;
end $$;

-- Drops every day before the one given; gives the names of the days dropped.
create function drop_fix_days(first_kept date) returns setof text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  partition text;
begin
  perform pg_advisory_xact_lock(hashtext('fix-days'));
  -- Whoever writes has the parent locked for milliseconds; better to come again than to hold everybody up.
  set local lock_timeout = '2s';
  for partition in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'fix'::regclass and c.relname ~ '^fix_\d{8}$' and c.relname < 'fix_' || to_char(first_kept, 'YYYYMMDD')
  loop
    execute format('drop table %I', partition);
    return next partition;
  end loop;
end $$;

revoke execute on function open_fix_day(date), drop_fix_days(date) from public;
grant execute on function open_fix_day(date), drop_fix_days(date) to xunfang_app;
