r"""The tables of the workbook as CSV files (RFC 4180), for programs, and for who has no use for a workbook.

UTF-8 with a byte-order mark, without which a spreadsheet takes it for another encoding. A field that is text and that a
spreadsheet would compute has an apostrophe before it, which makes it text there; in the workbook every cell says of
itself that it is text. Numbers and dates stand as they are.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from io import StringIO
from typing import Any, Final

from punchout.reports.sheets import sheets
from punchout.reports.tables import Sheet, Value

PREFIX: Final = "tracking-"

# Where the list separator is a semicolon a spreadsheet cuts there, whatever is quoted: a formula may begin there, too.
_BEGINS_A_FORMULA: Final = re.compile(r"(?:\A|;) *(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")


def csv_files(report: Mapping[str, Any], zone: tzinfo) -> dict[str, bytes]:
    """Return the files for a status object that `sources` has completed, by their names."""
    return {f"{PREFIX}{sheet.name.lower()}.csv": _file(sheet) for sheet in sheets(report, zone)}


def harmless(text: str) -> str:
    """Return a text that no spreadsheet computes."""
    return _BEGINS_A_FORMULA.sub(r"\g<0>'", text)


def _file(sheet: Sheet) -> bytes:
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(column.head for column in sheet.columns)
    writer.writerows(_fields(row) for row in sheet.rows())
    return stream.getvalue().encode("utf-8-sig")


def _fields(row: Iterable[Value]) -> list[str]:
    return [_field(value) for value in row]


def _field(value: Value) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:f}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case _:
            return harmless(value)
