"""What a history must end in, worked out from its rows alone: no SQL, one record and one edge at a time.

It knows what the README promises: the first-seen order, who claims which legacy id, which identifiers link nobody,
which edges tie, which of them decisions and the size cap refuse, and where former customers lead.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import md5
from typing import NamedTuple
from uuid import UUID

from histories import EMAILS, KEYS, NAMES, PAPERS, PHONES, Key, Row, Slot, World

MIN_NAME_GROUPS = 3
MAX_GROUP_SHARE = 0.5
MAX_CLUSTER_RECORDS = 7
WEIGHTS = {"override": 100, "reference": 40, "tax_id": 35, "registration_number": 35, "phone": 30, "email": 30}
_VERDICTS = {("phone", value): verdict for _, value, verdict in PHONES if verdict} | {
    ("email", value): verdict for _, value, verdict in EMAILS if verdict
}


class Record(NamedTuple):
    """What a legacy row says."""

    key: Key
    name: str | None
    identifiers: frozenset[tuple[str, str]]
    legacy_id: UUID | None
    created: int
    is_live: bool
    says_who: bool


class Edge(NamedTuple):
    """Why two records are one, in the order in which edges are taken once the weight's sign is turned."""

    weight: int
    b: int
    a: int
    rule: str
    value: str


@dataclass(frozen=True)
class Expected:
    """What the tables must say after a build."""

    order: list[Key]
    ids: dict[Key, str]
    anchors: dict[Key, Key]
    identified: set[Key]
    ignored: set[tuple[str, str, str, str]]
    edges: set[tuple[str, str, Key, Key]]
    refused: set[tuple[str, str, Key, Key]]
    redirects: dict[str, str]
    statuses: dict[str, str]


@dataclass
class Oracle:
    """Follows one history from build to build."""

    world: World
    order: list[Key] = field(default_factory=list)
    ids: dict[Key, str] = field(default_factory=dict)
    homes: dict[Key, Key] = field(default_factory=dict)
    """Of every record that was ever live: the anchor that it is with, or would be."""
    customers: set[Key] = field(default_factory=set)
    """Anchors of all the customers that there ever were."""

    def build(self) -> Expected:
        """See the legacy tables as a build does."""
        records = {
            record.key: record
            for slot, row in self.world.rows.items()
            if not (slot.entity == "users" and row.fault == "provider")
            for record in [_record(self.world, slot, row)]
        }
        self._register(records)
        number = {key: no for no, key in enumerate(self.order)}
        live = {number[record.key]: record for record in records.values() if record.is_live}

        carriers = _carriers(live)
        for made in self.world.decisions:
            if made.decision == "link" and {number.get(made.a), number.get(made.b)} <= live.keys():
                carriers[made.a[0], "override", f"c360_ops {made.override_id}"] = sorted(
                    (number[made.a], number[made.b])
                )
        ignored = {(*which, verdict) for which, nos in carriers.items() if (verdict := _verdict(which, nos, live))}
        edges = [
            (tenant, Edge(-WEIGHTS[kind], no, nos[0], kind, value))
            for (tenant, kind, value), nos in carriers.items()
            if not any(found[:3] == (tenant, kind, value) for found in ignored)
            for no in nos[1:]
        ]
        apart = [
            (number[made.a], number[made.b])
            for made in self.world.decisions
            if made.decision == "separate" and {number.get(made.a), number.get(made.b)} <= live.keys()
        ]
        anchor = _clusters(live.keys(), [edge for _, edge in edges], apart)
        identified = {anchor[no] for no, record in live.items() if record.says_who}

        anchors = {self.order[no]: self.order[root] for no, root in anchor.items()}
        self._settle(anchors, number)
        self.customers |= {self.order[no] for no in identified}
        redirects, statuses = self._former({self.order[no] for no in identified}, anchors)
        named = {edge: (edge.rule, edge.value, self.order[edge.a], self.order[edge.b]) for _, edge in edges}
        return Expected(
            order=list(self.order),
            ids=dict(self.ids),
            anchors=anchors,
            identified={self.order[no] for no in live if anchor[no] in identified},
            ignored=ignored,
            edges=set(named.values()),
            refused={named[edge] for _, edge in edges if anchor[edge.a] != anchor[edge.b]},
            redirects=redirects,
            statuses=statuses,
        )

    def _register(self, records: dict[Key, Record]) -> None:
        """Number new records, a quarantined one after those that can be read; the first to claim a legacy id has it."""
        new = [record for key, record in records.items() if key not in self.ids]
        for record in sorted(new, key=lambda record: (record.created, record.key[1:])):
            taken = self.ids.values()
            own = md5("\x1f".join(("customer360", *record.key)).encode(), usedforsecurity=False).hexdigest()
            free = record.legacy_id is not None and str(record.legacy_id) not in taken
            self.ids[record.key] = str(record.legacy_id) if free else str(UUID(own))
        new.sort(key=lambda record: (not record.is_live, record.created if record.is_live else 0, record.key[1:]))
        self.order += [record.key for record in new]

    def _settle(self, anchors: dict[Key, Key], number: dict[Key, int]) -> None:
        """A record that is gone follows the oldest of those that it was with."""
        heirs: dict[Key, Key] = {}
        for key in sorted(anchors, key=number.__getitem__):
            if key in self.homes:
                heirs.setdefault(self.homes[key], key)
        gone = {key: home for key, home in self.homes.items() if key not in anchors}
        self.homes = {key: anchors[heirs[home]] if home in heirs else home for key, home in gone.items()} | anchors

    def _former(self, identified: set[Key], anchors: dict[Key, Key]) -> tuple[dict[str, str], dict[str, str]]:
        """Where the customers lead that are none any more."""
        redirects: dict[str, str] = {}
        statuses: dict[str, str] = {}
        for customer in self.customers:
            if customer in identified and anchors.get(customer) == customer:
                statuses[self.ids[customer]] = "live"
            elif self.homes[customer] in identified:
                statuses[self.ids[customer]] = "merged"
                redirects[self.ids[customer]] = self.ids[self.homes[customer]]
            else:
                statuses[self.ids[customer]] = "inactive"
        return redirects, statuses


