{#- The body of a staging model: the standard columns of one legacy table.
    columns: {standard column: SQL expression over the legacy table}; what is not named is NULL.
    is_event: whether a row is a contact with the customer (its time is `event_at`).
    text_dates: standard columns whose legacy values are dates as text.
    watched: further legacy columns that a later model reads: a change of theirs makes the row be read again.
    where: which rows of the table are records. -#}
{% macro staged(system, entity, columns, is_event=false, text_dates=[], watched=[], where="true") %}
{%- set settings = var("systems")[system] -%}
{%- set standard = staged_columns() -%}
{%- for name in columns if name not in standard | map(attribute="name") -%}
    {%- do exceptions.raise_compiler_error(
        "stg_" ~ system ~ "__" ~ entity ~ " maps the column '" ~ name ~ "', which staging does not have. It has: "
        ~ standard | map(attribute="name") | join(", ") ~ "."
    ) -%}
{%- endfor -%}
{%- set texts = [] -%}
{%- set hashed = [] -%}
{%- for column in standard if column.name in columns -%}
    {%- set is_time = column.type == "timestamptz" and column.name not in text_dates -%}
    {%- do hashed.append("raw." ~ column.name ~ (" at time zone 'UTC'" if is_time else "")) -%}
    {%- if not is_time -%}{%- do texts.append(column) -%}{%- endif -%}
{%- endfor -%}
{%- for column in watched -%}
    {%- do hashed.append("raw.watched_" ~ loop.index) -%}
{%- endfor -%}
{#- A new phone plan reads the records with a phone anew, as a raised normalization_version does all. -#}
{%- if "phone" in columns or "whatsapp_number" in columns -%}
    {%- do hashed.append(function("phone_plan_version") ~ "()") -%}
{%- endif -%}
{%- set region = "'" ~ settings.default_region ~ "'" -%}
{%- if "country" in columns -%}
    {%- set region = "coalesce(" ~ function("country_code") ~ "(raw.country), " ~ region ~ ")" -%}
{%- endif -%}
select
    '{{ system }}' as system,
    '{{ entity }}' as entity,
    {{ is_event }} as is_event,
    raw.phone as phone_raw,
    raw.email as email_raw,
    {{ function("second_phone") }}(raw.phone, {{ region }}) as second_phone,
    {%- for column in standard %}
    {% if column.name == "tenant_id" -%}
    coalesce(nullif(raw.tenant_id, ''), '{{ var("default_tenant") }}') as tenant_id,
    {%- elif column.name not in columns -%}
    null::{{ column.type | default("text") }} as {{ column.name }},
    {%- elif column.sql == "phone" -%}
    {{ function("normalize_phone") }}(raw.{{ column.name }}, {{ region }}) as {{ column.name }},
    {%- elif column.sql -%}
    {{ column.sql.replace("{raw}", "raw." ~ column.name) }} as {{ column.name }},
    {%- elif column.name in text_dates -%}
    {{ function("parse_timestamp") }}(raw.{{ column.name }}) as {{ column.name }},
    {%- else -%}
    raw.{{ column.name }},
    {%- endif -%}
    {%- endfor %}
    {{ staged_problems(texts, columns, text_dates) }} as problems,
    raw.row_xmin,
    md5(row({{ var("normalization_version") }}, {{ hashed | join(", ") }})::text)::uuid as row_hash
-- A subquery, not a CTE: PostgreSQL pulls it up, so that a join normalises only the rows that it keeps.
from (
    select
        legacy.xmin as row_xmin,
        {%- for column in watched %}
        legacy.{{ adapter.quote(column) }}{{ " at time zone 'UTC'" if column.endswith("_at") }} as watched_{{ loop.index }},
        {%- endfor %}
    {%- for column in standard %}
        {% if column.name not in columns -%}
        null::{{ column.type if column.type == "timestamptz" else "text" }} as {{ column.name }}
        {%- elif column in texts -%}
        ({{ columns[column.name] }})::text as {{ column.name }}
        {%- else -%}
        {{ columns[column.name] }} as {{ column.name }}
        {%- endif -%}
        {{ "," if not loop.last }}
    {%- endfor %}
    from {{ legacy_table(system, entity) }} as legacy
    where {{ where }}
) as raw
where
    {{ not_erased(
        system, entity, "coalesce(nullif(raw.tenant_id, ''), '" ~ var("default_tenant") ~ "')", "raw.source_id"
    ) | indent(4) }}
{% endmacro %}
