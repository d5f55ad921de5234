{#- From now on rows count as read that `note_source_scans` noted in this run. -#}
{% macro confirm_source_scans() %}
    delete from {{ operations_table("source_scans") }} as applied
    where
        applied.is_applied
        and (applied.system, applied.entity)
        in (select system, entity from {{ operations_table("source_scans") }} where not is_applied);
    update {{ operations_table("source_scans") }} set is_applied = true where not is_applied
{% endmacro %}
