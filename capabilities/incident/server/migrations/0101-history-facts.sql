-- Target, entry and object of a call, as codes that a mapping gives: {"target": "home", "entry": "window"}.
alter table incident_history add column facts jsonb;
