{#- The histories tell time with its zone, as all other tables do; dbt-postgres would cut it off. -#}
{% macro postgres__snapshot_get_time() %} current_timestamp {% endmacro %}
