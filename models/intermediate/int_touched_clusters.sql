-- Grain: one row per (cluster, record): the clusters whose golden record this run makes anew, and all their records,
-- so that what follows need not look them up again; a cluster that is no more stands with a record that left it, not
-- identified. Touched are clusters that gained, lost or hold a
-- changed record, hold an identifier whose verdict changed, or use the mailbox of a role that somebody began or
-- ceased to use: whether it is theirs alone may have changed. Empty on a full run, which makes them all.
{%- if execute and is_full_run() %}
select
    anchor_no,
    record_no,
    is_identified
from {{ ref("int_clusters") }}
where false
{%- else %}
with changed as (
    select anchor_no from {{ operations_table("changed_members") }}

    union

    select clusters.anchor_no
    from {{ ref("int_clusters") }} as clusters
    where clusters.record_no in (
        select record_no from {{ operations_table("changed_records") }}
        union all
        select identifiers.record_no
        from {{ ref("int_identifiers") }} as identifiers
        where
            (identifiers.tenant_id, identifiers.kind, identifiers.value)
            in (select tenant_id, kind, value from {{ operations_table("changed_verdicts") }})
    )
),

-- Who uses a mailbox changes where a record got or lost it, or went to another cluster.
role_emails as (
    select
        tenant_id,
        kind,
        value
    from {{ operations_table("changed_identifiers") }}
    where kind = 'email'

    union

    select
        tenant_id,
        kind,
        value
    from {{ ref("int_identifiers") }}
    where kind = 'email' and {{ touched("record_no", "changed_members") }}
),

touched as (
    select anchor_no from changed

    union

    select clusters.anchor_no
    from role_emails
    inner join {{ ref("int_ignored_identifiers") }} as ignored using (tenant_id, kind, value)
    inner join {{ ref("int_identifiers") }} as identifiers using (tenant_id, kind, value)
    inner join {{ ref("int_clusters") }} as clusters on clusters.record_no = identifiers.record_no
    where ignored.verdict = 'role'
),

members as (
    select
        clusters.anchor_no,
        clusters.record_no,
        clusters.is_identified
    from touched
    inner join {{ ref("int_clusters") }} as clusters using (anchor_no)

    union all

    select
        anchor_no,
        record_no,
        false as is_identified
    from {{ operations_table("changed_members") }}
)

select
    anchor_no,
    record_no,
    bool_or(is_identified) as is_identified
from members
group by anchor_no, record_no
{%- endif %}
