{#- A history to which nothing is to be added stays as it is; dbt would write the columns of a temporary table into the
    catalogs in every run. Otherwise what changed is staged and analysed first, so that the planner knows how little of
    the history it concerns (`postgres__snapshot_staging_table`). -#}
{% materialization snapshot, adapter="postgres" %}
    {%- if load_cached_relation(this) is none -%}
        {{ return(dbt.materialization_snapshot_default()) }}
    {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if not is_full_run() and not run_query("select exists (" ~ sql ~ ")").columns[0].values()[0] -%}
        {%- call noop_statement("main", "UNCHANGED", "UNCHANGED", 0) -%} {%- endcall -%}
        {{ adapter.commit() }}
        {{ return({"relations": [load_cached_relation(this)]}) }}
    {%- endif -%}
    {%- set changed = adapter.quote(this.identifier ~ "__changed") -%}
    {%- call statement("changed") -%} create temporary table {{ changed }} on commit drop as ({{ sql }}) {%- endcall -%}
    {%- call statement("analyze") -%} analyze {{ changed }} {%- endcall -%}
    {{ return(dbt.materialization_snapshot_default()) }}
{% endmaterialization %}
