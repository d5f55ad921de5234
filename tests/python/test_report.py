"""The report as a person sees it: in a real browser, on a desk and on a phone, against the database that it is of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from browser import Browser, chromium
from click.testing import CliRunner, Result

from customer360.cli import main
from customer360.project import project_dir
from customer360.report.figures import FIGURES
from customer360.server import Server
from cutovers import apply, copies

C360 = Callable[..., Result]
ARTIFACTS = project_dir() / "artifacts"
SCREENS = {"desktop": (1280, False), "phone": (390, False), "desktop-dark": (1280, True), "phone-dark": (390, True)}
HOSTILE = "</script><script>console.error('let in')</script><img src='http://example.invalid/x.png'>"


@dataclass(frozen=True)
class Report:
    """A report, and the database that it is of."""

    page: Path
    url: str

    @property
    def figures(self) -> dict[str, list[dict[str, Any]]]:
        """What the page holds for programs."""
        _, _, rest = self.page.read_text("utf-8").partition('<script type="application/json" id="figures">')
        found: dict[str, list[dict[str, Any]]] = json.loads(rest.partition("</script>")[0])
        return found

    def ask(self, question: str) -> Any:
        """One value of the database."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(question.encode()).fetchone()
        assert row is not None
        return row[0]


@pytest.fixture(scope="module")
def report(postgres: Server, built: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """Of a database in which everything has happened: decisions, a cutover, tests that warn, fail and bite."""
    with copies(postgres, built) as [url]:
        apply(url, "crm", "expand", "backfill")
        with psycopg.connect(url) as connection:
            connection.execute(
                """
                insert into c360_ops.match_overrides (
                    decision, tenant_id, system_a, entity_a, source_id_a, system_b, entity_b, source_id_b, reason
                )
                values ('separate', 'acme', 'crm', 'leads_master', 'a', 'crm', 'leads_master', 'b', 'two people')
                """
            )
            connection.execute(
                "insert into c360_ops.test_results select 'hostile', 'truth', %s, 'fail', 3, now(), ''", [HOSTILE]
            )
        page = tmp_path_factory.mktemp("report") / "report.html"
        _write(url, page)
        yield Report(page, url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def _write(url: str, page: Path) -> None:
    result = CliRunner().invoke(main, ["report", "--out", str(page)], env={"DATABASE_URL": url})
    assert result.exit_code == 0, result.output
    assert str(page) in result.output


@pytest.mark.parametrize("screen", SCREENS)
def test_the_page_fits_asks_nothing_and_complains_of_nothing(report: Report, browser: Browser, screen: str) -> None:
    width, dark = SCREENS[screen]
    browser.requests()
    browser.open(report.page, width=width, dark=dark)
    browser.screenshot(ARTIFACTS / f"report-{screen}.png")
    browser.ask("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert browser.ask("document.documentElement.scrollWidth") <= width, "the page scrolls sideways"
    outside = "[...document.querySelectorAll('svg, table')].filter(e => e.getBoundingClientRect().right > innerWidth)"
    assert browser.ask(f"{outside}.length") == 0
    assert browser.requests() == [report.page.as_uri()]
    assert browser.complaints() == []
    assert (ARTIFACTS / f"report-{screen}.png").stat().st_size > 100_000
    assert (browser.ask("getComputedStyle(document.body).backgroundColor") == "rgb(18, 20, 23)") is dark


def test_figures_are_those_of_the_database(report: Report) -> None:
    """Each figure is asked for once more in another way."""
    found = report.figures
    asked: dict[str, tuple[object, str]] = {
        "records": (
            sum(row["live"] for row in found["records"]),
            "select count(*) from c360_intermediate.int_clusters",
        ),
        "register": (
            [found["register"][0][name] for name in ("customers", "records", "largest")],
            "select array[count(*), sum(record_count), max(record_count)] from c360.customers where record_count > 0",
        ),
        "spread": (
            {str(row["systems"]): row["customers"] for row in found["spread"]},
            """
            select json_object_agg(systems, customers) from (
                select systems, count(*) as customers from (
                    select count(distinct records.system) as systems from c360_intermediate.int_clusters as clusters
                    inner join c360_intermediate.int_records as records using (record_no)
                    where clusters.is_identified group by clusters.anchor_no
                ) as known group by systems
            ) as spread
            """,
        ),
        "ties": (sum(row["ties"] for row in found["ties"]), "select count(*) from c360_intermediate.int_edges"),
        "problems": (
            len(found["problems"]) > 0,
            "select exists (select from c360.quarantined_values)",
        ),
        "worst": (
            max(row["records"] for row in found["worst"]),
            "select max(records) from c360_intermediate.int_ignored_identifiers",
        ),
        "flow": (
            {
                fate: sum(row["records"] for row in found["flow"] if row["fate"] == fate)
                for fate in ("identified", "waiting", "quarantined")
            },
            """
            select json_build_object(
                'identified', (select count(*) from c360_intermediate.int_clusters where is_identified),
                'waiting', (select count(*) from c360.unidentified_records),
                'quarantined', (select count(distinct record_no) from c360.quarantined_values)
            )
            """,
        ),
        "sizes": (
            [sum(row[name] for row in found["sizes"]) for name in ("customers", "records")],
            "select array[count(distinct anchor_no), count(*)] from c360_intermediate.int_clusters where is_identified",
        ),
        "ignored": (
            sum(row["identifiers"] for row in found["ignored"]),
            "select count(*) from c360_intermediate.int_ignored_identifiers",
        ),
        "weights": (
            len(found["weights"]),
            "select count(*) from c360_seeds.match_weights where model_version = 'default-1' and m > 0 and u > 0",
        ),
        "first_seen": (
            found["first_seen"][-1]["customers"],
            "select count(created_at) from c360.customers where record_count > 0",
        ),
        "history": (
            sum(row["states"] for row in found["history"]),
            "select count(*) from c360_history.customers_history",
        ),
        "builds": (len(found["builds"]), "select count(*) from c360_ops.build_history"),
        "tests": (
            sorted(row["test"] for row in found["tests"]),
            'select array_agg(test order by test collate "C") from c360_ops.test_results',
        ),
        "review": (sum(row["pairs"] for row in found["review"]), "select count(*) from c360.review_pairs"),
        "decisions": ([(row["decision"], row["pairs"]) for row in found["decisions"]], ""),
        "cutover": (
            sum(row["applied"] for row in found["cutover"]),
            "select count(*) from c360_ops.ledger where state = 'applied'",
        ),
        "scores": (sum(row["pairs"] for row in found["scores"]), ""),
    }
    assert set(asked) == set(found) == set(FIGURES)
    has_scores = report.ask("select to_regclass('c360_intermediate.int_scored_pairs') is not null")
    scored = report.ask("select count(*) from c360_intermediate.int_scored_pairs") if has_scores else 0
    expected = {name: report.ask(question) for name, (_, question) in asked.items() if question}
    expected |= {"decisions": [("separate", 1)], "scores": scored}
    assert {name: said for name, (said, _) in asked.items()} == expected


def test_what_is_shown_is_what_is_held(report: Report, browser: Browser) -> None:
    """Tiles, tables and the marks of the charts say the figures that the page holds for programs."""
    found = report.figures
    browser.open(report.page, width=1280)
    tiles = browser.ask(
        "Object.fromEntries([...document.querySelectorAll('[data-figure]')]"
        ".map(tile => [tile.dataset.figure, tile.textContent]))"
    )
    passed = sum(row["status"] == "pass" for row in found["tests"])
    assert tiles == {
        "customers": f"{found['register'][0]['customers']:,}",
        "records": f"{found['register'][0]['records']:,}",
        "several": f"{sum(row['customers'] for row in found['spread'] if row['systems'] > 1):,}",
        "waiting": f"{sum(row['unidentified'] for row in found['records']):,}",
        "quarantined": f"{sum(row['quarantined'] for row in found['records']):,}",
        "review": f"{sum(row['pairs'] for row in found['review']):,}",
        "tests": f"{passed:,} of {len(found['tests']):,}",
        "switched": "0 of 5",
    }
    marks = browser.ask("[...document.querySelectorAll('.wide title')].map(e => e.textContent)")
    for row in found["records"]:
        assert f"{row['system']}: {row['live'] - row['unidentified']:,} records identified" in marks
        assert f"{row['system']} → identified: {row['live'] - row['unidentified']:,} records" in marks
    for row in found["spread"]:
        assert f"in {row['systems']} system{'s' * (row['systems'] > 1)}: {row['customers']:,}" in marks
    table = browser.ask(
        "[...document.querySelectorAll('table[aria-label=\"customers by number of records\"] tbody tr')]"
        ".map(row => [...row.cells].map(cell => cell.textContent))"
    )
    assert table == [[row["size"], f"{row['customers']:,}", f"{row['records']:,}"] for row in found["sizes"]]
    steps = sum(row["applied"] for row in found["cutover"] if (row["system"], row["phase"]) == ("crm", "expand"))
    assert f"✓ {steps} step" in browser.ask("document.querySelector('#cutover').parentElement.textContent")


def test_everybody_can_read_it(report: Report, browser: Browser) -> None:
    browser.open(report.page, width=1280)
    levels = browser.ask("[...document.querySelectorAll('h1, h2, h3')].map(e => +e.tagName[1])")
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    pictures = browser.ask("[...document.querySelectorAll('svg')].map(e => [e.getAttribute('role'), e.ariaLabel])")
    assert pictures
    assert all(role == "img" and len(label) > 20 for role, label in pictures)
    assert (
        browser.ask("[...document.querySelectorAll('figure:has(svg)')].filter(e => !e.querySelector('table')).length")
        == 0
    )
    assert browser.ask("[...document.querySelectorAll('table')].filter(e => !e.ariaLabel).length") == 0
    assert browser.ask("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size") == browser.ask(
        "document.querySelectorAll('[id]').length"
    )
    for dark in (False, True):
        browser.open(report.page, width=1280, dark=dark)
        for text, ground in ((".panel p", ".panel"), ("h2 + p", "body"), ("b", ".panel"), (".chip.rest", ".chip.rest")):
            assert _contrast(browser, text, ground) >= 4.5, (text, dark)


def _contrast(browser: Browser, text: str, ground: str) -> float:
    """Of a text's colour on a ground's, as WCAG has it."""

    def luminance(selector: str, prop: str) -> float:
        said = browser.ask(f"getComputedStyle(document.querySelector({selector!r})).{prop}")
        parts = [int(part) / 255 for part in said.partition("(")[2].rstrip(")").split(",")[:3]]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(text, "color"), luminance(ground, "backgroundColor")), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_it_prints_with_its_tables(report: Report, browser: Browser) -> None:
    browser.open(report.page, width=1280)
    folded = "[...document.querySelectorAll('details table')].filter(e => e.checkVisibility())"
    assert browser.ask(f"{folded}.length") == 0
    browser.print_media()
    assert browser.ask(f"{folded}.length") == browser.ask("document.querySelectorAll('details').length")
    assert browser.printed().startswith(b"%PDF")


def test_no_personal_data_and_nothing_foreign_gets_in(report: Report) -> None:
    page = report.page.read_text("utf-8")
    with psycopg.connect(report.url) as connection:
        held = connection.execute(
            """
            select distinct value
            from c360_intermediate.int_records, unnest(array[
                full_name, first_name || ' ' || last_name, organization_name, phone, email, notes
            ]) as value
            where length(value) > 6
            """
        ).fetchall()
    assert len(held) > 300
    assert [value for (value,) in held if value in page] == []
    assert HOSTILE not in page
    assert page.count("<script") == 1


def test_a_build_of_nothing_gives_a_report(postgres: Server, built: str, browser: Browser, tmp_path: Path) -> None:
    with copies(postgres, built) as [url]:
        with psycopg.connect(url) as connection:
            connection.execute("truncate c360_intermediate.int_records, c360.customers, c360_ops.test_results cascade")
            connection.execute("truncate c360_intermediate.int_clusters, c360_intermediate.int_edges")
            connection.execute("truncate c360_intermediate.int_ignored_identifiers, c360_ops.build_history")
            connection.execute("drop table c360_intermediate.int_contradicting_names cascade")
        _write(url, tmp_path / "report.html")
        browser.open(tmp_path / "report.html", width=390)
        assert browser.ask("document.querySelector('h1').textContent") == "0 customers from 0 records"
        assert browser.complaints() == []


def test_a_report_without_a_build_or_a_place_says_what_to_do(
    c360: C360, empty_database: str, report: Report, tmp_path: Path
) -> None:
    assert "c360 demo" in c360("report", DATABASE_URL=empty_database).stderr
    result = c360("report", "--out", str(tmp_path / "no" / "folder.html"), DATABASE_URL=report.url)
    assert result.exit_code == 1
    assert "folder.html cannot be written" in result.stderr
    assert "--out" in result.stderr


def test_a_build_notes_what_each_test_said(c360: C360, postgres: Server, built: str) -> None:
    """One that fails is noted as such, those that did not run keep what they have."""
    kept = "select count(*), count(*) filter (where status = 'pass') from c360_ops.test_results"
    with copies(postgres, built) as [url]:
        with psycopg.connect(url) as connection:
            before = connection.execute(kept).fetchone()
            connection.execute("delete from c360_seeds.survivorship_rules where attribute = 'tier'")
        result = c360("build", "--select", "assert_each_attribute_has_a_rule", DATABASE_URL=url)
        assert result.exit_code == 1
        with psycopg.connect(url) as connection:
            after = connection.execute(kept).fetchone()
            said = connection.execute(
                "select kind, status, failures, meaning from c360_ops.test_results where status <> 'pass'"
            )
            (row,) = said.fetchall()
    assert before is not None
    assert after == (before[0], before[1] - 1)
    assert row[:3] == ("truth", "fail", 1)
    assert row[3].startswith("an attribute without a survivorship rule")
