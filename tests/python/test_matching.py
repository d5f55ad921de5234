"""Matching: EM against known answers, linkage of components, labelled samples from the folder to the figures."""

from __future__ import annotations

import csv
import importlib
import itertools
import json
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from builds import build, connect, one
from click.testing import Result

from customer360 import legacy

# m and u of two attributes with three levels and one with two, and the share of matches, of a made-up world.
TRUE_M = ((0.1, 0.2, 0.7), (0.05, 0.15, 0.8), (0.3, 0.7))
TRUE_U = ((0.9, 0.08, 0.02), (0.95, 0.04, 0.01), (0.8, 0.2))
SHARE = 0.01


@pytest.fixture(scope="module")
def functions(each_database: str) -> Iterator[psycopg.Connection[Any]]:
    build(each_database, select=("estimate_match_weights", "link_component", "+cluster_packed_edges"))
    with connect(each_database) as connection:
        yield connection


def expected_patterns(pairs: float) -> tuple[list[int], list[float]]:
    """Every pattern with the count that the made-up world is expected to show; a third lacks the last attribute."""
    patterns: list[int] = []
    counts: list[float] = []
    for levels in itertools.product((0, 1, 2), (0, 1, 2), (0, 1, -1)):
        likelihoods = []
        for rates in (TRUE_M, TRUE_U):
            likelihood = 1 / 3 if levels[2] == -1 else 2 / 3
            for rate, level in zip(rates, levels, strict=True):
                likelihood *= 1 if level == -1 else rate[level]
            likelihoods.append(likelihood)
        patterns += levels
        counts.append(pairs * (SHARE * likelihoods[0] + (1 - SHARE) * likelihoods[1]))
    return patterns, counts


def estimate(connection: psycopg.Connection[Any], *, correct_u: bool) -> list[tuple[int, int, float, float, float]]:
    patterns, counts = expected_patterns(1e6)
    mixed = [
        SHARE * m + (1 - SHARE) * u if correct_u else u
        for ms, us in zip(TRUE_M, TRUE_U, strict=True)
        for m, u in itertools.zip_longest(ms, us)
    ]
    mixed.insert(8, 0.0)
    start = [0.2, 0.2, 0.6, 0.2, 0.2, 0.6, 0.4, 0.6, 0.0]
    return connection.execute(
        """
        select attribute_no, level, m, u, match_share
        from c360_functions.estimate_match_weights(
            3, 3, %s::smallint[], %s, %s, array[1, 1, 2 / 3.0], 1e6, %s, 0,
            array_fill(0.0::double precision, array[9]), '{}', '{}', 1, %s, 5000
        )
        order by attribute_no, level
        """,
        [patterns, counts, mixed, start, correct_u],
    ).fetchall()


@pytest.mark.parametrize("correct_u", [True, False])
def test_em_finds_the_model_that_made_the_patterns(functions: psycopg.Connection[Any], correct_u: bool) -> None:
    found = estimate(functions, correct_u=correct_u)
    assert [row[2] for row in found] == pytest.approx([m for ms in TRUE_M for m in ms], abs=0.02)
    assert [row[3] for row in found] == pytest.approx([u for us in TRUE_U for u in us], abs=0.002)
    assert found[0][4] == pytest.approx(SHARE, abs=0.001)


def plain_em(
    patterns: list[tuple[int, ...]], counts: list[float], u: list[list[float]], start: list[list[float]], total: float
) -> list[list[float]]:
    """The textbook's EM with u fixed, without any of the function's arithmetic: m by attribute and level."""
    m, share = [list(levels) for levels in start], 0.1 * sum(counts) / total
    for _ in range(500):
        chances = []
        for pattern in patterns:
            match, chance = share, 1 - share
            for ms, us, level in zip(m, u, pattern, strict=True):
                if level >= 0:
                    match, chance = match * ms[level], chance * us[level]
            chances.append(match / (match + chance))
        share = sum(n * p for n, p in zip(counts, chances, strict=True)) / total
        for k, levels in enumerate(m):
            found = [0.0] * len(levels)
            for pattern, n, p in zip(patterns, counts, chances, strict=True):
                if pattern[k] >= 0:
                    found[pattern[k]] += n * p
            m[k] = [each / sum(found) for each in found]
    return m


