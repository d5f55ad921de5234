"""Rows on their way to the database: one temporary file a table, in the text format that COPY reads.

All rows exist before the transaction opens, so it holds its locks only for the copying.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from customer360.legacy.bad_rows import BadRows
from customer360.legacy.people import Customer
from customer360.legacy.tables import TABLES, TRUTH_RECORDS, Table

Row = list[str | None]

_BUFFERED_ROWS = 2_000
_BLOCK = 1 << 20
# COPY's own meanings of these have to be escaped; \x00 cannot occur in text and stands for NULL until then.
_SPECIAL = re.compile(r"[\\\n\r]")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class Spool:
    """Collects the rows of all tables; use as a context manager, so that the files go away."""

    def __init__(self, bad_rows: BadRows) -> None:
        """Make the folder that the files are in."""
        self._bad_rows = bad_rows
        self._folder = tempfile.TemporaryDirectory(prefix="c360-legacy-")
        self._lines: dict[str, list[str]] = {table.qualified: [] for table in TABLES}
        self.rows: dict[str, int] = dict.fromkeys(self._lines, 0)

    def __enter__(self) -> Spool:
        """The spool itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Delete the files."""
        self._folder.cleanup()

    def add(self, table: Table, row: Row, owner: Customer | None = None) -> None:
        """Keep one row; `owner` is whom it truly belongs to, and nobody when it is left out."""
        self._bad_rows.spoil(table, row)
        self.put(table, row)
        if owner is not None:
            self.put(TRUTH_RECORDS, (table.schema, table.name, row[0], owner.tenant, owner.person_id))

    def put(self, table: Table, row: Sequence[str | None]) -> None:
        """Keep one row as it is."""
        name = table.qualified
        lines = self._lines[name]
        lines.append(_line(row))
        self.rows[name] += 1
        if len(lines) >= _BUFFERED_ROWS:
            self._flush(name)

    def blocks(self, table: Table) -> Iterator[bytes]:
        """The rows of one table as blocks of whole lines, for COPY."""
        self._flush(table.qualified)
        with self._file(table.qualified).open("rb") as file:
            while block := file.read(_BLOCK):
                yield block + file.readline()

    def _file(self, name: str) -> Path:
        return Path(self._folder.name) / name

    def _flush(self, name: str) -> None:
        lines = self._lines[name]
        with self._file(name).open("ab") as file:
            file.write("".join(lines).encode())
        lines.clear()


def _line(row: Sequence[str | None]) -> str:
    text = "\t".join(["\x00" if value is None else value for value in row])
    if text.count("\t") >= len(row) or _SPECIAL.search(text):
        text = "\t".join(["\x00" if value is None else value.translate(_ESCAPES) for value in row])
    return text.replace("\x00", r"\N") + "\n"
