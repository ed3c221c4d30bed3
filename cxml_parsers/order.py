"""`OrderRequest` as it comes in: an order that Business Central, or anybody else, has written and sent.

Orders of our own are written in `order_request`. What an order of others means here is decided elsewhere.
"""

from dataclasses import replace
from typing import Final

from cxml_parsers import amounts, leaves, parts, prose
from cxml_parsers.amounts import Priced
from cxml_parsers.rules import Into, Leaf, Many, One
from cxml_parsers.shapes import Shape
from punchout.model.order_documents import (
    Distribution,
    Location,
    OrderRequest,
    OrderRequestLine,
    Payment,
    PaymentId,
    Segment,
)

KIND: Final = "OrderRequest"

_POSTAL: Final = Shape(
    children={
        "DeliverTo": prose.prose("deliver_to", "many"),
        "Street": prose.prose("street", "many"),
        "City": prose.prose("city"),
        "State": prose.prose("state"),
        "PostalCode": prose.prose("post_code"),
        "Country": Leaf("country_name", attributes={"isoCountryCode": ("country", leaves.string)}),
    }
)
_ADDRESS: Final = Shape(
    attributes={
        "isoCountryCode": ("address_country", leaves.string),
        "addressID": ("address_id", leaves.identifier),
    },
    children={
        "Name": prose.prose("name"),
        "PostalAddress": Into(_POSTAL),
        "Email": Leaf("email", may_repeat="first"),
    },
)
_LOCATION: Final = Shape(record=Location, children={"Address": Into(_ADDRESS)})
_SEGMENT: Final = Shape(
    record=Segment,
    attributes={
        "type": ("type", leaves.string),
        "id": ("id", leaves.identifier),
        "description": ("description", leaves.string),
    },
    # An AccountingSegment says by elements what a Segment says by attributes.
    children={"Name": Leaf("type"), "Description": replace(prose.DESCRIPTION, may_repeat=None)},
)
_ACCOUNTING: Final = Shape(
    attributes={"name": ("name", leaves.string)},
    children={"Segment": Many("segments", _SEGMENT), "AccountingSegment": Many("segments", _SEGMENT)},
)
_DISTRIBUTION: Final = Shape(
    record=Distribution,
    children={"Accounting": Into(_ACCOUNTING), "Charge": Priced("charge")},
    expected={"charge": "Charge"},
)
_LINE: Final = Shape(
    record=OrderRequestLine,
    attributes={
        "quantity": ("quantity", leaves.decimal),
        "lineNumber": ("line_number", leaves.integer),
        "requestedDeliveryDate": ("requested_delivery", leaves.optional_moment),
        "requisitionID": ("requisition_id", leaves.identifier),
    },
    children={
        "ItemID": parts.PART,
        "ItemDetail": Into(parts.DETAIL),
        "ShipTo": One("ship_to", _LOCATION),
        "Shipping": amounts.SHIPPING,
        "Tax": amounts.TAX,
        "Distribution": Many("distributions", _DISTRIBUTION),
        "Comments": prose.COMMENTS,
    },
    required={"quantity": "@quantity"},
    expected={"line_number": "@lineNumber", "part": "ItemID", "unit_price": "ItemDetail/UnitPrice"},
    defaults={"part": parts.NO_PART},
)
_PAYMENT: Final = Shape(
    record=Payment,
    attributes={"method": ("method", leaves.string), "provider": ("provider", leaves.string)},
    children={
        "Money": replace(amounts.MONEY, to="amount"),
        "IdReference": Many(
            "ids",
            Shape(
                record=PaymentId,
                attributes={"domain": ("domain", leaves.string), "identifier": ("identifier", leaves.identifier)},
            ),
        ),
        "Extrinsic": prose.EXTRINSICS,
    },
)
_HEADER: Final = Shape(
    attributes={
        "orderID": ("order_id", leaves.identifier),
        "orderDate": ("order_date", leaves.moment),
        "type": ("type", leaves.choice(("new", "update", "delete"), default="new")),
        "orderType": ("order_type", leaves.string),
        "orderVersion": ("order_version", leaves.integer),
        "requisitionID": ("requisition_id", leaves.identifier),
        "requestedDeliveryDate": ("requested_delivery", leaves.optional_moment),
    },
    children={
        "Payment": Into(Shape(children={"PaymentReference": Many("payments", _PAYMENT)})),
        "Total": Priced("total"),
        "ShipTo": One("ship_to", _LOCATION),
        "BillTo": One("bill_to", _LOCATION),
        "Shipping": amounts.SHIPPING,
        "Tax": amounts.TAX,
        "Comments": prose.COMMENTS,
        **parts.document_reference("previous_payload_id"),
        "Extrinsic": prose.EXTRINSICS,
    },
)
SHAPE: Final = Shape(
    record=OrderRequest,
    children={"OrderRequestHeader": Into(_HEADER), "ItemOut": Many("lines", _LINE)},
    required={"order_id": "OrderRequestHeader/@orderID", "order_date": "OrderRequestHeader/@orderDate"},
    expected={"total": "OrderRequestHeader/Total", "bill_to": "OrderRequestHeader/BillTo", "lines": "ItemOut"},
    defaults={"type": "new"},
)
