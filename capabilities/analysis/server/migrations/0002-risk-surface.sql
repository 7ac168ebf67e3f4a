-- Expected incidents by place and hour, whole, beside the stops that were chosen from them.
create table analysis_surface (
  run_id text primary key references analysis_run (id),
  -- The lattice: its lines lie at multiples of the cell's side from here.
  origin_lon double precision not null,
  origin_lat double precision not null,
  cell_metres double precision not null check (cell_metres > 0),
  -- After the midnight at which the run's day begins.
  hours integer not null check (hours between 24 and 48),
  total double precision not null,
  -- packCellHours, compressed (raw deflate).
  packed bytea not null
);
