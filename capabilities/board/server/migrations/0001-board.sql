create table activation (
  id text primary key,
  district_id text not null references organisation (id),
  level integer not null,
  reason text not null,
  started_at timestamptz not null,
  target_reached_at timestamptz,
  stood_down_at timestamptz
);
-- A district has one open activation at most.
create unique index activation_one_open on activation (district_id) where stood_down_at is null;
create index activation_started on activation (started_at);

-- The timeline is the truth; the two tables beside it are its projections, for constraints and for lists.
create table activation_event (
  activation_id text not null references activation (id),
  sequence integer not null,
  type text not null,
  at timestamptz not null,
  account_id text,
  account_name text not null,
  data jsonb not null,
  primary key (activation_id, sequence)
);
revoke update, delete, truncate on activation_event from xunfang_app;

create table activation_order (
  id text primary key,
  activation_id text not null references activation (id),
  organisation_id text not null references organisation (id),
  unit_id text references unit (id),
  officer_id text references officer (id),
  state text not null check (state in ('ordered', 'acknowledged', 'declined', 'arrived', 'withdrawn', 'closed')),
  ordered_at timestamptz not null,
  chased_count integer not null default 0,
  escalated_at timestamptz,
  check ((unit_id is null) <> (officer_id is null))
);
create index activation_order_activation on activation_order (activation_id);
create unique index activation_order_one_open_unit on activation_order (unit_id)
  where state in ('ordered', 'acknowledged', 'declined', 'arrived');
create unique index activation_order_one_open_officer on activation_order (officer_id)
  where state in ('ordered', 'acknowledged', 'declined', 'arrived');

-- The strength of those covered, so that its rise can be drawn.
create table activation_strength (
  activation_id text not null references activation (id),
  at timestamptz not null,
  on_street integer not null,
  available integer not null,
  needed integer not null,
  primary key (activation_id, at)
);
