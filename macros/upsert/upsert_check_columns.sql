{#- PL/pgSQL: the contract, enforced. What the model returned must have the column names and types of the table that was
    made from the contract; `kept` are columns that it did not return (`upsert_kept_columns`). -#}
{% macro upsert_check_columns(contract, returned, options, kept=[]) %}
    select string_agg(
        format(
            '%s: the contract says %s, the model returns %s',
            attname,
            coalesce(described.data_type, 'nothing'),
            coalesce(returned.data_type, 'nothing')
        ),
        '; ' order by attname
    )
    into differences
    from (
        select attname, format_type(atttypid, atttypmod) as data_type
        from pg_attribute
        where attrelid = '{{ contract }}'::regclass and attnum > 0 and not attisdropped
            and attname in ('{{ upsert_selected_columns(options) | join("', '") }}')
    ) as described
    full join (
        select attname, format_type(atttypid, atttypmod) as data_type
        from pg_attribute
        where attrelid = '{{ returned }}'::regclass and attnum > 0 and not attisdropped
            and attname <> all ('{ {%- for column in kept %}{{ upsert_was(column) }}{{ "," if not loop.last }}{% endfor -%} }')
    ) as returned using (attname)
    where described.data_type is distinct from returned.data_type;
    if differences is not null then
        raise exception '{{ this.identifier }} breaks its contract: %.', differences
            using hint = 'Cast in the model, or change the contract in its YAML '
                '(a column''s type in an existing table changes by hand).';
    end if;
{% endmacro %}
