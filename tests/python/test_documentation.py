"""What is written is true: commands, options and links in the pages; every table described; every command tried."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result
from test_cli import commands

from customer360.cli import main
from customer360.project import project_dir
from customer360.server import Server
from cutovers import copies

C360 = Callable[..., Result]
ROOT = project_dir()
PAGES = sorted(
    page
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "models").rglob("*.md"),
                 *(ROOT / "scripts").rglob("*.md"))
)  # fmt: skip
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`c360 ([^`]+)`")
_CALL = re.compile(r"(?:^|\s)(?:\.venv/bin/)?c360 (.*)$|\$\(c360 ([^)]*)\)")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")


def _command(path: tuple[str, ...]) -> click.Command:
    found: click.Command = main
    for name in path:
        assert isinstance(found, click.Group)
        found = found.commands[name]
    return found


# Not commands: what sessions of the cutover call themselves.
SESSIONS = {"cutover", "probe"}
LEAVES = [path for path in commands() if path and not isinstance(_command(path), click.Group)]


def written_calls() -> Iterator[tuple[str, str]]:
    """(where, what stands after `c360`) of every call in a shell block of a page or in the examples of the help."""
    for page in PAGES:
        for block in _BLOCK.findall(page.read_text("utf-8")):
            for line in block.splitlines():
                if call := _CALL.search(line):
                    yield str(page.relative_to(ROOT)), call[1] or call[2]
    for path in commands():
        epilog = _command(path).epilog or ""
        for line in epilog.splitlines():
            if call := _CALL.search(line):
                yield f"c360 {' '.join(path)} --help", call[1] or call[2]


def _words(call: str) -> list[str]:
    """The arguments, without what the shell does with the rest of the line."""
    words = shlex.split(call, comments=True)
    ends = [place for place, word in enumerate(words) if word in ("|", ">", "&&", ";")]
    return words[: ends[0]] if ends else words


@pytest.mark.parametrize(("where", "call"), dict.fromkeys(written_calls()))
def test_written_calls_can_be_made(where: str, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command, option and argument that a page or a help page shows is taken; files need not be there."""
    monkeypatch.setattr(click.Path, "convert", lambda _self, value, _parameter, _context: value)
    command: click.Command = main
    words = _words(call)
    while isinstance(command, click.Group):
        context = command.make_context(command.name, words)
        _, found, words = command.resolve_command(context, [*context._protected_args, *context.args])
        assert found is not None, f"{where}: {call}"
        command = found
    command.make_context(command.name, words)


def test_commands_in_running_text_exist() -> None:
    unknown = []
    for page in PAGES:
        for call in _INLINE.findall(page.read_text("utf-8")):
            words = call.split()
            if words[0] in SESSIONS:
                continue
            command: click.Command | None = main
            while isinstance(command, click.Group) and words and re.fullmatch(r"[a-z]+", words[0]):
                command = command.commands.get(words.pop(0))
            options = {word.partition("=")[0] for word in words if word.startswith("--")}
            known = {name for parameter in getattr(command, "params", ()) for name in parameter.opts}
            if command is None or not options <= known | {"--help"}:
                unknown.append(f"{page.relative_to(ROOT)}: c360 {call}")
    assert unknown == []


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_is_documented_and_tried(path: tuple[str, ...]) -> None:
    call = re.compile(rf"\bc360 {' '.join(path)}\b")
    assert any(call.search(page.read_text("utf-8")) for page in PAGES), f"no page speaks of {call.pattern}"
    tests = "\n".join(test.read_text("utf-8") for test in (ROOT / "tests" / "python").glob("*.py"))
    assert ", ".join(f'"{name}"' for name in path) in tests, f"no test calls c360 {' '.join(path)}"


def test_links_lead_somewhere() -> None:
    lost = []
    for page in PAGES:
        for link in ("".join(found) for found in _LINK.findall(page.read_text("utf-8"))):
            target, _, anchor = link.partition("#")
            if link.startswith(("http://", "https://", "mailto:")):
                continue
            file = (page.parent / target).resolve() if target else page
            if not file.exists() or (anchor and file.suffix == ".md" and anchor not in _anchors(file)):
                lost.append(f"{page.relative_to(ROOT)}: {link}")
    assert lost == []


def _anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_index_lists_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    pages = [page.name for page in (ROOT / "docs").glob("*.md") if page.name != "README.md"]
    assert [name for name in pages if f"({name})" not in index] == []


def test_every_table_and_column_is_described(
    c360: C360, postgres: Server, built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path))
    out = tmp_path / "docs.html"
    with copies(postgres, built) as [url]:
        result = c360("docs", "--out", str(out), DATABASE_URL=url)
    assert result.exit_code == 0, result.output
    assert out.read_text("utf-8").count('"customer_360"') > 0, "the page holds the manifest"
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    catalog = json.loads((tmp_path / "catalog.json").read_text("utf-8"))
    resources = {
        key: node
        for group in ("nodes", "sources", "exposures", "functions")
        for key, node in manifest[group].items()
        if node["resource_type"] in ("model", "seed", "snapshot", "source", "exposure", "function", "analysis")
    }
    assert len(manifest["exposures"]) > 5
    assert [key for key, node in resources.items() if not node["description"]] == []
    assert [missing for key, node in resources.items() for missing in _undescribed(key, node, catalog)] == []


def _undescribed(key: str, node: dict[str, Any], catalog: dict[str, Any]) -> Iterator[str]:
    """Columns without a word: those that the database has; of a legacy table, those that we read."""
    described = {name for name, column in node.get("columns", {}).items() if column["description"]}
    there = set(node.get("columns", {}))
    if node["resource_type"] != "source":
        there |= set(catalog["nodes"].get(key, {"columns": {}})["columns"])
    for column in sorted(there - described):
        yield f"{key}.{column}"


def test_documentation_that_cannot_be_written_says_what_to_do(c360: C360, empty_database: str, tmp_path: Path) -> None:
    result = c360("docs", "--out", str(tmp_path / "no" / "docs.html"), DATABASE_URL=empty_database)
    assert result.exit_code == 1
    assert "docs.html cannot be written" in result.stderr
    assert "--out" in result.stderr
