-- Grain: one row per pair of records that a person should look at: a tie that was refused, one that holds although the
-- names contradict one another, or a score between the review threshold and the link threshold. Of the scores across
-- two clusters the strongest stands for all. A decision on the pair (`c360 link`, `c360 separate`) takes it off the
-- list, and one on any two records of two clusters takes all scores across them off. Scores come worst doubt first:
-- nearest to the link threshold.
{{ config(materialized="view", contract={"enforced": false}) }}

with scored as (
    select distinct on (least(a.anchor_no, b.anchor_no), greatest(a.anchor_no, b.anchor_no))
        scored.*,
        a.anchor_no as anchor_no_a,
        b.anchor_no as anchor_no_b
    from {{ ref("int_scored_pairs") }} as scored
    inner join {{ ref("int_clusters") }} as a on a.record_no = scored.record_no_a and a.is_live
    inner join {{ ref("int_clusters") }} as b
        on b.record_no = scored.record_no_b and b.is_live and b.anchor_no <> a.anchor_no
    where scored.match_probability >= {{ var("match_review_threshold") }}
    order by
        least(a.anchor_no, b.anchor_no) asc,
        greatest(a.anchor_no, b.anchor_no) asc,
        scored.match_weight desc,
        scored.record_no_a asc,
        scored.record_no_b asc
),

doubts as (
    select
        tenant_id,
        record_no_a,
        record_no_b,
        'refused' as doubt,
        rule,
        value,
        reason,
        null::double precision as match_probability,
        null::double precision as match_weight,
        null::jsonb as evidence
    from {{ ref("int_refused_edges") }}
    where rule <> 'score'

    union all

    select
        contradicting.tenant_id,
        contradicting.record_no_a,
        contradicting.record_no_b,
        'names contradict' as doubt,
        contradicting.rule,
        contradicting.value,
        contradicting.name_a || ' / ' || contradicting.name_b as reason,
        null::double precision as match_probability,
        null::double precision as match_weight,
        null::jsonb as evidence
    from {{ ref("int_contradicting_names") }} as contradicting
    inner join {{ ref("int_clusters") }} as a on a.record_no = contradicting.record_no_a
    inner join {{ ref("int_clusters") }} as b
        on b.record_no = contradicting.record_no_b and b.anchor_no = a.anchor_no

    union all

    select
        scored.tenant_id,
        scored.record_no_a,
        scored.record_no_b,
        case when refused.rule is null then 'uncertain' else 'refused' end as doubt,
        'score' as rule,
        scored.record_no_a || ' ' || scored.record_no_b as value,
        coalesce(refused.reason, 'the score is below the link threshold') as reason,
        scored.match_probability,
        scored.match_weight,
        {{ function("match_evidence") }}(
            scored.prior_weight, scored.levels, scored.weights, scored.related_weight
        ) as evidence
    from scored
    left join {{ ref("int_refused_edges") }} as refused
        on
            refused.rule = 'score'
            and refused.record_no_b = scored.record_no_b
            and refused.value = scored.record_no_a || ' ' || scored.record_no_b
    where
        not exists (
            select from {{ ref("int_overrides") }} as overrides
            inner join {{ ref("int_clusters") }} as a on a.record_no = overrides.record_no_a
            inner join {{ ref("int_clusters") }} as b on b.record_no = overrides.record_no_b
            where
                a.anchor_no in (scored.anchor_no_a, scored.anchor_no_b)
                and b.anchor_no in (scored.anchor_no_a, scored.anchor_no_b)
                and a.anchor_no <> b.anchor_no
        )
)

select doubts.*
from doubts
where
    doubts.rule = 'score'
    or not exists (
        select from {{ ref("int_overrides") }} as overrides
        where
            overrides.record_no_a in (doubts.record_no_a, doubts.record_no_b)
            and overrides.record_no_b in (doubts.record_no_a, doubts.record_no_b)
    )
order by abs(doubts.match_probability - {{ var("match_link_threshold") }}) asc nulls last
