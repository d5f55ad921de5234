{#- The identifiers that this run judges and links anew, with the records that carry them and the names of these: all of
    them on a full run, else those of int_touched_identifiers. Names that a model does not ask for are not read.
    within: the worklist that the model's upsert settings name, which dbt has to know of as well -#}
{% macro identifier_carriers(within="int_touched_carriers") %}
    {%- if execute and not is_full_run() -%}
        {{- return(ref("int_touched_carriers")) -}}
    {%- endif -%}
    {#- While dbt parses, this tells it that the model depends on the worklists. -#}
    {%- if not execute -%}{%- do ref("int_touched_carriers") -%}{%- do ref(within) -%}{%- endif -%}
    (
        select
            identifiers.tenant_id,
            identifiers.kind,
            identifiers.value,
            identifiers.record_no,
            records.full_name,
            records.organization_name,
            records.name_group
        from {{ ref("int_identifiers") }} as identifiers
        left join {{ ref("int_records") }} as records on records.record_no = identifiers.record_no
    )
{%- endmacro %}
