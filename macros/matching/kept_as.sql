{#- How a model that deltas go on from is stored: by `upsert`; for training and evaluation, whose schemas are dropped when
    they are done, as a table without what only the next build needs: keys, indexes and write-ahead log. -#}
{% macro kept_as() %}
    {{- return("table" if var("match_training") else "upsert") -}}
{% endmacro %}
