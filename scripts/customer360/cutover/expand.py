"""Phase expand: the mapping and its trigger, and the new columns, each with its sync trigger in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from psycopg import sql

from customer360.cutover import catalog
from customer360.cutover.batches import Batches, key_type, row_estimate
from customer360.cutover.errors import CutoverError
from customer360.cutover.manifest import Identify, Mapping, Reference
from customer360.cutover.sql import Part, Sql, template
from customer360.cutover.steps import Ddl, Step, Work


def dropped_function(schema: str, name: str, arguments: str = "") -> Sql:
    """DROP FUNCTION IF EXISTS."""
    return sql.SQL("drop function if exists {}({})").format(sql.Identifier(schema, name), sql.SQL(arguments))


def id_type(work: Work, mapping: Mapping) -> sql.SQL:
    """Type of the mapping's two keys: the new one's."""
    return key_type(work.session, work.legacy, mapping.new.table, mapping.new.key)


@dataclass(frozen=True)
class CreateMapping(Step):
    """The table old key → new key, with both of its indexes before anything writes to it."""

    mapping: Mapping
    phase: ClassVar[str] = "expand"

    @property
    def name(self) -> str:
        """What it does."""
        return f"create mapping {self.mapping.name}"

    def script(self, work: Work) -> list[Sql]:
        """The table and its index."""
        return [
            sql.SQL(
                "create table if not exists {table} (old_id {type} primary key, new_id {type} not null, "
                "created boolean not null, changed_at timestamptz not null default clock_timestamp())"
            ).format(table=sql.Identifier(work.ops, self.mapping.name), type=id_type(work, self.mapping)),
            sql.SQL("create index if not exists {} on {} (new_id)").format(
                sql.Identifier(f"{self.mapping.name}_new_id_idx"), sql.Identifier(work.ops, self.mapping.name)
            ),
        ]

    def applied(self, work: Work) -> bool:
        """Whether the table is there."""
        return catalog.relation_kind(work.session, (work.ops, self.mapping.name)) == "r"

    def revert(self, work: Work, *, to_nothing: bool) -> None:
        """Delete the identities that it made, then the table."""
        if self.applied(work):
            clear_mapping(work, self, self.mapping)
            work.session.ddl([sql.SQL("drop table {}").format(sql.Identifier(work.ops, self.mapping.name))], self.name)


def clear_mapping(work: Work, step: Step, mapping: Mapping) -> None:
    """Empty the mapping and delete the identities that were made for it, batch by batch."""
    statement = template(
        "map_clear",
        mapping=(work.ops, mapping.name),
        new_table=(work.legacy, mapping.new.table),
        new_key=mapping.new.key,
    )
    total = row_estimate(work.session, work.ops, mapping.name)
    work.runner(step).run(Batches(f"clearing {mapping.name}", statement, total))


@dataclass(frozen=True)
class MapNewRows(Ddl):
    """The trigger that maps each row of the old register as it arrives."""

    mapping: Mapping
    phase: ClassVar[str] = "expand"
    lock: ClassVar[str] = "SHARE ROW EXCLUSIVE"

    @property
    def name(self) -> str:
        """What it does."""
        return f"map new rows of {self.mapping.old.table}"

    def _function(self, work: Work) -> tuple[str, str]:
        return work.ops, f"map_{work.manifest.system}_{self.mapping.old.table}"

    def script(self, work: Work) -> list[Sql]:
        """The function and the trigger."""
        mapping = self.mapping
        function = template(
            "map_new_row",
            function=self._function(work),
            type=id_type(work, mapping),
            mapping=(work.ops, mapping.name),
            old_key=mapping.old.key,
            old_match=mapping.old.match,
            new_table=(work.legacy, mapping.new.table),
            new_key=mapping.new.key,
            new_match=mapping.new.match,
            tenant=mapping.tenant,
            new_columns=_list(mapping.carry),
            old_values=_list(mapping.carry.values(), "new"),
        )
        return [function, self.create_trigger(work)]

    def create_trigger(self, work: Work) -> Sql:
        """CREATE TRIGGER."""
        return sql.SQL(
            "create or replace trigger c360_map after insert on {} for each row execute function {}()"
        ).format(sql.Identifier(work.legacy, self.mapping.old.table), sql.Identifier(*self._function(work)))

    def applied(self, work: Work) -> bool:
        """Whether the trigger is there."""
        return catalog.has_trigger(work.session, (work.legacy, self.mapping.old.table), "c360_map")

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop trigger and function."""
        table = sql.Identifier(work.legacy, self.mapping.old.table)
        return [
            *([sql.SQL("drop trigger if exists c360_map on {}").format(table)] if self.applied(work) else []),
            dropped_function(*self._function(work)),
        ]


