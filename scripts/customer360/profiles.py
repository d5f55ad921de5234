"""Two ways between c360 and dbt's profiles: reading the user's own, and feeding the project's example one."""

from __future__ import annotations

import os
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import yaml

from customer360.errors import ConnectionSettingsError
from customer360.project import project_dir

PROFILE = "customer360"
_VARIABLES = ("DBT_ENGINE_PROFILES_DIR", "DBT_PROFILES_DIR")
_SSL = ("sslmode", "sslcert", "sslkey", "sslrootcert")


def find_profiles_dir(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Folder of the profiles.yml that dbt would read, if it has the profile customer360."""
    named = next((environment[name] for name in _VARIABLES if environment.get(name)), None)
    folders = [Path(named)] if named else [Path.cwd(), Path.home() / ".dbt"]
    folder = next((folder for folder in folders if (folder / "profiles.yml").is_file()), None)
    if folder is None:
        return None
    try:
        content = yaml.safe_load((folder / "profiles.yml").read_text(encoding="utf-8"))
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise ConnectionSettingsError(
            f"{folder / 'profiles.yml'} cannot be read ({type(error).__name__}).",
            hint="mend it (profiles.example.yml shows a good one), or set DATABASE_URL.",
        ) from None
    return folder.resolve() if isinstance(content, dict) and PROFILE in content else None


def load(profiles_dir: Path) -> tuple[dict[str, str], str]:
    """Connection settings (in libpq's names) and target schema of the profile, read by dbt's own loader."""
    # Here, not above: importing dbt takes seconds, and most commands do without.
    from dbt.config.runtime import load_profile
    from dbt.flags import set_from_args
    from dbt_common.context import set_invocation_context
    from dbt_common.exceptions import DbtBaseException

    set_invocation_context(os.environ)
    set_from_args(Namespace(PROFILES_DIR=str(profiles_dir)), None)
    try:
        credentials = load_profile(str(project_dir()), {}).credentials
    except DbtBaseException as error:
        raise ConnectionSettingsError(
            f"The dbt profile {PROFILE} in {profiles_dir} cannot be used: {' '.join(str(error).split())}",
            hint="mend it (profiles.example.yml shows a good one), or set DATABASE_URL.",
        ) from None
    if credentials.type != "postgres":
        raise ConnectionSettingsError(
            f"The dbt profile {PROFILE} in {profiles_dir} is for {credentials.type}, not for PostgreSQL.",
            hint="point it at a PostgreSQL database (type: postgres), or set DATABASE_URL.",
        )
    given = credentials.to_dict(omit_none=True)
    if "env_var(" in str(given.get("password", "")):  # dbt leaves it as it stands when the variable is missing
        raise ConnectionSettingsError(
            f"The password of the dbt profile {PROFILE} in {profiles_dir} is a variable that is not set.",
            hint="export the variable that the profile names, or set DATABASE_URL.",
        )
    settings = {
        "host": given["host"],
        "port": given["port"],
        "user": given["user"],
        "password": given.get("password"),
        "dbname": given["database"],
        "connect_timeout": given.get("connect_timeout"),
        "options": f"-c role={given['role']}" if given.get("role") else None,
        **{key: given.get(key) for key in _SSL},
    }
    return {key: str(value) for key, value in settings.items() if value}, credentials.schema


@contextmanager
def example_profile(connection: psycopg.Connection, schema: str) -> Iterator[Path]:
    """Folder with the project's own profile: target `schema`, and the settings of `connection` as variables.

    Passwords travel in this process's environment only: not on a command line, not in a file, not in a log.
    """
    variables = {**libpq_variables(connection), "C360_SCHEMA": schema}
    before = {name: os.environ.get(name) for name in variables}
    with tempfile.TemporaryDirectory(prefix="c360-profile-") as folder:  # private: mode 0700
        shutil.copyfile(project_dir() / "profiles.example.yml", Path(folder) / "profiles.yml")
        os.environ.update(variables)
        try:
            yield Path(folder)
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


def libpq_variables(connection: psycopg.Connection) -> dict[str, str]:
    """Environment variables with which libpq makes this very connection again, defaults resolved."""
    info = connection.info
    variables = {
        option.envvar.decode(): option.val.decode()
        for option in connection.pgconn.info
        if option.envvar and option.val and option.val != option.compiled and option.keyword != b"service"
    }
    chosen = {"PGHOST": info.host, "PGPORT": str(info.port), "PGUSER": info.user, "PGDATABASE": info.dbname}
    if info.password:
        chosen["PGPASSWORD"] = info.password
    if "," in variables.get("PGHOST", ""):
        variables.pop("PGHOSTADDR", None)
    return variables | chosen
