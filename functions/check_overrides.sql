-- The records that decisions link form components; a decision to separate two records of one component contradicts
-- them. The error names that decision and those that link the component, so that a person can see which is wrong.
declare
    contradiction record;
begin
    with decided as (
        select *
        from unnest(override_names, decisions, records_a, records_b) as given (override, decision, record_a, record_b)
    ),

    numbered as (
        select record, row_number() over (order by record) as no
        from (select record_a as record from decided union select record_b from decided) as records
    ),

    links as (
        select decided.override, decided.record_a, decided.record_b, a.no as no_a, b.no as no_b
        from decided
        inner join numbered as a on a.record = decided.record_a
        inner join numbered as b on b.record = decided.record_b
        where decided.decision = 'link'
    ),

    components as (
        select cluster.record_no as no, cluster.cluster_no
        from (select array_agg(no_a) as a, array_agg(no_b) as b from links) as ends,
            {{ function("cluster_edges") }}(ends.a, ends.b) as cluster
    )

    select
        decided.override,
        decided.record_a,
        decided.record_b,
        (
            select string_agg(format('%s (%s = %s)', links.override, links.record_a, links.record_b), ', ' order by links.override)
            from links
            inner join components as linked on linked.no = links.no_a
            where linked.cluster_no = left_ends.cluster_no
        ) as because
    into contradiction
    from decided
    inner join numbered as a on a.record = decided.record_a
    inner join numbered as b on b.record = decided.record_b
    inner join components as left_ends on left_ends.no = a.no
    inner join components as right_ends on right_ends.no = b.no and right_ends.cluster_no = left_ends.cluster_no
    where decided.decision = 'separate'
    order by decided.override
    limit 1;

    if found then
        raise exception 'match_overrides contradict one another: % separates % from %, but these link them: %',
            contradiction.override, contradiction.record_a, contradiction.record_b, contradiction.because
            using hint = 'Take one of them back: a row of seeds/match_overrides.csv, or `c360 overrides --remove ID`.';
    end if;
    return true;
end
