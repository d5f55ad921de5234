"""How the command line behaves in a terminal: its console, its help pages, its errors."""

from __future__ import annotations

import io
import sys
from typing import Any

import click
import psycopg
from rich.console import Console

from customer360.errors import C360Error


class FriendlyGroup(click.Group):
    """Shows an error as one message with the next step, and as a traceback only to who asks for it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (C360Error, psycopg.Error) as error:
            if ctx.params.get("debug"):
                raise
            message = str(error) if isinstance(error, C360Error) else f"The database said: {error}"
            Console(stderr=True, soft_wrap=True).print(message, style="red", markup=False, highlight=False)
            ctx.exit(1)


def example(*lines: str) -> str:
    """The end of a help page."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def console() -> Console:
    """Where everything is printed. A terminal without Unicode gets ? for what it lacks, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    return Console(highlight=False)
