"""`PunchOutOrderMessage`: the cart that comes back from a punchout session.

Carts carry no line numbers that could be trusted; a line is its position. What a cart means for a request is decided
in `punchout.reconciliation`.
"""

from typing import Final

from cxml_parsers import leaves, parts
from cxml_parsers.places import Element
from cxml_parsers.walk import Reading, Shape, Values, first, into, many, numbered, one, take
from punchout.model.documents import Cart, CartLine
from punchout.model.values import PartId

KIND: Final = "PunchOutOrderMessage"


def read(reading: Reading, element: Element, path: str) -> Cart:
    """Read a cart.

    Raises:
        Refused: a quantity is missing, or a number, price or currency cannot be read.
    """
    values = take(reading, element, _CART, path)
    return Cart(**{"buyer_cookie": None, **values})


def _line(reading: Reading, element: Element, path: str, ordinal: int) -> CartLine:
    values = take(reading, element, _LINE, path)
    if values.get("part") is None:
        values["part"] = PartId()
    return CartLine(ordinal=ordinal, **values)


def _classification(reading: Reading, element: Element, path: str, values: Values) -> None:
    if values.get("classification") is not None:
        reading.skip(element, path)
        return
    values["classification"] = leaves.text(reading, element, path, ("domain",))
    values["classification_domain"] = leaves.string(reading, element, "domain")


_DETAIL = Shape(
    children={
        "UnitPrice": one("unit_price", parts.priced),
        "Description": first("description", parts.description),
        "UnitOfMeasure": one("unit", leaves.text),
        "Classification": _classification,
        "ManufacturerPartID": one("manufacturer_part_id", leaves.text),
        "ManufacturerName": one("manufacturer_name", leaves.text),
        "Extrinsic": many("extrinsics", parts.extrinsic),
    }
)
_LINE = Shape(
    attributes={"quantity": ("quantity", leaves.decimal), "lineNumber": ("line_number", leaves.integer)},
    children={
        "ItemID": one("part", parts.item_id),
        "ItemDetail": into(_DETAIL),
        "Shipping": one("shipping", parts.priced),
        "Tax": one("tax", parts.taxed),
        "Comments": many("comments", parts.comment),
        "Extrinsic": many("extrinsics", parts.extrinsic),
    },
    required={"quantity": "@quantity"},
    expected={
        "part": "ItemID",
        "unit_price": "ItemDetail/UnitPrice",
        "description": "ItemDetail/Description",
        "unit": "ItemDetail/UnitOfMeasure",
        "classification": "ItemDetail/Classification",
    },
)
_HEADER = Shape(
    attributes={
        "operationAllowed": ("operation_allowed", leaves.hint(("create", "inspect", "edit", "source"))),
        "quoteStatus": ("quote_status", leaves.hint(("pending", "final"))),
    },
    children={
        "Total": one("total", parts.priced),
        "Shipping": one("shipping", parts.priced),
        "Tax": one("tax", parts.taxed),
        "Comments": many("comments", parts.comment),
        "Extrinsic": many("extrinsics", parts.extrinsic),
    },
)
_CART = Shape(
    children={
        "BuyerCookie": one("buyer_cookie", leaves.identifying_text),
        "PunchOutOrderMessageHeader": into(_HEADER),
        "ItemIn": numbered("lines", _line),
    },
    expected={"buyer_cookie": "BuyerCookie", "total": "PunchOutOrderMessageHeader/Total"},
)
