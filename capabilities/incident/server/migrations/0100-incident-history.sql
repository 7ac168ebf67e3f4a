-- Calls of the past, from agencies' files or a generated district: for analysis and for replay, never edited.
create table incident_import (
  id text primary key,
  source text not null,
  file_name text not null,
  file_sha256 bytea not null,
  mapping_sha256 bytea not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  -- Where a broken import goes on: the last line whose batch is committed.
  lines_done bigint not null default 0,
  accepted bigint not null default 0,
  duplicates bigint not null default 0,
  rejected jsonb not null default '{}',
  hours_drawn bigint not null default 0,
  types_unknown bigint not null default 0,
  reject_file_bytes bigint not null default 0
);
create index incident_import_open on incident_import (source, file_sha256, mapping_sha256) where finished_at is null;

create table incident_history (
  id bigint generated always as identity primary key,
  source text not null,
  -- The agency's number, or the values of the natural key joined by a bar.
  external_id text not null,
  -- Which of several equal rows it is, where the mapping takes equal rows as different calls.
  occurrence integer not null default 1 check (occurrence > 0),
  occurred_at timestamptz not null,
  -- The file gave a date only; the hour was drawn from a profile.
  hour_drawn boolean not null,
  type_code text not null,
  category text,
  description text,
  address text,
  origin text not null check (origin in ('citizen', 'patrol', 'alarm', 'system')),
  circumstances text[] not null default '{}',
  people_count integer,
  lon double precision not null check (lon between -180 and 180),
  lat double precision not null check (lat between -90 and 90),
  raw jsonb,
  import_id text references incident_import (id),
  unique (source, external_id, occurrence)
);
create index incident_history_by_time on incident_history (occurred_at, id);
