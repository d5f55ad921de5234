{#- The contract, enforced: what the model returned must have the column names and types of the table that was made from
    the contract. -#}
{% macro upsert_check_columns(contract, returned, options) %}
    {%- set expected = upsert_selected_columns(options) -%}
    {%- call statement("contract", fetch_result=True) -%}
        with described as (
            select attname, format_type(atttypid, atttypmod) as data_type
            from pg_attribute
            where attrelid = '{{ contract }}'::regclass and attnum > 0 and not attisdropped
                and attname in ('{{ expected | join("', '") }}')
        ),
        returned as (
            select attname, format_type(atttypid, atttypmod) as data_type
            from pg_attribute
            where attrelid = '{{ returned }}'::regclass and attnum > 0 and not attisdropped
        )
        select attname, described.data_type, returned.data_type
        from described full join returned using (attname)
        where described.data_type is distinct from returned.data_type
        order by attname
    {%- endcall -%}
    {%- set differences = [] -%}
    {%- for row in load_result("contract").data -%}
        {%- do differences.append(
            row[0] ~ ": the contract says " ~ (row[1] or "nothing") ~ ", the model returns " ~ (row[2] or "nothing")
        ) -%}
    {%- endfor -%}
    {%- if differences -%}
        {%- do exceptions.raise_compiler_error(
            this.identifier ~ " breaks its contract: " ~ differences | join("; ") ~ ". Cast in the model, or change the "
            ~ "contract in its YAML (a column's type in an existing table changes by hand)."
        ) -%}
    {%- endif -%}
{% endmacro %}
