{#- Which rows of the target the model answers for: `within` of its upsert settings, as a condition on the target.
    within: {columns: [column of target and worklist] or {column of the target: column of the worklist}, worklist} -#}
{% macro upsert_within(options, alias, is_full) %}
    {%- if options.scope == "changes" -%}
        {{- return("false") -}}
    {%- endif -%}
    {%- if not options.within or is_full -%}
        {{- return("true") -}}
    {%- endif -%}
    {%- set names = options.within.columns -%}
    {%- set columns = [] -%}
    {%- for name in names -%} {%- do columns.append(alias ~ "." ~ adapter.quote(name)) -%} {%- endfor -%}
    {{- return(
        "(" ~ columns | join(", ") ~ ") in (select "
        ~ quoted_list(names.values() if names is mapping else names)
        ~ " from " ~ worklist_relation(options.within.worklist) ~ ")"
    ) -}}
{% endmacro %}
