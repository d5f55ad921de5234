{#- Which trigrams a value has, as bits of one number: two trigrams may share a bit. -#}
{% macro trigram_bits(value) -%}
(
        select bit_or(1::bigint << (hashtextextended(trigrams.trigram collate "C", 0) & 63)::integer)
        from unnest(show_trgm({{ value }})) as trigrams (trigram)
    )
{%- endmacro %}
