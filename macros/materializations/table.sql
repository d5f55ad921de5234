{#- A table of an incremental run (a worklist, say) is emptied and filled again: dbt would make a new one and drop the
    old, with all that others built on it, and write their columns into the catalogs in every run. One that was empty and
    stays so is left alone. A full run, which follows every change of the project, may change the columns: it makes the
    table anew. Either way it is analysed: a join over a table that nobody has counted can take minutes, not seconds. -#}
{% materialization table, adapter="postgres" %}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is none or not existing.is_table or is_full_run() -%}
        {%- set done = dbt.materialization_table_default() -%}
        {%- call statement("analyze") -%} analyze {{ this }} {%- endcall -%}
        {%- do adapter.commit() -%}
        {{ return(done) }}
    {%- endif -%}

    {%- set target = this.incorporate(type="table") -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- set was_filled = run_query("select exists (select from " ~ target ~ ")").columns[0].values()[0] -%}
    {%- if was_filled -%}
        {%- call statement("empty") -%} truncate {{ target }} {%- endcall -%}
    {%- endif -%}
    {%- call statement("main") -%}
        insert into {{ target }} (
            {{ sql }}
        )
    {%- endcall -%}
    {%- if was_filled or load_result("main").response.rows_affected > 0 -%}
        {%- call statement("analyze") -%} analyze {{ target }} {%- endcall -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do apply_grants(target, config.get("grants"), should_revoke=should_revoke(existing, full_refresh_mode=False)) -%}
    {%- do persist_docs(target, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}
