-- Patterns of the district's own: beside the shipped ones, or in the place of one of the same code.
create table duty_pattern (
  code text primary key,
  content jsonb not null,
  version integer not null,
  changed_at timestamptz not null
);

-- Which pattern an organisation follows from a date on.
create table duty_scheme (
  organisation_id text not null references organisation (id),
  from_date date not null,
  pattern_code text not null,
  anchor_date date not null,
  version integer not null,
  primary key (organisation_id, from_date)
);

-- In which platoon of which organisation an officer is; who is lent may be in one of each, and is rostered where they serve.
create table platoon_member (
  officer_id text not null references officer (id),
  organisation_id text not null references organisation (id),
  platoon integer not null check (platoon >= 0),
  from_date date not null,
  -- The first day on which it holds no more; null: until further notice.
  until_date date check (until_date > from_date),
  primary key (organisation_id, officer_id, from_date),
  constraint platoon_member_one_platoon exclude using gist (
    organisation_id with =,
    officer_id with =,
    daterange(from_date, until_date) with &&
  )
);

create table roster_post (
  id text primary key,
  organisation_id text not null references organisation (id),
  code text not null,
  name_zh text not null,
  name_en text not null,
  kind text not null check (kind in ('desk', 'patrol', 'reserve', 'other')),
  is_street boolean not null,
  unit_id text references unit (id),
  shifts text[] not null,
  min_officers integer not null check (min_officers >= 0),
  max_officers integer check (max_officers >= min_officers and max_officers > 0),
  needs_leader boolean not null,
  skills jsonb not null,
  removed_at timestamptz,
  version integer not null
);
create unique index roster_post_code on roster_post (organisation_id, code) where removed_at is null;

-- The count of each local year: locked until the transaction ends, so that no number is missing or given twice.
create table roster_year (
  year integer primary key,
  last_count integer not null
);

create table roster (
  id text primary key,
  number text not null unique,
  from_date date not null,
  days integer not null check (days between 1 and 62),
  state text not null check (state in ('draft', 'published', 'replaced', 'withdrawn')),
  based_on text references roster (id),
  title text not null,
  -- What it was judged by when it was published; a draft is judged by what holds now.
  rules jsonb,
  weights jsonb,
  schemes jsonb,
  patterns jsonb,
  posts jsonb,
  objective double precision,
  bound double precision,
  solve_seconds double precision,
  made_by text not null,
  made_at timestamptz not null,
  published_by text,
  published_at timestamptz,
  ended_at timestamptz,
  version integer not null,
  check ((published_at is null) = (published_by is null)),
  check (state not in ('published', 'replaced') or published_at is not null),
  check ((published_at is null) = (rules is null) and (rules is null) = (posts is null)),
  check ((ended_at is not null) = (state in ('replaced', 'withdrawn'))),
  -- At most one roster holds on a date.
  constraint roster_one_published exclude using gist (
    daterange(from_date, from_date + days) with &&
  ) where (state = 'published')
);

-- Who does what on which day; a day off has no row. Personal: it goes after the term of the setting `roster.keeping`.
create table roster_duty (
  roster_id text not null references roster (id),
  officer_id text not null references officer (id),
  date date not null,
  organisation_id text not null references organisation (id),
  kind text not null check (kind in ('duty', 'training', 'leave')),
  shift text,
  post_id text references roster_post (id),
  draw text,
  starts_at timestamptz,
  ends_at timestamptz,
  origin text not null check (origin in ('solver', 'hand', 'swap', 'sick-call', 'import')),
  primary key (roster_id, officer_id, date),
  check ((kind = 'duty') = (shift is not null)),
  check ((kind = 'duty') = (starts_at is not null) and (starts_at is null) = (ends_at is null)),
  check (ends_at > starts_at),
  -- A patrol draw's place is the street; every other duty has a post.
  check (kind <> 'duty' or (post_id is null) <> (draw is null)),
  check (kind = 'duty' or (post_id is null and draw is null))
);
create index roster_duty_of_officer on roster_duty (officer_id, date);
create index roster_duty_at on roster_duty (starts_at, ends_at);

-- Days of officers on which the pattern does not bind: swapped, or covering for a colleague.
create table roster_waiver (
  roster_id text not null references roster (id),
  officer_id text not null references officer (id),
  date date not null,
  cause text not null check (cause in ('swap', 'sick-call')),
  primary key (roster_id, officer_id, date)
);

create table roster_event (
  roster_id text not null references roster (id),
  sequence integer not null,
  type text not null,
  at timestamptz not null,
  account_id text,
  account_name text not null,
  data jsonb not null,
  primary key (roster_id, sequence)
);
revoke update, delete, truncate on roster_event from xunfang_app;

-- Each search for a roster. `heard_at` moves while its thread lives: a row that runs and is silent was cut off.
create table roster_solve (
  id text primary key,
  roster_id text not null references roster (id),
  state text not null check (state in ('running', 'done', 'stopped', 'infeasible', 'failed')),
  cause text,
  asked_seconds double precision not null,
  -- The draft that it began from: what was changed since is not overwritten.
  roster_version integer not null,
  started_by text not null,
  started_at timestamptz not null,
  heard_at timestamptz not null,
  ended_at timestamptz,
  seconds double precision not null,
  objective double precision,
  bound double precision,
  breaches double precision,
  stop_asked boolean not null default false,
  conflict jsonb,
  -- What was found and is not in the draft, because the draft was changed meanwhile.
  found jsonb,
  check ((state = 'running') = (ended_at is null))
);
create unique index roster_solve_one_running on roster_solve (roster_id) where state = 'running';
create index roster_solve_of_roster on roster_solve (roster_id, started_at);
