"""Files of decisions: JSON lines or CSV, one decision each, with the same names in both.

`kind`, `subject`, `by`, `at` and `reason` are needed; `line`, `code` and `price` where the kind needs them. `at` is the
moment it was decided, with its offset: it makes the same row the same decision however often the file is read.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import typer

from punchout.cli.errors import CommandError

if TYPE_CHECKING:
    from punchout.ledger.decisions.asked import Asked
    from punchout.model.moments import Micros

_NAMES = ("kind", "subject", "by", "at", "reason", "line", "code", "price")
_NEEDED = ("kind", "subject", "by", "at", "reason")
_LARGEST = 20 * 1024 * 1024


def read_decisions(path: Path) -> "list[Asked]":
    """Read a file of decisions.

    Raises:
        CommandError: it cannot be read, or a row of it is no decision; all of these are told.
    """
    rows = list(_rows(path, _text(path)))
    asked, problems = [], []
    for place, row in rows:
        try:
            asked.append(_asked(row))
        except CommandError as error:
            problems.append(f"{path.name}, {place}: {error}")
    if problems:
        raise CommandError("\n".join([*problems, "Nothing was decided."]))
    if not asked:
        raise CommandError(f"{path} holds no decision")
    return asked


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from None
    if len(data) > _LARGEST:
        raise CommandError(f"{path} is larger than {_LARGEST} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8: byte {error.start + 1} cannot be read") from None


def _rows(path: Path, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each row with where it stands; a file whose first character is a brace holds JSON lines."""
    if text.lstrip().startswith("{"):
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield f"line {number}", _object(path, number, line)
        return
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        names = reader.fieldnames or ()
        missing = [name for name in _NEEDED if name not in names]
        if missing:
            raise CommandError(f"{path} has no column {', '.join(missing)}; its first line names the columns")
        for row in reader:
            yield f"line {reader.line_num}", row
    except csv.Error as error:
        raise CommandError(f"{path}, line {reader.line_num}: {error}") from None


def _object(path: Path, number: int, line: str) -> Mapping[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise CommandError(f"{path}, line {number}: no JSON object") from None
    if not isinstance(value, dict):
        raise CommandError(f"{path}, line {number}: no JSON object")
    return cast("dict[str, Any]", value)


def _asked(row: Mapping[str, Any]) -> "Asked":
    from punchout.ledger.decisions.asked import KINDS, Asked

    unknown = [str(name) for name, value in row.items() if name not in _NAMES and value not in (None, "")]
    if unknown:
        raise CommandError(f"{', '.join(unknown)} is no part of a decision; these are: {', '.join(_NAMES)}")
    values = {name: _word(name, row.get(name)) for name in _NAMES}
    missing = [name for name in _NEEDED if values[name] is None]
    if missing:
        raise CommandError(f"it does not say {', '.join(missing)}")
    kind = next((one for one in KINDS if one == (values["kind"] or "").replace("-", "_")), None)
    if kind is None:
        raise CommandError(f"{values['kind']} is no kind of decision; these are: {', '.join(KINDS)}")
    return Asked(
        kind=kind,
        subject=values["subject"] or "",
        by=values["by"] or "",
        at=_moment(values["at"] or ""),
        reason=values["reason"] or "",
        line=values["line"],
        code=values["code"],
        price=values["price"],
    )


def _moment(text: str) -> "Micros":
    from punchout.cli.opening import instant

    try:
        return instant(text) or 0
    except typer.BadParameter as error:
        raise CommandError(f"at: {error.message}") from None


def _word(name: str, value: object) -> str | None:
    """Read one value as text; a whole number is taken for its digits, and any other number is not: it is not exact."""
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise CommandError(f"{name} is to be text")
