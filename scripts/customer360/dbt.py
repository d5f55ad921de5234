"""Runs `dbt build` in this process: a progress bar, every node's result, and failures in plain words."""

from __future__ import annotations

import gc
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from rich.console import Console

from customer360.config import Database
from customer360.dbt_progress import Watcher
from customer360.dbt_schedule import longest_chain_first
from customer360.errors import BuildError
from customer360.profiles import example_profile
from customer360.project import project_dir

_FAILED = {"error", "fail", "runtime error", "partial success"}
_SHOWN_FAILURES = 20
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# What the materialization `upsert` answers.
_CHANGES = re.compile(r"\+(\d+) ~(\d+) -(\d+)")
_NOISE = re.compile(r"^(.* Error(?: in .*)?|.* failed, error:|compiled code at .*|)$")


@dataclass(frozen=True)
class BuildOptions:
    """What to build, as dbt's own options say it."""

    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    full_refresh: bool = False
    variables: str | None = None
    threads: int | None = None
    only_models: bool = False
    """Without tests."""

    def arguments(self) -> list[str]:
        """The command line for dbt."""
        arguments = ["build"]
        for name, values in (("--select", self.select), ("--exclude", self.exclude)):
            arguments += [name, *values] if values else []
        arguments += ["--full-refresh"] if self.full_refresh else []
        arguments += ["--exclude-resource-types", "test", "unit_test"] if self.only_models else []
        arguments += ["--vars", self.variables] if self.variables else []
        return arguments + (["--threads", str(self.threads)] if self.threads else [])


@dataclass(frozen=True)
class NodeResult:
    """What became of one model, test, seed or function."""

    name: str
    kind: str
    folder: str
    status: str
    seconds: float
    message: str
    """What the database answered; '+inserted ~updated -deleted' of an operational table."""
    code: Path | None
    """The SQL that ran, as a file."""

    @property
    def failed(self) -> bool:
        """Whether it stops what depends on it."""
        return self.status in _FAILED

    @property
    def first_error_line(self) -> str:
        """The first line that says what is wrong, without dbt's headings."""
        lines = (line.strip() for line in self.message.splitlines())
        return next((line for line in lines if not _NOISE.match(line)), self.message.strip() or self.status)


class Changes(NamedTuple):
    """Rows that an operational table gained, changed and lost."""

    inserted: int
    updated: int
    deleted: int


@dataclass(frozen=True)
class Build:
    """A build that succeeded."""

    nodes: tuple[NodeResult, ...]
    warnings: tuple[str, ...]
    seconds: float

    @property
    def tests(self) -> int:
        """How many of the nodes only look."""
        return sum(node.kind in ("test", "unit test") for node in self.nodes)

    @property
    def changes(self) -> dict[str, Changes]:
        """What changed in each operational table, all link tables as one."""
        found: dict[str, Changes] = {}
        for node in self.nodes:
            if said := _CHANGES.fullmatch(node.message):
                name = "link tables" if node.folder == "links" else node.name
                before = found.get(name, Changes(0, 0, 0))
                found[name] = Changes(*(old + int(new) for old, new in zip(before, said.groups(), strict=True)))
        return found


