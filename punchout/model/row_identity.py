"""The identity of a row's content: equal for the same row out of a JSON and out of a CSV export.

It breaks ties between versions of a row and tells a repetition from a change. It never depends on how a number was
spelled, on the order of columns or lines, or on the export that carried the row.
"""

import hashlib
import json
from dataclasses import fields
from functools import cache

from punchout.model.business_central import BcOrderLine, BcRequestLine, BcRow
from punchout.model.exact import format_decimal
from punchout.model.moments import Moment
from punchout.model.values import Number


def row_sha256(row: BcRow) -> str:
    """Return the SHA-256, lower-case hex, of the canonical form of a row with its lines.

    Numbers count by value, times by instant, and a field that is None is as one that does not exist, so that a field
    added to the format later leaves the identity of older rows as it was.
    """
    lines = sorted(
        (_canonical(line) for line in row.lines),
        key=lambda line: int(line.get("line_number", line.get("sequence", "0"))),
    )
    canonical = json.dumps(
        {"kind": type(row).__name__, "row": _canonical(row), "lines": lines},
        ensure_ascii=True,
        separators=(",", ":"),
        sort_keys=True,
    )
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _canonical(record: BcRow | BcRequestLine | BcOrderLine) -> dict[str, str]:
    kind: type = type(record)
    stated = [(name, getattr(record, name)) for name in _names(kind)]
    return {name: _text(value) for name, value in stated if value is not None}


@cache
def _names(kind: type) -> tuple[str, ...]:
    # `ordinal` is where the line stood, not what it says.
    return tuple(field.name for field in fields(kind) if field.name not in {"ordinal", "lines"})


def _text(value: str | int | Number | Moment) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Number):
        return format_decimal(value.value)
    if isinstance(value, Moment):
        return str(value.day if value.utc is None else value.utc)
    return str(value)