def test_em_agrees_with_the_textbook(functions: psycopg.Connection[Any]) -> None:
    flat, counts = expected_patterns(1e6)
    patterns = [tuple(flat[place : place + 3]) for place in range(0, len(flat), 3)]
    # What no model made: counts that no independent attributes would show.
    dice = random.Random(3)
    counts = [n * dice.uniform(0.5, 2) for n in counts]
    start = [[0.2, 0.2, 0.6], [0.2, 0.2, 0.6], [0.4, 0.6]]
    us = [list(rates) for rates in TRUE_U]
    rows = functions.execute(
        """
        select attribute_no, level, m
        from c360_functions.estimate_match_weights(
            3, 3, %s::smallint[], %s, %s, array[1, 1, 1.0], %s, %s, 0,
            array_fill(0.0::double precision, array[9]), '{}', '{}', 1, false, 5000
        )
        order by attribute_no, level
        """,
        [flat, counts, [*us[0], *us[1], *us[2], 0.0], sum(counts), [*start[0], *start[1], *start[2], 0.0]],
    ).fetchall()
    expected = plain_em(patterns, counts, us, start, sum(counts))
    assert [m for _, _, m in rows] == pytest.approx([m for levels in expected for m in levels], abs=0.002)


def test_namesakes_are_not_taken_for_the_matches(functions: psycopg.Connection[Any]) -> None:
    """Ten times as many pairs share name and email as are one person; their birth dates tell them apart."""
    same, chance = (0.05, 0.95), (0.99, 0.01)
    patterns = list(itertools.product((0, 1), repeat=4))  # name, email, birth date, phone
    counts = [
        1e6
        * sum(
            share * math.prod(rates[level] for rates, level in zip(classes, pattern, strict=True))
            for share, classes in (
                (0.0001, (same, same, same, same)),
                (0.001, (same, same, chance, chance)),
                (0.9989, (chance, chance, chance, chance)),
            )
        )
        for pattern in patterns
    ]

    def birth_date(related: list[bool]) -> float:
        """Share of the matches that have the same birth date."""
        found = functions.execute(
            """
            select m
            from c360_functions.estimate_match_weights(
                4, 2, %s::smallint[], %s, %s, array[1, 1, 1, 1.0], 1e6, %s, 5,
                array_fill(0.0::double precision, array[8]), %s, %s, 1, true, 500
            )
            where attribute_no = 3 and level = 1
            """,
            [
                *([level for pattern in patterns for level in pattern], counts, [*chance] * 4, [0.2, 0.8] * 4),
                *(related, [False] * len(related)),
            ],
        ).fetchone()
        assert found is not None
        return float(found[0])

    assert birth_date([]) < 0.5, "one class cannot tell the two apart"
    assert birth_date([True, True, False, False]) > 0.85


def test_namesakes_are_no_more_than_chance_makes(functions: psycopg.Connection[Any]) -> None:
    """Who moves agrees in the names alone: a hundred times as many as share both by chance are no namesakes."""
    same, chance, moved = (0.05, 0.95), (0.998, 0.002), (0.97, 0.03)
    patterns = list(itertools.product((0, 1), repeat=4))  # first name, last name, town, employer
    counts = [
        1e6
        * sum(
            share * math.prod(rates[level] for rates, level in zip(rates_of_class, pattern, strict=True))
            for share, rates_of_class in ((0.001, (same, same, moved, moved)), (0.999, (chance,) * 4))
        )
        for pattern in patterns
    ]

    seen = [0.001 * m + 0.999 * u for rates in (same, same, moved, moved) for m, u in zip(rates, chance, strict=True)]

    def share_of_matches(most_coincidence: float) -> float:
        found = functions.execute(
            """
            select match_share
            from c360_functions.estimate_match_weights(
                4, 2, %s::smallint[], %s, %s, array[1, 1, 1, 1.0], 1e6, %s, 0,
                array_fill(0.0::double precision, array[8]),
                '{true,true,false,false}', '{true,true,false,false}', %s, true, 500
            )
            where attribute_no = 1 and level = 1
            """,
            [
                *([level for pattern in patterns for level in pattern], counts),
                *(seen, [0.2, 0.8] * 4, most_coincidence),
            ],
        ).fetchone()
        assert found is not None
        return float(found[0])

    assert share_of_matches(1e6) < 0.0007, "a free class takes who moved"
    assert share_of_matches(10) == pytest.approx(0.001, rel=0.1)