def build(
    database: Database, connection: psycopg.Connection, options: BuildOptions, console: Console | None = None
) -> Build:
    """Run `dbt build` on `database`, to which `connection` is open; BuildError names what failed."""
    folder = project_dir()
    own = database.profiles_dir
    lock_builds(connection, database.schema)
    started = time.monotonic()
    profile = example_profile(connection, database.schema) if own is None else nullcontext(own)
    with profile as profiles_dir, Watcher(console) as watch, no_garbage_collection(), longest_chain_first():
        from dbt.cli.main import dbtRunner  # here, not above: importing dbt takes seconds

        arguments = [*options.arguments(), *project_arguments(folder, profiles_dir)]
        done = dbtRunner(callbacks=[watch.see]).invoke(arguments)
    nodes = tuple(_node_result(result, folder) for result in getattr(done.result, "results", ()))
    warnings = tuple(dict.fromkeys([*watch.warnings, *_test_warnings(nodes)]))
    if isinstance(done.exception, KeyboardInterrupt | SystemExit):
        raise done.exception
    if not done.success:
        raise _failure(nodes, done.exception, warnings)
    return Build(nodes, warnings, time.monotonic() - started)


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Leave reference cycles alone meanwhile: dbt's manifest is large and stays to the end of a build, and to look it
    through again and again takes a quarter of a build's own time. It costs about 150 MB.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def project_arguments(folder: Path, profiles_dir: Path) -> list[str]:
    """What every command of dbt has to be told: project, profile, where to write; it prints nothing itself."""
    target = str(target_dir(folder))
    return [
        *("--project-dir", str(folder)),
        *("--profiles-dir", str(profiles_dir)),
        *("--target-path", target),
        *("--log-path", os.environ.get("DBT_LOG_PATH", target)),
        *("--log-level", "none", "--quiet", "--no-send-anonymous-usage-stats"),
    ]


def lock_builds(connection: psycopg.Connection, schema: str) -> None:
    """Keep builds of the same target out for as long as this connection lives."""
    key = f"customer360 build {schema}"
    row = connection.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", [key]).fetchone()
    if row != (True,):
        raise BuildError(
            f"A c360 build, or an erasure, is writing to the schema {schema}.",
            hint="wait until it is done (select * from pg_stat_activity), then run this again.",
        )


def target_dir(folder: Path) -> Path:
    """Where dbt leaves what it made: manifest, compiled SQL, log."""
    return (folder / os.environ.get("DBT_TARGET_PATH", "target")).resolve()


def _node_result(result: Any, folder: Path) -> NodeResult:
    """One of dbt's results, reduced to what a person asks."""
    node = result.node
    paths = [getattr(node, "build_path", None), getattr(node, "compiled_path", None), node.original_file_path]
    existing = (folder / path for path in paths if path)
    return NodeResult(
        name=node.name,
        kind=str(node.resource_type).replace("_", " "),
        folder=node.fqn[-2] if len(node.fqn) > 1 else "",
        status=str(result.status),
        seconds=result.execution_time,
        message=result.message or "",
        code=next((path for path in existing if path.is_file()), None),
    )


def _test_warnings(nodes: Sequence[NodeResult]) -> list[str]:
    return [f"{node.name}: {node.first_error_line}" for node in nodes if node.status == "warn"]


def _failure(nodes: Sequence[NodeResult], exception: BaseException | None, warnings: Sequence[str]) -> BuildError:
    """Each failed node with its first useful line (a unit test with all that differs) and its SQL, then what to do."""
    failed = [node for node in nodes if node.failed]
    skipped = sum(node.status == "skipped" for node in nodes)
    if not failed:
        said = str(exception or "dbt gave no reason").strip()
        return BuildError(
            "\n  ".join(["dbt could not start the build:", *said.splitlines()]),
            hint="mend that and run the command again.",
        )
    waiting = f", {skipped} more wait for them" if skipped else ""
    lines = [f"{len(failed)} of {len(nodes)} steps failed{waiting}:"]
    for node in failed[:_SHOWN_FAILURES]:
        lines.append(f"  {node.name} ({node.kind}): {node.first_error_line}")
        if node.kind == "unit test":
            _, _, rest = _COLOURS.sub("", node.message).partition(_COLOURS.sub("", node.first_error_line))
            lines += [f"    {line}" for line in rest.splitlines() if line.strip()]
        lines += [f"    {node.code}"] if node.code else []
    if len(failed) > _SHOWN_FAILURES:
        lines.append(f"  … and {len(failed) - _SHOWN_FAILURES} more")
    lines += [f"  Warning: {warning}" for warning in warnings]
    # A hook is no node that could be selected.
    alone = "" if failed[0].kind == "operation" else f" --select {failed[0].name}+"
    again = "then try it alone" if alone else "then build again"
    return BuildError("\n".join(lines), hint=f"mend the first of them, {again}: c360 build{alone}")
