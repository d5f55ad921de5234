"""A cutover manifest: what moves where in one legacy system, read from `scripts/cutovers/<system>.yml`.

Every key is described here and nowhere else. A wrong key, a missing one or a value of the wrong kind is an error that
names the file, the place in it and what may stand there. That tables and columns exist is `catalog.check`'s business.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from customer360.errors import C360Error
from customer360.project import project_dir

FOLDER = Path("scripts/cutovers")

Name = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]{0,54}$")]
"""An identifier: small letters, digits and _; short enough to leave room for what names are derived from it."""


class ManifestError(C360Error):
    """A cutover manifest is missing, is wrong, or does not fit the database."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Side(_Part):
    """One end of a mapping: a register of the legacy system."""

    table: Name
    key: Name
    match: Name
    """Column with the WhatsApp number; two rows of one tenant with the same digits in it are one person."""


class Resolved(_Part):
    """Table of the canonical schema in which a build says which old key became which new one."""

    table: Name
    old: Name
    new: Name


class Mapping(_Part):
    """Old key to new key where one register takes another one's place; kept up to date by a trigger."""

    name: Name
    """Table in c360_ops: (old_id, new_id, created, changed_at)."""
    old: Side
    new: Side
    tenant: Name = "tenant_id"
    """Column of both tables."""
    carry: dict[Name, Name]
    """{column of the new table: column of the old one}: what a row created on either side takes from the other."""
    resolved_by: Resolved
    archive: bool = True
    """Whether contract moves the old table to the schema `archive` and puts a view in its place."""


class Identify(_Part):
    """One way to tell, before the next build, whose a new row is; exactly one of link, sibling, phone, email."""

    link: Name | None = None
    """Link table of the canonical schema, looked up by the key that the column `by` holds."""
    sibling: Name | None = None
    """Column: another row of this table with the same value (a UUID) has the answer."""
    phone: Name | None = None
    email: Name | None = None
    by: Name | None = None
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    """ISO 3166 code of the region whose way of writing phones is assumed."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [name for name in ("link", "sibling", "phone", "email") if getattr(self, name)]
        if len(ways) != 1:
            raise ValueError(f"give exactly one of link, sibling, phone and email, not {', '.join(ways) or 'none'}")
        if bool(self.link) != bool(self.by):
            raise ValueError("link and by go together, and with nothing else")
        if bool(self.phone) != bool(self.region):
            raise ValueError("phone and region go together, and with nothing else")
        return self


class Index(_Part):
    """Index on the new column."""

    name: Name
    columns: Annotated[tuple[Name, ...], Field(min_length=1)]


class Reference(_Part):
    """A new column that refers to the customer, and how it is filled and kept."""

    table: Name
    key: Name = "id"
    """The table's primary key, one column."""
    column: Name
    link: Name | None = None
    """Link table of the canonical schema that has the customer of each row. Either this or `replaces` by a mapping."""
    replaces: Name | None = None
    """Old column: with a mapping what the new one is derived from; else what goes when contract comes."""
    becomes: Name | None = None
    """Name that the column gets in contract, after the old one of that name is gone."""
    identify: tuple[Identify, ...] = ()
    only_with: tuple[Name, ...] = ()
    """Rows in which all of these are NULL or blank are left unlinked, and reported."""
    copies: dict[Name, Name] = {}
    """{old column: column of customers}: copied for old readers when a row comes with the new key alone."""
    index: Index
    foreign_key: Name
    on_delete: Literal["no action", "restrict"] = "no action"
    not_null: Literal["never", "constrain", "on request"] = "never"
    """constrain only where the old column was NOT NULL; on request: a step of contract that must be asked for."""

    @model_validator(mode="after")
    def _filled_somehow(self) -> Self:
        if self.link is None and self.replaces is None:
            raise ValueError("give link (the table that has the customer of each row), or replaces with a mapping")
        if self.becomes and self.becomes != self.replaces:
            raise ValueError("becomes must be the column that replaces names: another one would be in the way")
        return self


class Policy(_Part):
    """A row-level policy that goes over to the new column, with the command and roles of the old one."""

    table: Name
    old: Name
    new: Name
    column: Name
    old_column: Name


class Policies(_Part):
    """Who may see what, by the new identity in the request's claims."""

    helper: Name
    """Function made in the legacy schema: the caller's id from the claims, as Supabase and PostgREST set them."""
    replaces: Name
    """The helper that goes."""
    tenant: Name | None = None
    """Column with the tenant, in each of the tables and in the register of the new identities: whom policies bind
    writes rows only where the two agree."""
    tables: Annotated[tuple[Policy, ...], Field(min_length=1)]


