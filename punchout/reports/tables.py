"""Tables of values: what a sheet of the workbook and a CSV file are made from, and how their values are read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from punchout.reports.text import visible, visible_id

Value: TypeAlias = str | Decimal | date | datetime | None
Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and its width in characters."""

    head: str
    width: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, its columns, and its rows, made as they are asked for.

    Every text of a row shows what no one would see (`punchout.reports.text`), so that none has a line break.
    """

    name: str
    columns: Sequence[Column]
    rows: Callable[[], Iterator[Sequence[Value]]]


def columns(of: Sequence[tuple[str, int]]) -> list[Column]:
    """Return columns from their heads and widths."""
    return [Column(head, width) for head, width in of]


def identifier(text: str | None) -> str:
    """Return an identifier as a value; absent is empty."""
    return visible_id(text or "")


def decimal(text: str | None) -> Decimal | None:
    """Return a decimal of the status object as a value."""
    return None if text is None else Decimal(text)


def day(text: str | None) -> date | None:
    """Return a day of the status object as a value."""
    return None if text is None else date.fromisoformat(text)


def written(text: str) -> Value:
    """Read an instant back that `text.at` wrote, in the company's zone; anything else stays text."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M") if text else None  # noqa: DTZ007 - a workbook knows no zones
    except ValueError:
        return visible(text)
