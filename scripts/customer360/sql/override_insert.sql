insert into {ops}.match_overrides (
    decision, tenant_id, system_a, entity_a, source_id_a, system_b, entity_b, source_id_b, reason
)
values (
    %(decision)s, %(tenant_id)s, %(system_a)s, %(entity_a)s, %(source_id_a)s, %(system_b)s, %(entity_b)s,
    %(source_id_b)s, %(reason)s
)
returning override_id
