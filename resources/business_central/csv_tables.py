"""A manifest and its two CSV files become the raw rows of an export. Values are read elsewhere.

One dialect and no guessing: UTF-8 (a byte order mark is allowed), comma, double quote, a header row. pandas reads the
file; what it would silently make up or drop (the missing end of a short row, text after a closing quote) is refused
by a strict pass before it.
"""

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from punchout.model.unreadable import excerpt
from resources.business_central.columns import Content
from resources.business_central.errors import ExportInvalid
from resources.business_central.json_tables import as_list, as_object
from resources.business_central.raw import RawExport, RawHeader, RawRow

CSV_SUFFIX = ".csv"
_ROW_COUNT = re.compile(r"\d{1,12}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_ROLES = ("headers", "lines")


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """One entry of a manifest's `files`: the name is for display and matching, never a path."""

    name: str
    role: str
    sha256: str
    rows: int


def is_manifest(envelope: Mapping[str, object]) -> bool:
    """Tell a CSV manifest from a JSON export."""
    return "files" in envelope


def manifest_files(envelope: Mapping[str, object]) -> tuple[ManifestFile, ...]:
    """Return what a manifest lists: the file of headers, then the file of lines.

    Raises:
        ExportInvalid: an entry is not well formed, or a role is missing or given twice.
    """
    entries = as_list(envelope.get("files"), "files")
    files = [_manifest_file(entry, f"files[{position}]") for position, entry in enumerate(entries)]
    if sorted(file.role for file in files) != sorted(_ROLES):
        raise ExportInvalid("files", "exactly one file of headers and one of lines are wanted")
    if files[0].name == files[1].name:
        raise ExportInvalid("files", "both files have the same name")
    return tuple(sorted(files, key=lambda file: _ROLES.index(file.role)))


def csv_export(content: Content, envelope: Mapping[str, object], parts: Mapping[str, bytes]) -> RawExport:
    """Read the files that a manifest lists out of `parts` (bytes by sha256) and tie the lines to their headers.

    Raises:
        ExportInvalid: another kind of rows, a file that was not delivered or was altered, another number of rows than
            stated, a row that does not fit the dialect or the header, or a line without its header row.
    """
    if envelope.get("kind") != content.kind:
        raise ExportInvalid("kind", f"{content.kind} is expected")
    headers_file, lines_file = manifest_files(envelope)
    headers = _read_file(headers_file, parts, tuple(column.name for column in content.header))
    lines = _read_file(lines_file, parts, tuple(column.name for column in content.csv_line))
    key, parent = content.header[0].name, content.parent.name
    of_header: dict[object, list[RawRow]] = {row.cells[key]: [] for row in headers}
    for line in lines:
        if (number := line.cells[parent]) not in of_header:
            raise ExportInvalid(line.at(parent), f"no header row has the number {excerpt(str(number))}")
        of_header[number].append(line)
    return RawExport(
        envelope.get("exportedAt"),
        envelope.get("scope"),
        tuple(RawHeader(row, tuple(of_header[row.cells[key]])) for row in headers),
    )


def _manifest_file(entry: object, where: str) -> ManifestFile:
    stated = as_object(entry, where)
    texts = [stated.get(name) for name in ("name", "role", "sha256", "rows")]
    if not all(isinstance(text, str) and text for text in texts):
        raise ExportInvalid(where, "name, role, sha256 and rows are wanted")
    name, role, sha256, rows = map(str, texts)
    if not _ROW_COUNT.fullmatch(rows):
        raise ExportInvalid(f"{where}.rows", f"not a number of rows: {excerpt(rows)}")
    if not name.lower().endswith(CSV_SUFFIX):
        raise ExportInvalid(f"{where}.name", f"not the name of a CSV file: {excerpt(name)}")
    if not _SHA256.fullmatch(sha256):
        raise ExportInvalid(f"{where}.sha256", f"not a SHA-256 in hex: {excerpt(sha256)}")
    return ManifestFile(name, role, sha256.lower(), int(rows))


def _read_file(file: ManifestFile, parts: Mapping[str, bytes], wanted: tuple[str, ...]) -> list[RawRow]:
    shown = file.name if file.name.isprintable() else excerpt(file.name)
    data = parts.get(file.sha256)
    if data is None or hashlib.sha256(data).hexdigest() != file.sha256:
        raise ExportInvalid(shown, "the file was not delivered, or is not the one whose sha256 the manifest states")
    names = _checked_header(shown, data, wanted)
    rows = [
        RawRow(f"{shown} row {number}", dict(zip(names, cells, strict=True)), ", column ")
        for number, cells in enumerate(_cells(data), start=1)
    ][1:]
    if len(rows) != file.rows:
        raise ExportInvalid(shown, f"{len(rows)} rows where the manifest states {file.rows}")
    return rows


def _checked_header(shown: str, data: bytes, wanted: tuple[str, ...]) -> list[str]:
    """Hold every row to the dialect and to the width of the header row, and return the header row."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise ExportInvalid(f"{shown} line {line}", "not UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names: list[str] = []
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            names = names or cells
            if len(cells) != len(names) or not cells:
                raise ExportInvalid(f"{shown} row {row}", f"{len(cells)} fields where the header has {len(names)}")
    except csv.Error as wrong:
        raise ExportInvalid(f"{shown} row {row + 1}", f"not in the dialect: {wrong}") from None
    if len(set(names)) != len(names):
        raise ExportInvalid(f"{shown} row 1", "a column is named twice")
    if missing := [name for name in wanted if name not in names]:
        raise ExportInvalid(f"{shown} row 1", f"column {missing[0]} is missing")
    return names


def _cells(data: bytes) -> list[list[str]]:
    # pandas takes most of a second to import, and most commands never read an export.
    import pandas as pd

    # header=None: with a header pandas renames a column that is named twice, and takes a surplus column as the index.
    frame = pd.read_csv(
        io.BytesIO(data),
        header=None,
        dtype=str,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
        encoding="utf-8-sig",
        engine="c",
        low_memory=False,
    )
    rows: list[list[str]] = frame.to_numpy().tolist()
    return rows
