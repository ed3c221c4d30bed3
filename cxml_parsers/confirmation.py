"""`ConfirmationRequest`: what the supplier says will happen to an order's lines.

The header's type alone decides little: genuine senders write `detail` for normal, changed and rejected orders. What
the statuses add up to is decided in `punchout.reconciliation`.
"""

from dataclasses import replace
from typing import Final

from cxml_parsers import amounts, leaves, parts, prose
from cxml_parsers.amounts import Priced
from cxml_parsers.rules import Into, Leaf, Many, One
from cxml_parsers.shapes import Shape
from punchout.model.documents import Confirmation, ConfirmationItem, ConfirmationStatus

KIND: Final = "ConfirmationRequest"

# DTD, ConfirmationHeader/@type and ConfirmationStatus/@type.
_TYPES = ("accept", "allDetail", "detail", "backordered", "except", "reject", "requestToPay", "replace")
_STATUS_TYPES = ("accept", "allDetail", "detail", "backordered", "reject", "unknown", "requestToPay")

# What comes instead: an ItemIn of its own, of which the price, unit and quantity matter.
_SUBSTITUTE: Final = Shape(
    attributes={"quantity": ("substitute_quantity", leaves.decimal)},
    children={
        "ItemID": One("substitute", parts.SUBSTITUTE_ID),
        "ItemDetail": Into(
            Shape(
                children={
                    "UnitPrice": Priced("substitute_price"),
                    "Description": replace(prose.DESCRIPTION, to="substitute_description"),
                    "UnitOfMeasure": Leaf("substitute_unit"),
                }
            )
        ),
    },
)
_STATUS: Final = Shape(
    record=ConfirmationStatus,
    attributes={
        "quantity": ("quantity", leaves.decimal),
        "type": ("type", leaves.choice(_STATUS_TYPES)),
        "shipmentDate": ("shipment_date", leaves.optional_moment),
        "deliveryDate": ("delivery_date", leaves.optional_moment),
    },
    children={
        "UnitOfMeasure": Leaf("unit"),
        "ItemIn": Into(_SUBSTITUTE),
        "UnitPrice": Priced("unit_price"),
        "Tax": amounts.TAX,
        "Shipping": amounts.SHIPPING,
        "Comments": prose.COMMENTS,
        "Extrinsic": prose.EXTRINSICS,
    },
    required={"type": "@type", "quantity": "@quantity"},
    expected={"unit": "UnitOfMeasure"},
    derived={
        "confirm_id": ("comments", prose.text_of_type("confirmID")),
        "error_code": ("comments", prose.error_code_of_type("LineItemErrorCode")),
        "substitute": ("substitute", parts.named),
    },
)
_ITEM: Final = Shape(
    record=ConfirmationItem,
    attributes={"quantity": ("quantity", leaves.decimal), "lineNumber": ("line_number", leaves.integer)},
    children={
        "UnitOfMeasure": Leaf("unit"),
        "ItemID": parts.PART,
        "ConfirmationStatus": Many("statuses", _STATUS),
    },
    required={"quantity": "@quantity"},
    expected={"line_number": "@lineNumber", "unit": "UnitOfMeasure", "statuses": "ConfirmationStatus"},
)
_HEADER: Final = Shape(
    attributes={
        "confirmID": ("confirm_id", leaves.identifier),
        "invoiceID": ("invoice_id", leaves.identifier),
        "type": ("type", leaves.choice(_TYPES)),
        "operation": ("operation", leaves.choice(("new", "update"), default="new")),
        "noticeDate": ("notice", leaves.moment),
    },
    children={
        **parts.document_reference("previous_payload_id"),
        "Total": Priced("total"),
        "Shipping": amounts.SHIPPING,
        "Tax": amounts.TAX,
        "Comments": prose.COMMENTS,
        "Extrinsic": prose.EXTRINSICS,
    },
)
SHAPE: Final = Shape(
    record=Confirmation,
    children={
        "ConfirmationHeader": Into(_HEADER),
        "OrderReference": parts.ORDER,
        "ConfirmationItem": Many("items", _ITEM),
    },
    required={"type": "ConfirmationHeader/@type", "notice": "ConfirmationHeader/@noticeDate"},
    expected={"order": "OrderReference"},
    defaults={"operation": "new", "order": parts.NO_ORDER},
    derived={"error_code": ("comments", prose.error_code_of_type("OrderErrorCode"))},
)
