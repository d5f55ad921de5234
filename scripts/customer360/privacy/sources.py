"""The legacy tables, and which of their columns hold personal data, as the sources YAML marks them."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from customer360.project import project_dir


@dataclass(frozen=True)
class Source:
    """One legacy table."""

    system: str
    entity: str
    schema: str
    personal: frozenset[str]
    """Columns with `config: {meta: {personal_data: …}}`."""


def legacy_sources() -> list[Source]:
    """Every legacy table of dbt_project.yml, whether its system is switched on or not."""
    folder = project_dir()
    systems = yaml.safe_load((folder / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]["systems"]
    marked = {}
    for path in sorted((folder / "models" / "staging").rglob("*__sources.yml")):
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
            for table in source["tables"]:
                marked[source["name"], table["name"]] = frozenset(
                    column["name"]
                    for column in table.get("columns", [])
                    if column.get("config", {}).get("meta", {}).get("personal_data")
                )
    return [
        Source(system, entity, settings["schema"], marked.get((system, entity), frozenset()))
        for system, settings in systems.items()
        for entity in settings["entities"]
    ]
