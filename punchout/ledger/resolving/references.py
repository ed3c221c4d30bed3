"""Which identifiers a document carries: what it may be found by, and what ties it to an order.

Which kinds decide where a document belongs, and in which order, is `punchout.reconciliation.order_rules`; the others
are there so that a person may find a document by any identifier they hold.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from punchout.model.answers import StatusUpdate
from punchout.model.business_central import BcOrder, BcRow
from punchout.model.documents import Body, Cart, Confirmation, Invoice, Response, ShipNotice
from punchout.model.order_documents import OrderRequest
from punchout.model.values import Comment, OrderReference
from punchout.reconciliation.order_numbers import order_number_form

Reference: TypeAlias = tuple[int, str, str]
"""Portion (from 1), kind, value."""

WHOLE = 1
"""The portion of a document that is not divided among orders."""

PORTION = "portion"
"""The kind of the one reference that every portion has, so that one without any identifier is not overlooked."""

ORDER_FORM = "order_form"
"""The kind of a purchase order's number in the form that all its spellings share."""

_NUMBER_COMMENT = "confirmid"
"""`Comments/@type`, in any case, of a comment that is the number of the supplier's order."""

LONGEST_IDENTIFIER = 500
"""Bytes of UTF-8. A database index takes no text of any length, and no genuine identifier comes near this."""


def is_overlong(identifier: str | None) -> bool:
    """Tell whether an identifier is too long to be looked up."""
    return identifier is not None and len(identifier.encode()) > LONGEST_IDENTIFIER


def references_of(body: Body) -> set[Reference]:
    """Return every identifier of a cXML document's body."""
    return {reference for reference in _of_body(body) if reference[2]} | {
        (portion, PORTION, type(body).__name__) for portion in portions_of(body)
    }


def portions_of(body: Body) -> set[int]:
    """Return the portions that must each find their order; an answer to one of our requests has none."""
    match body:
        case ShipNotice():
            return {portion.ordinal for portion in body.portions} or {WHOLE}
        case Invoice():
            return {order.ordinal for order in body.orders} or {WHOLE}
        case Response():
            return set()
        case _:
            return {WHOLE}


def references_of_row(row: int, record: BcRow) -> set[Reference]:
    """Return the identifiers of a row of an export; the portion is the row."""
    if isinstance(record, BcOrder):
        return {(row, "order", record.number), (row, PORTION, type(record).__name__)}
    parts = {(row, "part", line.supplier_part_id) for line in record.lines if line.supplier_part_id}
    return {(row, "request", record.number), *parts}


def _of_body(body: Body) -> Iterator[Reference]:
    match body:
        case Cart():
            yield WHOLE, "cookie", body.buyer_cookie or ""
            for line in body.lines:
                yield WHOLE, "part", line.part.supplier_part_id or ""
        case Confirmation():
            yield from _of_confirmation(body)
        case ShipNotice():
            yield from _of_ship_notice(body)
        case Invoice():
            yield from _of_invoice(body)
        case OrderRequest():
            yield from _of_order_request(body)
        case StatusUpdate():
            yield from _of_status_update(body)
        case _:
            return


def _of_confirmation(body: Confirmation) -> Iterator[Reference]:
    yield from _of_order(WHOLE, body.order)
    yield WHOLE, "confirm", body.confirm_id or ""
    for item in body.items:
        for status in item.statuses:
            yield WHOLE, "confirm", status.confirm_id or ""


def _of_ship_notice(body: ShipNotice) -> Iterator[Reference]:
    for portion in portions_of(body):
        yield portion, "shipment", body.shipment_id or ""
        for number in body.tracking:
            yield portion, "tracking", number
    for one in body.portions:
        yield from _of_order(one.ordinal, one.order)
        yield from _of_comments(one.ordinal, one.comments)
    if len(body.portions) <= 1:
        for portion in portions_of(body):
            yield from _of_comments(portion, body.comments)


def _of_invoice(body: Invoice) -> Iterator[Reference]:
    for portion in portions_of(body):
        yield portion, "invoice", body.invoice_id or ""
        yield portion, "original", body.original_invoice_id or ""
        yield portion, "original_payload", body.original_payload_id or ""
        if body.operation == "delete":
            yield portion, "original", body.invoice_id or ""
        if len(body.orders) <= 1:
            yield from _of_comments(portion, body.comments)
    for one in body.orders:
        yield from _of_order(one.ordinal, one.order)
        yield one.ordinal, "confirm", one.supplier_order_id or ""
        yield from _of_comments(one.ordinal, one.comments)
        for line in one.lines:
            yield one.ordinal, "shipment", line.ship_notice_id or ""
            yield from _of_comments(one.ordinal, line.comments)


def _of_comments(portion: int, comments: Iterable[Comment]) -> Iterator[Reference]:
    for comment in comments:
        number = comment.text.strip()
        if (comment.type or "").casefold() == _NUMBER_COMMENT and not is_overlong(number):
            yield portion, "confirm", number


def _of_order_request(body: OrderRequest) -> Iterator[Reference]:
    """An order is found by its number alone: what its payloadIDs belong to follows from where it belongs itself."""
    yield WHOLE, "order", body.order_id
    yield WHOLE, "previous", body.previous_payload_id or ""
    for line in body.lines:
        yield WHOLE, "part", line.part.supplier_part_id or ""


def _of_status_update(body: StatusUpdate) -> Iterator[Reference]:
    yield WHOLE, "payload", body.payload_id or ""
    kind = {"InvoiceStatus": "invoice", "PaymentStatus": "order"}.get(body.subject or "")
    if kind is not None:
        yield WHOLE, kind, body.subject_id or ""


def _of_order(portion: int, order: OrderReference) -> Iterator[Reference]:
    yield portion, "payload", order.payload_id or ""
    yield portion, "order", order.order_id or ""
    yield portion, ORDER_FORM, order_number_form(order.order_id or "")
