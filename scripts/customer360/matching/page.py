"""How an evaluation looks: a table for people, an object for programs, a plot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from customer360.matching.evaluate import Evaluation, Measure


def as_object(found: Evaluation) -> dict[str, Any]:
    """One JSON object."""
    return {
        "name": found.sample.name,
        "kind": found.sample.kind,
        "records": found.records,
        "candidate_pairs": found.candidate_pairs,
        "candidate_recall": found.candidate_recall,
        "default": _measure(found.default),
        "best": _measure(found.best),
        "capped_blocks": {each.rule: each.blocks for each in found.capped},
        "seconds": {stage: round(seconds, 3) for stage, seconds in found.seconds.items()},
    }


def print_evaluation(console: Console, found: Evaluation, plot: Path) -> None:
    """Quality at the default and at the best threshold, the time of each stage, what was capped."""
    console.print(
        f"\n[bold]{found.sample.name}[/bold]: {found.records:,} records ({found.sample.kind}), "
        f"{found.candidate_pairs:,} candidate pairs, candidate recall {found.candidate_recall:.4f}\n"
    )
    table = Table(box=None, pad_edge=False)
    for name in ("", "threshold", "precision", "recall", "F1", "B³ precision", "B³ recall", "B³ F1"):
        table.add_column(name, justify="right" if name else "left")
    for title, at in (("default", found.default), ("best", found.best)):
        rates = (at.precision, at.recall, at.f1, at.b3_precision, at.b3_recall, at.b3_f1)
        table.add_row(title, f"{at.threshold:g}", *(f"{rate:.4f}" for rate in rates))
    console.print(table)
    console.print("\nSeconds  " + "  ".join(f"{stage} {seconds:.1f}" for stage, seconds in found.seconds.items()))
    for each in found.capped:
        console.print(f"Capped   {each.rule}: {each.blocks:,} blocks left out, the largest of {each.largest:,} records")
    console.print(f"Plot     {plot}")


def draw(found: Evaluation, path: Path) -> None:
    """Precision against recall over the thresholds, as a picture."""
    from matplotlib.figure import Figure  # here, not above: importing it takes a second

    figure = Figure(figsize=(6, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([each.recall for each in found.measures], [each.precision for each in found.measures], marker=".")
    for title, at, marker in (("default", found.default, "o"), ("best", found.best, "x")):
        axes.plot([at.recall], [at.precision], marker, label=f"{title}: threshold {at.threshold:g}, F1 {at.f1:.3f}")
    axes.set(xlabel="recall", ylabel="precision", title=f"{found.sample.name}: pairs after clustering")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(loc="lower left")
    figure.savefig(path)


def _measure(at: Measure) -> dict[str, float]:
    return {key: getattr(at, key) for key in ("threshold", "precision", "recall", "f1", "b3_f1")}
