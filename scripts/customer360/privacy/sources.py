"""The legacy tables, and which of their columns hold personal data, as the sources YAML marks them."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from customer360.project import project_dir


@dataclass(frozen=True)
class Source:
    """One table that staging reads."""

    system: str
    entity: str
    schema: str
    table: str
    personal: frozenset[str]
    """Columns with `config: {meta: {personal_data: …}}`."""
    is_own: bool
    """Whether the table is this project's (live intake), so that its rows go as a whole."""


def legacy_sources(schema: str) -> list[Source]:
    """Every table that staging reads, whether its system is switched on or not; `schema` is the target's."""
    folder = project_dir()
    systems = yaml.safe_load((folder / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]["systems"]
    found = []
    for path in sorted((folder / "models" / "staging").rglob("*__sources.yml")):
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
            settings = systems.get(source["name"], {})
            found += [
                Source(
                    system=source["name"],
                    entity=table["name"],
                    schema=settings.get("schema") or source["schema"].replace("{{ target.schema }}", schema),
                    table=table.get("identifier", table["name"]),
                    personal=frozenset(
                        column["name"]
                        for column in table.get("columns", [])
                        if column.get("config", {}).get("meta", {}).get("personal_data")
                    ),
                    is_own="schema" not in settings,
                )
                for table in source["tables"]
                if table["name"] in settings.get("entities", ())
            ]
    return found
