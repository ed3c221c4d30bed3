"""`ShipNoticeRequest`: one shipment, with a portion for each order that it serves.

A portion without items means the whole order (DTD, ShipNoticePortion); it is read as it stands, and expanded in
`punchout.reconciliation`.
"""

from typing import Final

from cxml_parsers import leaves, parts
from cxml_parsers.places import Element
from cxml_parsers.walk import Reading, Shape, Values, into, many, numbered, one, take
from punchout.model.documents import Carrier, ShipItem, ShipNotice, ShipPortion

KIND: Final = "ShipNoticeRequest"


def read(reading: Reading, element: Element, path: str) -> ShipNotice:
    """Read a ship notice.

    Raises:
        Refused: an item's quantity is missing, or a value cannot be read.
    """
    values = take(reading, element, _SHIP_NOTICE, path)
    return ShipNotice(**{"shipment_id": None, "operation": "new", "type": None, "notice": None, **values})


def _portion(reading: Reading, element: Element, path: str, ordinal: int) -> ShipPortion:
    values = take(reading, element, _PORTION, path)
    return ShipPortion(ordinal=ordinal, **parts.with_order(reading, element, values, "OrderReference"))


def _item(reading: Reading, element: Element, path: str, ordinal: int) -> ShipItem:
    return ShipItem(ordinal=ordinal, **{"line_number": None, **take(reading, element, _ITEM, path)})


def _carrier(reading: Reading, element: Element, path: str) -> Carrier | None:
    name = leaves.text(reading, element, path, ("domain",))
    return None if name is None else Carrier(leaves.string(reading, element, "domain"), name)


def _misplaced_control(reading: Reading, element: Element, path: str, values: Values) -> None:
    # DTD: ShipControl stands beside the portions; some senders put it into the header.
    reading.note(element, None, "belongs beside ShipNoticeHeader, not into it")
    _control(reading, element, path, values)


_control = into(
    Shape(
        children={
            "CarrierIdentifier": many("carriers", _carrier),
            "ShipmentIdentifier": many("tracking", leaves.identifying_text),
        }
    )
)
_ITEM = Shape(
    attributes={
        "quantity": ("quantity", leaves.decimal),
        "lineNumber": ("line_number", leaves.integer),
        "shipNoticeLineNumber": ("ship_notice_line_number", leaves.integer),
    },
    children={
        "ItemID": one("part", parts.item_id),
        "UnitOfMeasure": one("unit", leaves.text),
        "Extrinsic": many("extrinsics", parts.extrinsic),
    },
    required={"quantity": "@quantity"},
    expected={"line_number": "@lineNumber", "unit": "UnitOfMeasure"},
)
_PORTION = Shape(
    children={
        "OrderReference": one("order", parts.order_reference),
        "Comments": many("comments", parts.comment),
        "Extrinsic": many("extrinsics", parts.extrinsic),
        "ShipNoticeItem": numbered("items", _item),
    }
)
_HEADER = Shape(
    attributes={
        "shipmentID": ("shipment_id", leaves.identifier),
        "operation": ("operation", leaves.choice(("new", "update", "delete"), default="new")),
        "noticeDate": ("notice", leaves.moment),
        "shipmentDate": ("shipment_date", leaves.moment),
        "deliveryDate": ("delivery_date", leaves.moment),
        "shipmentType": ("type", leaves.hint(("actual", "planned"))),
        "reason": ("reason", leaves.hint(("return",))),
    },
    children={
        "DocumentReference": one("previous_payload_id", parts.document_reference),
        "Comments": many("comments", parts.comment),
        "Extrinsic": many("extrinsics", parts.extrinsic),
        "ShipControl": _misplaced_control,
    },
)
_SHIP_NOTICE = Shape(
    children={
        "ShipNoticeHeader": into(_HEADER),
        "ShipControl": _control,
        "ShipNoticePortion": numbered("portions", _portion),
    },
    expected={
        "shipment_id": "ShipNoticeHeader/@shipmentID",
        "notice": "ShipNoticeHeader/@noticeDate",
        "portions": "ShipNoticePortion",
    },
)
