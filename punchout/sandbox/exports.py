"""Business Central's exports: the tables as files, JSON or CSV with a manifest, full or only what changed.

Each function returns bytes under a name; putting them into folders is in `deliveries`. JSON writes numbers as numbers,
CSV in its one dialect; a blank date is written 0001-01-01 in JSON, as Business Central's API does.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from punchout.sandbox.business_central import utc_text
from punchout.sandbox.plan import Script
from punchout.sandbox.state import Answer, BcLine, BcOrder, BcOrderLine, BcRequest, Feed, State

_BEFORE_SYNC = timedelta(minutes=10)
_BROKEN_BEFORE_SYNC = timedelta(minutes=20)
_BLANK_DATE = "0001-01-01"
_NUMBERS = ("quantity", "unitPrice", "directUnitCost", "receivedQuantity", "invoicedQuantity")
_DATES = ("shippingDate", "deliveryDate", "invoiceDate")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingFile:
    """A file for the product.

    `keep_name`: others name it, so it keeps its name when sent again. `answer`: what the product should say where the
    file is posted; None where it never is.
    """

    feed: Feed
    name: str
    body: bytes
    keep_name: bool = False
    answer: Answer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    feed: Feed
    kind: str
    stem: str
    lines: str
    columns: tuple[str, ...]
    line_columns: tuple[str, ...]
    rows: tuple[Row, ...]


def exported_at(script: Script, round_number: int) -> str:
    """Return when a round's exports are made."""
    return utc_text(script.instant(round_number) - _BEFORE_SYNC)


def exports(state: State, script: Script, round_number: int) -> list[OutgoingFile]:
    """Write a round's exports, in the order in which they must appear."""
    made = exported_at(script, round_number)
    since = state["exported_at"] if round_number in script.delta_rounds else None
    files: list[OutgoingFile] = []
    for table in _tables(state, since):
        if any(accident.kind == "column" and accident.round == round_number for accident in script.accidents):
            files.extend(_without_part_ids(table, utc_text(script.instant(round_number) - _BROKEN_BEFORE_SYNC)))
        files.extend(
            _as_csv(table, made) if round_number in script.csv_rounds else [_as_json(table, made, delta=bool(since))]
        )
    return files


def request_export(rows: tuple[BcRequest, ...], made: str) -> OutgoingFile:
    """Write an export of some requests alone, made between two rounds."""
    return _as_json(_requests(rows), made, delta=True)


def _tables(state: State, since: str | None) -> tuple[_Table, _Table]:
    requests = tuple(row for row in state["requests"].values() if since is None or row["lastModifiedDateTime"] > since)
    orders = tuple(row for row in state["orders"].values() if since is None or row["lastModifiedDateTime"] > since)
    return (
        _requests(requests),
        _Table(
            feed="bc_orders",
            kind="purchaseOrders",
            stem="purchase-orders",
            lines="purchaseOrderLines",
            columns=tuple(BcOrder.__annotations__),
            line_columns=("orderNumber", *BcOrderLine.__annotations__),
            rows=orders,
        ),
    )


def _requests(rows: tuple[BcRequest, ...]) -> _Table:
    return _Table(
        feed="bc_requests",
        kind="punchoutRequests",
        stem="punchout-requests",
        lines="lines",
        columns=tuple(BcRequest.__annotations__),
        line_columns=tuple(BcLine.__annotations__),
        rows=rows,
    )


def _as_json(table: _Table, made: str, *, delta: bool) -> OutgoingFile:
    value = [{**row, table.lines: [_json_line(line) for line in row[table.lines]]} for row in table.rows]
    body = {"exportedAt": made, "scope": "delta" if delta else "full", "value": value}
    return OutgoingFile(feed=table.feed, name=_name(table, made, ".json"), body=_json(body))


def _without_part_ids(table: _Table, made: str) -> list[OutgoingFile]:
    """Write the export an update of Business Central broke: its request lines have lost a column."""
    if table.kind != "punchoutRequests":
        return []
    good = json.loads(_as_json(table, made, delta=False).body)
    for row in good["value"]:
        row["lines"] = [
            {name: value for name, value in line.items() if name != "supplierPartId"} for line in row["lines"]
        ]
    return [OutgoingFile(feed=table.feed, name=_name(table, made, ".json"), body=_json(good))]


def _json_line(line: Row) -> dict[str, object]:
    written = dict(line)
    written.update({name: _json_number(line[name]) for name in _NUMBERS if name in line})
    written.update({name: line[name] or _BLANK_DATE for name in _DATES if name in line})
    return written


def _json_number(text: str) -> float | str:
    """Return a number that json writes with the digits of the text, or the text where a float would change them."""
    number: float = int(text) if text.isdecimal() else float(text)
    return number if str(number) == text else text


def _as_csv(table: _Table, made: str) -> list[OutgoingFile]:
    headers = [{name: value for name, value in row.items() if name != table.lines} for row in table.rows]
    lines = [{"orderNumber": row["number"], **line} for row in table.rows for line in row[table.lines]]
    columns = tuple(name for name in table.columns if name != table.lines)
    parts = {
        "headers": (_name(table, made, ".csv"), columns, headers),
        "lines": (_name(table, made, "-lines.csv"), table.line_columns, lines),
    }
    bodies = {role: _csv(names, rows) for role, (_, names, rows) in parts.items()}
    described = [
        {"name": name, "role": role, "sha256": hashlib.sha256(bodies[role]).hexdigest(), "rows": len(rows)}
        for role, (name, _, rows) in parts.items()
    ]
    manifest = {"kind": table.kind, "exportedAt": made, "scope": "full", "files": described}
    files = [
        OutgoingFile(feed=table.feed, name=name, body=bodies[role], keep_name=True)
        for role, (name, _, _) in parts.items()
    ]
    last = _name(table, made, ".manifest.json")
    return [*files, OutgoingFile(feed=table.feed, name=last, body=_json(manifest), keep_name=True)]


def _csv(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, fieldnames=columns, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


def _name(table: _Table, made: str, suffix: str) -> str:
    return f"{table.stem}-{made.replace('-', '').replace(':', '')}{suffix}"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
