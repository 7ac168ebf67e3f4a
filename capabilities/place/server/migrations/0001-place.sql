-- The road network and the base map are replaced whole by an import, so each table holds one row at most.
create table road_network (
  id text primary key,
  single boolean not null default true unique check (single),
  name text not null,
  attribution text not null,
  graph bytea not null,
  west double precision not null,
  south double precision not null,
  east double precision not null,
  north double precision not null,
  view_west double precision not null,
  view_south double precision not null,
  view_east double precision not null,
  view_north double precision not null,
  counts jsonb not null,
  notes jsonb not null,
  imported_at timestamptz not null,
  check (west <= east and south <= north and view_west <= view_east and view_south <= view_north)
);

create table basemap (
  id text primary key,
  single boolean not null default true unique check (single),
  name text not null,
  attribution text not null,
  -- PMTiles, version 3. Its tiles are compressed already.
  archive bytea not null,
  size_bytes bigint not null,
  etag text not null,
  imported_at timestamptz not null
);
-- Stored in slices, uncompressed: a range request reads the slices it needs and not the whole.
alter table basemap alter column archive set storage external;

create table place_name (
  id bigint generated always as identity primary key,
  name text not null,
  kind text not null,
  lon double precision not null,
  lat double precision not null,
  -- place/core/place-query.ts: without case, width, accents and punctuation.
  search_text text not null
);
create index place_name_search on place_name using gin (search_text gin_trgm_ops);

create table site (
  id text primary key,
  name text not null check (length(name) between 1 and 200),
  class text not null check (class in ('residential', 'venue', 'key-unit')),
  trade text not null,
  organisation_id text,
  address text not null,
  lon double precision not null check (lon between -180 and 180),
  lat double precision not null check (lat between -90 and 90),
  contact_name text not null,
  contact_phone text not null,
  search_text text not null,
  version integer not null default 1
);
-- A site is known by its name and address, so that a file imported twice changes nothing.
create unique index site_once on site (name, address);
create index site_search on site using gin (search_text gin_trgm_ops);

create table area (
  id text primary key,
  kind text not null check (kind in ('station', 'beat', 'key-area', 'other')),
  name text not null check (length(name) between 1 and 200),
  organisation_id text,
  ring jsonb not null check (jsonb_array_length(ring) >= 4),
  version integer not null default 1
);
create unique index area_once on area (kind, name);

create table key_place (
  id text primary key,
  name text not null unique check (length(name) between 1 and 200),
  lon double precision not null check (lon between -180 and 180),
  lat double precision not null check (lat between -90 and 90),
  radius_metres double precision not null check (radius_metres between 5 and 5000),
  required_units integer not null check (required_units between 1 and 100),
  limit_seconds integer not null check (limit_seconds between 10 and 86400),
  active_hours jsonb not null,
  version integer not null default 1
);
