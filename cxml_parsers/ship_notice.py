"""`ShipNoticeRequest`: one shipment, with a portion for each order that it serves.

A portion without items means the whole order (DTD, ShipNoticePortion); it is read as it stands, and expanded in
`punchout.reconciliation`.
"""

from typing import Final

from cxml_parsers import leaves, parts, prose
from cxml_parsers.leaves import Read
from cxml_parsers.rules import Into, Leaf, Many
from cxml_parsers.scan import Head, Scan
from cxml_parsers.shapes import Shape, Site
from punchout.model.documents import Carrier, ShipItem, ShipNotice, ShipPortion

KIND: Final = "ShipNoticeRequest"


def _carrier_reader(_site: Site, head: Head) -> Read:
    domain = dict(head.attributes).get("domain")

    def read(scan: Scan, index: int, place: str | None, text: str) -> Carrier | None:
        name = leaves.string(scan, index, place, text)
        if name is None:
            return None
        return Carrier(None if domain is None else leaves.string(scan, index, "@domain", domain), name)

    return read


_CONTROL: Final = Shape(
    children={
        "CarrierIdentifier": Leaf("carriers", read_of=_carrier_reader, known=("domain",), may_repeat="many"),
        "ShipmentIdentifier": Leaf("tracking", leaves.identifier, may_repeat="many"),
        "PackageIdentification": Into(
            Shape(
                attributes={
                    "rangeBegin": ("packages_from", leaves.string),
                    "rangeEnd": ("packages_to", leaves.string),
                }
            )
        ),
        "Comments": prose.COMMENTS,
        "Extrinsic": prose.EXTRINSICS,
    }
)
_ITEM: Final = Shape(
    record=ShipItem,
    attributes={
        "quantity": ("quantity", leaves.decimal),
        "lineNumber": ("line_number", leaves.integer),
        "shipNoticeLineNumber": ("ship_notice_line_number", leaves.integer),
    },
    children={
        "ItemID": parts.PART,
        "UnitOfMeasure": Leaf("unit"),
        "ShipNoticeItemDetail": Into(Shape(children={"Description": prose.DESCRIPTION})),
        "Extrinsic": prose.EXTRINSICS,
    },
    required={"quantity": "@quantity"},
    expected={"line_number": "@lineNumber", "unit": "UnitOfMeasure"},
)
_PORTION: Final = Shape(
    record=ShipPortion,
    children={
        "OrderReference": parts.ORDER,
        "Comments": prose.COMMENTS,
        "Extrinsic": prose.EXTRINSICS,
        "ShipNoticeItem": Many("items", _ITEM),
    },
    expected={"order": "OrderReference"},
    defaults={"order": parts.NO_ORDER},
)
_HEADER: Final = Shape(
    attributes={
        "shipmentID": ("shipment_id", leaves.identifier),
        "operation": ("operation", leaves.choice(("new", "update", "delete"), default="new")),
        "noticeDate": ("notice", leaves.moment),
        "shipmentDate": ("shipment_date", leaves.optional_moment),
        "deliveryDate": ("delivery_date", leaves.optional_moment),
        "fulfillmentType": ("fulfillment_type", leaves.string),
        "shipmentType": ("type", leaves.hint(("actual", "planned"))),
        "reason": ("reason", leaves.hint(("return",))),
    },
    children={
        **parts.document_reference("previous_payload_id"),
        "ServiceLevel": prose.prose("service_level", "first"),
        "Comments": prose.COMMENTS,
        "Extrinsic": prose.EXTRINSICS,
        # DTD: ShipControl stands beside the portions; some senders put it into the header.
        "ShipControl": Into(_CONTROL, remark="belongs beside ShipNoticeHeader, not into it"),
    },
)
SHAPE: Final = Shape(
    record=ShipNotice,
    children={
        "ShipNoticeHeader": Into(_HEADER),
        "ShipControl": Into(_CONTROL),
        "ShipNoticePortion": Many("portions", _PORTION),
    },
    expected={
        "shipment_id": "ShipNoticeHeader/@shipmentID",
        "notice": "ShipNoticeHeader/@noticeDate",
        "portions": "ShipNoticePortion",
    },
    defaults={"operation": "new"},
)
