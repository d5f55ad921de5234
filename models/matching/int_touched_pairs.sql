-- Grain: one row per pair of records whose score is made anew, or goes: its kept score may be wrong, or it is a
-- candidate of this run. Empty on a full run, which scores all of them.
{%- set scored = before_this_run(this.schema, "int_scored_pairs", {
    "record_no_a": "bigint", "record_no_b": "bigint",
}) %}
{%- if execute and is_full_run() %}
select
    record_no_a,
    record_no_b
from {{ ref("int_candidate_pairs") }}
where false
{%- else %}
select
    record_no_a,
    record_no_b
from {{ ref("int_candidate_pairs") }}

union

select
    record_no_a,
    record_no_b
from {{ scored }} as scored
where {{ touched("record_no_a", "int_rescored_records", ["record_no"]) }}

union

select
    record_no_a,
    record_no_b
from {{ scored }} as scored
where {{ touched("record_no_b", "int_rescored_records", ["record_no"]) }}
{%- endif %}
