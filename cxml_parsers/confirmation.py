"""`ConfirmationRequest`: what the supplier says will happen to an order's lines.

The header's type alone decides little: genuine senders write `detail` for normal, changed and rejected orders. What
the statuses add up to is decided in `punchout.reconciliation`.
"""

from typing import Final

from cxml_parsers import leaves, parts
from cxml_parsers.places import Element
from cxml_parsers.walk import Reading, Shape, into, many, numbered, one, take
from punchout.model.documents import Confirmation, ConfirmationItem, ConfirmationStatus
from punchout.model.values import PartId

KIND: Final = "ConfirmationRequest"

# DTD, ConfirmationHeader/@type and ConfirmationStatus/@type.
_TYPES = ("accept", "allDetail", "detail", "backordered", "except", "reject", "requestToPay", "replace")
_STATUS_TYPES = ("accept", "allDetail", "detail", "backordered", "reject", "unknown", "requestToPay")


def read(reading: Reading, element: Element, path: str) -> Confirmation:
    """Read a confirmation.

    Raises:
        Refused: type, notice date or a quantity is missing, or a value cannot be read.
    """
    values = parts.with_order(reading, element, take(reading, element, _CONFIRMATION, path), "OrderReference")
    comments = values.get("comments", ())
    defaults = {"confirm_id": None, "operation": "new", "error_code": parts.error_code(comments, "OrderErrorCode")}
    return Confirmation(**{**defaults, **values})


def _item(reading: Reading, element: Element, path: str, ordinal: int) -> ConfirmationItem:
    values = take(reading, element, _ITEM, path)
    return ConfirmationItem(ordinal=ordinal, **{"line_number": None, **values})


def _status(reading: Reading, element: Element, path: str, ordinal: int) -> ConfirmationStatus:
    values = take(reading, element, _STATUS, path)
    comments = values.get("comments", ())
    return ConfirmationStatus(
        ordinal=ordinal,
        confirm_id=parts.comment_of_type(comments, "confirmID"),
        error_code=parts.error_code(comments, "LineItemErrorCode"),
        **values,
    )


def _substitute(reading: Reading, element: Element, path: str) -> PartId | None:
    """Read `ItemIn` inside a status: the part that comes instead."""
    part: PartId | None = take(reading, element, _SUBSTITUTE, path).get("part")
    return part


_SUBSTITUTE = Shape(children={"ItemID": one("part", parts.item_id)})
_STATUS = Shape(
    attributes={
        "quantity": ("quantity", leaves.decimal),
        "type": ("type", leaves.choice(_STATUS_TYPES)),
        "shipmentDate": ("shipment_date", leaves.moment),
        "deliveryDate": ("delivery_date", leaves.moment),
    },
    children={
        "UnitOfMeasure": one("unit", leaves.text),
        "ItemIn": one("substitute", _substitute),
        "UnitPrice": one("unit_price", parts.priced),
        "Tax": one("tax", parts.taxed),
        "Shipping": one("shipping", parts.priced),
        "Comments": many("comments", parts.comment),
    },
    required={"type": "@type", "quantity": "@quantity"},
    expected={"unit": "UnitOfMeasure"},
)
_ITEM = Shape(
    attributes={"quantity": ("quantity", leaves.decimal), "lineNumber": ("line_number", leaves.integer)},
    children={
        "UnitOfMeasure": one("unit", leaves.text),
        "ItemID": one("part", parts.item_id),
        "ConfirmationStatus": numbered("statuses", _status),
    },
    required={"quantity": "@quantity"},
    expected={"line_number": "@lineNumber", "unit": "UnitOfMeasure", "statuses": "ConfirmationStatus"},
)
_HEADER = Shape(
    attributes={
        "confirmID": ("confirm_id", leaves.identifier),
        "type": ("type", leaves.choice(_TYPES)),
        "operation": ("operation", leaves.choice(("new", "update"), default="new")),
        "noticeDate": ("notice", leaves.moment),
    },
    children={
        "DocumentReference": one("previous_payload_id", parts.document_reference),
        "Total": one("total", parts.priced),
        "Shipping": one("shipping", parts.priced),
        "Tax": one("tax", parts.taxed),
        "Comments": many("comments", parts.comment),
        "Extrinsic": many("extrinsics", parts.extrinsic),
    },
)
_CONFIRMATION = Shape(
    children={
        "ConfirmationHeader": into(_HEADER),
        "OrderReference": one("order", parts.order_reference),
        "ConfirmationItem": numbered("items", _item),
    },
    required={"type": "ConfirmationHeader/@type", "notice": "ConfirmationHeader/@noticeDate"},
)
