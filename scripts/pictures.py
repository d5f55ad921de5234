"""The pictures of the README, from a demo on a server of its own: the terminal (SVG) and the report (PNG).

make pictures
"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

from browser import Browser, chromium
from PIL import Image
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from customer360.config import Database, find_database
from customer360.demo import run_demo
from customer360.project import project_dir
from customer360.report.commands import run_report
from customer360.server import Server

PICTURES = project_dir() / "docs" / "pictures"
_COLUMNS = 80
_WEB_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_REPORT = (1152, "section figure")
"""Width of the page, and what its picture ends with."""


def main() -> None:
    """Run the demo, take both pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "postgres")
        try:
            database = find_database(server.start())
            _terminal(_demo(database), PICTURES / "demo.svg")
            page = Path(folder) / "report.html"
            run_report(Console(), database, page)
        finally:
            server.destroy()
        with chromium() as browser:
            for name, dark in (("report", False), ("report-dark", True)):
                _report(browser, page, PICTURES / f"{name}.png", dark=dark)


def _demo(database: Database) -> str:
    """What the demo prints with its defaults, in colour, from the first line to the last figure."""
    said = io.StringIO()
    console = Console(file=said, width=_COLUMNS, color_system="standard", force_terminal=False, highlight=False)
    run_demo(console, database, people=2000, seed=360, score_pairs=False)
    lines = said.getvalue().splitlines()
    first = next(number for number, line in enumerate(lines) if "Making up" in line)
    last = next(number for number, line in enumerate(lines) if Text.from_ansi(line).plain == "Build")
    return "\n".join(lines[first:last]).rstrip()


def _terminal(text: str, to: Path) -> None:
    """A window with the text; the fonts are those of whoever looks."""
    console = Console(file=io.StringIO(), record=True, width=_COLUMNS, force_terminal=True)
    console.print(Text.from_markup("[bold green]$[/] c360 demo"))
    console.print(Text.from_ansi(text))
    svg = console.export_svg(title="c360 demo", theme=MONOKAI)
    to.write_text(_WEB_FONT.sub("", svg), encoding="utf-8")


def _report(browser: Browser, page: Path, to: Path, *, dark: bool) -> None:
    """The top of the page, in few colours, so that it loads at once."""
    width, last = _REPORT
    browser.open(page, width=width, dark=dark)
    bottom = browser.ask(f"document.querySelector({last!r}).getBoundingClientRect().bottom + scrollY + 16")
    browser.screenshot(to, height=int(bottom))
    Image.open(to).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(to, optimize=True)


if __name__ == "__main__":
    main()
