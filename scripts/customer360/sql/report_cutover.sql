-- Grain: one row per system and phase of the cutover: its steps by state, and when the last one ended.
select
    systems.system,
    phases.phase,
    count(*) filter (where ledger.state = 'applied') as applied,
    count(*) filter (where ledger.state = 'started') as cut_off,
    count(*) filter (where ledger.state = 'reverted') as reverted,
    max(ledger.finished_at) as finished_at
from unnest(%(systems)s::text []) with ordinality as systems (system, position)
cross join unnest(%(phases)s::text []) with ordinality as phases (phase, position)
left join {ledger}.ledger as ledger on ledger.system = systems.system and ledger.phase = phases.phase
group by systems.system, systems.position, phases.phase, phases.position
order by systems.position, phases.position
