{#- A function whose definition is the same as last time stays as it is; dbt would create it again in every run. -#}
{% materialization function, adapter="postgres", supported_languages=['sql'] %}
    {%- if is_unchanged("function") -%}
        {%- call noop_statement("main", "UNCHANGED", "UNCHANGED", 0) -%} {%- endcall -%}
        {{ return({"relations": [load_cached_relation(this) or this]}) }}
    {%- endif -%}
    {%- set done = dbt.materialization_function_default() -%}
    {%- do note_as_built("function") -%}
    {{ return(done) }}
{% endmaterialization %}