def test_a_related_class_comes_with_what_it_has_of_its_own(functions: psycopg.Connection[Any]) -> None:
    """Five times as many relatives, alike in two attributes, as matches: their share, and the rates of those two."""
    same, chance = (0.05, 0.95), (0.99, 0.01)
    classes = ((0.002, (same,) * 4), (0.01, (same, same, chance, chance)), (0.988, (chance,) * 4))
    patterns = list(itertools.product((0, 1), repeat=4))
    counts = [
        1e6
        * sum(
            share * math.prod(rates[level] for rates, level in zip(of_class, pattern, strict=True))
            for share, of_class in classes
        )
        for pattern in patterns
    ]
    seen = [
        sum(share * of_class[place][level] for share, of_class in classes) for place in range(4) for level in (0, 1)
    ]
    rows = functions.execute(
        """
        select attribute_no, m, u, match_share
        from c360_functions.estimate_match_weights(
            4, 2, %s::smallint[], %s, %s, array[1, 1, 1, 1.0], 1e6, %s, 0,
            array_fill(0.0::double precision, array[8]),
            '{true,true,false,false}', '{false,false,false,false}', 1, true, 500
        )
        where level = 1
        order by attribute_no
        """,
        [[level for pattern in patterns for level in pattern], counts, seen, [0.2, 0.8] * 4],
    ).fetchall()
    assert [number for number, _, _, _ in rows] == [1, 2, 3, 4, 5, 6], "the class has two attributes of its own"
    assert [share for _, _, _, share in rows] == pytest.approx([0.002] * 4 + [0.01] * 2, rel=0.1)
    assert [m for _, m, _, _ in rows] == pytest.approx([0.95] * 6, abs=0.05)
    assert [u for _, _, u, _ in rows] == pytest.approx([0.01] * 6, rel=0.1), "what no class explains"


def test_what_people_linked_counts_as_found(functions: psycopg.Connection[Any]) -> None:
    def top(decided: float) -> float:
        """m of the same value, where EM alone sees ten matches that mostly agree."""
        found = functions.execute(
            """
            select m
            from c360_functions.estimate_match_weights(
                2, 2, '{1,1,0,0}', '{10,9990}', '{0.999,0.001,0.999,0.001}', '{1,1}', 10000, '{0.2,0.8,0.2,0.8}', 5,
                array[%s, 0, 0, 0]::double precision[], '{}', '{}', 1, true, 500
            )
            where attribute_no = 1 and level = 1
            """,
            [decided],
        ).fetchone()
        assert found is not None
        return float(found[0])

    assert top(0) > 0.85
    assert top(30) < 0.4, "thirty linked pairs disagree in it"


def test_em_refuses_patterns_that_do_not_fit(functions: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="5 levels for 2 patterns of 3 attributes"):
        functions.execute(
            "select * from c360_functions.estimate_match_weights("
            "3, 2, '{0,0,0,0,0}', '{1,1}', '{}', '{}', 10, '{}', 0, '{}', '{}', '{}', 1, true, 1)"
        )


def link(
    connection: psycopg.Connection[Any],
    size: int,
    pairs: list[tuple[int, int, float]],
) -> list[tuple[int, int]]:
    """The pairs that are taken, at threshold .5, cohesion .4, .3 for a pair never scored."""
    a, b, p = ([pair[place] for pair in pairs] for place in range(3))
    rows = connection.execute(
        "select place from c360_functions.link_component(%s, %s::int[], %s::int[], %s, %s, 0.5, 0.4, 0.3)"
        " where is_accepted",
        [size, a, b, p, p],
    ).fetchall()
    return sorted(pairs[place - 1][:2] for (place,) in rows)


