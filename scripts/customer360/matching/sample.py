"""A labelled sample: a folder with `records.csv` and `dataset.yml`, checked and loaded as text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import yaml
from psycopg import sql

from customer360.errors import C360Error

ATTRIBUTES = (
    *("first_name", "last_name", "full_name", "organization_name", "email", "phone", "birth_date", "government_id"),
    *("street", "house_number", "city", "state", "postal_code", "country"),
)
KINDS = ("person", "organization")


class SampleError(C360Error):
    """The labelled sample cannot be read."""


@dataclass(frozen=True)
class Sample:
    """What `dataset.yml` says of the records beside it."""

    folder: Path
    name: str
    kind: str
    truth: str
    """Column that says which entity a record belongs to."""
    columns: dict[str, str]
    """Column of the file, by standard attribute."""

    @property
    def records(self) -> Path:
        """The file with the records."""
        return self.folder / "records.csv"


def read_sample(folder: Path) -> Sample:
    """Read and check `dataset.yml` and the header of `records.csv`."""
    described = folder / "dataset.yml"
    for path in (described, folder / "records.csv"):
        if not path.is_file():
            raise SampleError(f"{path} is missing.", hint="a sample is a folder with records.csv and dataset.yml.")
    try:
        content = yaml.safe_load(described.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SampleError(f"{described} is no YAML: {error}", hint="docs/matching.md shows one.") from None
    if not isinstance(content, dict):
        raise SampleError(f"{described} holds no mapping.", hint="docs/matching.md shows one.")
    missing = [key for key in ("name", "kind", "truth", "columns") if not content.get(key)]
    if missing:
        raise SampleError(f"{described} lacks {', '.join(missing)}.", hint="docs/matching.md shows a whole one.")
    columns = content["columns"]
    if content["kind"] not in KINDS:
        raise SampleError(f"{described}: kind is {content['kind']!r}.", hint=f"write one of {', '.join(KINDS)}.")
    if not isinstance(columns, dict):
        raise SampleError(f"{described}: columns is no mapping.", hint="map attributes to columns of records.csv.")
    unknown = sorted(set(map(str, columns)) - set(ATTRIBUTES))
    if unknown:
        raise SampleError(
            f"{described} maps unknown attributes: {', '.join(unknown)}.", hint=f"known are {', '.join(ATTRIBUTES)}."
        )
    sample = Sample(
        folder,
        str(content["name"]),
        content["kind"],
        str(content["truth"]),
        {str(attribute): str(column) for attribute, column in columns.items()},
    )
    with sample.records.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file), [])
    absent = [column for column in (sample.truth, *sample.columns.values()) if column not in header]
    if absent:
        raise SampleError(
            f"{sample.records} has no column {', '.join(absent)}; it has {', '.join(header)}.",
            hint=f"name columns of the file in {described}.",
        )
    return sample


def load_sample(connection: psycopg.Connection, sample: Sample, schema: str) -> int:
    """Load the records, numbered as they stand, into `schema`.records; their number comes back."""
    table = sql.Identifier(schema, "records")
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in ATTRIBUTES)
    connection.execute(
        sql.SQL("create unlogged table {} (record_no bigint primary key, truth text not null, kind text, {})").format(
            table, columns
        )
    )
    number = 0
    with connection.cursor().copy(sql.SQL("copy {} from stdin").format(table)) as copy:
        for number, row in enumerate(_rows(sample), start=1):
            copy.write_row([number, *row])
    connection.execute(sql.SQL("analyze {}").format(table))
    return number


def _rows(sample: Sample) -> Iterator[list[str | None]]:
    """(truth, kind, attributes …) of each record; an empty field is no value."""
    with sample.records.open(encoding="utf-8-sig", newline="") as file:
        for line, record in enumerate(csv.DictReader(file), start=2):
            if not record[sample.truth]:
                raise SampleError(
                    f"{sample.records}, line {line}: {sample.truth} is empty.", hint="label every record."
                )
            values = (record[sample.columns[name]] if name in sample.columns else None for name in ATTRIBUTES)
            yield [record[sample.truth], sample.kind, *((value or "").replace("\0", "") or None for value in values)]
