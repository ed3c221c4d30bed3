"""What the workbook holds: its sheets, their columns, and the value of each cell as it stands in the status object.

A value is text, an exact decimal, a day or an instant; how it becomes a cell is `workbook`. The columns bear Business
Central's and Amazon's own words, those of the page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, TypeAlias

from punchout.reports.amounts import LOCAL_CURRENCY
from punchout.reports.findings import documents, worklist
from punchout.reports.text import initials, visible, visible_id

Value: TypeAlias = str | Decimal | date | datetime | None
Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and its width in characters."""

    head: str
    width: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, its columns, and its rows, made as they are asked for."""

    name: str
    columns: Sequence[Column]
    rows: Callable[[], Iterator[Sequence[Value]]]


_QUANTITIES = (
    "requested", "ordered", "accepted", "rejected", "backordered", "shipped", "returned", "received", "invoiced",
    "credited",
)  # fmt: skip
_AXES = ("order_axis", "ship_axis", "receipt_axis", "invoice_axis")
_WORK = (("Severity", 10), ("Exception", 26), ("Meaning", 44), ("Request", 12), ("Line", 8), ("Purchase Order", 16),
         ("At risk", 12), ("Currency", 9), ("Since", 17), ("Detail", 44), ("What to do next", 60),
         ("Command", 34))  # fmt: skip
_REQUESTS = (("Request", 12), ("Stage", 20), ("Requester", 10), ("Purchase Order", 16), ("Order", 12),
             ("Order Confirmation ID", 22), ("Lines", 7), ("Exceptions", 40), ("Next deadline", 17))  # fmt: skip
_LINES = (("Request", 12), ("Purchase Order", 16), ("Line", 8), ("Part", 14), ("Description", 44), ("Unit", 6),
          *((name.capitalize(), 11) for name in _QUANTITIES), ("Unit price", 11), ("Confirmed price", 15),
          ("Currency", 9), ("Shipping Date", 13), ("Delivery Date", 13), ("Invoice ID", 20), ("Invoice Date", 13),
          ("Tracking", 30), ("Order state", 13), ("Shipment", 10), ("Receipt", 10), ("Invoice", 10))  # fmt: skip
_DOCUMENTS = (("Severity", 10), ("Reason", 22), ("Meaning", 44), ("Document", 34), ("Kind", 24), ("Place", 26),
              ("Detail", 44), ("Received", 17), ("Command", 34))  # fmt: skip


def sheets(report: Json, zone: tzinfo) -> list[Sheet]:
    """Return the tables for a status object that `sources` has completed, in the order of the page."""
    return [
        Sheet("Worklist", _columns(_WORK), lambda: _work(report, zone)),
        Sheet("Documents", _columns(_DOCUMENTS), lambda: _documents(report, zone)),
        Sheet("Requests", _columns(_REQUESTS), lambda: (_request(one, zone) for one in report["requests"])),
        Sheet(
            "Lines", _columns(_LINES), lambda: (_line(one, line) for one in report["requests"] for line in one["lines"])
        ),
    ]


def _columns(of: Sequence[tuple[str, int]]) -> list[Column]:
    return [Column(head, width) for head, width in of]


def _work(report: Json, zone: tzinfo) -> Iterator[Sequence[Value]]:
    for item in worklist(report["requests"], zone):
        yield (
            item.severity, item.code, item.meaning, item.request_no, item.line, item.order_id,
            _decimal(item.amount), item.currency, _written(item.since), visible(item.detail),
            visible(item.action.striptags()), item.command,
        )  # fmt: skip


def _documents(report: Json, zone: tzinfo) -> Iterator[Sequence[Value]]:
    for item in documents(report, zone):
        yield (
            item.severity, item.code, item.meaning, item.title, visible(item.kind), visible(item.place),
            visible(item.detail), _written(item.received), item.command,
        )  # fmt: skip


def _request(request: Json, zone: tzinfo) -> Sequence[Value]:
    due = request.get("next_due_at")
    return (
        visible_id(request["request_no"]),
        request["stage"],
        initials(request.get("requester_email") or ""),
        _id(request["order_id"]),
        (request["outbox_state"] or "").replace("_", " "),
        ", ".join(visible_id(one) for one in request["order_confirmation_ids"]),
        Decimal(len(request["lines"])),
        ", ".join(request["exceptions"]),
        datetime.fromisoformat(due).astimezone(zone).replace(tzinfo=None) if due else None,
    )


def _line(request: Json, line: Json) -> Sequence[Value]:
    number = line["line_number"]
    return (
        visible_id(request["request_no"]),
        _id(request["order_id"]),
        None if number is None else Decimal(number),
        _id(line["supplier_part_id"]),
        visible(line.get("description") or ""),
        visible(line.get("unit") or ""),
        *(_decimal(line.get(name)) for name in _QUANTITIES),
        _decimal(line.get("unit_price")),
        _decimal(line.get("confirmed_price")),
        line.get("currency") or request.get("currency") or LOCAL_CURRENCY,
        _day(line["shipping_date"]),
        _day(line["delivery_date"]),
        _id(line["invoice_id"]),
        _day(line["invoice_date"]),
        ", ".join(visible_id(one) for one in line.get("tracking", ())),
        *(line.get(axis, "") for axis in _AXES),
    )


def _id(text: str | None) -> str:
    return visible_id(text or "")


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _written(text: str) -> Value:
    """Read an instant back that `text.at` wrote, in the company's zone; anything else stays text."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M") if text else None  # noqa: DTZ007 - a workbook knows no zones
    except ValueError:
        return visible(text)
