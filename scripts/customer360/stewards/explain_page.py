"""How an explanation looks: the customer as a tree of its records, two records as a chain."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from customer360.stewards.evidence import Attribute, Edge, Member
from customer360.stewards.explain import CustomerExplained, PairExplained, Scores
from customer360.stewards.waterfall import waterfall

_SHOWN = 50
_LOST = 5


def print_customer(console: Console, found: CustomerExplained) -> None:
    """Who it is, the golden record with its provenance, and the records on the edges that hold them."""
    _print_head(console, found)
    if found.attributes:
        _heading(console, "Golden record")
        for each in found.attributes:
            _print_attribute(console, each)
    _heading(console, "Held together by")
    console.print(Padding(_tree(console, found), (0, 2)))
    _print_rest(console, len(found.records))
    if found.refused:
        _heading(console, "Kept apart from other customers")
        for edge in found.refused[:_SHOWN]:
            _print_lines(console, _edge_lines(console, edge, found.records | found.others, found.scores))
        _print_rest(console, len(found.refused))
    if found.ignored:
        _heading(console, "Identifiers that link nobody")
        for ignored in found.ignored[:_SHOWN]:
            _line(console, f"{ignored.kind} {ignored.value}: {ignored.reason} ({ignored.verdict})")
        _print_rest(console, len(found.ignored))


def print_pair(console: Console, found: PairExplained) -> None:
    """Whether they are one, why, and the evidence for it."""
    same = f"are one customer, {found.a.customer_id}" if found.is_one else "are two customers"
    console.print(Text(f"{_called(found.a)}\n{_called(found.b)}\n{same}.", style="bold"), soft_wrap=True)
    for sentence in found.because:
        _line(console, sentence)
    if found.chain:
        _heading(console, "The chain between them")
        here = found.a.record_no
        _line(console, _called(found.records[here]))
        for edge in found.chain:
            _print_lines(console, _edge_lines(console, edge, found.records, found.scores), indent=4)
            here = edge.record_no_b if here == edge.record_no_a else edge.record_no_a
            _line(console, _called(found.records[here]))
    if found.shared:
        _heading(console, "Identifiers that both have")
        for shared in found.shared:
            _line(console, f"{shared.kind} {shared.value}: {shared.verdict}, {shared.reason}")
    if found.decisions:
        _heading(console, "Decisions")
        for each in found.decisions:
            when = f", {each.decided_at:%Y-%m-%d %H:%M}" if each.decided_at else ""
            _line(console, f"{each.override}: {each.decision} {each.record_a} and {each.record_b} ({each.state})")
            _line(console, f"  {each.decided_by}{when}, because: {each.reason}")
    if found.score:
        _heading(console, "What their attributes say, in bits")
        a, b = found.records[found.score.record_no_a], found.records[found.score.record_no_b]
        _line(console, _called(a))
        _line(console, _called(b))
        console.print(Padding(waterfall(console, found.score, a, b), (0, 2)))


def _print_head(console: Console, found: CustomerExplained) -> None:
    customer = found.customer
    if customer is None:
        console.print(f"[bold]{len(found.records):,} records without a customer[/]: none has a name or a contact.")
        return
    console.print(Text(f"{customer.name}  {customer.customer_id}", style="bold"), soft_wrap=True)
    _line(
        console,
        f"{customer.customer_type}, {customer.status}, tenant {customer.tenant_id}; "
        f"{customer.record_count:,} records in {', '.join(customer.source_systems)}",
    )
    for former in customer.former_ids:
        _line(console, f"the id {former} leads here")


def _print_attribute(console: Console, each: Attribute) -> None:
    """The value, why it is the golden one, and the values that lost, each with its number of records."""
    why = {"only value": "the only value", "source order": "its source comes first"}
    because = why.get(each.rule, each.rule.replace("_", " "))
    agree = "1 record" if each.records == 1 else f"{each.records:,} records"
    _line(console, f"{each.attribute:<26}{_value(each.attribute, each.value)}")
    _line(console, f"  {because}, {agree}, from {each.record}", style="dim")
    if each.losing_values:
        others = [f"{_value(each.attribute, lost['value'])} ({len(lost['records'])})" for lost in each.losing_values]
        shown = others[:_LOST] + [f"and {len(others) - _LOST} more"] * (len(others) > _LOST)
        _line(console, f"  not {'; '.join(shown)}", style="dim")


def _value(attribute: str, value: str) -> str:
    return ", ".join(json.loads(value).values()) if attribute == "address" else value


def _tree(console: Console, found: CustomerExplained) -> Tree:
    """The spanning forest from the anchor on: each record under the one that it is tied to."""
    ties: dict[int, list[tuple[int, Edge]]] = defaultdict(list)
    for edge in found.edges:
        ties[edge.record_no_a].append((edge.record_no_b, edge))
        ties[edge.record_no_b].append((edge.record_no_a, edge))
    anchor = found.anchor.record_no
    tree = Tree(Text(f"{_called(found.anchor)}, the first seen"), guide_style="dim")
    branches = {anchor: tree}
    waiting = [anchor]
    while waiting:
        here = waiting.pop(0)
        for number, edge in ties[here]:
            if number in branches:
                continue
            if len(branches) >= _SHOWN:
                return tree
            lines = _edge_lines(console, edge, found.records, found.scores)
            branches[number] = branches[here].add(Group(Text(_called(found.records[number])), *lines))
            waiting.append(number)
    for number, member in found.records.items():
        if not member.is_live and number not in branches:
            tree.add(Text(f"{_called(member)}: gone, it was with these records last", style="dim"))
    return tree


def _edge_lines(console: Console, edge: Edge, records: dict[int, Member], scores: Scores) -> Sequence[RenderableType]:
    """The edge, who decided it or what speaks against it, and the waterfall of a score."""
    a, b = records[edge.record_no_a], records[edge.record_no_b]
    score = scores.get((min(a.record_no, b.record_no), max(a.record_no, b.record_no)))
    what = "score" if edge.rule == "score" else f"{edge.rule} {edge.value}"
    lines: list[RenderableType] = [Text(f"{what} ({edge.weight:.3g} bits, {edge.model_version})", style="cyan")]
    if not edge.is_accepted:
        lines.append(Text(f"refused: {edge.refused_because}", style="red"))
        lines.append(Text(f"{_called(a)} / {_called(b)}"))
    if edge.decided_by:
        when = f", {edge.decided_at:%Y-%m-%d %H:%M}" if edge.decided_at else ""
        lines.append(Text(f"{edge.decided_by}{when}, because: {edge.decided_because}"))
    if edge.contradicting_names:
        lines.append(Text(f"names contradict: {edge.contradicting_names}", style="yellow"))
    if edge.rule == "score" and score:
        lines.append(waterfall(console, score, a, b))
    return lines


def _called(member: Member) -> str:
    return f"{member.name}  {member}" if member.name else str(member)


def _heading(console: Console, text: str) -> None:
    console.print(f"\n[bold cyan]{text}[/]")


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(f"  {text}", style=style), soft_wrap=True)


def _print_lines(console: Console, lines: Sequence[RenderableType], indent: int = 2) -> None:
    for line in lines:
        console.print(Padding(line, (0, indent)))


def _print_rest(console: Console, number: int) -> None:
    if number > _SHOWN:
        console.print(f"  … and {number - _SHOWN:,} more (all of them: --json)")
