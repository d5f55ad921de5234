{#- A table of an incremental run (a worklist, say) is emptied and filled again: dbt would make a new one and drop the
    old, with all that others built on it, and write their columns into the catalogs in every run. One that was empty and
    stays so is left alone. A full run, which follows every change of the project, may change the columns: it makes the
    table anew. Either way it is analysed: a join over a table that nobody has counted can take minutes, not seconds.

    meta.parallel   whether parallel workers compute its rows: they run the query of CREATE TABLE AS, never that of INSERT -#}
{% materialization table, adapter="postgres" %}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is none or not existing.is_table or is_full_run() -%}
        {%- set done = dbt.materialization_table_default() -%}
        {%- call statement("analyze") -%} analyze {{ this }} {%- endcall -%}
        {%- do adapter.commit() -%}
        {{ return(done) }}
    {%- endif -%}

    {%- set target = this.incorporate(type="table") -%}
    {%- set filled = adapter.quote(this.identifier ~ "__filled") -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {#- In one call of the server: the round trips of a step for each would take longer than a small change. -#}
    {%- call statement("main", fetch_result=True) -%}
        do $fill$
        #variable_conflict use_column
        declare
            was_filled constant boolean := exists (select from {{ target }});
            rows_inserted bigint;
        begin
            if was_filled then
                truncate {{ target }};
            end if;
            {%- if config.get("meta", {}).parallel %}
            create temporary table {{ filled }} on commit drop as (
                {{ sql }}
            );
            insert into {{ target }} select * from {{ filled }};
            {%- else %}
            insert into {{ target }} (
                {{ sql }}
            );
            {%- endif %}
            get diagnostics rows_inserted = row_count;
            if was_filled or rows_inserted > 0 then
                analyze {{ target }};
            end if;
            perform set_config('customer360.filled', rows_inserted::text, true);
        end
        $fill$;
        select current_setting('customer360.filled')
    {%- endcall -%}
    {%- set rows = load_result("main").data[0][0] | int -%}
    {%- do store_raw_result(name="main", message="INSERT 0 " ~ rows, code="INSERT", rows_affected=rows) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do apply_grants(target, config.get("grants"), should_revoke=should_revoke(existing, full_refresh_mode=False)) -%}
    {%- do persist_docs(target, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}
