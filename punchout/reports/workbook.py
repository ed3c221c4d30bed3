"""The tracking report as a workbook, for who sorts, filters and adds up in a spreadsheet.

Identifiers stay text, digits and leading zeros included; numbers and dates are typed. Nothing in it is a formula or a
link, whatever a document says. What stands in which column is `sheets`.
"""

import errno
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from punchout.reports.sheets import sheets
from punchout.reports.tables import Sheet, Value
from punchout.reports.text import at

SCRATCH: Final = ".workbook-"
"""What the folder is called that holds rows until the workbook is whole."""

_ROWS_A_SHEET: Final = 1_048_575  # Excel's, without the head
_LONGEST_TEXT: Final = 32_767
_DIGITS_OF_A_NUMBER: Final = 15
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def workbook(
    report: Mapping[str, Any], zone: tzinfo, rows_a_sheet: int = _ROWS_A_SHEET, within: Path | None = None
) -> bytes:
    """Return the workbook for a status object that `sources` has completed; the same object gives the same bytes.

    Args:
        report: the status object.
        zone: the company's, in which times are shown.
        rows_a_sheet: how many a sheet holds.
        within: the folder for what lies on disk meanwhile; the system's own where nobody says.

    Raises:
        OSError: the disk fails, on which rows lie meanwhile.
    """
    stream = BytesIO()
    try:
        # Rows that were left lie there; nothing of them stays, also where the disk fails.
        with (
            TemporaryDirectory(prefix=SCRATCH, dir=within) as folder,
            xlsxwriter.Workbook(stream, {**_OPTIONS, "tmpdir": folder}) as book,
        ):
            book.set_properties({"title": "Punchout tracking", "created": _moment(report["as_of"])})
            writer = _Writer(book)
            writer.read_me(_read_me(report, zone))
            for sheet in sheets(report, zone):
                writer.table(sheet, rows_a_sheet)
    except FileCreateError as error:
        # The library's own name for what the system said of a file.
        raise OSError(getattr(error.__context__, "errno", None) or errno.EIO, str(error)) from None
    return stream.getvalue()


def _read_me(report: Mapping[str, Any], zone: tzinfo) -> list[tuple[str, str]]:
    return [
        ("Data as of", f"{at(report['as_of'], zone)} {zone}" if report["as_of"] else "no sync has run yet"),
        ("Ledger", report["ledger_hash"]),
        ("Requests", str(len(report["requests"]))),
        ("Times", f"in {zone}"),
        ("Quantities and prices", "as the documents state them"),
        ("Match", "what is billed against what is agreed: what was accepted, as ordered where nothing is answered"),
        ("Tolerance", "how far off a price, tax or charge may be before it counts"),
        ("Requester", "initials; the address is in Business Central"),
        ("Command", "to be typed where the exchange runs"),
    ]


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text or "2000-01-01T00:00:00").replace(tzinfo=None)


class _Writer:
    """Writes tables row by row, since a row that is left is flushed and cannot be gone back to."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        self._text = book.add_format({"num_format": "@", "valign": "top"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        self._instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left", "valign": "top"})
        self._number = book.add_format({"num_format": "General", "valign": "top"})

    def read_me(self, facts: Sequence[tuple[str, str]]) -> None:
        """Write the sheet that says what the others are."""
        sheet = self._book.add_worksheet("Read me")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 70)
        for row, (name, text) in enumerate(facts):
            sheet.write_string(row, 0, name, self._head)
            sheet.write_string(row, 1, text, self._text)

    def table(self, table: Sheet, rows_a_sheet: int) -> None:
        """Write a table with its head in sight and a filter on it, on as many sheets as it needs."""
        for number, rows in enumerate(_portions(table.rows(), rows_a_sheet), 1):
            sheet = self._book.add_worksheet(table.name if number == 1 else f"{table.name} {number}")
            for place, column in enumerate(table.columns):
                sheet.set_column(place, place, column.width)
                sheet.write_string(0, place, column.head, self._head)
            sheet.freeze_panes(1, 1)
            last = 0
            for last, row in enumerate(rows, 1):
                for place, value in enumerate(row):
                    self._cell(sheet, last, place, value)
            sheet.autofilter(0, 0, last, len(table.columns) - 1)

    def _cell(self, sheet: Worksheet, row: int, place: int, value: Value) -> None:
        match value:
            case None | "":
                return
            case Decimal() if len(value.normalize().as_tuple().digits) <= _DIGITS_OF_A_NUMBER:
                sheet.write_number(row, place, float(value), self._number)
            case date():
                self._moment(sheet, row, place, value)
            case _:
                # A number that a spreadsheet would round is better read than added up.
                text = f"{value:f}" if isinstance(value, Decimal) else str(value)
                sheet.write_string(row, place, _shortened(text), self._text)

    def _moment(self, sheet: Worksheet, row: int, place: int, value: date) -> None:
        style: Format = self._instant if isinstance(value, datetime) else self._day
        sheet.write_datetime(row, place, value, style)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"


def _portions(rows: Iterable[Sequence[Value]], size: int) -> Iterator[Iterable[Sequence[Value]]]:
    """Cut rows into portions, the first of which there always is; each is to be read before the next."""
    remaining = iter(rows)
    yield islice(remaining, size)
    for first in remaining:
        yield chain([first], islice(remaining, size - 1))
