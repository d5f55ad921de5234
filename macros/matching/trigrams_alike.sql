{#- Whether records a and b reach a trigram similarity in a column. similarity() costs more than all other comparisons,
    so `bits` (trigram_bits) say first whether it can be: no more trigrams are shared than bits, and those of a that have
    no bit of their own. Similarity s of n and m trigrams takes s / (1 + s) of n + m; a value of n letters has at most
    n + 1 trigrams, and at least as many as bits. -#}
{% macro trigrams_alike(column, bits, likeness) -%}
{%- set percent = (100 * likeness) | round | int -%}
(
            {{ 100 + percent }} * (
                bit_count((a_{{ bits }} & b_{{ bits }})::bit(64))
                + octet_length(a_{{ column }}) + 1 - bit_count(a_{{ bits }}::bit(64))
            ) >= {{ percent }} * (bit_count(a_{{ bits }}::bit(64)) + bit_count(b_{{ bits }}::bit(64)))
            and similarity(a_{{ column }}, b_{{ column }}) >= {{ likeness }}
        )
{%- endmacro %}
