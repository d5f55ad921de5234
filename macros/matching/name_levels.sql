{#- The comparison levels of a person's first or last name, `sound` being how it sounds; an initial agrees with what
    begins with it, and two initials say no more. The distance is measured once, and trigrams are looked at last: they
    cost most. -#}
{% macro name_levels(column, sound, trigrams) -%}
{%- set alike -%}
case when a_{{ sound }} = b_{{ sound }} or {{ trigrams_alike(column, trigrams, 0.4) }} then 2 else 0 end
{%- endset -%}
when a_{{ column }} is null or b_{{ column }} is null then null
        when a_{{ column }} = b_{{ column }} then case when length(a_{{ column }}) = 1 then 3 else 6 end
        when length(a_{{ column }}) = 1 or length(b_{{ column }}) = 1
            then case when left(a_{{ column }}, 1) = left(b_{{ column }}, 1) then 3 else 0 end
        else case levenshtein_less_equal(a_{{ column }}, b_{{ column }}, 2)
            when 1 then 5
            when 2
                then case when greatest(length(a_{{ column }}), length(b_{{ column }})) > 4 then 3 else {{ alike }} end
            else {{ alike }}
        end
{%- endmacro %}
