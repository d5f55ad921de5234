"""The commands of stewards: `c360 explain` and `c360 review`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
import psycopg
from rich.console import Console

from customer360.errors import C360Error, OverrideError
from customer360.terminal import example

if TYPE_CHECKING:
    from customer360.cli import Settings
    from customer360.stewards.review import Answer, Pair

_LIMIT = 50
_ANSWERS: dict[str, Answer] = {
    "s": "same",
    "same": "same",
    "d": "different",
    "different": "different",
    "k": "skip",
    "skip": "skip",
    "q": "quit",
    "quit": "quit",
}


class NotAllowedError(C360Error):
    """The tables of identity are closed to this role."""

    def __init__(self, error: psycopg.Error) -> None:
        """Say what is closed."""
        super().__init__(
            f"The database said: {error.diag.message_primary}.",
            hint="explanations show personal data: connect as a role that may read the tables of identity.",
        )


@click.command(
    short_help="Show why records are one customer.",
    epilog=example(
        "c360 explain 0483dae5-…-c71b",
        "c360 explain crm.leads_master:17 booking.prospects:p-204",
        "c360 explain crm.leads_master:17 --json",
    ),
)
@click.argument("a")
@click.argument("b", required=False)
@click.option("--tenant", help="Where two tenants have a record of that name.")
@click.option("--json", "as_json", is_flag=True, help="All of it, as one JSON object.")
@click.pass_obj
def explain(settings: Settings, a: str, b: str | None, tenant: str | None, as_json: bool) -> None:
    """Show why the records of customer A are one customer, or why A and B are one or are not.

    A and B are records (<system>.<table>:<key>) or customers (their ids, former ones too). For one customer: its golden
    record with the record behind each value, and the edges that hold its records together. For two records: the
    chain of edges between them, or what keeps them apart. Scored edges show what each attribute adds, in bits.
    """
    from customer360.stewards.explain import explain_customer, explain_pair
    from customer360.stewards.explain_page import print_customer, print_pair

    database = settings.database()
    try:
        with database.connect() as connection:
            if b is None:
                customer = explain_customer(database, connection, a, tenant)
            else:
                pair = explain_pair(database, connection, a, b, tenant)
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotAllowedError(error) from None
    if as_json:
        found = customer.as_json() if b is None else pair.as_json()
        click.echo(json.dumps(found, ensure_ascii=False))
    elif b is None:
        print_customer(settings.console, customer)
    else:
        print_pair(settings.console, pair)


@click.command(
    short_help="Decide on the pairs in doubt.",
    epilog=example("c360 review", 'c360 review --because "called both"', "c360 review --list", "c360 review --json"),
)
@click.option("--list", "as_list", is_flag=True, help="Show the queue and ask nothing.")
@click.option("--json", "as_json", is_flag=True, help="The queue as a JSON array; asks nothing.")
@click.option("--limit", type=click.IntRange(min=1), help=f"So many pairs at most. [default: {_LIMIT}; --json: all]")
@click.option("--tenant", help="Only this tenant.")
@click.option("--because", "reason", help="Why; kept with every decision. Without it, each is asked for.")
@click.pass_obj
def review(
    settings: Settings, as_list: bool, as_json: bool, limit: int | None, tenant: str | None, reason: str | None
) -> None:
    """Show the pairs of records in doubt side by side, worst doubt first, and ask: same or different?

    Each answer is a decision as c360 link or c360 separate makes it: noted at once, with who made it and why, and
    obeyed from the next build on. Nobody is asked again about a pair that is decided.
    """
    from customer360.stewards.review import queue
    from customer360.stewards.review import review as run_review
    from customer360.stewards.review_page import print_queue, print_session

    console, database = settings.console, settings.database()
    # Each statement commits by itself: a decision is kept whatever comes next, and no snapshot is held meanwhile.
    with database.connect(autocommit=True) as connection:
        try:
            pairs = queue(database, connection, tenant=tenant, limit=limit or (None if as_json else _LIMIT))
        except psycopg.errors.InsufficientPrivilege as error:
            raise NotAllowedError(error) from None
        if as_json:
            click.echo(json.dumps([pair.as_json() for pair in pairs], ensure_ascii=False))
        elif as_list or not pairs:
            print_queue(console, pairs)
        else:
            asking = _Asking(console, len(pairs), reason)
            print_session(console, run_review(database, connection, pairs, ask=asking.ask, refused=asking.say_refused))


@dataclass
class _Asking:
    """A steward at the terminal."""

    console: Console
    pairs: int
    reason: str | None
    last_reason: str = "seen side by side"

    def ask(self, pair: Pair, place: int) -> tuple[Answer, str]:
        """The answer and why; the end of the input, or Ctrl-C, is quit."""
        from customer360.stewards.review_page import print_pair

        print_pair(self.console, pair, place, self.pairs)
        try:
            answer = _ANSWERS[
                click.prompt(
                    "[s]ame, [d]ifferent, s[k]ip or [q]uit",
                    type=click.Choice([*_ANSWERS], case_sensitive=False),
                    show_choices=False,
                )
            ]
            if answer in ("same", "different") and not self.reason:
                self.last_reason = click.prompt("Why", default=self.last_reason)
        except click.Abort:
            self.console.print()
            return "quit", ""
        return answer, self.reason or self.last_reason

    def say_refused(self, error: OverrideError) -> None:
        """A decision that contradicts another; the review goes on."""
        self.console.print(str(error), style="red", markup=False, soft_wrap=True)
