{#- Storage parameter of tables whose rows change in place: room for a row's next version beside it. Otherwise every page
    is full after the first build, an update locks a row in one page and writes it into another, and all indexes of the
    table have to follow, changed or not. -#}
{% macro room_for_updates() %}
    {{- return("fillfactor = 90") -}}
{% endmacro %}
