{#- The condition that limits a model to what this run touches: that the columns, e.g. "records.record_no" or a
    list of such, are in the worklist; on a full run it is `true`. `names` says what the worklist calls them, if not
    the same. The worklist is a model, or one of the logs `changed_…` of `prepare_operations`.
    as_array: for a view with groups or windows over the column, into which PostgreSQL pushes `= any (array)`
    down but no join. -#}
{% macro touched(columns, worklist, names=none, as_array=false) %}
    {#- While dbt parses, this tells it that the model depends on the worklist. -#}
    {%- if not execute and not worklist.startswith("changed_") -%}{%- do ref(worklist) -%}{%- endif -%}
    {%- if is_full_run() -%}
        {{- return("true") -}}
    {%- endif -%}
    {%- set columns = [columns] if columns is string else columns -%}
    {%- if not names -%}
        {%- set names = [] -%}
        {%- for column in columns -%} {%- do names.append(column.split(".")[-1]) -%} {%- endfor -%}
    {%- endif -%}
    {%- set from_worklist = names | join(", ") ~ " from " ~ worklist_relation(worklist) -%}
    {%- if as_array -%}
        {{- return(columns[0] ~ " = any (array(select distinct " ~ from_worklist ~ "))") -}}
    {%- endif -%}
    {{- return("(" ~ columns | join(", ") ~ ") in (select " ~ from_worklist ~ ")") -}}
{% endmacro %}
