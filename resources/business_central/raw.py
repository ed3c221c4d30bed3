"""An export as its file states it, before any value is read: the common ground of the two file formats."""

from collections.abc import Mapping
from dataclasses import dataclass


class Numeral(str):
    """The exact text of a JSON number, so that no digit is lost on the way to a decimal."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: its place for a person, and its cells by column name.

    `separator` stands between the row's place and a column's name: `.` in JSON, `, column ` in CSV.
    """

    where: str
    cells: Mapping[str, object]
    separator: str = "."

    def at(self, column: str) -> str:
        """Return the place of one cell."""
        return f"{self.where}{self.separator}{column}"


@dataclass(frozen=True, slots=True)
class RawHeader:
    """A header row with its lines."""

    row: RawRow
    lines: tuple[RawRow, ...]


@dataclass(frozen=True, slots=True)
class RawExport:
    """One export: its envelope, and its header rows in order."""

    exported_at: object
    scope: object
    headers: tuple[RawHeader, ...]