def _record(world: World, slot: Slot, row: Row) -> Record:
    name = NAMES[row.name] or None
    organization = NAMES[-2] if slot.entity == "equipment" and row.paper < 2 else None
    phone, whatsapp, email = PHONES[row.phone][1], PHONES[row.whatsapp][1], EMAILS[row.email][1]
    other = world.legacy_id(row.key) if row.key < KEYS else None
    own = world.source_id(slot)
    has_contacts = slot.entity not in ("service_requests", "carts")
    has_email = has_contacts and slot.entity not in ("customers", "service_tickets")
    given: list[tuple[str, str | None]] = []

    def reference(table: str) -> tuple[str, str | None]:
        return "reference", f"{table}:{other}" if other else None

    legacy_id: UUID | None = None
    match slot.entity:
        case "users":
            given, legacy_id = [("reference", f"marketplace.users:{own}")], UUID(own)
        case "service_requests":
            given, legacy_id = [reference("marketplace.users")], other
        case "prospects":
            given = [("reference", f"booking.prospects:{own}")]
        case "appointments":
            prospect = f"booking.prospects:{world.no}-prospects-{row.key}" if row.key < KEYS else None
            given = [("reference", prospect)]
        case "equipment":
            given = [("registration_number", _paper(row.paper)), ("tax_id", _paper(row.whatsapp % len(PAPERS)))]
        case "service_tickets":
            given = [reference("field_service.customers"), ("phone", whatsapp)]
            legacy_id = other
        case "customers":
            given, legacy_id = [("reference", f"commerce.customers:{own}")], UUID(own)
        case "profiles":
            legacy_id = UUID(own)
        case "carts":
            given, legacy_id = [reference("commerce.customers")], other
        case "leads_master":
            given, legacy_id = [reference("crm.customers")], other
    given += [("phone", phone)] if has_contacts else []
    given += [("email", email)] if has_email else []
    contacts = {value for kind, value in given if kind in ("phone", "email") and value}
    return Record(
        key=world.key(slot, row),
        name=(name or organization) if has_contacts else None,
        identifiers=frozenset((kind, value) for kind, value in given if value),
        legacy_id=legacy_id,
        created=row.created,
        is_live=not (has_contacts and row.fault == "control"),
        says_who=has_contacts and bool(name or organization or contacts),
    )


def _paper(place: int) -> str | None:
    paper = PAPERS[place]
    return "".join(filter(str.isalnum, paper)) if paper else None


def _carriers(live: dict[int, Record]) -> dict[tuple[str, str, str], list[int]]:
    """The records that carry each identifier, oldest first."""
    carriers: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for no in sorted(live):
        for kind, value in live[no].identifiers:
            carriers[live[no].key[0], kind, value].append(no)
    return carriers


def _verdict(which: tuple[str, str, str], nos: Iterable[int], live: dict[int, Record]) -> str | None:
    """Why an identifier links nobody."""
    _, kind, value = which
    if kind == "override":
        return None
    if (kind, value) in _VERDICTS:
        return _VERDICTS[kind, value]
    if value == "NA":
        return "placeholder"
    groups = Counter(name.split()[0] for no in nos if (name := live[no].name))
    shared = len(groups) >= MIN_NAME_GROUPS and max(groups.values()) < MAX_GROUP_SHARE * groups.total()
    return "shared" if shared else None


def _clusters(nodes: Iterable[int], edges: list[Edge], apart: list[tuple[int, int]]) -> dict[int, int]:
    """Each record with the oldest of its cluster."""
    component = {no: {no} for no in nodes}
    for edge in edges:
        _join(component, edge)
    doubtful = {
        min(group)
        for group in component.values()
        if len(group) > MAX_CLUSTER_RECORDS or any({a, b} <= group for a, b in apart)
    }
    cluster = {no: {no} for no in nodes}
    for edge in sorted(edges):
        a, b = cluster[edge.a], cluster[edge.b]
        if a is not b and min(component[edge.a]) in doubtful:
            is_sure = edge.rule in ("override", "reference")
            if not is_sure and len(a) + len(b) > MAX_CLUSTER_RECORDS:
                continue
            if any((u in a and v in b) or (u in b and v in a) for u, v in apart):
                continue
        _join(cluster, edge)
    return {no: min(group) for no, group in cluster.items()}


def _join(groups: dict[int, set[int]], edge: Edge) -> None:
    joined = groups[edge.a] | groups[edge.b]
    for no in joined:
        groups[no] = joined
