-- Grain: one row per pair of records that share a block which its cap let in.
with members as (
    select
        keys.tenant_id,
        keys.kind,
        keys.rule_no,
        keys.key_hash,
        keys.record_no
    from {{ ref("int_match_keys") }} as keys
    inner join {{ ref("int_match_blocks") }} as blocks
        on
            blocks.tenant_id = keys.tenant_id
            and blocks.kind = keys.kind
            and blocks.rule_no = keys.rule_no
            and blocks.key_hash = keys.key_hash
    where not blocks.is_capped
)

select distinct
    a.record_no as record_no_a,
    b.record_no as record_no_b,
    a.tenant_id,
    a.kind
from members as a
inner join members as b
    on
        b.tenant_id = a.tenant_id
        and b.kind = a.kind
        and b.rule_no = a.rule_no
        and b.key_hash = a.key_hash
        and b.record_no > a.record_no