def test_a_chain_of_weak_edges_does_not_hold(functions: psycopg.Connection[Any]) -> None:
    chain = [(place, place + 1, 0.9) for place in range(1, 20)]
    apart = [(a, b, 0.0) for a in range(1, 21) for b in range(a + 2, 21)]
    taken = link(functions, 20, chain + apart)
    assert taken
    assert all(abs(a - b) == 1 for a, b in taken)
    assert not {(1, 2), (2, 3), (3, 4), (4, 5)} <= set(taken), "ends that contradict each other must not meet"


def test_a_clique_holds_and_a_bridge_between_two_does_not(functions: psycopg.Connection[Any]) -> None:
    clique = [(a, b, 0.95) for a, b in itertools.combinations(range(1, 6), 2)]
    other = [(a + 5, b + 5, 0.95) for a, b, _ in clique]
    across = [(a, b, 0.01) for a in range(1, 6) for b in range(6, 11) if (a, b) != (5, 6)]
    taken = link(functions, 10, [*clique, *other, *across, (5, 6, 0.9)])
    assert len(taken) == 8
    assert (5, 6) not in taken


def test_a_union_is_refused_where_the_mean_falls_short(functions: psycopg.Connection[Any]) -> None:
    pairs = [(1, 2, 0.9), (2, 3, 0.8), (1, 3, 0.0)]
    assert link(functions, 3, pairs) == [(1, 2), (2, 3)]  # the mean of .8 and 0 is just enough
    pairs = [(1, 2, 0.9), (2, 3, 0.7), (1, 3, 0.0)]
    assert link(functions, 3, pairs) == [(1, 2)]


