-- Runs some batches, each in a transaction of its own together with its cursor, without a word to the client between
-- them: on a busy machine every such word waits for its turn. It begins where the cursor stands, also after an error.
create or replace procedure pg_temp.run_batches(
    batch text, cursor_of text[], since timestamptz, size bigint, number integer,
    inout after text, inout passed bigint, inout seen bigint, inout changed bigint, inout held_ms double precision
)
language plpgsql
as $body$
declare
    started timestamptz;
    last_key_seen text;
    changed_now bigint;
begin
    changed := 0;
    held_ms := 0;
    for batches_so_far in 0..number - 1 loop
        started := clock_timestamp();
        select c.last_key into after from c360_ops.cursors as c where array[c.system, c.step, c.pass] = cursor_of;
        execute batch into last_key_seen, seen, changed_now using after, since, size;
        update c360_ops.cursors as c set last_key = coalesce(last_key_seen, c.last_key), rows = c.rows + seen
        where array[c.system, c.step, c.pass] = cursor_of
        returning c.last_key, c.rows into after, passed;
        commit;
        changed := changed + changed_now;
        held_ms := (
            held_ms * batches_so_far + extract(epoch from clock_timestamp() - started) * 1000
        ) / (batches_so_far + 1);
        exit when seen = 0;
    end loop;
end
$body$
