"""The table of requests: a row for each, with its lines and its timeline, as the page shows them.

Every value is text here. Quantities are those of the status object; only their sums are made here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from punchout.reconciliation.stages import Stage
from punchout.reports import commands
from punchout.reports.ageing import age_of, bucket_of
from punchout.reports.amounts import millionths, money_in, total
from punchout.reports.findings import RANK, severity_of
from punchout.reports.lines import LineRow, line_row, line_worth
from punchout.reports.matches import MatchCells, worst_match
from punchout.reports.phases import Look, look_of
from punchout.reports.text import at, initials, visible_id

_HASH = re.compile(r"[0-9a-f]{64}")
_SHOWN_OF_A_HASH = 8
_LONGEST_SOURCE = 20
_ORDERING = frozenset({Stage.PO_QUEUED.value, Stage.PO_SENT.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, and the document, request or order that says so."""

    at: str
    what: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One request.

    Attributes:
        match: the worst of the three-way matches of its lines.
        codes: its exceptions with their severities.
        command: what moves an order on that waits for a person.
        trace: the command that says of every value which document, place and rule it came from.
        billed_beside: what invoices bill beside the lines of the order, and which document says so.
        others: identifiers that lead to it and stand in no other attribute.
        days: for how many working days it has stood where it stands, where it wants something.
        age: the bucket of `ageing` for that.
        account: names company and supplier where the report has several.
        ordered_on: the day on which the order was written down or sent, whichever is known first.
    """

    request_no: str
    company: str
    supplier: str
    account: str
    requester: str
    business_unit: str
    ordered_on: str
    order_id: str
    stage: str
    look: Look
    outbox_state: str
    confirmation_ids: Sequence[str]
    ordered: str
    accepted: str
    shipped: str
    invoiced: str
    value: str
    shipping_date: str
    delivery_date: str
    invoice_id: str
    invoice_date: str
    match: MatchCells
    codes: Sequence[tuple[str, str]]
    notes: Sequence[str]
    command: str
    trace: str
    billed_beside: Sequence[str]
    others: Sequence[str]
    lines: Sequence[LineRow]
    events: Sequence[Event]
    days: str
    age: str


def request_rows(requests: Sequence[Mapping[str, Any]], zone: tzinfo, as_of: str | None = None) -> list[RequestRow]:
    """Return the rows in the order of the status object; ages are those at `as_of`."""
    accounts = {(request["company"], request["supplier"]) for request in requests}
    return [_request_row(request, zone, as_of, names_account=len(accounts) > 1) for request in requests]


def _request_row(request: Mapping[str, Any], zone: tzinfo, as_of: str | None, *, names_account: bool) -> RequestRow:
    lines, age = request["lines"], age_of(request, as_of, zone)
    return RequestRow(
        request_no=visible_id(request["request_no"]),
        company=visible_id(request["company"]),
        supplier=visible_id(request["supplier"]),
        account=f"{request['company']} · {request['supplier']}" if names_account else "",
        requester=initials(request.get("requester_email") or ""),
        business_unit=visible_id(request.get("business_unit") or ""),
        ordered_on=_ordered_on(request, zone),
        order_id=visible_id(request["order_id"] or ""),
        stage=request["stage"],
        look=look_of(request["stage"]),
        outbox_state=(request["outbox_state"] or "").replace("_", " "),
        confirmation_ids=[visible_id(name) for name in _confirmation_ids(request)],
        ordered=total(line["ordered"] for line in lines),
        accepted=total(line["accepted"] for line in lines),
        shipped=total(line["shipped"] for line in lines),
        invoiced=total(line["invoiced"] for line in lines),
        value=_value(request),
        shipping_date=_summary((line["shipping_date"] for line in lines), "dates"),
        delivery_date=_summary((line["delivery_date"] for line in lines), "dates"),
        invoice_id=_summary((line["invoice_id"] for line in lines), "invoices"),
        invoice_date=_summary((line["invoice_date"] for line in lines), "dates"),
        match=worst_match(lines),
        codes=_codes(request),
        notes=list(_notes(request, zone)),
        command=commands.about_order(request["outbox_state"], request["request_no"]) or "",
        trace=commands.about_values(request["request_no"]),
        billed_beside=[_charge(charge) for charge in request.get("charges", ())],
        others=_others(request),
        lines=[line_row(line, request) for line in lines],
        events=[_event(event, zone) for event in request.get("timeline", ())],
        days="" if age is None else str(age),
        age=bucket_of(age),
    )


def _ordered_on(request: Mapping[str, Any], zone: tzinfo) -> str:
    moments = sorted(event["at"] for event in request.get("timeline", ()) if event["what"] in _ORDERING)
    return at(moments[0], zone).partition(" ")[0] if moments else ""


def _value(request: Mapping[str, Any]) -> str:
    """Return what the lines cost together, each currency by itself."""
    sums: dict[str | None, int] = {}
    for line in request["lines"]:
        if line.get("unit_price") is not None:
            amount, currency = line_worth(line, request)
            sums[currency] = sums.get(currency, 0) + amount
    return " + ".join(money_in(amount, currency) for currency, amount in sums.items())


def _summary(values: Iterable[str | None], noun: str) -> str:
    """Return what all lines say alike, else how many different values they have."""
    distinct = sorted({value for value in values if value})
    if len(distinct) > 1:
        return f"{len(distinct)} {noun}"
    return visible_id(distinct[0]) if distinct else ""


def _codes(request: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the exceptions, each once with the worst severity that a rule gave it, worst first."""
    found = {code: severity_of(code) for code in request["exceptions"]}
    for detail in request.get("exception_details", ()):
        found[detail["code"]] = min(found.get(detail["code"], "info"), detail["severity"], key=_rank)
    return sorted(found.items(), key=lambda entry: (_rank(entry[1]), entry[0]))


