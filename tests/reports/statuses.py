"""Status objects in a few words, of the shape that `punchout status --all --json` prints.

A line is given by what was ordered of it and what became of that; the rest follows as the ledger would say it.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from punchout.model.codes import Code

Json = dict[str, Any]

AS_OF = "2026-03-06T17:00:00+00:00"


def content(seed: str) -> str:
    """Return a hash like those of documents."""
    return sha256(seed.encode(errors="backslashreplace")).hexdigest()


def line(number: int | None, ordered: int, **changes: Any) -> Json:  # noqa: ANN401 - any field of the object
    """Return a line of a status object that nobody has answered yet."""
    return {
        "line_number": number,
        "order_line_number": None if number is None else number // 10_000,
        "cart_position": 1 if number is None else number // 10_000,
        "supplier_part_id": "B07XJ8C8F5",
        "supplier_part_aux_id": "136-0000001-0000001,1",
        "description": "Gel pens, medium point, black, 12 per box",
        "unit": "EA",
        "currency": "USD",
        "inferred": False,
        "requested": str(ordered),
        "ordered": str(ordered),
        **dict.fromkeys(("accepted", "rejected", "backordered", "shipped"), "0"),
        **dict.fromkeys(("returned", "received", "invoiced", "credited"), "0"),
        "unit_price": "9.99",
        "confirmed_price": None,
        "order_axis": "sent",
        "ship_axis": "none",
        "receipt_axis": "none",
        "invoice_axis": "none",
        **dict.fromkeys(("shipping_date", "delivery_date", "invoice_id", "invoice_date")),
        **dict.fromkeys(("shipping_dates", "delivery_dates", "invoice_ids", "invoice_dates"), 0),
        "tracking": [],
    } | changes


def confirmed(number: int, quantity: int, **changes: Any) -> Json:  # noqa: ANN401 - as above
    """Return a line that was accepted as a whole."""
    accepted: Json = {"accepted": str(quantity), "confirmed_price": "9.99", "order_axis": "confirmed"}
    return line(number, quantity, **accepted | changes)


def shipped(number: int, quantity: int, day: str = "2026-03-04", **changes: Any) -> Json:  # noqa: ANN401 - as above
    """Return a line that was accepted and shipped as a whole."""
    moved: Json = {
        "shipped": str(quantity),
        "ship_axis": "full",
        "shipping_date": day,
        "delivery_date": "2026-03-09",
        "shipping_dates": 1,
        "delivery_dates": 1,
        "tracking": [f"1Z999AA1{number:010d}"],
    }
    return confirmed(number, quantity, **moved | changes)


def invoiced(number: int, quantity: int, invoice: str = "1KX7-4QWD-91FH", **changes: Any) -> Json:  # noqa: ANN401 - as above
    """Return a line that was accepted, shipped and invoiced as a whole."""
    billed: Json = {
        "invoiced": str(quantity),
        "invoice_axis": "full",
        "invoice_id": invoice,
        "invoice_date": "2026-03-05",
        "invoice_ids": 1,
        "invoice_dates": 1,
    }
    return shipped(number, quantity, **billed | changes)


def compared(of: Mapping[str, Any], **changes: Any) -> Json:  # noqa: ANN401 - as above
    """Return the three-way match of a line that is billed as it stands."""
    return {
        "word": "matched" if of["invoiced"] != "0" else "not invoiced",
        "words": ["matched" if of["invoiced"] != "0" else "not invoiced"],
        "price_base": "ordered",
        "currency": "USD",
        **{name: of[name] for name in ("ordered", "shipped", "invoiced", "credited")},
        "confirmed": of["accepted"],
        "effective": of["ordered"],
        "received": None,
        "price_expected": "9.99",
        "price_tolerance": "0.04995",
        "price_invoiced": "9.99" if of["invoiced"] != "0" else None,
        "amount_invoiced": f"{Decimal(of['invoiced']) * Decimal('9.99'):f}",
        "amount_at_variance": "0",
        **dict.fromkeys(("tax_expected", "tax_tolerance", "tax_invoiced", "charges_expected")),
        "charges": "0",
        "charges_tolerance": "0",
    } | changes


def charge(kind: str, amount: str = "5", **changes: Any) -> Json:  # noqa: ANN401 - as above
    """Return something that an invoice bills beside the lines of the order."""
    return {
        "kind": kind,
        "amount": amount,
        "currency": "USD",
        "line_key": None,
        "line_number": None,
        "content": content(kind),
        "ordinals": [],
    } | changes


def exception(code: Code, at_risk: str | None = None, **changes: Any) -> Json:  # noqa: ANN401 - as above
    """Return an open exception; `request` puts it into its place."""
    return {
        "code": code.value,
        "severity": code.severity.value,
        "subject": "request",
        "subject_key": "",
        "line_number": None,
        "amount_at_risk": at_risk,
        "currency": "USD",
        "detail": "",
        "action": code.action,
        "since": "2026-03-05T18:00:00+00:00",
    } | changes


def decision(kind: str, subject: str, **changes: Any) -> Json:  # noqa: ANN401 - as above
    """Return what a person decided about a subject, as exceptions name it."""
    return {
        "kind": kind,
        "subject": subject,
        **dict.fromkeys(("line", "code", "price")),
        "by": "ann",
        "at": "2026-03-06T09:30:00+00:00",
        "reason": "as agreed by phone",
    } | changes


def request(
    number: str,
    stage: str,
    lines: Sequence[Mapping[str, Any]],
    exceptions: Iterable[Json] = (),
    events: Iterable[tuple[str, str]] = (),
    **changes: Any,  # noqa: ANN401 - as above
) -> Json:
    """Return a request whose order was sent."""
    found = [_about(number, one) for one in exceptions]
    return {
        "company": "CRONUS",
        "supplier": "amazon",
        "request_no": number,
        "order_id": None,
        "stage": stage,
        "outbox_state": "sent",
        "outbox_reason": None,
        "adopted": False,
        "order_confirmation_id": None,
        "order_confirmation_ids": [],
        "requester_email": "dana.fields@cronus.example",
        "business_unit": None,
        "currency": "USD",
        "next_due_at": None,
        "exceptions": sorted({detail["code"] for detail in found}),
        "exception_details": found,
        "timeline": [
            {"at": f"{at}:00+00:00", "what": what, "source": content(f"{number} {what}")} for at, what in events
        ],
        "lines": [dict(row) for row in lines],
    } | changes


def report(requests: Iterable[Json] = (), **changes: Any) -> Json:  # noqa: ANN401 - as above
    """Return a status object with these requests and no documents."""
    return {
        "as_of": AS_OF,
        "ledger_hash": content("ledger"),
        "requests": list(requests),
        "documents": {"accepted": 0, "waiting": 0, "duplicate": 0, "quarantined": {}},
        "document_exceptions": [],
        "feeds": [],
    } | changes


def refused(document_id: int, code: Code, name: str, **changes: Any) -> Json:  # noqa: ANN401 - as above
    """Return a document in quarantine."""
    return {
        "document_id": document_id,
        "content": "cxml",
        "kind": None,
        "reason": code.value,
        "place": None,
        "detail": None,
        "received_at": "2026-03-06T15:12:00+00:00",
        "received_sha256": content(name),
        "size": 2048,
        "names": (name,),
    } | changes


def _about(number: str, found: Json) -> Json:
    line_number = found["line_number"]
    if line_number is None:
        return found | {"subject": "request", "subject_key": number}
    return found | {"subject": "line", "subject_key": f"{number}/{line_number}"}
