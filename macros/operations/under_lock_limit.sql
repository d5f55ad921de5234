{#- SQL: runs the commands that the query `commands` returns, all or none. Each waits for a lock for 200 ms at most, and all
    are tried again until 15 seconds have passed, so that nobody queues behind them for long.
    hint: what to do when there is no lock -#}
{% macro under_lock_limit(commands, hint) -%}
do $limited$
declare
    command text;
    deadline constant timestamptz := clock_timestamp() + interval '15 seconds';
    patience constant text := current_setting('lock_timeout');
begin
    loop
        begin
            perform set_config('lock_timeout', '200ms', true);
            for command in
                {{ commands | indent(16) }}
            loop
                execute command;
            end loop;
            exit;
        exception
            when lock_not_available or deadlock_detected then
                if clock_timestamp() > deadline then
                    raise exception 'no lock for 15 seconds: %. %', command, {{ dbt.string_literal(hint) }};
                end if;
                perform pg_sleep(0.1 + random() / 4);
        end;
    end loop;
    perform set_config('lock_timeout', patience, true);
end
$limited$
{%- endmacro %}
