{#- The legacy tables whose details this run can read, {`<system>.<entity>`: what event_details says, the table's
    alias, and the join that finds the row of a record by the table's own key, in the key's own type. -#}
{% macro event_tables() %}
    {%- set tables = {} -%}
    {%- if execute -%}
        {%- set details = event_details() -%}
        {%- for item in readable_entities() -%}
            {%- set name = item.system ~ "." ~ item.entity -%}
            {%- if "key" in details.get(name, {}) -%}
                {%- set relation = source(item.system, item.entity) -%}
                {%- set alias = adapter.quote(item.system ~ "_" ~ item.entity) -%}
                {%- set key = details[name].key -%}
                {%- set join -%}
left join {{ relation }} as {{ alias }}
    on {{ alias }}.{{ adapter.quote(key) }} = case
        when clusters.system = '{{ item.system }}' and clusters.entity = '{{ item.entity }}'
            then clusters.source_id::{{ legacy_column_type(item.system, item.entity, key) }}
    end
                {%- endset -%}
                {%- do tables.update({name: dict(details[name], alias=alias, join=join)}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(tables) -}}
{% endmacro %}
