"""Errors that a person can act on: what happened, where, and the next step."""

from __future__ import annotations


class C360Error(Exception):
    """Something went wrong that the user can put right; the message ends with the next step."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        """Join the fact and the next step into one message."""
        super().__init__(f"{message}\n  → {hint}" if hint else message)


class ServerError(C360Error):
    """The embedded PostgreSQL could not be started, stopped or found."""


class ConnectionSettingsError(C360Error):
    """The database named by DATABASE_URL or the dbt profile cannot be used."""


class BuildError(C360Error):
    """dbt ended with errors."""


class LegacyDataError(C360Error):
    """The made-up legacy systems could not be created or filled."""


class OverrideError(C360Error):
    """A decision on two records cannot be made or taken back."""
