{#- Whether every model of the project has run and succeeded (in on-run-end). -#}
{% macro is_complete_build(results) %}
    {%- if not execute or flags.WHICH not in ["build", "run"] -%} {{- return(false) -}} {%- endif -%}
    {%- set done = results | selectattr("status", "equalto", "success") | map(attribute="node.unique_id") | list -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == "model" and node.config.materialized != "ephemeral"
            and node.package_name == project_name and node.unique_id not in done
    -%}
        {{- return(false) -}}
    {%- endfor -%}
    {{- return(true) -}}
{% endmacro %}
