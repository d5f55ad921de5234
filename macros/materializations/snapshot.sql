{#- A history, as dbt keeps it. An incremental run, of which the model says only what changed since the history's latest
    state, closes the open states of those keys by the index of the key, and adds the new ones: dbt would stage them
    twice, compare them with all open states, and want an index of its own hash. A full run is dbt's own, and one that
    finds a column which the history lacks: dbt adds it. -#}
{% materialization snapshot, adapter="postgres" %}
    {%- set key = adapter.quote(config.require("unique_key")) -%}
    {%- set changed_at = adapter.quote(config.require("updated_at")) -%}
    {%- set history = this.incorporate(type="table") -%}
    {%- set is_new = load_cached_relation(this) is none -%}
    {%- set has_changed = not is_new and not is_full_run() and run_query("select exists (" ~ sql ~ ")").rows[0][0] -%}
    {%- set columns = get_columns_in_query(sql) if has_changed else [] -%}
    {%- if not is_new and (is_full_run() or lacks_columns(history, columns)) -%}
        {{ return(dbt.materialization_snapshot_default()) }}
    {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if is_new -%}
        {%- set strategy = strategy_dispatch("timestamp")(model, "snapshotted_data", "source_data", model["config"], false) -%}
        {%- call statement("main") -%}
            create table {{ history }} with ({{ room_for_updates() }}) as (
                {{ build_snapshot_table(strategy, sql) }}
            )
        {%- endcall -%}
        {%- do persist_docs(history, model) -%}
        {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- elif has_changed -%}
        {%- set changed = adapter.quote(this.identifier ~ "__changed") -%}
        {%- call statement("changed") -%}
            create temporary table {{ changed }} on commit drop as ({{ sql }});
            analyze {{ changed }} ({{ key }}, {{ changed_at }});
            update {{ history }} as open_states
            set dbt_valid_to = {{ changed }}.{{ changed_at }}
            from {{ changed }}
            where
                open_states.{{ key }} = {{ changed }}.{{ key }}
                and open_states.dbt_valid_to is null
                and open_states.dbt_valid_from < {{ changed }}.{{ changed_at }}
        {%- endcall -%}
        {%- call statement("main") -%}
            insert into {{ history }} ({{ quoted_list(columns) }}, dbt_scd_id, dbt_updated_at, dbt_valid_from)
            select
                {{ quoted_list(columns) }},
                {{ snapshot_hash_arguments([key, changed_at]) }},
                {{ changed_at }},
                {{ changed_at }}
            from {{ changed }}
            where not exists (
                select from {{ history }} as open_states
                where open_states.{{ key }} = {{ changed }}.{{ key }} and open_states.dbt_valid_to is null
            )
        {%- endcall -%}
    {%- else -%}
        {%- call noop_statement("main", "UNCHANGED", "UNCHANGED", 0) -%} {%- endcall -%}
    {%- endif -%}
    {%- do apply_grants(history, config.get("grants"), should_revoke=not is_new) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [history]}) }}
{% endmaterialization %}
