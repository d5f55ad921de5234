{#- Fills an operational table that applications may reference: creates it from the model's contract when it
    is missing, and afterwards only inserts, updates what is distinct, and deletes what the model no longer
    returns. It never drops, swaps or truncates, so foreign keys, triggers, policies and grants put on the
    table from outside outlive every build, `--full-refresh` included. The model may read `{{ this }}`: the
    table exists by then.

    unique_key           the key, one column or a list
    meta.upsert.scope    'all' (default): what the model does not return is deleted; 'changes': it is left
    meta.upsert.within   {columns, worklist}: on an incremental run only rows in the worklist are deleted (`touched`)
    meta.upsert.worklist what an incremental run with scope 'changes' reads: while it is empty there is nothing to do
    meta.upsert.log      [{into, columns, of}]: where an incremental run logs what it changes (`upsert_log`)
    meta.upsert.identity column that PostgreSQL numbers (described in the contract, not selected)
    meta.upsert.touched  {column: SQL}: set when a row is inserted or changes (described, not selected)
    meta.upsert.parallel whether parallel workers compute the rows of a new table (`upsert_create_parallel`)
    meta.upsert.order_by order in which new rows are inserted, and so numbered
    meta.indexes         [{name, columns, type, unique, with, where}], created once, by name -#}
{% materialization upsert, adapter="postgres", supported_languages=["sql"] %}
    {%- set target = this.incorporate(type="table") -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set options = config.get("meta", {}).get("upsert", {}) -%}
    {%- set unique_key = config.require("unique_key") -%}
    {%- set key = [unique_key] if unique_key is string else unique_key -%}
    {%- set staged = adapter.quote(this.identifier ~ "__staged") -%}
    {%- do upsert_check_setup(existing, key, options) -%}

    {%- set is_full = is_full_run() -%}
    {%- set worklist = options.worklist or (options.within or {}).worklist -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {%- if existing is not none -%} {%- do upsert_complete(target) -%} {%- endif -%}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- if existing is not none -%}
        {#- With nothing in its worklist the model has nothing to do. -#}
        {%- if worklist and not is_full
            and not run_query("select exists (select from " ~ worklist_relation(worklist) ~ ")").rows[0][0] -%}
            {%- call noop_statement("main", "+0 ~0 -0", "UPSERT", 0) -%} {%- endcall -%}
            {{ run_hooks(post_hooks, inside_transaction=True) }}
            {{ adapter.commit() }}
            {{ run_hooks(post_hooks, inside_transaction=False) }}
            {{ return({"relations": [target]}) }}
        {%- endif -%}
        {%- set changed = upsert_apply(target, sql, staged, key, options, is_full) -%}
    {%- else -%}
        {%- if options.parallel -%}
            {%- set changed = upsert_create_parallel(target, staged, sql, options) -%}
        {%- else -%}
            {%- call statement("create") -%}
                create table {{ target }} {{ get_table_columns_and_constraints() }} with ({{ room_for_updates() }})
            {%- endcall -%}
            {%- if options.identity -%}
                {%- call statement("identity") -%}
                    alter table {{ target }}
                    alter column {{ adapter.quote(options.identity) }} add generated always as identity
                {%- endcall -%}
            {%- endif -%}
            {%- set changed = upsert_fill(target, staged, sql, options) -%}
        {%- endif -%}
        {%- for command in upsert_index_commands(target) -%} {%- do run_query(command) -%} {%- endfor -%}
        {%- call statement("analyze") -%} analyze {{ target }} {%- endcall -%}
    {%- endif -%}
    {%- do store_raw_result(
        name="main",
        message="+" ~ changed.inserted ~ " ~" ~ changed.updated ~ " -" ~ changed.deleted,
        code="UPSERT",
        rows_affected=changed.inserted + changed.updated + changed.deleted,
    ) -%}

    {%- do apply_grants(target, config.get("grants"), should_revoke=should_revoke(existing, full_refresh_mode=False)) -%}
    {%- do persist_docs(target, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}
