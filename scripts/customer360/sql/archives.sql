-- Grain: one row per table to which contract moved columns, or a whole register, of a legacy system.
select
    ledger.system,
    substring(ledger.step from '^archive (?:columns of )?(.+)$') as entity,
    case
        when ledger.step like 'archive columns of %%' then ledger.system || '_' else ''
    end
    || substring(ledger.step from '^archive (?:columns of )?(.+)$') || '_' || (ledger.detail ->> 'stamp') as name
from c360_ops.ledger as ledger
where ledger.step like 'archive %%' and ledger.detail ? 'stamp'
order by 1, 2
