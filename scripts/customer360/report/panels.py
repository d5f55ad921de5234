"""Which chart each figure gets, and what it says to those who cannot see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from customer360.report.charts import picture, vega, vega_lite
from customer360.report.figures import About, Row
from customer360.report.flow import Link, flow_spec
from customer360.summary_page import rule_name

Figures = Mapping[str, Sequence[Row]]

_HALF, _FULL = 474, 1018
_FATES = {"identified": "var(--accent)", "waiting": "var(--warn)", "quarantined": "var(--bad)"}


def draw_charts(figures: Figures, about: About) -> dict[str, str]:
    """Every chart whose figure has rows, by name."""
    drawn: dict[str, str] = {}

    def add(name: str, width: int, says: str, draw: Callable[[int], str]) -> None:
        drawn[name] = picture(draw, width, name=name, says=f"{says} The table below the chart has its figures.")

    if figures["records"]:
        rows = [
            {**row, "identified": row["live"] - row["unidentified"], "waiting": row["unidentified"]}
            for row in figures["records"]
        ]
        add("records", _HALF, "Bar chart: records per system, by what became of them.", vega_lite("records", rows))
    if figures["flow"]:
        says = "Flow diagram: records from their system, by what became of them, to customers by number of systems."
        add("flow", _FULL, says, vega(lambda width: _flow(figures["flow"], width)))
    if figures["sizes"]:
        last = max((place for place, row in enumerate(figures["sizes"]) if row["customers"]), default=-1)
        rows = _named((row["size"], row["customers"]) for row in figures["sizes"][: last + 1])
        add("sizes", _HALF, "Bar chart: customers by number of records.", vega_lite("sizes", rows))
    if figures["first_seen"]:
        rows = [{**row, "month": row["month"].isoformat()} for row in figures["first_seen"]]
        add("first_seen", _FULL, "Line: customers over time.", vega_lite("first_seen", rows))
    for name, says, pairs in (
        ("ties", "Bar chart: ties between records by rule.", _labelled(figures["ties"], "rule", "ties")),
        (
            "spread",
            "Bar chart: customers by number of systems.",
            [(in_systems(row["systems"]), row["customers"]) for row in figures["spread"]],
        ),
        (
            "ignored",
            "Bar chart: records whose identifier links nobody, by verdict and kind.",
            [(f"{row['verdict']} {rule_name(row['kind'])}", row["records"]) for row in figures["ignored"]],
        ),
        ("review", "Bar chart: pairs to review by rule.", _labelled(figures["review"], "rule", "pairs")),
    ):
        if pairs:
            add(name, _HALF, says, vega_lite("bars", _named(pairs)))
    for kind in dict.fromkeys(row["kind"] for row in figures["weights"]):
        rows = [_weight(row) for row in figures["weights"] if row["kind"] == kind]
        add(f"weights_{kind}", _HALF, f"Dot plot: match weights, {kind}, in bits.", vega_lite("weights", rows))
    if figures["scores"]:
        rows = [{**row, "reading": _reading(row["at_least"], about)} for row in figures["scores"]]
        marks = [{"probability": at} for at in (about.review_threshold, about.link_threshold)]
        says = "Histogram: scored pairs by match probability, with both thresholds."
        add("scores", _FULL, says, vega_lite("scores", rows, thresholds=marks))
    return drawn


def in_systems(systems: int) -> str:
    """A number of systems, in words."""
    return "in 1 system" if systems == 1 else f"in {systems} systems"


def _flow(rows: Sequence[Row], width: int) -> dict[str, object]:
    """Systems, most records first; what became of the records; customers by number of systems."""
    live = [row for row in rows if row["fate"] in _FATES]
    links: dict[tuple[str, str], Link] = {}
    for row in live:
        hops = [(row["system"], row["fate"])]
        hops += [(row["fate"], in_systems(row["systems"]))] * (row["fate"] == "identified")
        for hop in hops:
            before = links[hop].records if hop in links else 0
            links[hop] = Link(*hop, records=before + row["records"], colour=_FATES[row["fate"]])
    sums = {row["system"]: 0 for row in live}
    for row in live:
        sums[row["system"]] += row["records"]
    homes = sorted({row["systems"] for row in live if row["fate"] == "identified"})
    columns = [sorted(sums, key=lambda system: -sums[system]), list(_FATES), [in_systems(number) for number in homes]]
    return flow_spec(columns, list(links.values()), width, 440)


def _named(pairs: Iterable[tuple[str, int]]) -> list[Row]:
    return [{"name": name, "value": value} for name, value in pairs]


def _labelled(rows: Iterable[Row], rule: str, value: str) -> list[tuple[str, int]]:
    """Sums by rule, its name in words; the order stays."""
    sums: dict[str, int] = {}
    for row in rows:
        name = rule_name(row[rule])
        sums[name] = sums.get(name, 0) + row[value]
    return list(sums.items())


def _weight(row: Row) -> Row:
    """A level of an attribute, as the dot plot reads it."""
    reading = "values differ" if row["level"] == 0 else "same value" if row["is_same_value"] else "alike"
    return {**row, "attribute": rule_name(row["attribute"]), "reading": reading}


def _reading(probability: float, about: About) -> str:
    """What the thresholds make of pairs of this probability."""
    if probability >= about.link_threshold:
        return "linked"
    return "to review" if probability >= about.review_threshold else "apart"
