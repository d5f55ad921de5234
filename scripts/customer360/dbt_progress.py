"""Listens to dbt while it runs: moves the progress bar and keeps the warnings."""

from __future__ import annotations

from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

# Said again by the result of the node itself, or of no use to who runs a build.
_IGNORED_WARNINGS = {"LogTestResult", "RunResultWarning", "RunResultWarningMessage", "LogNodeResult"}
_SHOWN_AT_ONCE = 2


def progress_bar(console: Console | None) -> Progress:
    """The one look of all progress bars: what, how far, how long it has taken and will take."""
    return Progress(
        TextColumn("{task.description:<36.36}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        disable=console is None or not console.is_terminal,
        transient=True,
    )


class Watcher:
    """A callback for dbtRunner, with the progress bar that it moves."""

    def __init__(self, console: Console | None) -> None:
        """Without a console nothing is drawn."""
        self.warnings: list[str] = []
        self._progress = progress_bar(console)
        self._task = self._progress.add_task("reading the project", total=None)
        self._running: dict[str, str] = {}
        self._finished: set[str] = set()

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop drawing and take the bar away."""
        self._progress.stop()

    def see(self, event: Any) -> None:
        """Take note of an event. It never raises: dbt would fail the node during which it does."""
        with suppress(Exception):
            self._see(event.info.name, event.info.level, event.data, event.info.msg)

    def _see(self, name: str, level: str, data: Any, message: str) -> None:
        # JinjaLogInfo: what a macro of the project has to say to whoever builds.
        if name == "JinjaLogInfo" or (level == "warn" and name not in _IGNORED_WARNINGS):
            self.warnings.append(" ".join(message.split()))
        elif name == "LogStartLine":
            self._running[data.node_info.unique_id] = data.node_info.node_name
            self._draw(total=data.total)
        elif name in ("NodeFinished", "LogSkipBecauseError", "SkippingDetails"):
            self._running.pop(data.node_info.unique_id, None)
            self._finished.add(data.node_info.unique_id)
            self._draw()

    def _draw(self, **changes: Any) -> None:
        names = list(self._running.values())[-_SHOWN_AT_ONCE:]
        self._progress.update(
            self._task, completed=len(self._finished), description=", ".join(names) or "building", **changes
        )