def _rank(severity: str) -> int:
    return RANK.get(severity, len(RANK))


def _confirmation_ids(request: Mapping[str, Any]) -> list[str]:
    """Return the one that goes to Business Central first, then the others."""
    first = request["order_confirmation_id"]
    others = [name for name in request["order_confirmation_ids"] if name != first]
    return others if first is None else [first, *others]


def _notes(request: Mapping[str, Any], zone: tzinfo) -> Iterator[str]:
    if request["adopted"]:
        yield "ordered before this system took over: tracked, never sent"
    if request["outbox_state"] and request["outbox_state"] != "sent":
        reason = request.get("outbox_reason")
        yield f"order {request['outbox_state'].replace('_', ' ')}{f': {reason}' if reason else ''}"
    if request.get("next_due_at"):
        yield f"next deadline {at(request['next_due_at'], zone)}"


def _others(request: Mapping[str, Any]) -> list[str]:
    """Return the identifiers that lead to a request and that none of its values and of its lines' shows."""
    lines = request["lines"]
    shown = {
        request["request_no"],
        request["order_id"],
        *_confirmation_ids(request),
        *(line["supplier_part_id"] for line in lines),
        *(line["invoice_id"] for line in lines),
        *(number for line in lines for number in line.get("tracking", ())),
    }
    held = (identifier for identifier in request.get("identifiers", ()) if identifier not in shown)
    return list(dict.fromkeys(visible_id(identifier) for identifier in held if identifier))


def _charge(charge: Mapping[str, Any]) -> str:
    number = charge["line_number"]
    line = "" if number is None else f" on line {number}"
    amount = money_in(millionths(charge["amount"]), charge["currency"])
    return f"{charge['kind']} {amount}{line}, document {charge['content'][:_SHOWN_OF_A_HASH]}"


def _event(event: Mapping[str, Any], zone: tzinfo) -> Event:
    source = event["source"]
    if _HASH.fullmatch(source):
        source = source[:_SHOWN_OF_A_HASH]
    elif len(source) > _LONGEST_SOURCE:
        source = f"{source[:_LONGEST_SOURCE]}…"
    return Event(at=at(event["at"], zone), what=event["what"], source=source)
