-- Grain: one row per edge of the shortest chain from record A to record B, from A on; where several are as short, each
-- step takes the strongest edge. Level by level from A: neighbours of one level are in it, before it or behind it, so
-- the level before is all that a level has to know. Edges never leave the component; with an anchor, the chain stays
-- within its records.
with recursive levels as (
    select
        0 as depth,
        array[%(a)s::bigint] as record_nos,
        array[]::bigint[] as before
    union all
    select
        levels.depth + 1,
        next_level.record_nos,
        levels.record_nos
    from levels
    cross join
        lateral (
            select array_agg(found.record_no) as record_nos
            from (
                select edges.record_no_b as record_no
                from {intermediate}.int_edges as edges
                where edges.record_no_a = any(levels.record_nos)
                union
                select edges.record_no_a
                from {intermediate}.int_edges as edges
                where edges.record_no_b = any(levels.record_nos)
                except
                select unnest(levels.record_nos || levels.before)
            ) as found
            inner join {intermediate}.int_clusters as clusters on clusters.record_no = found.record_no
            where %(anchor_no)s::bigint is null or clusters.anchor_no = %(anchor_no)s
        ) as next_level
    where next_level.record_nos is not null and not %(b)s = any(levels.record_nos)
),

chain as (
    select
        depth,
        %(b)s::bigint as near_no,
        null::bigint as record_no_a,
        null::bigint as record_no_b,
        null::text as rule,
        null::text as value
    from levels
    where %(b)s = any(record_nos)
    union all
    select
        levels.depth,
        step.near_no,
        step.record_no_a,
        step.record_no_b,
        step.rule,
        step.value
    from chain
    inner join levels on levels.depth = chain.depth - 1
    cross join
        lateral (
            select *
            from (
                select edges.record_no_a as near_no, edges.*
                from {intermediate}.int_edges as edges
                where edges.record_no_b = chain.near_no and edges.record_no_a = any(levels.record_nos)
                union all
                select edges.record_no_b as near_no, edges.*
                from {intermediate}.int_edges as edges
                where edges.record_no_a = chain.near_no and edges.record_no_b = any(levels.record_nos)
            ) as ties
            order by rule = 'score', weight desc, record_no_b, record_no_a, rule, value collate "C"
            limit 1
        ) as step
)

select record_no_a, record_no_b, rule, value
from chain
where rule is not null
order by depth
