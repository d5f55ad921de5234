"""dbt inside the process: every node's result, failures in plain words, warnings once."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from customer360.config import find_database
from customer360.dbt import Build, BuildOptions, Changes, NodeResult, build
from customer360.dbt_schedule import chain_lengths
from customer360.errors import BuildError
from customer360.profiles import example_profile
from customer360.project import project_dir

C360 = Callable[..., Result]
UNIT_TEST = project_dir() / "macros" / "materializations" / "unit.sql"


@pytest.fixture
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dbt project that fails in one place, warns in another and works in a third."""
    models = {
        "good": "select 1 as x",
        "broken": "select 1 / x as y from (values (0)) as zero (x)",
        "waiting": "select * from {{ ref('broken') }}",
        "warned": "{% do exceptions.warn('Table crm.leads_master is not there.') %}select 1 as x",
    }
    (tmp_path / "models").mkdir()
    for name, body in models.items():
        text = "{{ config(materialized='table') }} " + body
        (tmp_path / "models" / f"{name}.sql").write_text(text)
    (tmp_path / "dbt_project.yml").write_text("name: small\nversion: '1.0.0'\nprofile: customer360\n")
    shutil.copy(project_dir() / "profiles.example.yml", tmp_path)
    monkeypatch.setenv("C360_PROJECT_DIR", str(tmp_path))
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "target"))
    return tmp_path


def test_failing_node_is_named_with_its_error_and_its_sql(small_project: Path, empty_database: str) -> None:
    database = find_database(empty_database)
    with database.connect(autocommit=True) as connection, pytest.raises(BuildError) as caught:
        build(database, connection, BuildOptions())
    said = str(caught.value)
    assert "1 of 4 steps failed, 1 more wait for them" in said
    assert "broken (model): division by zero" in said
    assert str(small_project / "target/run/small/models/broken.sql") in said
    assert "Warning: Table crm.leads_master is not there." in said
    assert "c360 build --select broken+" in said


def test_failing_hook_says_what_the_database_said(small_project: Path, empty_database: str) -> None:
    with (small_project / "dbt_project.yml").open("a") as settings:
        settings.write('on-run-end: ["select 1 / 0"]\n')
    database = find_database(empty_database)
    with database.connect(autocommit=True) as connection, pytest.raises(BuildError) as caught:
        build(database, connection, BuildOptions(select=("good",)))
    assert "division by zero" in str(caught.value)
    assert "--select" not in str(caught.value), "a hook cannot be selected"


def test_build_tells_each_node_and_each_warning_once(small_project: Path, empty_database: str) -> None:
    database = find_database(empty_database)
    with database.connect(autocommit=True) as connection:
        done = build(database, connection, BuildOptions(exclude=("broken+",)))
        nothing = build(database, connection, BuildOptions(select=("nobody",)))
    assert {node.name: node.status for node in done.nodes} == {"good": "success", "warned": "success"}
    assert done.warnings == ("Table crm.leads_master is not there.",)
    assert nothing.nodes == ()
    assert any("nobody" in warning for warning in nothing.warnings)


def test_a_free_thread_takes_the_step_that_the_longest_chain_waits_for(
    small_project: Path, empty_database: str
) -> None:
    """dbt alone goes level by level: what everything waits for would come after all that nothing waits for."""
    from dbt.graph.queue import GraphQueue

    before = (GraphQueue._get_scores, sys.getswitchinterval())
    previous = "good"
    for name in ("z_first", "z_second", "z_third"):
        body = "select 1 as x" if name == "z_first" else f"select * from {{{{ ref('{previous}') }}}}"
        (small_project / "models" / f"{name}.sql").write_text(body)
        previous = name
    database = find_database(empty_database)
    with database.connect(autocommit=True) as connection:
        done = build(database, connection, BuildOptions(exclude=("broken+",), threads=1))
    assert [node.name for node in done.nodes] == ["z_first", "z_second", "good", "warned", "z_third"]
    assert (GraphQueue._get_scores, sys.getswitchinterval()) == before


def test_the_chain_of_a_step_is_the_longest_that_waits_for_it() -> None:
    followers = {"a": {"b", "d"}, "b": {"c"}, "c": {"d"}, "d": set(), "alone": set()}
    assert chain_lengths(followers) == {"a": 3, "b": 2, "c": 1, "d": 0, "alone": 0}


def test_project_that_cannot_be_parsed_is_explained(c360: C360, small_project: Path, empty_database: str) -> None:
    (small_project / "models" / "good.sql").write_text("{{ ref('missing') }}")
    result = c360("build", DATABASE_URL=empty_database)
    assert result.exit_code == 1
    assert "missing" in result.stderr
    assert "→" in result.stderr


@pytest.mark.parametrize(("at", "differs"), [("2026-01-02 03:04:05+00", False), ("2026-01-02 03:04:06+00", True)])
def test_a_unit_test_compares_by_type(small_project: Path, empty_database: str, at: str, differs: bool) -> None:
    """The project's own materialization of unit tests knows the types of the columns without making a table."""
    (small_project / "macros").mkdir()
    shutil.copy(UNIT_TEST, small_project / "macros")
    (small_project / "models" / "typed.sql").write_text(
        "select x::numeric as n, array['a', 'b'] as words, jsonb_build_object('x', x) as said, "
        "'2026-01-02 04:04:05+01'::timestamptz as at, null::uuid as id from {{ ref('good') }}"
    )
    (small_project / "models" / "typed.yml").write_text(
        f"""
unit_tests:
  - name: values_of_many_types
    model: typed
    given:
      - {{input: ref('good'), rows: [{{x: 7}}]}}
    expect:
      rows:
        - {{n: 7, words: "{{a,b}}", said: '{{"x": 7}}', at: "{at}", id: null}}
"""
    )
    database = find_database(empty_database)
    with database.connect(autocommit=True) as connection:
        options = BuildOptions(select=("good", "typed"))
        if differs:
            with pytest.raises(BuildError, match="values_of_many_types"):
                build(database, connection, options)
        else:
            statuses = {node.name: node.status for node in build(database, connection, options).nodes}
            assert statuses == {"good": "success", "values_of_many_types": "pass", "typed": "success"}


def test_whichever_command_parses_a_test_tells_its_worklist(empty_database: str, tmp_path: Path) -> None:
    """dbt keeps what `dbt docs` or `dbt test` parsed, and the next `dbt build` goes by it."""
    from dbt.cli.main import dbtRunner

    database = find_database(empty_database)
    with database.connect() as connection, example_profile(connection, database.schema) as profiles:
        folders = ("--project-dir", str(project_dir()), "--profiles-dir", str(profiles), "--target-path", str(tmp_path))
        manifest: Any = dbtRunner().invoke(["parse", *folders, "--quiet"]).result
    test = manifest.nodes["test.customer360.assert_golden_values_come_from_members"]
    assert "model.customer360.int_touched_clusters" in test.depends_on.nodes


def test_changes_of_link_tables_are_one_line() -> None:
    def node(name: str, folder: str, message: str) -> NodeResult:
        return NodeResult(name, "model", folder, "success", 1.0, message, None)

    nodes = (
        node("customers", "canonical", "+3 ~2 -1"),
        node("customer_carts", "links", "+10 ~0 -0"),
        node("customer_leads", "links", "+1 ~0 -4"),
        node("int_edges", "intermediate", "SELECT 7"),
    )
    changes = Build(nodes, (), 1.0).changes
    assert changes == {"customers": Changes(3, 2, 1), "link tables": Changes(11, 0, 4)}
