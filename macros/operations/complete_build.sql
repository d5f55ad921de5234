{#- When every model of the project has run and succeeded (on-run-end), everything has seen what changed: the logs are
    emptied, the build is noted with the size of what it left, and the next one goes on from here. A build of some
    models, or one that fails, leaves the logs to the next. -#}
{% macro complete_build(results) %}
    {%- if not is_complete_build(results) -%}
        {{- return("") -}}
    {%- endif -%}
    {#- Asked for by itself, since PostgreSQL reads in parallel only for a statement that writes nothing. -#}
    {%- set sizes = run_query(
        "select live, identified, customers, merged, coalesce(largest, 0) from ("
        ~ "select count(*) filter (where is_live) as live, count(*) filter (where is_identified) as identified"
        ~ " from " ~ this_project_relation("int_clusters") ~ ") as members cross join ("
        ~ "select count(*) filter (where record_count > 0) as customers,"
        ~ " count(*) filter (where status = 'merged') as merged, max(record_count) as largest"
        ~ " from " ~ this_project_relation("customers") ~ ") as registered"
    ).rows[0] -%}
    insert into {{ operations_table("build_history") }} (
        build_id, completed_at, is_full, live_records, identified_records, customers, merged_customers, largest_customer
    )
    select
        '{{ invocation_id }}',
        now(),
        not exists (select from {{ operations_table("completed_build") }})
        {%- for size in sizes.values() %},
        {{ size }}
        {%- endfor %};
    {%- for name in [
        "changed_records", "changed_names", "changed_identifiers", "changed_verdicts", "changed_edges", "changed_members",
        "changed_features", "changed_keys", "changed_blocks", "changed_priors", "changed_scores",
    ] %}
    delete from {{ operations_table(name) }};
    {%- endfor %}
    delete from {{ operations_table("completed_build") }};
    insert into {{ operations_table("completed_build") }} (build_id, fingerprint)
    values ('{{ invocation_id }}', '{{ build_fingerprint() }}')
{% endmacro %}
