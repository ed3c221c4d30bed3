"""What the workbook and the CSV files hold: tables, their columns, and each value as it stands in the status object.

A value is text, an exact decimal, a day or an instant; how it becomes a cell is `workbook`, and how a field of a file
`csv_files`. The columns bear Business Central's and Amazon's own words, those of the page. The tables of the three-way
match are in `match_sheets`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal

from punchout.reports.amounts import LOCAL_CURRENCY
from punchout.reports.decided import Known, decisions
from punchout.reports.findings import documents, worklist
from punchout.reports.match_sheets import match_sheets
from punchout.reports.tables import Json, Sheet, Value, columns, day, decimal, identifier, written
from punchout.reports.text import at, initials, visible, visible_id

_QUANTITIES = (
    "requested", "ordered", "accepted", "rejected", "backordered", "shipped", "returned", "received", "invoiced",
    "credited",
)  # fmt: skip
_AXES = ("order_axis", "ship_axis", "receipt_axis", "invoice_axis")
_KNOWN = (("Acknowledged by", 18), ("Acknowledged at", 17), ("In their words", 44))
_WORK = (("Severity", 10), ("Exception", 26), ("Meaning", 44), ("Request", 12), ("Line", 8), ("Purchase Order", 16),
         ("At risk", 12), ("Currency", 9), ("Since", 17), ("Detail", 44), ("What to do next", 60),
         ("Command", 34), *_KNOWN)  # fmt: skip
_REQUESTS = (("Request", 12), ("Stage", 20), ("Requester", 10), ("Purchase Order", 16), ("Order", 12),
             ("Order Confirmation ID", 22), ("Lines", 7), ("Exceptions", 40), ("Next deadline", 17))  # fmt: skip
_LINES = (("Request", 12), ("Purchase Order", 16), ("Line", 8), ("Part", 14), ("Description", 44), ("Unit", 6),
          *((name.capitalize(), 11) for name in _QUANTITIES), ("Unit price", 11), ("Confirmed price", 15),
          ("Currency", 9), ("Shipping Date", 13), ("Delivery Date", 13), ("Invoice ID", 20), ("Invoice Date", 13),
          ("Tracking", 30), ("Order state", 13), ("Shipment", 10), ("Receipt", 10), ("Invoice", 10))  # fmt: skip
_EVENTS = (("Request", 12), ("At", 17), ("What", 26), ("Source", 66))
_DOCUMENTS = (("Severity", 10), ("Reason", 22), ("Meaning", 44), ("Document", 34), ("Kind", 24), ("Place", 26),
              ("Detail", 44), ("Received", 17), ("Command", 34), *_KNOWN)  # fmt: skip
_DECISIONS = (("Decided at", 17), ("By", 18), ("Decision", 20), ("Request", 12), ("Purchase Order", 16),
              ("Exception", 26), ("Line", 8), ("Document", 20), ("Price", 11), ("In their words", 60))  # fmt: skip


def sheets(report: Json, zone: tzinfo) -> list[Sheet]:
    """Return the tables for a status object that `sources` has completed, in the order of the page."""
    return [
        Sheet("Worklist", columns(_WORK), lambda: _work(report, zone)),
        Sheet("Documents", columns(_DOCUMENTS), lambda: _documents(report, zone)),
        Sheet("Requests", columns(_REQUESTS), lambda: (_request(one, zone) for one in report["requests"])),
        Sheet(
            "Lines", columns(_LINES), lambda: (_line(one, line) for one in report["requests"] for line in one["lines"])
        ),
        *match_sheets(report),
        Sheet("Decisions", columns(_DECISIONS), lambda: _decisions(report, zone)),
        Sheet("Events", columns(_EVENTS), lambda: _events(report, zone)),
    ]


def _work(report: Json, zone: tzinfo) -> Iterator[Sequence[Value]]:
    for item in worklist(report["requests"], zone):
        yield (
            item.severity, item.code, item.meaning, item.request_no, item.line, item.order_id,
            decimal(item.amount), item.currency, written(item.since), visible(item.detail),
            visible(item.action.replace("`", "")), item.command, *_known(item.known),
        )  # fmt: skip


def _documents(report: Json, zone: tzinfo) -> Iterator[Sequence[Value]]:
    for item in documents(report, zone):
        yield (
            item.severity, item.code, item.meaning, item.title, visible(item.kind), visible(item.place),
            visible(item.detail), written(item.received), item.command, *_known(item.known),
        )  # fmt: skip


def _known(known: Known) -> tuple[Value, Value, Value]:
    return known.by, written(known.at), known.reason


def _decisions(report: Json, zone: tzinfo) -> Iterator[Sequence[Value]]:
    for item in decisions(report, zone):
        yield (
            written(item.at), item.by, item.what, item.request_no, item.order_id, item.code, item.line, item.document,
            decimal(item.price), item.reason,
        )  # fmt: skip


def _events(report: Json, zone: tzinfo) -> Iterator[Sequence[Value]]:
    for request in report["requests"]:
        for event in request.get("timeline", ()):
            yield (
                visible_id(request["request_no"]), written(at(event["at"], zone)), visible(event["what"]),
                visible_id(event["source"]),
            )  # fmt: skip


def _request(request: Json, zone: tzinfo) -> Sequence[Value]:
    due = request.get("next_due_at")
    return (
        visible_id(request["request_no"]),
        request["stage"],
        initials(request.get("requester_email") or ""),
        identifier(request["order_id"]),
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
        identifier(request["order_id"]),
        None if number is None else Decimal(number),
        identifier(line["supplier_part_id"]),
        visible(line.get("description") or ""),
        visible(line.get("unit") or ""),
        *(decimal(line.get(name)) for name in _QUANTITIES),
        decimal(line.get("unit_price")),
        decimal(line.get("confirmed_price")),
        line.get("currency") or request.get("currency") or LOCAL_CURRENCY,
        day(line["shipping_date"]),
        day(line["delivery_date"]),
        identifier(line["invoice_id"]),
        day(line["invoice_date"]),
        ", ".join(visible_id(one) for one in line.get("tracking", ())),
        *(line.get(axis, "") for axis in _AXES),
    )
