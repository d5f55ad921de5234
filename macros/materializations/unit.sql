{#- A unit test as dbt runs it, but for how it learns the types of the columns: dbt makes a temporary table of them, for
    every test in every run, and so writes them all into the catalogs. -#}
{% materialization unit, adapter="postgres" %}
    {%- set names = get_columns_in_query(sql) -%}
    {%- set types = [] -%}
    {%- for name in names -%}
        {%- do types.append("pg_typeof(tested." ~ adapter.quote(name) ~ ")::text") -%}
    {%- endfor -%}
    {%- set found = run_query(
        "select " ~ types | join(", ") ~ " from (select) as one left join (" ~ get_empty_subquery_sql(sql)
        ~ ") as tested on true"
    ).rows[0] -%}
    {%- set data_types = {} -%}
    {%- set quoted = {} -%}
    {%- for name in names -%}
        {%- do data_types.update({name | lower: found[loop.index0]}) -%}
        {%- do quoted.update({name | lower: adapter.quote(name)}) -%}
    {%- endfor -%}

    {%- set expected_rows = config.get("expected_rows") -%}
    {%- set expected_names = [] -%}
    {%- for name in (expected_rows[0] if expected_rows else names) -%}
        {%- do expected_names.append(quoted[name | lower]) -%}
    {%- endfor -%}
    {%- set expected_sql = config.get("expected_sql") or get_expected_sql(expected_rows, data_types, quoted) -%}
    {%- call statement("main", fetch_result=True) -%}
        {{ get_unit_test_sql(sql, expected_sql, expected_names) }}
    {%- endcall -%}
    {{ return({"relations": []}) }}
{% endmaterialization %}
