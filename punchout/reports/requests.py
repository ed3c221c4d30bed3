"""The table of requests: a row for each, with rows for its lines and its timeline, as the page shows them.

Every value is text here. Quantities are those of the status object; only their sums are made here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from punchout.reports import commands
from punchout.reports.ageing import age_of, bucket_of
from punchout.reports.amounts import money, money_in, total, worth
from punchout.reports.findings import RANK, severity_of
from punchout.reports.phases import Look, look_of
from punchout.reports.text import at, initials, visible_id

_HASH = re.compile(r"[0-9a-f]{64}")
_SHOWN_OF_A_HASH = 8
_LONGEST_SOURCE = 20

_AXES = (("order_axis", ""), ("ship_axis", "ship "), ("receipt_axis", "receipt "), ("invoice_axis", "invoice "))
_BESIDE = ("rejected", "backordered", "returned", "credited")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value of a line, and how many distinct values were folded into it."""

    text: str
    values: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One line. `ordered` to `invoiced` are quantities, `value` is what was ordered at the ordered price."""

    number: str
    part: str
    description: str
    tracking: str
    ordered: str
    accepted: str
    shipped: str
    invoiced: str
    value: str
    shipping_date: Field
    delivery_date: Field
    invoice_id: Field
    invoice_date: Field
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, and the document, request or order that says so."""

    at: str
    what: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One request. `identifiers` are what it is searched by, `codes` its exceptions, `age` a bucket of `ageing`."""

    request_no: str
    account: str
    requester: str
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
    codes: Sequence[tuple[str, str]]
    notes: Sequence[str]
    command: str
    identifiers: Sequence[str]
    lines: Sequence[LineRow]
    events: Sequence[Event]
    age: str


def request_rows(requests: Sequence[Mapping[str, Any]], zone: tzinfo, as_of: str | None = None) -> list[RequestRow]:
    """Return the rows in the order of the status object; ages are those at `as_of`."""
    accounts = {(request["company"], request["supplier"]) for request in requests}
    return [_request_row(request, zone, as_of, names_account=len(accounts) > 1) for request in requests]


def _request_row(request: Mapping[str, Any], zone: tzinfo, as_of: str | None, *, names_account: bool) -> RequestRow:
    lines = request["lines"]
    return RequestRow(
        request_no=visible_id(request["request_no"]),
        account=f"{request['company']} · {request['supplier']}" if names_account else "",
        requester=initials(request.get("requester_email") or ""),
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
        codes=_codes(request),
        notes=list(_notes(request, zone)),
        command=commands.about_order(request["outbox_state"], request["request_no"]) or "",
        identifiers=_identifiers(request),
        lines=[_line_row(line, request) for line in lines],
        events=[_event(event, zone) for event in request.get("timeline", ())],
        age=bucket_of(age_of(request, as_of, zone)),
    )


def _line_row(line: Mapping[str, Any], request: Mapping[str, Any]) -> LineRow:
    price = line.get("unit_price")
    return LineRow(
        number=_line_number(line),
        part=visible_id(line["supplier_part_id"] or ""),
        description=line.get("description") or "",
        tracking=", ".join(visible_id(number) for number in line.get("tracking", ())),
        ordered=line["ordered"],
        accepted=line["accepted"],
        shipped=line["shipped"],
        invoiced=line["invoiced"],
        value="" if price is None else money(*_worth(line, request)),
        shipping_date=Field(text=line["shipping_date"] or "", values=line.get("shipping_dates", 0)),
        delivery_date=Field(text=line["delivery_date"] or "", values=line.get("delivery_dates", 0)),
        invoice_id=Field(text=visible_id(line["invoice_id"] or ""), values=line.get("invoice_ids", 0)),
        invoice_date=Field(text=line["invoice_date"] or "", values=line.get("invoice_dates", 0)),
        state=", ".join(_state(line)),
    )


def _line_number(line: Mapping[str, Any]) -> str:
    if line["line_number"] is not None:
        return str(line["line_number"])
    position = line.get("cart_position")
    return f"order {line.get('order_line_number')}" if position is None else f"cart {position}"


def _state(line: Mapping[str, Any]) -> Iterator[str]:
    """Say where a line stands: the axes that have begun, and the quantities that have no column of their own."""
    for axis, word in _AXES:
        value = line.get(axis, "none")
        if value != "none":
            yield f"{word}{value}"
    if line["ordered"] == "0" and line.get("requested"):
        yield f"{line['requested']} requested"
    for name in _BESIDE:
        if line.get(name, "0") != "0":
            yield f"{line[name]} {name}"
    confirmed = line.get("confirmed_price")
    if confirmed is not None and confirmed != line.get("unit_price"):
        yield f"price {line.get('unit_price') or 'unknown'} → {confirmed}"
    if line.get("inferred"):
        yield "line number inferred"


def _worth(line: Mapping[str, Any], request: Mapping[str, Any]) -> tuple[int, str | None]:
    """Return what a line costs at the ordered price: what is ordered, and before there is an order what is wanted."""
    currency = line.get("currency") or request.get("currency")
    quantity = line.get("requested") if line["ordered"] == "0" else line["ordered"]
    return worth(quantity, line.get("unit_price"), currency), currency


def _value(request: Mapping[str, Any]) -> str:
    """Return what the lines cost together, each currency by itself."""
    sums: dict[str | None, int] = {}
    for line in request["lines"]:
        if line.get("unit_price") is not None:
            amount, currency = _worth(line, request)
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


def _identifiers(request: Mapping[str, Any]) -> list[str]:
    """Return everything a person may hold that leads to this request, each once."""
    lines = request["lines"]
    held = (
        request["request_no"],
        request["order_id"],
        *_confirmation_ids(request),
        *request.get("identifiers", ()),
        initials(request.get("requester_email") or ""),
        *(line["supplier_part_id"] for line in lines),
        *(line["invoice_id"] for line in lines),
        *(number for line in lines for number in line.get("tracking", ())),
    )
    return list(dict.fromkeys(visible_id(identifier) for identifier in held if identifier))


def _event(event: Mapping[str, Any], zone: tzinfo) -> Event:
    source = event["source"]
    if _HASH.fullmatch(source):
        source = source[:_SHOWN_OF_A_HASH]
    elif len(source) > _LONGEST_SOURCE:
        source = f"{source[:_LONGEST_SOURCE]}…"
    return Event(at=at(event["at"], zone), what=event["what"], source=source)