def write_sample(folder: Path, records: list[dict[str, str]], *, kind: str = "person", **changes: Any) -> Path:
    folder.mkdir()
    with (folder / "records.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(records[0]))
        writer.writeheader()
        writer.writerows(records)
    columns = {name: name for name in records[0] if name != "who"}
    description = {"name": folder.name, "kind": kind, "truth": "who", "columns": columns} | changes
    (folder / "dataset.yml").write_text(yaml.safe_dump(description), encoding="utf-8")
    return folder


def people(entities: int, seed: int = 7) -> list[dict[str, str]]:
    """One to four records of each person, with a letter lost here and a field empty there."""
    dice = random.Random(seed)
    letters = "abdefgiklmnoprstu"
    names = ["".join(dice.choices(letters, k=dice.randint(5, 9))) for _ in range(entities)]
    records = []
    for number, last in enumerate(names):
        person = {
            "first_name": dice.choice(names[:40]),
            "last_name": last,
            "birth_date": f"{dice.randint(1930, 2009)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
            "city": dice.choice(["Lyon", "Paris", "Lille", "Nantes", "Nice"]),
        }
        for _ in range(dice.randint(1, 4)):
            record = dict(person)
            field = dice.choice(("first_name", "last_name"))
            place = dice.randrange(len(record[field]))
            if dice.random() < 0.5:
                record[field] = record[field][:place] + record[field][place + 1 :]
            if dice.random() < 0.2:
                record[dice.choice(("first_name", "birth_date", "city"))] = ""
            records.append({"who": str(number), **record})
    dice.shuffle(records)
    return records


Evaluated = Callable[[Path], dict[str, Any]]


@pytest.fixture
def evaluated(c360: Callable[..., Result], empty_database: str, tmp_path: Path) -> Evaluated:
    """What `c360 evaluate` says of the sample in a folder."""

    def of(sample: Path) -> dict[str, Any]:
        result = c360("evaluate", str(sample), "--json", "--plot", str(tmp_path / "p.png"), DATABASE_URL=empty_database)
        assert result.exit_code == 0, result.output
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    return of


def test_evaluate_measures_a_sample_and_leaves_nothing(
    c360: Callable[..., Result], empty_database: str, tmp_path: Path
) -> None:
    sample = write_sample(tmp_path / "people", people(300))
    plot = tmp_path / "plot.svg"
    result = c360("evaluate", str(sample), "--json", "--plot", str(plot), DATABASE_URL=empty_database)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["candidate_recall"] > 0.97
    assert found["default"]["f1"] > 0.95
    assert found["default"]["b3_f1"] > 0.95
    assert found["best"]["f1"] >= found["default"]["f1"]
    assert {"load", "normalise", "block", "compare", "train", "score", "cluster"} <= set(found["seconds"])
    assert plot.read_text(encoding="utf-8").startswith("<?xml")
    with connect(empty_database) as connection:
        assert one(connection, "select count(*) from pg_namespace where nspname like 'c360%%'") == 0


def test_hostile_records_are_capped_and_listed(evaluated: Evaluated, tmp_path: Path) -> None:
    blank = {"who": "", "first_name": "", "last_name": "", "birth_date": "", "city": ""}
    crowd = [
        {"who": f"x{number}", "first_name": "Maria", "last_name": "Silva", "birth_date": "", "city": "Lyon"}
        for number in range(2000)
    ]
    nobody = [blank | {"who": f"n{number}"} for number in range(500)]
    tests = [blank | {"who": f"t{number}", "first_name": "Test", "last_name": "Test"} for number in range(1000)]
    sample = write_sample(tmp_path / "hostile", people(100) + crowd + nobody + tests)
    found = evaluated(sample)
    assert found["candidate_pairs"] < 20 * found["records"], "no block may pair everyone with everyone"
    assert {"names", "first_name", "last_name_and_place"} <= set(found["capped_blocks"])
    assert found["default"]["precision"] > 0.95, "who is only called alike is not one person"


def test_families_at_one_address_stay_apart(evaluated: Evaluated, tmp_path: Path) -> None:
    """Name and address say twice that two are of one family: records that lack the rest must not join them."""
    dice = random.Random(5)
    letters = "abdefgiklmnoprstu"
    given = ["".join(dice.choices(letters, k=5)) for _ in range(40)]
    records = []
    for family in range(150):
        home = {
            "last_name": "".join(dice.choices(letters, k=7)),
            "city": f"town{family % 30}",
            "postal_code": f"{family:05}",
        }
        for member in range(2):
            person = home | {
                "first_name": dice.choice(given),
                "birth_date": f"{dice.randint(1930, 2009)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
            }
            for _ in range(dice.randint(1, 6)):
                record = dict(person)
                for field in ("first_name", "birth_date"):
                    if dice.random() < 0.2:
                        record[field] = ""
                records.append({"who": f"{family} {member}", **record})
    dice.shuffle(records)
    sample = write_sample(tmp_path / "families", records)
    found = evaluated(sample)["default"]
    assert found["precision"] > 0.95
    assert found["f1"] > 0.9


def test_who_moves_is_no_namesake(evaluated: Evaluated, tmp_path: Path) -> None:
    """Names and towns, most people in several; the middle name stands within the first name, or an initial does."""
    dice = random.Random(6)
    letters = "abdefgiklmnoprstu"
    words = ["".join(dice.choices(letters, k=6)) for _ in range(150)]
    records = []
    for number in range(150):
        first, middle, last = dice.choice(words), dice.choice(words), dice.choice(words)
        towns = dice.choices(words, k=3)
        for _ in range(dice.randint(1, 20)):
            given = dice.choice((f"{first} {middle}", f"{first} {middle[0]}.", first))
            records.append({"who": str(number), "first_name": given, "last_name": last, "city": dice.choice(towns)})
    dice.shuffle(records)
    sample = write_sample(tmp_path / "moving", records)
    found = evaluated(sample)["default"]
    assert found["precision"] > 0.95
    assert found["recall"] > 0.95


def test_one_attribute_is_enough_where_several_are_alike(
    evaluated: Evaluated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line of text each, most of them in one component: levels alone would not say who is one."""
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "benchmarks"))
    shapes = importlib.import_module("labelled_shapes")
    sample = shapes.write_shape(replace(shapes.SHAPES["institutes"], records=1500), tmp_path / "institutes")
    assert evaluated(sample)["default"]["f1"] > 0.85


def test_names_alone_tie_the_few_that_are_the_same(evaluated: Evaluated, tmp_path: Path) -> None:
    """Nearly all names differ: then those that do not are one, whatever other registers taught of chance."""
    dice = random.Random(8)
    words = ["".join(dice.choices("abdefgiklmnoprstu", k=6)).title() for _ in range(400)]
    records = []
    for number in range(800):
        name = f"{dice.choice(words)} {dice.choice(words)} {dice.choice(('Clinic', 'Bakery', 'Hotel', 'Garage'))}"
        records += [{"who": str(number), "organization_name": name}] * (2 if number % 8 == 0 else 1)
    sample = write_sample(tmp_path / "names", records, kind="organization")
    found = evaluated(sample)["default"]
    assert found["precision"] > 0.9
    assert found["recall"] > 0.9


def test_an_email_that_follows_from_the_name_is_no_evidence(evaluated: Evaluated, tmp_path: Path) -> None:
    """Few duplicates, many namesakes: whoever reads first.last@ as a second agreement joins them."""
    dice = random.Random(4)
    records = []
    for number in range(1500):
        first, last = dice.choice(("Ana", "Jean", "Rosa", "Ben")), dice.choice(("Ruiz", "Moreau", "Soto", "Keller"))
        person = {
            "first_name": first,
            "last_name": f"{last}{chr(97 + number % 20)}",
            "email": f"{first}.{last}{number}@{dice.choice(('mail.fr', 'post.de'))}".lower(),
            "birth_date": f"{dice.randint(1930, 2009)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
        }
        records += [{"who": str(number), **person}] * (2 if number % 50 == 0 else 1)
    sample = write_sample(tmp_path / "namesakes", records)
    found = evaluated(sample)["default"]
    assert found["precision"] > 0.9
    assert found["recall"] > 0.9


def test_training_adds_a_version_and_changes_nothing_else(
    c360: Callable[..., Result], database: str, tmp_path: Path
) -> None:
    output = tmp_path / "weights.csv"
    result = c360("train", "--output", str(output), DATABASE_URL=database)
    assert result.exit_code == 1
    assert "run c360 build first" in result.output
    legacy.generate(database, people=150)
    build(database)
    result = c360("train", "--output", str(output), DATABASE_URL=database)
    assert result.exit_code == 0, result.output
    with output.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["model_version"] for row in rows} == {"trained-1"}
    assert {row["kind"] for row in rows} == {"person", "organization"}
    for _, levels in itertools.groupby(rows, key=lambda row: (row["kind"], row["attribute"])):
        known = list(levels)
        if known[0]["attribute"] != "matches_per_record":
            assert sum(float(row["m"]) for row in known) == pytest.approx(1, abs=1e-3)
    with connect(database) as connection:
        assert one(connection, "select count(*) from pg_namespace where nspname like '%%train%%'") == 0
        assert (
            one(connection, "select count(*) from c360_seeds.match_weights where model_version like 'trained%%'") == 0
        )
    again = c360("train", "--output", str(output), "--version", "trained-1", DATABASE_URL=database)
    assert again.exit_code == 1
    assert "trained-1" in again.output


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "animal"}, "kind is 'animal'"),
        ({"columns": {"shoe_size": "city"}}, "unknown attributes: shoe_size"),
        ({"columns": {"city": "town"}}, "has no column town"),
        ({"truth": None}, "lacks truth"),
    ],
)
def test_a_sample_that_cannot_be_read_says_why(
    c360: Callable[..., Result], tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    sample = write_sample(tmp_path / "bad", people(3), **changes)
    result = c360("evaluate", str(sample), DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert result.exit_code == 1
    assert said in result.output
