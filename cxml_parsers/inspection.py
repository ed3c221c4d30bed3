"""A read document as the JSON that `punchout inspect` prints: a stable shape that people script against.

Every key is always there. Decimals are text without trailing zeros, absent values are null or an empty list, money is
`{amount, currency}`, an instant `{text, utc, repair}`. Nothing is computed here; it shows what was read.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

from cxml_parsers.dtds import Checked
from cxml_parsers.shown_values import (
    Json,
    clause_shown,
    comments_shown,
    credentials_shown,
    extrinsics_shown,
    instant_shown,
    money_shown,
    note_shown,
    number_shown,
    order_shown,
)
from punchout.model.answers import StatusUpdate
from punchout.model.documents import (
    Body,
    Cart,
    CartLine,
    Confirmation,
    ConfirmationItem,
    ConfirmationStatus,
    Envelope,
    Invoice,
    InvoiceLine,
    InvoiceOrder,
    InvoiceService,
    Response,
    ShipItem,
    ShipNotice,
)
from punchout.model.order_documents import OrderRequest, OrderRequestLine
from punchout.model.parsed import Parsed
from punchout.model.values import OrderReference, PartId

Line: TypeAlias = CartLine | ConfirmationItem | ShipItem | InvoiceLine | InvoiceService | OrderRequestLine

_TOTALS: Final = ("total", "subtotal", "tax", "shipping", "handling", "discount", "gross", "net", "due")
_LINE_PLAIN: Final = ("line_number", "invoice_line_number", "unit", "description")
_LINE_MONEY: Final = ("unit_price", "subtotal", "tax", "shipping", "discount", "net")
_ORIGINAL: Final = ("original_payload_id", "previous_payload_id", "payload_id")
# Record field to the cXML attribute it was read from.
_DATES: Final = {
    "notice": "noticeDate",
    "shipment_date": "shipmentDate",
    "delivery_date": "deliveryDate",
    "invoice_date": "invoiceDate",
    "order_date": "orderDate",
    "requested_delivery": "requestedDeliveryDate",
    "effective": "effectiveDate",
    "last_refresh": "lastRefresh",
}


def as_json(parsed: Parsed, file: str, checked: Checked | None = None) -> Json:
    """Return the document as `punchout inspect --json` shows it.

    Args:
        parsed: what was read.
        file: how its user named it.
        checked: what the DTD says; None where the document was not held against it.
    """
    envelope, body = parsed.envelope, parsed.body
    return {
        "file": file,
        "kind": envelope.kind,
        "verdict": "accepted" if parsed.accepted else "quarantined",
        "reason": None if parsed.reason is None else str(parsed.reason),
        "where": parsed.where,
        "detail": parsed.detail,
        "clause": clause_shown(parsed),
        "payload_id": envelope.payload_id,
        "timestamp": instant_shown(envelope.timestamp),
        "deployment_mode": envelope.deployment_mode,
        "from": credentials_shown(envelope.sent_from),
        "to": credentials_shown(envelope.sent_to),
        "sender": credentials_shown(envelope.sender),
        "orders": [order_shown(reference) for reference in _references(body)],
        "ids": _ids(body),
        "operation": getattr(body, "operation", None),
        "type": _type_of(body),
        "notice_date": instant_shown(getattr(body, "notice", None)),
        "dates": {
            attribute: instant_shown(value)
            for field, attribute in _DATES.items()
            if (value := getattr(body, field, None)) is not None
        },
        "status": _status_of(body, envelope),
        "shipment": _shipment(body),
        "comments": comments_shown(getattr(body, "comments", ())),
        "extrinsics": extrinsics_shown(getattr(body, "extrinsics", ())),
        "totals": {name: money_shown(getattr(body, name, None)) for name in _TOTALS},
        "lines": [{"position": position, **line} for position, line in enumerate(_lines(body), start=1)],
        "notes": [note_shown(note) for note in (*parsed.notes, *(() if checked is None else checked.findings))],
        "dtd": None if checked is None else {"module": checked.module, "valid": not checked.findings},
        "unread": list(parsed.unread),
    }


def _references(body: Body | None) -> Iterable[OrderReference]:
    match body:
        case Confirmation(order=order):
            return (order,)
        case ShipNotice(portions=portions):
            return (portion.order for portion in portions)
        case Invoice(orders=orders):
            return (each.order for each in orders)
        case OrderRequest(order_id=order_id, order_date=order_date):
            return (OrderReference(order_id, None, order_date),)
        case _:
            return ()


def _ids(body: Body | None) -> Json:
    return {
        "confirm_ids": list(_confirm_ids(body)) if isinstance(body, Confirmation) else [],
        "shipment_id": getattr(body, "shipment_id", None),
        "invoice_id": _invoice_id(body),
        "buyer_cookie": getattr(body, "buyer_cookie", None),
        "original_invoice_id": getattr(body, "original_invoice_id", None),
        "original_payload_id": next(
            (stated for name in _ORIGINAL if (stated := getattr(body, name, None)) is not None), None
        ),
    }


def _invoice_id(body: Body | None) -> str | None:
    if isinstance(body, StatusUpdate):
        return body.subject_id if body.subject == "InvoiceStatus" else None
    stated: str | None = getattr(body, "invoice_id", None)
    return stated


def _confirm_ids(body: Confirmation) -> Iterable[str]:
    stated = (body.confirm_id, *(status.confirm_id for item in body.items for status in item.statuses))
    return dict.fromkeys(each for each in stated if each is not None)


def _type_of(body: Body | None) -> str | None:
    match body:
        case Invoice(purpose=purpose):
            return purpose
        case OrderRequest(order_type=order_type):
            return order_type
        case StatusUpdate(subject_type=subject_type):
            return subject_type
        case _:
            stated: str | None = getattr(body, "type", None)
            return stated


def _status_of(body: Body | None, envelope: Envelope) -> Json:
    if isinstance(body, Response | StatusUpdate):
        return {"code": body.code, "text": body.text, "message": body.message}
    return {"code": envelope.status_code, "text": envelope.status_text, "message": envelope.status_message}


def _shipment(body: Body | None) -> Json:
    if not isinstance(body, ShipNotice):
        return {"carriers": [], "tracking": []}
    carriers = [{"domain": carrier.domain, "text": carrier.text} for carrier in body.carriers]
    return {"carriers": carriers, "tracking": list(body.tracking)}


def _lines(body: Body | None) -> Iterable[Json]:
    match body:
        case Cart(lines=lines):
            return (_line(line, None) for line in lines)
        case Confirmation(items=items, order=order):
            return (_line(item, order) for item in items)
        case ShipNotice(portions=portions):
            return (_line(item, portion.order) for portion in portions for item in portion.items)
        case Invoice(orders=orders):
            return (_line(line, each.order) for each in orders for line in _billed(each))
        case OrderRequest(lines=lines, order_id=order_id):
            return (_line(line, OrderReference(order_id)) for line in lines)
        case _:
            return ()


def _billed(order: InvoiceOrder) -> Iterable[InvoiceLine | InvoiceService]:
    yield from order.lines
    yield from order.services


def _line(record: Line, order: OrderReference | None) -> Json:
    part: PartId = getattr(record, "part", None) or PartId()
    return {
        **{name: getattr(record, name, None) for name in _LINE_PLAIN},
        "order_id": None if order is None else order.order_id,
        "quantity": number_shown(record.quantity),
        "supplier_part_id": part.supplier_part_id,
        "supplier_part_aux_id": part.supplier_part_aux_id,
        **{name: money_shown(getattr(record, name, None)) for name in _LINE_MONEY},
        "extrinsics": extrinsics_shown(getattr(record, "extrinsics", ())),
        "statuses": [_status(status) for status in getattr(record, "statuses", ())],
    }


def _status(status: ConfirmationStatus) -> Json:
    return {
        "type": status.type,
        "quantity": number_shown(status.quantity),
        "unit": status.unit,
        "confirm_id": status.confirm_id,
        "unit_price": money_shown(status.unit_price),
        "tax": money_shown(status.tax),
        "shipping": money_shown(status.shipping),
        "shipment_date": instant_shown(status.shipment_date),
        "delivery_date": instant_shown(status.delivery_date),
        "error_code": status.error_code,
        "comments": comments_shown(status.comments),
    }
