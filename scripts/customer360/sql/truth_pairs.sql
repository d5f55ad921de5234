-- How well the clusters agree with the truth, counted in pairs of live records. A group of n records holds
-- n (n - 1) / 2 pairs, so every number is a sum over group sizes and no pair is ever formed. People of one
-- household share a phone on purpose: pairs between two of them are counted apart. A system's recall is over the
-- pairs of one person with at least one record of the system: all pairs less those that are within the other systems.
with placed as (
    select
        clusters.anchor_no,
        people.household_id,
        truth_records.person_id,
        truth_records.system
    from truth.records as truth_records
    inner join {intermediate}.int_records as records
        on records.system = truth_records.system
        and records.entity = truth_records.entity
        and records.source_id = truth_records.source_id
    inner join {intermediate}.int_clusters as clusters
        on clusters.record_no = records.record_no and clusters.is_live
    left join truth.people as people on people.person_id = truth_records.person_id
),

-- Records of one person in one cluster.
cells as (
    select anchor_no, household_id, person_id, count(*) as n
    from placed
    group by anchor_no, household_id, person_id
),

clusters as (
    select sum(n) as n from cells group by anchor_no
),

people as (
    select sum(n) as n from cells group by person_id
),

households as (
    select sum(n) as n from cells where household_id is not null group by anchor_no, household_id
),

-- A person's records of one system, among all of theirs; once for all clusters, once for each.
of_systems as (
    select
        persons.system,
        sum(people.n * (people.n - 1) - (people.n - persons.n) * (people.n - persons.n - 1)) as actual
    from (select system, person_id, count(*) as n from placed group by system, person_id) as persons
    inner join (select person_id, sum(n) as n from cells group by person_id) as people using (person_id)
    group by persons.system
),

joined_of_systems as (
    select
        shares.system,
        sum(cells.n * (cells.n - 1) - (cells.n - shares.n) * (cells.n - shares.n - 1)) as agreed
    from (
        select system, anchor_no, person_id, count(*) as n from placed group by system, anchor_no, person_id
    ) as shares
    inner join cells using (anchor_no, person_id)
    group by shares.system
),

pairs as (
    select
        (select coalesce(sum(n * (n - 1) / 2), 0) from clusters) as predicted,
        (select coalesce(sum(n * (n - 1) / 2), 0) from people) as actual,
        (select coalesce(sum(n * (n - 1) / 2), 0) from cells) as agreed,
        (select coalesce(sum(n * (n - 1) / 2), 0) from households)
        - (select coalesce(sum(n * (n - 1) / 2), 0) from cells where household_id is not null) as within_households
)

select
    agreed::bigint as true_positive,
    (predicted - agreed - within_households)::bigint as false_positive,
    within_households::bigint as household_pairs,
    (actual - agreed)::bigint as false_negative,
    (
        select coalesce(jsonb_object_agg(system, (agreed / nullif(actual, 0))::double precision), '{{}}')
        from of_systems
        inner join joined_of_systems using (system)
    ) as recall_by_system
from pairs
