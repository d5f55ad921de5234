"""Bits of a name say whether its trigrams can be alike: they may keep a pair too many, never refuse one that is."""

from __future__ import annotations

import random

from builds import build, connect
from jinja2 import Environment

from customer360.project import project_dir

LIKENESS = 0.4


def macro(name: str, *arguments: object) -> str:
    """What a macro of matching writes."""
    source = (project_dir() / "macros" / "matching" / f"{name}.sql").read_text(encoding="utf-8")
    return str(getattr(Environment(autoescape=False).from_string(source).module, name)(*arguments))


def names() -> list[str]:
    """Names of few letters, so that many are alike; some repeat a trigram, have several words, or no letter at all."""
    chance = random.Random(360)
    made = ["".join(chance.choices("abeln", k=chance.randint(1, 12))) for _ in range(600)]
    made += [f"{chance.choice(made)} {chance.choice(made)}" for _ in range(200)]
    return [*made, "", "-", "ananananana", "aaaaaaaa", "josé maría", "łucja", "小林", "O'Neill"]


def test_bits_refuse_no_pair_that_is_alike(each_database: str) -> None:
    build(each_database, select=("trigram_bits",))
    with connect(each_database) as connection:
        row = connection.execute(
            f"""
            with names as (
                select name, c360_functions.trigram_bits(name) as bits
                from unnest(%s::text[]) as names (name)
            ),
            pairs as (
                select a.name as a_name, b.name as b_name, a.bits as a_bits, b.bits as b_bits
                from names as a cross join names as b
            )
            select
                count(*) filter (where similarity(a_name, b_name) >= {LIKENESS}),
                count(*) filter (where {macro("trigrams_alike", "name", "bits", LIKENESS)}),
                count(*) filter (where {macro("trigrams_alike", "name", "bits", LIKENESS).split("and similarity")[0]})),
                count(*)
            from pairs
            """,
            [names()],
        ).fetchone()
    assert row is not None
    alike, found, asked, pairs = row
    assert found == alike > len(names())
    assert asked < pairs / 3, "most pairs are refused without counting trigrams"
