{#- `touched`, for data tests: a test within `dbt build` looks at what the build touched, `dbt test` at everything. -#}
{% macro touched_by_build(columns, worklist, names=none, as_array=false) %}
    {{- return(touched(columns, worklist, names, as_array) if flags.WHICH == "build" else "true") -}}
{% endmacro %}
