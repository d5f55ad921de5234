-- Grain: one row per pair of records that share a block which its cap let in, and that this run scores: all of them on
-- a full run, else those with a record to score anew, and those within a block that was let in or whose weight changed.
-- Training looks at all pairs.
{{ config(pre_hook=["{{ hash_joins() }}", "{{ sorted_pairs() }}"]) }}
{%- if not var("match_sample", none) %}
-- depends_on: {{ ref("int_rescored_records") }}
{%- endif %}
{%- set is_whole = is_full_run() or var("match_training") %}

with opened as (
    select *
    from {{ ref("int_match_keys") }}
    {%- if not is_whole %}
    where {{ touched("record_no", "int_rescored_records") }}

    union

    select *
    from {{ ref("int_match_keys") }}
    where {{ touched(["tenant_id", "kind", "rule_no", "key_hash"], "changed_blocks") }}
    {%- endif %}
)

-- A full run takes each pair from its second record on, so its numbers are in order already. What is opened is hashed,
-- and the others run past it: the pairs of one first record come together, and are sorted faster.
select distinct
    {{ "others.record_no" if is_whole else "least(opened.record_no, others.record_no)" }} as record_no_a,
    {{ "opened.record_no" if is_whole else "greatest(opened.record_no, others.record_no)" }} as record_no_b
from opened
inner join {{ ref("int_match_blocks") }} as blocks
    on
        blocks.tenant_id = opened.tenant_id
        and blocks.kind = opened.kind
        and blocks.rule_no = opened.rule_no
        and blocks.key_hash = opened.key_hash
inner join {{ ref("int_match_keys") }} as others
    on
        others.tenant_id = opened.tenant_id
        and others.kind = opened.kind
        and others.rule_no = opened.rule_no
        and others.key_hash = opened.key_hash
        and others.record_no {{ "<" if is_whole else "<>" }} opened.record_no
where not blocks.is_capped
