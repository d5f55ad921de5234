"""Which database, found how, fit for a build; and never a password in a message."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import yaml
from click.testing import Result

from customer360.config import Database, find_database
from customer360.errors import ConnectionSettingsError
from customer360.preflight import preflight
from customer360.profiles import example_profile
from customer360.server import Server

C360 = Callable[..., Result]

SECRET = "s3cret"


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://user:{SECRET}@host/db",
        f"postgresql://user:12/{SECRET}@host/db",
        f"postgresql://user:a/{SECRET}@host/db",
        f"postgresql://user:a@{SECRET}@host/db",
        f"postgresql://user:a%zz{SECRET}@host/db",
        f"postgresql://user:12?{SECRET}@host/db",
        f"host=localhost password='{SECRET}",
        f"postgresql://user:{SECRET}@127.0.0.1:1/db",
        f"postgresql://user@127.0.0.1:1/db?password={SECRET}&sslpassword={SECRET}",
    ],
)
def test_unusable_urls_are_explained_without_the_password(c360: C360, url: str) -> None:
    for result in (c360("status", DATABASE_URL=url), c360("--database-url", url, "build")):
        assert result.exit_code == 1
        assert "→" in result.stderr
        assert "Traceback" not in result.output
        assert SECRET not in result.output


def test_debug_shows_the_traceback_without_the_password(c360: C360) -> None:
    result = c360("--debug", "status", DATABASE_URL=f"mysql://user:{SECRET}@host/db")
    assert isinstance(result.exception, ConnectionSettingsError)
    assert result.exception.__suppress_context__
    assert SECRET not in str(result.exception)


def test_missing_database_says_how_to_create_it(c360: C360, postgres: Server) -> None:
    result = c360("status", DATABASE_URL=postgres.url("nowhere"))
    assert result.exit_code == 1
    assert '"nowhere" does not exist' in result.stderr
    assert "createdb" in result.stderr


def test_url_for_people_has_no_secret() -> None:
    conninfo = f"host=db.example port=5433 user=me password={SECRET} dbname=my-crm sslmode=require"
    database = Database("test", conninfo)
    assert database.url == "postgresql://me@db.example:5433/my-crm?sslmode=require"
    assert SECRET not in repr(database)


def test_dbt_profile_is_found_and_read_by_its_own_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_database: str
) -> None:
    parts = psycopg.conninfo.conninfo_to_dict(empty_database)
    output = {
        "type": "postgres",
        "host": parts["host"],
        "port": 5432,
        "dbname": parts["dbname"],
        "user": "{{ env_var('WHO') }}",
        "password": SECRET,
        "schema": "mine",
    }
    profile = {"customer360": {"target": "live", "outputs": {"live": output}}}
    (tmp_path / "profiles.yml").write_text(yaml.safe_dump(profile))
    monkeypatch.setenv("DBT_PROFILES_DIR", str(tmp_path))
    monkeypatch.setenv("WHO", "postgres")
    database = find_database(None)
    assert database.profiles_dir == tmp_path
    assert database.schemas["intermediate"] == "mine_intermediate"
    with database.connect() as connection:
        assert connection.info.user == "postgres"
    monkeypatch.delenv("WHO")
    with pytest.raises(ConnectionSettingsError, match="WHO"):
        find_database(None)
    monkeypatch.setenv("WHO", "postgres")
    output["password"] = "{{ env_var('MISSING') }}"
    (tmp_path / "profiles.yml").write_text(yaml.safe_dump(profile))
    with pytest.raises(ConnectionSettingsError, match="a variable that is not set"):
        find_database(None)


def test_libpq_variables_come_and_go(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGUSER", "somebody")
    url = empty_database + "&options=-c%20statement_timeout%3D1234&application_name=mine"
    with psycopg.connect(url) as connection, example_profile(connection, "mine") as folder:
        assert (folder / "profiles.yml").is_file()
        with psycopg.connect("") as again:  # all from the variables
            assert again.info.dbname == connection.info.dbname
            assert again.execute("show statement_timeout").fetchone() == ("1234ms",)
    assert not folder.exists()
    assert os.environ["PGUSER"] == "somebody"
    assert "PGDATABASE" not in os.environ


def test_preflight_accepts_both_versions(each_database: str) -> None:
    with psycopg.connect(each_database) as connection:
        assert preflight(connection).version_number >= 150_000


def test_preflight_refuses_other_encodings(c360: C360, latin_database: str) -> None:
    result = c360("build", DATABASE_URL=latin_database)
    assert result.exit_code == 1
    assert "LATIN1" in result.stderr


def test_preflight_asks_for_the_right_to_create_schemas(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute("create role reader")
        connection.execute("set role reader")
        with pytest.raises(ConnectionSettingsError, match=r'grant create on database .* to "reader"'):
            preflight(connection)
