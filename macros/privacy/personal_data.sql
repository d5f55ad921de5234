{#- The columns of a node of the graph that hold personal data, as its YAML marks them: {column: kind}. The kinds, and
    what a reader without the right to personal data sees of each, are in `masked`. -#}
{% macro personal_data(node) %}
    {%- set kinds = {} -%}
    {%- for column in node.columns.values() if column.config.meta.personal_data -%}
        {%- do kinds.update({column.name: column.config.meta.personal_data}) -%}
    {%- endfor -%}
    {{- return(kinds) -}}
{% endmacro %}
