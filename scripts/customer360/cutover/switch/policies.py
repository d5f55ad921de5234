"""Row-level policies by the new identity, and what they ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from psycopg import sql

from customer360.cutover import catalog
from customer360.cutover.backfill import Backfill
from customer360.cutover.errors import VerifyError
from customer360.cutover.expand import dropped_function, id_type
from customer360.cutover.manifest import Mapping, Policies, Policy, Reference
from customer360.cutover.sql import Sql, template
from customer360.cutover.steps import Ddl, Work

_OLD_POLICY = """
    select p.polpermissive, p.polcmd::text, p.polqual is not null, p.polwithcheck is not null,
        array(
            select case when r = 0 then 'public' else quote_ident(pg_get_userbyid(r)) end from unnest(p.polroles) as r
        )
    from pg_policy as p
    where p.polrelid = to_regclass(%s) and p.polname = %s
"""
_COMMANDS = {"*": "all", "r": "select", "a": "insert", "w": "update", "d": "delete"}


def create_policy(
    name: str,
    table: tuple[str, str],
    *,
    permissive: bool,
    command: str,
    roles: Sequence[str],
    using: Sql | None,
    check: Sql | None,
) -> Sql:
    """CREATE POLICY; command and roles (quoted already) as pg_policy has them."""
    return sql.SQL("create policy {name} on {table} as {kind} for {command} to {roles}{using}{check}").format(
        name=sql.Identifier(name),
        table=sql.Identifier(*table),
        kind=sql.SQL("permissive" if permissive else "restrictive"),
        command=sql.SQL(_COMMANDS[command]),
        roles=sql.SQL(", ").join(map(sql.SQL, roles)),
        using=sql.SQL(" using {}").format(using) if using else sql.SQL(""),
        check=sql.SQL(" with check {}").format(check) if check else sql.SQL(""),
    )


@dataclass(frozen=True)
class CreateAuthHelper(Ddl):
    """The function that says who is asking; it reads the claims as PostgREST and Supabase set them."""

    policies: Policies
    phase: ClassVar[str] = "switch"
    lock: ClassVar[str] = "none"

    @property
    def name(self) -> str:
        """What it does."""
        return f"create {self.policies.helper}"

    def script(self, work: Work) -> list[Sql]:
        """The function."""
        return [template("auth_helper", function=(work.legacy, self.policies.helper))]

    def applied(self, work: Work) -> bool:
        """Whether it is there."""
        return catalog.has_function(work.session, (work.legacy, self.policies.helper))

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop it."""
        return [dropped_function(work.legacy, self.policies.helper)]


@dataclass(frozen=True)
class CreatePolicy(Ddl):
    """The policy by the new identity beside the old one, with its command and roles, once all rows are filled."""

    policy: Policy
    helper: str
    reference: Reference
    mapping: Mapping | None
    phase: ClassVar[str] = "switch"

    @property
    def name(self) -> str:
        """What it does."""
        return f"policy {self.policy.new} on {self.policy.table}"

    def _table(self, work: Work) -> tuple[str, str]:
        return work.legacy, self.policy.table

    def script(self, work: Work) -> list[Sql]:
        """CREATE POLICY."""
        table = self._table(work)
        row = work.session.row(sql.SQL(_OLD_POLICY), [catalog.quoted(work.session, table), self.policy.old])
        permissive, command, using, check, roles = row or (True, "*", True, True, ["public"])
        condition = sql.SQL("({} = (select {}()))").format(
            sql.Identifier(self.policy.column), sql.Identifier(work.legacy, self.helper)
        )
        return [
            create_policy(
                self.policy.new,
                table,
                permissive=permissive,
                command=command,
                roles=roles,
                using=condition if using else None,
                check=condition if check else None,
            )
        ]

    def applied(self, work: Work) -> bool:
        """Whether it is there."""
        return catalog.has_policy(work.session, self._table(work), self.policy.new)

    def apply(self, work: Work) -> None:
        """Create it, when every row is where it belongs: a policy switched early hides rows from their owners."""
        if problems := Backfill(self.reference, self.mapping).problems(work):
            raise VerifyError("\n".join(problems), hint="run c360 apply backfill, then this again.")
        super().apply(work)

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop it."""
        if not self.applied(work):
            return []
        return [
            sql.SQL("drop policy {} on {}").format(sql.Identifier(self.policy.new), sql.Identifier(*self._table(work)))
        ]


@dataclass(frozen=True)
class CreateTenantHelper(Ddl):
    """The function that says whether an identity is one of a tenant's."""

    tenant: str
    mapping: Mapping
    phase: ClassVar[str] = "switch"
    lock: ClassVar[str] = "none"

    @property
    def name(self) -> str:
        """What it does."""
        return f"tell the tenants of {self.mapping.new.table}"

    def function(self, work: Work) -> tuple[str, str]:
        """The function."""
        return work.ops, f"in_tenant_{work.manifest.system}"

    def script(self, work: Work) -> list[Sql]:
        """CREATE FUNCTION."""
        new = self.mapping.new
        return [
            template(
                "tenant_helper",
                function=self.function(work),
                type=id_type(work, self.mapping),
                register=(work.legacy, new.table),
                key=new.key,
                tenant=self.tenant,
            )
        ]

    def applied(self, work: Work) -> bool:
        """Whether it is there."""
        return catalog.has_function(work.session, self.function(work))

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop it."""
        identity = id_type(work, self.mapping).as_string(None)
        return [dropped_function(*self.function(work), f"{identity}, text")]


@dataclass(frozen=True)
class CreateTenantPolicy(Ddl):
    """On top of the policies that let somebody write a row: its tenant must be that of its identity."""

    policy: Policy
    helper: CreateTenantHelper
    phase: ClassVar[str] = "switch"

    @property
    def name(self) -> str:
        """What it does."""
        return f"policy {self._policy} on {self.policy.table}"

    @property
    def _policy(self) -> str:
        return f"{self.policy.new}_tenant"

    def script(self, work: Work) -> list[Sql]:
        """CREATE POLICY, restrictive: it takes from the old policies as well as from the new ones."""
        column = sql.Identifier(self.policy.column)
        agrees = sql.SQL("({column} is null or {function}({column}, {tenant}::text))").format(
            column=column,
            function=sql.Identifier(*self.helper.function(work)),
            tenant=sql.Identifier(self.helper.tenant),
        )
        return [
            create_policy(
                self._policy,
                (work.legacy, self.policy.table),
                permissive=False,
                command="*",
                roles=["public"],
                using=sql.SQL("(true)"),
                check=agrees,
            )
        ]

    def applied(self, work: Work) -> bool:
        """Whether it is there."""
        return catalog.has_policy(work.session, (work.legacy, self.policy.table), self._policy)

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop it."""
        if not self.applied(work):
            return []
        table = sql.Identifier(work.legacy, self.policy.table)
        return [sql.SQL("drop policy {} on {}").format(sql.Identifier(self._policy), table)]