class Counter(_Part):
    """How many rows of a table a customer has."""

    table: Name
    reference: Name
    column: Name
    """Column of the counters' table."""
    at: Name
    """When the row's contact took place: a date, or text that parse_timestamp reads."""


class Counters(_Part):
    """Counts by customer, kept by triggers."""

    table: Name
    """Made in the canonical schema: customer_id, one column per count, and the last contact."""
    last: Name
    counts: Annotated[tuple[Counter, ...], Field(min_length=1)]


class CompatibilityView(_Part):
    """A view in the legacy schema with the names that a plan's readers know."""

    name: Name
    columns: dict[Name, Name]
    """{column of the view: column of customers, or of the counters}."""


class Touch(_Part):
    """A canonical table whose updated_at a trigger keeps."""

    table: Name
    column: Name = "updated_at"


class Deprecated(_Part):
    """Columns that contract drops, after it has archived them."""

    table: Name
    columns: Annotated[tuple[Name, ...], Field(min_length=1)]
    instead: str
    """What to read instead, for the comment."""


class Mark(_Part):
    """Rows marked as moved, only when that is asked for."""

    table: Name
    column: Name
    check: Name
    """The constraint that lists the values allowed."""
    before: Name
    after: Name


class Manifest(_Part):
    """One system's cutover."""

    system: Name
    plan: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
    """Number of the legacy plan."""
    summary: str
    legacy_schema: Name
    grace_days: Annotated[int, Field(ge=0)] = 30
    """Days between switch and contract."""
    mapping: Mapping | None = None
    references: Annotated[tuple[Reference, ...], Field(min_length=1)]
    policies: Policies | None = None
    counters: Counters | None = None
    view: CompatibilityView | None = None
    updated_at: tuple[Touch, ...] = ()
    deprecated: tuple[Deprecated, ...] = ()
    mark: Mark | None = None
    history: Name | None = None
    """Table of the canonical schema with the system's own history; `rollback --data-only` empties it."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for reference in self.references:
            if reference.link is None and self.mapping is None:
                raise ValueError(
                    f"the reference {reference.table}.{reference.column} has no link and there is no mapping"
                )
        known = {(reference.table, reference.column) for reference in self.references}
        wanted = [(p.table, p.column) for p in self.policies.tables] if self.policies else []
        wanted += [(c.table, c.reference) for c in self.counters.counts] if self.counters else []
        for table, column in wanted:
            if (table, column) not in known:
                raise ValueError(f"{table}.{column} is used, but is not among the references")
        if len({reference.table for reference in self.references}) < len(self.references):
            raise ValueError("a table has two references; one is the limit")
        return self

    def reference(self, table: str) -> Reference:
        """The reference of a table."""
        return next(reference for reference in self.references if reference.table == table)

    @property
    def tables(self) -> tuple[str, ...]:
        """The legacy tables that the cutover touches."""
        registers = (self.mapping.old.table, self.mapping.new.table) if self.mapping else ()
        return tuple(dict.fromkeys([*registers, *(reference.table for reference in self.references)]))


def systems() -> list[str]:
    """The systems that have a manifest."""
    return sorted(path.stem for path in (project_dir() / FOLDER).glob("*.yml"))


def load_manifest(system: str) -> Manifest:
    """The manifest of `system`; ManifestError names every fault in it."""
    path = project_dir() / FOLDER / f"{system}.yml"
    if not path.is_file():
        raise ManifestError(
            f"There is no cutover for {system!r}.", hint=f"the systems with a manifest are: {', '.join(systems())}."
        )
    return parse_manifest(path.read_text(encoding="utf-8"), FOLDER / path.name)


def parse_manifest(text: str, path: Path) -> Manifest:
    """The manifest that a YAML text holds; `path` is for messages."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ManifestError(f"{path} is not YAML: {error}", hint="mend the line that is named.") from None
    if not isinstance(content, dict):
        raise ManifestError(f"{path} holds no mapping of keys.", hint="start from another system's manifest.")
    try:
        manifest = Manifest.model_validate(content)
    except ValidationError as error:
        faults = "\n".join(f"  {_place(fault['loc'])}: {_words(fault)}" for fault in error.errors())
        raise ManifestError(
            f"{path} has faults:\n{faults}", hint="scripts/customer360/cutover/README.md describes every key."
        ) from None
    if manifest.system != path.stem:
        raise ManifestError(f"{path} says system: {manifest.system}.", hint="the file is named after its system.")
    return manifest


def _place(location: tuple[int | str, ...]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return text.lstrip(".") or "the manifest"


def _words(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "there is no such key"
    if fault["type"] == "missing":
        return "this key is missing"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return message if fault["type"] == "value_error" else f"{message} (it says {fault['input']!r})"
