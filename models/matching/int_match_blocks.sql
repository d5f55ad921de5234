-- Grain: one row per block of two records or more: how many pairs it lets in, or that its cap shut it out.
{{ config(
    materialized=kept_as(),
    unlogged=var("match_training"),
    unique_key=["tenant_id", "kind", "rule_no", "key_hash"],
    contract={"enforced": not var("match_training")},
    meta={
        "upsert": {
            "within": {"columns": ["tenant_id", "kind", "rule_no", "key_hash"], "worklist": "changed_keys"},
            "parallel": true,
            "log": [{
                "into": "changed_blocks",
                "columns": {"tenant_id": "tenant_id", "kind": "kind", "rule_no": "rule_no", "key_hash": "key_hash"},
                "of": ["is_capped"]
            }]
        }
    }
) }}

select
    keys.tenant_id,
    keys.kind,
    keys.rule_no,
    keys.key_hash,
    case when count(*) > min(rules.max_block_size) then min(keys.key) end as key,
    count(*) as records,
    count(*) > min(rules.max_block_size) as is_capped,
    case when count(*) <= min(rules.max_block_size) then count(*) * (count(*) - 1) / 2 else 0 end as pairs
from {{ ref("int_match_keys") }} as keys
inner join {{ ref("blocking_rules") }} as rules on rules.rule_no = keys.rule_no
where
    {{ touched(["keys.tenant_id", "keys.kind", "keys.rule_no", "keys.key_hash"], "changed_keys") }}
group by keys.tenant_id, keys.kind, keys.rule_no, keys.key_hash
having count(*) > 1
