"""How the review queue looks: two records side by side, or the queue as a list."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from customer360.stewards.review import Pair, Session
from customer360.stewards.waterfall import waterfall


def print_queue(console: Console, pairs: list[Pair]) -> None:
    """The queue as a list."""
    if not pairs:
        console.print("No pair waits for a decision.")
        return
    for place, pair in enumerate(pairs, start=1):
        console.print(Text(f"{place:>3}  {_state(pair)}", style="bold"), soft_wrap=True)
        for doubt in _doubts(pair):
            console.print(Text(f"     {doubt}"), soft_wrap=True)
        for member in (pair.a, pair.b):
            console.print(Text(f"     {member}  {member.name}"), soft_wrap=True)
    waiting = pairs[0].queued.waiting
    if waiting > len(pairs):
        console.print(f"… and {waiting - len(pairs):,} more (--limit, or --json for all of them)")
    console.print("Decide on them: c360 review   Look closer: c360 explain A B")


def print_pair(console: Console, pair: Pair, place: int, of: int) -> None:
    """Both records side by side; where they agree is marked with =."""
    console.rule(f"{place} of {of}", align="left", characters="─" if _has_blocks(console) else "-")
    console.print(Text(_state(pair), style="bold"), soft_wrap=True)
    for doubt in _doubts(pair):
        console.print(Text(f"  {doubt}"), soft_wrap=True)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("", width=2)
    table.add_column(Text(str(pair.a)), overflow="fold", ratio=1)
    table.add_column(Text(str(pair.b)), overflow="fold", ratio=1)
    differs = "≠" if _has_blocks(console) else "!="
    customers = (str(pair.a.customer_id), str(pair.b.customer_id))
    for name, a, b, agree in [*pair.compared(), ("customer", *customers, pair.queued.is_one)]:
        if name.endswith("_at"):  # of no weight: two records of one person are seldom of one day
            table.add_row(name.replace("_", " "), "", *(Text((said or "")[:10]) for said in (a, b)), style="dim")
            continue
        mark = "=" if agree else differs if a and b else ""
        style = "green" if agree else "" if mark else "dim"
        table.add_row(name.replace("_", " "), mark, Text(a or ""), Text(b or ""), style=style)
    console.print(Padding(table, (1, 2)))
    if pair.score:
        console.print(Padding(waterfall(console, pair.score, pair.a, pair.b), (0, 2, 1, 2)))


def print_session(console: Console, session: Session) -> None:
    """What was decided, what is left, and what to do next."""
    noted = "1 decision" if session.decided == 1 else f"{session.decided} decisions"
    left = "1 pair waits" if session.left == 1 else f"{session.left:,} pairs wait"
    console.print(f"{noted} noted; {left}.")
    if session.decided:
        console.print("See what they would change: c360 preview   Do it: c360 build", soft_wrap=True)


def _state(pair: Pair) -> str:
    state = "One customer now" if pair.queued.is_one else "Two customers now"
    if pair.queued.match_probability is not None:
        return f"{state}; probability of a match {pair.queued.match_probability:.4f}"
    return state


def _doubts(pair: Pair) -> list[str]:
    return [
        f"{each['doubt']}: {each['reason']}" + (f" ({each['rule']} {each['value']})" if each["rule"] != "score" else "")
        for each in pair.queued.doubts
    ]


def _has_blocks(console: Console) -> bool:
    return "utf" in console.encoding.lower()
