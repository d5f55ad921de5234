{#- What each test said when it last ran, for whoever asks the database (on-run-end). Tests that this run left out keep
    what they have; a run of everything forgets those that are gone. -#}
{% macro note_test_results(results) %}
    {%- set seen = [] -%}
    {%- for result in results if result.node.resource_type in ["test", "unit_test"] -%}
        {%- do seen.append(result) -%}
    {%- endfor -%}
    {%- if not seen -%}
        {{- return("") -}}
    {%- endif -%}
    insert into {{ operations_table("test_results") }} as known (
        test, kind, meaning, status, failures, checked_at, build_id
    )
    values
    {%- for result in seen %}
    {%- set about = test_meaning(result.node) %}
    (
        {%- for text in [result.node.name, about.kind, about.meaning, result.status | string] -%}
        {{ dbt.string_literal(dbt.escape_single_quotes(text)) }},
        {%- endfor -%}
        {{ (result.failures or 0) | int }}, now(), '{{ invocation_id }}'
    )
    {{- "," if not loop.last }}
    {%- endfor %}
    on conflict (test) do update set
        kind = excluded.kind,
        meaning = excluded.meaning,
        status = excluded.status,
        failures = excluded.failures,
        checked_at = excluded.checked_at,
        build_id = excluded.build_id;
    {%- if not (invocation_args_dict.select or invocation_args_dict.exclude or invocation_args_dict.selector) %}
    delete from {{ operations_table("test_results") }} where build_id <> '{{ invocation_id }}'
    {%- endif %}
{% endmacro %}
