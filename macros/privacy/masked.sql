{#- What a reader without the right to personal data sees of a column: by its kind, as SQL over the column.
    A name keeps its initials, a phone its last four digits, an email its domain, a place all of it; the rest is NULL. -#}
{% macro masked(kind, column, type) -%}
    {%- set text = "(" ~ column ~ ")::text" -%}
    {%- set hidden = "null::text" -%}
    {%- set masks = {
        "name": "regexp_replace(" ~ text ~ ", '(\\S)\\S*', '\\1.', 'g')",
        "phone": "'…' || right(" ~ text ~ ", 4)",
        "email": "'…@' || split_part(" ~ text ~ ", '@', 2)",
        "place": text,
        "address": hidden,
        "official_id": hidden,
        "birth_date": hidden,
        "website": hidden,
        "free_text": hidden,
        "identifier": hidden,
    } -%}
    {%- if kind not in masks -%}
        {%- do exceptions.raise_compiler_error(
            "config.meta.personal_data of the column " ~ column ~ " is '" ~ kind ~ "'. It has to be one of: "
            ~ masks | join(", ") ~ "."
        ) -%}
    {%- endif -%}
    ({{ masks[kind] }})::{{ type }}
{%- endmacro %}
