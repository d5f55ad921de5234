"""Which database: a URL, else the dbt profile `customer360`, else the embedded server."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from customer360 import profiles
from customer360.errors import ConnectionSettingsError
from customer360.server import Server, default_data_dir

DEFAULT_SCHEMA = "c360"
_SECRETS = {"password", "sslpassword", "passfile"}
_DEFAULTS = {"connect_timeout": "10", "fallback_application_name": "c360"}
_URL_HINT = (
    "write it as postgresql://user:password@host:5432/database, with special characters of the password "
    "percent-encoded (@ is %40, / is %2F, : is %3A, % is %25)."
)
_HINTS: dict[str | None, str] = {
    "28P01": "check the user and the password (PGPASSWORD and ~/.pgpass are read as well).",
    "28000": "check the user and what the server's pg_hba.conf allows.",
    "3D000": "create it (createdb), or name another database.",
}
_UNREACHABLE_HINT = (
    "check that the server runs and that host and port are right; "
    "without DATABASE_URL and dbt profile, c360 starts its own embedded server."
)


@dataclass(frozen=True)
class Database:
    """Where everything happens: how to connect, and where dbt finds the same database."""

    origin: str
    """Who named it, in words: DATABASE_URL, a dbt profile, the embedded server."""
    conninfo: str = field(repr=False)
    """libpq connection string; it may hold a password, so it is never shown."""
    schema: str = DEFAULT_SCHEMA
    """Target schema of dbt; the others are named after it."""
    profiles_dir: Path | None = None
    """Folder of the user's own profiles.yml; None where dbt takes libpq's environment variables."""

    @property
    def schemas(self) -> dict[str, str]:
        """Schemas that dbt builds in, by layer."""
        layers = ("staging", "intermediate", "functions", "seeds", "history", "ops")
        return {"canonical": self.schema, **{layer: f"{self.schema}_{layer}" for layer in layers}}

    @property
    def url(self) -> str:
        """URL without any secret, for psql and for people."""
        parts = {key: str(value) for key, value in conninfo_to_dict(self.conninfo).items()}
        parts = {key: value for key, value in parts.items() if key not in _SECRETS and key not in _DEFAULTS}
        user, database = quote(parts.pop("user", "")), quote(parts.pop("dbname", ""))
        authority = f"{user}@" if user else ""
        if not parts.get("host", "/").startswith("/") and "," not in parts["host"]:
            authority += parts.pop("host") + (f":{parts.pop('port')}" if "port" in parts else "")
        query = f"?{urlencode(parts, safe='/')}" if parts else ""
        return f"postgresql://{authority}/{database}{query}"

    def connect(self, *, autocommit: bool = False) -> psycopg.Connection:
        """Connect, or say in words why that fails; a password is never part of the message."""
        try:
            return psycopg.connect(self.conninfo, autocommit=autocommit)
        except psycopg.OperationalError as error:
            password = conninfo_to_dict(self.conninfo).get("password")
            said = " ".join(str(error).split())
            if password:
                said = said.replace(str(password), "***")
            raise ConnectionSettingsError(
                f"{self.url} ({self.origin}) cannot be reached: {said}",
                hint=_HINTS.get(error.sqlstate, _hint_for(said)),
            ) from None


def find_database(
    url: str | None,
    *,
    origin: str = "DATABASE_URL",
    environment: Mapping[str, str] = os.environ,
    on_start: Callable[[], None] = lambda: None,
) -> Database:
    """The database to work on; `on_start` is told when the embedded server has to be started for it."""
    if url:
        return Database(origin, make_conninfo(**_parse(url, origin)))
    profiles_dir = profiles.find_profiles_dir(environment)
    if profiles_dir is not None:
        settings, schema = profiles.load(profiles_dir)
        return Database(f"dbt profile in {profiles_dir}", make_conninfo(**settings), schema, profiles_dir)
    server = Server(default_data_dir())
    if not server.is_running():
        on_start()
    return Database("embedded server", make_conninfo(server.start(), **_DEFAULTS))


def _parse(url: str, origin: str) -> dict[str, str]:
    """Parameters of a URL. The parser's own messages quote the password, so none of them is passed on."""
    try:
        parts = _DEFAULTS | {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except psycopg.ProgrammingError:
        raise ConnectionSettingsError(f"{origin} is not a PostgreSQL connection URL.", hint=_URL_HINT) from None
    # An unencoded @ or / in a password makes a piece of it host, port or database, which would be shown.
    misread = any("@" in parts.get(key, "") for key in ("host", "dbname"))
    if misread or not parts.get("port", "5432").replace(",", "").isdigit():
        raise ConnectionSettingsError(f"{origin} cannot be taken apart without doubt.", hint=_URL_HINT)
    return parts


def _hint_for(said: str) -> str:
    """The next step, by what libpq says: it gives no SQLSTATE for what fails before a session."""
    known = {"authentication failed": "28P01", "no password supplied": "28P01", "does not exist": "3D000"}
    return next((_HINTS[state] for words, state in known.items() if words in said), _UNREACHABLE_HINT)
