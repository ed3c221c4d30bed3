"""The carts of the stand-in Amazon (PunchOutOrderMessage), in Amazon's shape.

Items have no lineNumber; the auxiliary id carries the cart session and the item's number, and must come back in the
order. Other documents are in `documents`.
"""

from decimal import Decimal

from punchout.sandbox import cxml
from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.cxml import Element, Parties, money, node
from punchout.sandbox.plan import Request


def cart(catalogue: Catalogue, request: Request, parties: Parties) -> bytes:
    """Write the cart of a request. Its Total holds the goods alone; shipping and tax stand beside it."""
    key = f"{request.number}/cart"
    moment = catalogue.moment(request.cart or 1, key)
    lines = range(1, len(request.lines) + 1)
    goods = sum((catalogue.price(request, line) * request.lines[line - 1] for line in lines), Decimal())
    header = node(
        "PunchOutOrderMessageHeader",
        money("Total", goods),
        money("Shipping", Decimal("2.99"), "Shipping"),
        money("Tax", goods * Decimal("0.08"), "Tax"),
        operationAllowed="create",
    )
    cookie = node("BuyerCookie", catalogue.ids.buyer_cookie(request.number))
    body = node("PunchOutOrderMessage", cookie, header, *(_item(catalogue, request, line) for line in lines))
    payload = catalogue.ids.payload(key, moment)
    stamp = cxml.stamp(moment, "zulu")
    return cxml.document(cxml.message(body, parties), parties, payload, stamp, module="cXML")


def _item(catalogue: Catalogue, request: Request, line: int) -> Element:
    other_seller = catalogue.ids.number(2, "seller", request.number, line)
    item_id = node(
        "ItemID",
        node("SupplierPartID", catalogue.part(request, line)),
        node("SupplierPartAuxiliaryID", catalogue.auxiliary(request, line)),
    )
    detail = node(
        "ItemDetail",
        money("UnitPrice", catalogue.price(request, line)),
        node("Description", catalogue.title(request, line), lang="en-US"),
        node("UnitOfMeasure", "EA"),
        node("Classification", "44121704", domain="UNSPSC"),
        node("Extrinsic", "Example Office & Co" if other_seller else "Amazon.com", name="soldBy"),
        node("Extrinsic", "Amazon", name="fulfilledBy"),
        node("Extrinsic", "OFFICE_PRODUCTS", name="category"),
    )
    return node("ItemIn", item_id, detail, quantity=str(request.lines[line - 1]))
