"""`PunchOutOrderMessage`: the cart that comes back from a punchout session.

Carts carry no line numbers that could be trusted; a line is its position. What a cart means for a request is decided
in `punchout.reconciliation`.
"""

from typing import Final

from cxml_parsers import amounts, leaves, parts, prose
from cxml_parsers.amounts import Priced
from cxml_parsers.rules import Into, Leaf, Many
from cxml_parsers.shapes import Shape
from punchout.model.documents import Cart, CartLine
from punchout.model.values import PartId

KIND: Final = "PunchOutOrderMessage"

_DETAIL: Final = Shape(children={**parts.DETAIL.children, "LeadTime": prose.prose("lead_time")})
_LINE: Final = Shape(
    record=CartLine,
    attributes={
        "quantity": ("quantity", leaves.decimal),
        "lineNumber": ("line_number", leaves.integer),
        "parentLineNumber": ("parent_line_number", leaves.integer),
        "itemType": ("item_type", leaves.string),
        "openQuantity": ("open_quantity", leaves.decimal),
        "promisedQuantity": ("promised_quantity", leaves.decimal),
    },
    children={
        "ItemID": parts.PART,
        "ItemDetail": Into(_DETAIL),
        "Shipping": amounts.SHIPPING,
        "Tax": amounts.TAX,
        "Comments": prose.COMMENTS,
        "Extrinsic": prose.EXTRINSICS,
    },
    required={"quantity": "@quantity"},
    expected={
        "part": "ItemID",
        "unit_price": "ItemDetail/UnitPrice",
        "description": "ItemDetail/Description",
        "unit": "ItemDetail/UnitOfMeasure",
        "classification": "ItemDetail/Classification",
    },
    defaults={"part": PartId()},
)
_HEADER: Final = Shape(
    attributes={
        "operationAllowed": ("operation_allowed", leaves.hint(("create", "inspect", "edit", "source"))),
        "quoteStatus": ("quote_status", leaves.hint(("pending", "final"))),
    },
    children={
        "Total": Priced("total"),
        "Shipping": amounts.SHIPPING,
        "Tax": amounts.TAX,
        "SupplierOrderInfo": Into(
            Shape(
                attributes={
                    "orderID": ("supplier_order_id", leaves.identifier),
                    "orderDate": ("supplier_order_date", leaves.optional_moment),
                }
            )
        ),
        "Comments": prose.COMMENTS,
        "Extrinsic": prose.EXTRINSICS,
    },
)
SHAPE: Final = Shape(
    record=Cart,
    children={
        "BuyerCookie": Leaf("buyer_cookie", leaves.identifier),
        "PunchOutOrderMessageHeader": Into(_HEADER),
        "ItemIn": Many("lines", _LINE),
    },
    expected={"buyer_cookie": "BuyerCookie", "total": "PunchOutOrderMessageHeader/Total"},
)
