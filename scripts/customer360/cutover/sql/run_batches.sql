-- Runs some batches, each in a transaction of its own together with its cursor, without a word to the client between
-- them: on a busy machine every such word waits for its turn. It begins where the cursor stands, also after an error.
-- The cursor moves when all parts of a stretch of keys are through; to repeat one changes nothing.
create or replace procedure pg_temp.run_batches(
    batch text, cursor_of text[], since timestamptz, size bigint, stretches integer, parts integer,
    inout after text, inout passed bigint, inout seen bigint, inout changed bigint, inout held_ms double precision
)
language plpgsql
as $body$
declare
    started timestamptz;
    until text;
    last_key_seen text;
    changed_now bigint;
begin
    changed := 0;
    held_ms := 0;
    for turn in 0..stretches * parts - 1 loop
        started := clock_timestamp();
        select c.last_key, c.until_key into after, until
        from c360_ops.cursors as c where array[c.system, c.step, c.pass] = cursor_of;
        execute batch into last_key_seen, seen, changed_now using after, since, size, turn % parts, parts, until;
        if turn % parts = parts - 1 then
            update c360_ops.cursors as c set last_key = coalesce(last_key_seen, c.last_key), rows = c.rows + seen
            where array[c.system, c.step, c.pass] = cursor_of
            returning c.last_key into after;
        end if;
        commit;
        changed := changed + changed_now;
        held_ms := (held_ms * turn + extract(epoch from clock_timestamp() - started) * 1000) / (turn + 1);
        exit when seen = 0;
    end loop;
    select c.rows into passed from c360_ops.cursors as c where array[c.system, c.step, c.pass] = cursor_of;
end
$body$
