"""Where `c360 report` and `c360 docs` put what they made."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from customer360.errors import C360Error


class OutputFileError(C360Error):
    """The file cannot be written there."""


def check_place(out: Path) -> None:
    """Refuse a place that is not there before the work is done."""
    if not out.absolute().parent.is_dir():
        raise OutputFileError(
            f"{out} cannot be written: there is no folder {out.absolute().parent}.",
            hint="make the folder, or name another file with --out",
        )


def write_page(console: Console, out: Path, page: str) -> None:
    """Write the page and say where it is."""
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise OutputFileError(
            f"{out} cannot be written: {error.strerror}.", hint="name another file with --out"
        ) from None
    console.print(f"{out} ({len(page.encode()) / 1e6:.1f} MB): open it in a browser.", soft_wrap=True, markup=False)
