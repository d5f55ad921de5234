{#- The comparison levels of a person's first or last name; an initial agrees with what begins with it, and two initials say no more. -#}
{% macro name_levels(column) -%}
when a.{{ column }} is null or b.{{ column }} is null then null
        when length(a.{{ column }}) = 1 or length(b.{{ column }}) = 1
            then case when left(a.{{ column }}, 1) = left(b.{{ column }}, 1) then 3 else 0 end
        when a.{{ column }} = b.{{ column }} then 6
        when {{ near(column, 1) }} then 5
        when greatest(length(a.{{ column }}), length(b.{{ column }})) > 4 and {{ near(column, 2) }} then 3
        when similarity(a.{{ column }}, b.{{ column }}) >= 0.4 or dmetaphone(a.{{ column }}) = dmetaphone(b.{{ column }})
            then 2
        else 0
{%- endmacro %}