@dataclass(frozen=True)
class AddReference(Ddl):
    """The new column, NULL to begin with, and in the same transaction the trigger that keeps it."""

    reference: Reference
    mapping: Mapping | None
    phase: ClassVar[str] = "expand"

    @property
    def name(self) -> str:
        """What it does."""
        return f"add {self.reference.table}.{self.reference.column}"

    def _table(self, work: Work) -> tuple[str, str]:
        return work.legacy, self.reference.table

    @property
    def trigger(self) -> str:
        """Its trigger."""
        return f"c360_sync_{self.reference.column}"

    def script(self, work: Work) -> list[Sql]:
        """Column, function, trigger."""
        table, column = sql.Identifier(*self._table(work)), sql.Identifier(self.reference.column)
        new_type = id_type(work, self.mapping) if self.mapping else sql.SQL("uuid")
        return [
            sql.SQL("alter table {} add column {} {}").format(table, column, new_type),
            sync_function(work, self.reference, self.mapping, both_ways=False),
            self.create_trigger(work, both_ways=False),
        ]

    def watched(self, *, both_ways: bool) -> list[str]:
        """Columns that the trigger watches. The new one only after the switch: the backfill shall not call it."""
        return [*told_by(self.reference), *([self.reference.column] if both_ways else [])]

    def create_trigger(self, work: Work, *, both_ways: bool) -> Sql:
        """CREATE TRIGGER, in place of what is there."""
        watched = self.watched(both_ways=both_ways)
        return sql.SQL("create or replace trigger {} before insert{} on {} for each row execute function {}()").format(
            sql.Identifier(self.trigger),
            sql.SQL(" or update of {}").format(_list(watched)) if watched else sql.SQL(""),
            sql.Identifier(*self._table(work)),
            sql.Identifier(*sync_function_name(work, self.reference)),
        )

    def applied(self, work: Work) -> bool:
        """Whether column and trigger are there: they come and go together."""
        return self.reference.column in catalog.columns(work.session, self._table(work)) and catalog.has_trigger(
            work.session, self._table(work), self.trigger
        )

    def apply(self, work: Work) -> None:
        """Add them, unless somebody else's column has the name."""
        if self.reference.column in catalog.columns(work.session, self._table(work)):
            raise CutoverError(
                f"{work.legacy}.{self.reference.table} has a column {self.reference.column} that is not ours.",
                hint="rename the new column in the manifest, or that one in the table.",
            )
        super().apply(work)

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop trigger, column and function together."""
        table = sql.Identifier(*self._table(work))
        drop_function = dropped_function(*sync_function_name(work, self.reference))
        if not self.applied(work):
            return [drop_function]
        return [
            sql.SQL("drop trigger {} on {}").format(sql.Identifier(self.trigger), table),
            sql.SQL("alter table {} drop column {}").format(table, sql.Identifier(self.reference.column)),
            drop_function,
        ]


def sync_function_name(work: Work, reference: Reference) -> tuple[str, str]:
    """The function that keeps a reference."""
    return work.ops, f"sync_{work.manifest.system}_{reference.table}"


def shadow_function_name(work: Work, mapping: Mapping) -> tuple[str, str]:
    """The function that finds or makes the old key of a new one."""
    return work.ops, f"shadow_{work.manifest.system}_{mapping.old.table}"


def sync_function(work: Work, reference: Reference, mapping: Mapping | None, *, both_ways: bool) -> Sql:
    """The function that keeps a reference: from the old key alone, or from whichever key is written."""
    name = sync_function_name(work, reference)
    if mapping is None or reference.link is not None:
        return _linked_function(work, reference, name, both_ways)
    assert reference.replaces is not None
    parts: dict[str, Part] = {
        "function": name,
        "column": reference.column,
        "old": reference.replaces,
        "mapping": (work.ops, mapping.name),
    }
    if not both_ways:
        return template("sync_mapped_one_way", **parts)
    conflict = f"{reference.replaces} and {reference.column} of {reference.table} name two identities"
    return template(
        "sync_mapped_both_ways",
        **parts,
        type=id_type(work, mapping),
        reverse=shadow_function_name(work, mapping),
        conflict=sql.Literal(conflict),
    )


def _linked_function(work: Work, reference: Reference, name: tuple[str, str], both_ways: bool) -> Sql:
    ways = [_way(work, reference, way) for way in reference.identify]
    return template(
        "sync_linked",
        function=name,
        column=reference.column,
        customers_name=sql.Literal(sql.Identifier(work.canonical, "customers").as_string(None)),
        parser_name=sql.Literal(f"{work.functions}.parse_uuid(text)"),
        only_with=filled(reference, "new"),
        unchanged=_unchanged(reference),
        ways=sql.SQL("\n").join(ways),
        copies=_copies(work, reference) if both_ways and reference.copies else sql.SQL(""),
    )


def told_by(reference: Reference) -> list[str]:
    """The columns that tell whose a row is."""
    named = [name for way in reference.identify for name in (way.by, way.sibling, way.phone, way.email) if name]
    old = [reference.replaces] if reference.replaces else []
    return list(dict.fromkeys([*old, *named, *reference.only_with]))


def _unchanged(reference: Reference) -> Sql:
    same = [
        sql.SQL("new.{0} is not distinct from old.{0}").format(sql.Identifier(column)) for column in told_by(reference)
    ]
    return sql.SQL(" and ").join(same) if same else sql.SQL("true")


def _copies(work: Work, reference: Reference) -> Sql:
    """What a new row with the new key alone takes from its customer, for readers of the old columns."""
    assignments = [
        sql.SQL("            new.{old} := coalesce(new.{old}, customer.{attribute}::{type});\n").format(
            old=sql.Identifier(old),
            attribute=sql.Identifier(attribute),
            type=key_type(work.session, work.legacy, reference.table, old),
        )
        for old, attribute in reference.copies.items()
    ]
    return sql.SQL(
        "        if tg_op = 'INSERT' then\n"
        "            select * into customer from {customers} as found where found.customer_id = new.{column};\n"
        "{assignments}"
        "        end if;\n"
    ).format(
        customers=sql.Identifier(work.canonical, "customers"),
        column=sql.Identifier(reference.column),
        assignments=sql.SQL("").join(assignments),
    )


def filled(reference: Reference, row: str) -> Sql:
    """The condition under which a row of `reference` is linked at all."""
    if not reference.only_with:
        return sql.SQL("true")
    given = [
        sql.SQL("coalesce(btrim({}::text), '') <> ''").format(sql.Identifier(row, column))
        for column in reference.only_with
    ]
    return sql.SQL("({})").format(sql.SQL(" or ").join(given))


def _way(work: Work, reference: Reference, way: Identify) -> Sql:
    """One lookup of the sync trigger; each runs only while the ones before found nobody."""
    if way.link:
        found: Sql = sql.SQL("select l.customer_id from {} as l where l.source_id = new.{}::text").format(
            sql.Identifier(work.canonical, way.link), sql.Identifier(way.by or "")
        )
    elif way.sibling:
        found = sql.SQL(
            "select t.{column} from {table} as t where t.{sibling} = new.{sibling} and t.{column} is not null "
            "and {parse}(new.{sibling}::text) is not null limit 1"
        ).format(
            column=sql.Identifier(reference.column),
            table=sql.Identifier(work.legacy, reference.table),
            sibling=sql.Identifier(way.sibling),
            parse=sql.Identifier(work.functions, "parse_uuid"),
        )
    elif way.phone:
        found = sql.SQL(
            "select c.customer_id from {} as c where c.tenant_id = new.tenant_id and c.primary_phone = {}(new.{}, {})"
        ).format(
            sql.Identifier(work.canonical, "customers"),
            sql.Identifier(work.functions, "normalize_phone"),
            sql.Identifier(way.phone),
            sql.Literal(way.region),
        )
    else:
        found = sql.SQL(
            "select c.customer_id from {} as c where c.tenant_id = new.tenant_id and c.primary_email = {}(new.{})"
        ).format(
            sql.Identifier(work.canonical, "customers"),
            sql.Identifier(work.functions, "normalize_email"),
            sql.Identifier(way.email or ""),
        )
    return sql.SQL("    if new.{column} is null then\n        new.{column} := ({found});\n    end if;").format(
        column=sql.Identifier(reference.column), found=found
    )


def _list(names: Iterable[str], row: str | None = None) -> Sql:
    return sql.SQL(", ").join(sql.Identifier(row, name) if row else sql.Identifier(name) for name in names)
