{#- `touched`, for data tests: a test within `dbt build` looks at what the build touched, `dbt test` at everything. Whatever
    command parses it tells dbt of the worklist, for dbt keeps what it parsed for the next command. -#}
{% macro touched_by_build(columns, worklist, names=none, as_array=false) %}
    {{- return(touched(columns, worklist, names, as_array) if flags.WHICH == "build" or not execute else "true") -}}
{% endmacro %}
