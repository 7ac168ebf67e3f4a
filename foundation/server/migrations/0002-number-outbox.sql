-- Gives waiting outbox rows their numbers, under the lock of the one row of stream_head. Where none waits nothing is
-- locked, so that the look costs no transaction number and no write to disk.
create function number_outbox(at_most integer) returns void language plpgsql as $$
begin
  if not exists (select from outbox where seq is null) then
    return;
  end if;
  perform seq from stream_head for update;
  -- This statement sees what was committed while the one before waited for the row.
  with fresh as (
    select id, row_number() over (order by id) as position
      from (select id from outbox where seq is null order by id limit at_most) as waiting
  ), numbered as (
    update outbox set seq = stream_head.seq + fresh.position from fresh, stream_head
     where outbox.id = fresh.id returning 1
  )
  update stream_head set seq = seq + (select count(*) from numbered);
end $$;
