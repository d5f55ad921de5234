-- Why: an identifier that was somebody's and is now shared takes its customers apart; somebody should know.
{{ config(severity="warn") }}

select
    tenant_id,
    kind,
    value,
    reason
from {{ ref("int_ignored_identifiers") }}
where
    verdict = 'shared'
    and {{ "false" if is_full_run() else touched(["tenant_id", "kind", "value"], "changed_verdicts") }}
