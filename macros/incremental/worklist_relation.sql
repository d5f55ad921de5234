{#- Where a worklist stands: a log of what changed, or a model of this run. -#}
{% macro worklist_relation(name) %}
    {{- return(operations_table(name) if name.startswith("changed_") else ref(name)) -}}
{% endmacro %}
