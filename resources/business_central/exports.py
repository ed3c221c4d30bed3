"""An export becomes frozen rows, or is refused whole: pure, on bytes.

A column that is not known is ignored and noted, because Business Central and its apps add columns; a column that is
missing refuses the export, because a value that is absent is not a value that is blank.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, cast

from punchout.model.business_central import BcExport, BcOrder, BcOrderLine, BcRequest, BcRequestLine, BcRow
from punchout.model.codes import Code
from punchout.model.documents import Note
from punchout.model.moments import Moment
from punchout.model.unreadable import Unreadable, excerpt
from resources.business_central.columns import CONTENT_NAMES, CONTENTS, Column, Content, ContentName, Holds
from resources.business_central.csv_tables import csv_export, is_manifest
from resources.business_central.errors import ExportInvalid
from resources.business_central.json_tables import json_export, load_object
from resources.business_central.raw import RawExport, RawHeader, RawRow
from resources.business_central.values import Value, read_cell

_SCOPE = Column("scope", None, required=True, words=frozenset({"full", "delta"}))
_EXPORTED_AT = Column("exportedAt", None, Holds.INSTANT, required=True)
_LONGEST_NAME = 80
_NO_PARTS: Mapping[str, bytes] = MappingProxyType({})
_HEADERS: dict[ContentName, Callable[..., BcRow]] = {"bc_requests": BcRequest, "bc_orders": BcOrder}
_LINES: dict[ContentName, Callable[..., BcRequestLine | BcOrderLine]] = {
    "bc_requests": BcRequestLine,
    "bc_orders": BcOrderLine,
}


def read_export(content: str, data: bytes, parts: Mapping[str, bytes] = _NO_PARTS) -> BcExport:
    """Read a JSON export, or a CSV manifest whose files stand in `parts`.

    Args:
        content: which rows the feed carries: `bc_requests` or `bc_orders`.
        data: the JSON export, or the manifest (a JSON object with `files`).
        parts: the CSV files by the sha256 of their bytes, lower-case hex.

    Raises:
        ExportInvalid: the first thing that does not fit. None of the rows may be applied then.
        ValueError: no such content.
    """
    if content not in CONTENT_NAMES:
        raise ValueError(f"no content of a feed: {content}")
    form = CONTENTS[content]
    envelope = load_object(data)
    if is_manifest(envelope):
        return _assemble(content, csv_export(form, envelope, parts), form.csv_line)
    return _assemble(content, json_export(form, envelope), form.json_line)


class _Notes:
    """Deviations that were read anyway, one a kind and column: a thousand rows with one trait are one note."""

    def __init__(self) -> None:
        self._noted: dict[tuple[str, str], Note] = {}

    def add(self, code: Code, column: str, where: str, detail: str) -> None:
        self._noted.setdefault((code, column), Note(code, where, detail))

    def all(self) -> tuple[Note, ...]:
        return tuple(self._noted.values())


def _assemble(name: ContentName, raw: RawExport, line_columns: tuple[Column, ...]) -> BcExport:
    notes = _Notes()
    envelope = RawRow("", {"exportedAt": raw.exported_at, "scope": raw.scope}, separator="")
    exported_at = _cell(_EXPORTED_AT, envelope, notes)
    scope = _cell(_SCOPE, envelope, notes)
    rows: list[BcRow] = []
    numbers: set[str] = set()
    for header in raw.headers:
        row = _row(name, header, line_columns, notes)
        if row.number in numbers:
            raise ExportInvalid(header.row.at("number"), f"{excerpt(row.number)} is there twice")
        numbers.add(row.number)
        rows.append(row)
    return BcExport(exported_at=cast("Moment", exported_at), scope=str(scope), rows=tuple(rows), notes=notes.all())


def _row(name: ContentName, header: RawHeader, line_columns: tuple[Column, ...], notes: _Notes) -> BcRow:
    content = CONTENTS[name]
    fields = _fields(content.header, header.row, notes)
    lines: dict[int, BcRequestLine | BcOrderLine] = {}
    for ordinal, line in enumerate(header.lines, start=1):
        line_fields = _fields(line_columns, line, notes)
        _check_parent(content, line, str(fields["number"]))
        key = line_fields[str(content.line[0].field)]
        if key in lines:
            raise ExportInvalid(line.at(content.line[0].name), f"line {key} is there twice")
        lines[key] = _LINES[name](ordinal=ordinal, **line_fields)
    return _HEADERS[name](**fields, lines=tuple(lines.values()))


def _check_parent(content: Content, line: RawRow, number: str) -> None:
    stated = line.cells.get(content.parent.name, number)
    if stated != number:
        raise ExportInvalid(
            line.at(content.parent.name), f"{excerpt(str(stated))} stands under the header {excerpt(number)}"
        )


def _fields(columns: tuple[Column, ...], row: RawRow, notes: _Notes) -> dict[str, Any]:
    if len(row.cells) > len(columns):
        _note_unused(columns, row, notes)
    fields: dict[str, Any] = {}
    for column in columns:
        if column.name not in row.cells:
            raise ExportInvalid(row.at(column.name), "missing")
        value = _cell(column, row, notes)
        if column.field:
            fields[column.field] = value
    return fields


def _note_unused(columns: tuple[Column, ...], row: RawRow, notes: _Notes) -> None:
    known = {column.name for column in columns}
    for name in row.cells:
        if name not in known:
            shown = name if name.isprintable() else excerpt(name)
            notes.add(Code.STRUCT_DEVIATION, name, row.at(shown[:_LONGEST_NAME]), "a column that is not used")


def _cell(column: Column, row: RawRow, notes: _Notes) -> Value:
    try:
        value = read_cell(column, row.cells[column.name])
    except Unreadable as refused:
        raise ExportInvalid(row.at(column.name), refused.detail) from None
    if isinstance(value, Moment) and value.repair == "naive":
        notes.add(Code.TS_NAIVE, column.name, row.at(column.name), "a time without an offset was read as UTC")
    return value
