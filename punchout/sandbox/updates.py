"""Business Central's import of update files: a manifest and a JSON file beside it, taken whole or refused whole.

`cart_lines` adds lines to an open request that has none; `tracking` sets the fields it names and never blanks one.
An updateId is taken once. What people do with the rows is in `business_central`.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, cast

from punchout.sandbox.state import BcLine, BcRequest, RefusedUpdate, State

_MANIFEST = ".manifest.json"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HEADER_FIELDS = ("stage", "orderConfirmationId")
_LINE_FIELDS = ("shippingDate", "deliveryDate", "invoiceId", "invoiceDate")
_LENGTHS = {
    "description": 100,
    "supplierPartId": 50,
    "unitOfMeasureCode": 10,
    "invoiceId": 35,
    "stage": 50,
    "orderConfirmationId": 50,
}  # the widths of Business Central's fields

Row = Mapping[str, Any]


class RefusedError(Exception):
    """An update file, or a row of one, that Business Central does not take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One update file that fits its manifest, or the reason why it does not; `paths` are the files it is made of."""

    name: str
    kind: str
    created_at: str
    rows: tuple[Row, ...]
    problem: str | None
    paths: tuple[Path, ...]


def waiting(folder: Path) -> list[Read]:
    """Read every update file that has its manifest, the oldest first and cart lines before tracking."""
    reads = [_read(path) for path in sorted(folder.glob(f"*{_MANIFEST}"))]
    return sorted(reads, key=lambda read: (read.created_at, read.kind, read.name))


def _read(manifest_path: Path) -> Read:
    data_path = manifest_path.with_name(manifest_path.name.removesuffix(_MANIFEST) + ".json")
    paths = tuple(path for path in (data_path, manifest_path) if path.exists())
    try:
        manifest = json.loads(manifest_path.read_bytes())
        body = data_path.read_bytes()
        document = json.loads(body)
        kind, rows = str(document["kind"]), tuple(document["value"])
        created_at = str(document["createdAt"])
        _check_manifest(manifest, data_path.name, body, kind, len(rows))
    except (OSError, ValueError, KeyError, TypeError, RefusedError) as error:
        problem = f"{type(error).__name__}: {error}"
        return Read(name=data_path.name, kind="", created_at="", rows=(), problem=problem, paths=paths)
    return Read(name=data_path.name, kind=kind, created_at=created_at, rows=rows, problem=None, paths=paths)


def _check_manifest(manifest: Row, name: str, body: bytes, kind: str, rows: int) -> None:
    stated = {key: manifest[key] for key in ("file", "kind", "rows", "sha256")}
    found = {"file": name, "kind": kind, "rows": rows, "sha256": hashlib.sha256(body).hexdigest()}
    if stated != found:
        message = f"the manifest does not fit: {sorted(key for key in found if stated[key] != found[key])}"
        raise RefusedError(message)
    if kind not in _KINDS:
        message = f"unknown kind {kind!r}"
        raise RefusedError(message)


def take(state: State, reads: Iterable[Read], moment: str) -> int:
    """Apply update files to the tables and note what was refused. Returns how many rows changed something."""
    changed = 0
    for read in reads:
        if read.problem:
            _refuse(state, read.name, read.problem)
        for row in read.rows:
            try:
                changed += _take_row(state, read.kind, row, moment)
            except (RefusedError, KeyError, TypeError, ValueError) as error:
                _refuse(state, read.name, f"{type(error).__name__}: {error}")
    return changed


def _refuse(state: State, file: str, reason: str) -> None:
    entry = RefusedUpdate(file=file, reason=reason)
    if entry not in state["refused_updates"]:  # a kill before the file was put away brings it here again
        state["refused_updates"].append(entry)


def _take_row(state: State, kind: str, row: Row, moment: str) -> bool:
    update_id = str(row["updateId"])
    if update_id in state["update_ids"]:
        return False
    request = state["requests"].get(str(row["number"]))
    if request is None:
        message = f"no punchout request {row['number']}"
        raise RefusedError(message)
    _KINDS[kind](request, row)
    request["lastModifiedDateTime"] = moment
    state["update_ids"].append(update_id)
    return True


def _cart_lines(request: BcRequest, row: Row) -> None:
    if request["status"] != "open" or request["lines"]:
        message = f"{request['number']} is not open or has lines"
        raise RefusedError(message)
    lines = [_cart_line(request["number"], line) for line in row["lines"]]
    numbers = [line["lineNumber"] for line in lines]
    if not numbers or numbers != sorted(set(numbers)):
        message = f"line numbers {numbers} are not ascending"
        raise RefusedError(message)
    request["lines"] = lines


def _cart_line(number: str, line: Row) -> BcLine:
    if line["requestNumber"] != number:
        message = f"a line of {line['requestNumber']} in an update of {number}"
        raise RefusedError(message)
    return BcLine(
        requestNumber=number,
        lineNumber=int(line["lineNumber"]),
        supplierPartId=_text(line, "supplierPartId"),
        supplierPartAuxiliaryId=line.get("supplierPartAuxiliaryId"),
        description=_text(line, "description"),
        quantity=_decimal(line["quantity"]),
        unitOfMeasureCode=_text(line, "unitOfMeasureCode"),
        unitPrice=_decimal(line["unitPrice"]),
        shippingDate=None,
        deliveryDate=None,
        invoiceId=None,
        invoiceDate=None,
    )


def _tracking(request: BcRequest, row: Row) -> None:
    """Set the named fields. Everything is checked before anything is set, so that a row is taken whole."""
    lines = {line["lineNumber"]: line for line in request["lines"]}
    changes = [(lines[int(line["lineNumber"])], _named(line, _LINE_FIELDS)) for line in row.get("lines", ())]
    header = _named(row, _HEADER_FIELDS)
    cast("dict[str, object]", request).update(header)
    for line, fields in changes:
        cast("dict[str, object]", line).update(fields)


def _named(row: Row, allowed: tuple[str, ...]) -> dict[str, str]:
    """Return the fields an update names, of those it may set."""
    keys = {"updateId", "number", "lines", "requestNumber", "lineNumber"}
    strangers = set(row) - set(allowed) - keys
    if strangers:
        message = f"not to be set by an update: {sorted(strangers)}"
        raise RefusedError(message)
    return {name: _text(row, name) for name in allowed if name in row}


def _text(row: Row, name: str) -> str:
    value = row[name]
    if not isinstance(value, str) or not value or len(value) > _LENGTHS.get(name, 250):
        message = f"{name} is blank, too long or not a text"
        raise RefusedError(message)
    if name.endswith("Date") and not _DATE.fullmatch(value):
        message = f"{name} is not a date: {value}"
        raise RefusedError(message)
    return value


def _decimal(value: object) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        message = f"not a number: {value}"
        raise RefusedError(message) from error
    if not number.is_finite() or number < 0:
        message = f"not a quantity or price: {value}"
        raise RefusedError(message)
    return str(value)


_KINDS: dict[str, Callable[[BcRequest, Row], None]] = {"cart_lines": _cart_lines, "tracking": _tracking}
