"""The sending of orders by the stand-in Business Central: its OrderRequests, and the copies of them that we get.

It writes them from its own tables, so what an update of ours spoilt there is ordered spoilt. Its payloadIDs and line
numbers are its own. Whether it sends at all is a setting of the script.
"""

from dataclasses import dataclass
from decimal import Decimal

from punchout.sandbox import cxml
from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.cxml import Element, Parties, money, node
from punchout.sandbox.orders import OrderDoor
from punchout.sandbox.plan import Request
from punchout.sandbox.rewriting import rewritten
from punchout.sandbox.state import BcLine, BcOrder, BcOrderLine, BcRequest, OrderCopy, State

_AGENT = "Dynamics 365 Business Central"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchasing:
    """Business Central's purchasing: it hands its orders to `door`."""

    catalogue: Catalogue
    parties: Parties
    door: OrderDoor

    def send(self, state: State, round_number: int) -> None:
        """Send every order whose purchase order is new in this round; nothing where the orders are ours to send."""
        script = self.catalogue.script
        sent = {order["orderID"] for order in state["placed"]}
        for request in script.requests if script.sent_by == "bc" else ():
            order = state["orders"].get(request.order)
            if order is None or request.order in sent:
                continue
            body = self._document(request, order, state["requests"][request.number])
            self.door.place(body, state)
            if request.copied is not None:
                state["copies"] += _copies(request, body, round_number + request.copied)

    def _document(self, request: Request, order: BcOrder, row: BcRequest) -> bytes:
        moment = self.catalogue.script.sent_at(request)
        stamp = cxml.stamp(moment or self.catalogue.script.instant(1), "pacific")
        lines = order["purchaseOrderLines"]
        total = sum((Decimal(line["quantity"]) * Decimal(line["directUnitCost"]) for line in lines), Decimal())
        header = node(
            "OrderRequestHeader",
            money("Total", total),
            node("ShipTo", _address(order)),
            node("BillTo", _address(order)),
            orderID=order["number"],
            orderDate=stamp,
            type="new",
        )
        if row["requesterEmail"]:
            header.append(node("Extrinsic", row["requesterEmail"], name="UserEmail"))
        asked = {line["lineNumber"]: line for line in row["lines"]}
        items = [_item(number, line, asked[line["punchoutLineNumber"]]) for number, line in _numbered(request, lines)]
        body = cxml.request(node("OrderRequest", header, *items), self.parties)
        payload = f"{self.catalogue.ids.guid('order request', request.order)}@bc.contoso.example"
        return cxml.order_document(body, self.parties, _AGENT, payload, stamp)


def _copies(request: Request, body: bytes, due: int) -> list[OrderCopy]:
    """Return the copy that comes to us, and the same again a round later, as it is or in other bytes."""
    bodies = [body, *([] if request.again is None else [body if request.again == "twice" else rewritten(body)])]
    return [
        OrderCopy(round=due + later, orderID=request.order, document=one.decode()) for later, one in enumerate(bodies)
    ]


def _numbered(request: Request, lines: list[BcOrderLine]) -> list[tuple[int, BcOrderLine]]:
    """Return the lines of a purchase order as its OrderRequest lists and numbers them."""
    if request.numbering == "sequence":
        return [(line["sequence"], line) for line in lines]
    return list(enumerate(reversed(lines) if request.numbering == "backwards" else lines, 1))


def _address(order: BcOrder) -> Element:
    street = [node("Street", line) for line in (order["shipToAddressLine1"], order["shipToAddressLine2"]) if line]
    postal = node(
        "PostalAddress",
        node("DeliverTo", order["shipToContact"]),
        *street,
        node("City", order["shipToCity"]),
        node("State", order["shipToState"]),
        node("PostalCode", order["shipToPostCode"]),
        node("Country", order["shipToCountry"], isoCountryCode=order["shipToCountry"]),
    )
    name = node("Name", order["shipToName"], lang="en-US")
    return node("Address", name, postal, isoCountryCode=order["shipToCountry"])


def _item(number: int, line: BcOrderLine, asked: BcLine) -> Element:
    """Make an ItemOut; the part stands on the request's line, for the purchase order's names an account."""
    item_id = node("ItemID", node("SupplierPartID", asked["supplierPartId"]))
    if asked["supplierPartAuxiliaryId"]:
        item_id.append(node("SupplierPartAuxiliaryID", asked["supplierPartAuxiliaryId"]))
    detail = node(
        "ItemDetail",
        money("UnitPrice", Decimal(line["directUnitCost"])),
        node("Description", line["description"], lang="en-US"),
        node("UnitOfMeasure", line["unitOfMeasureCode"]),
        node("Classification", "44121704", domain="UNSPSC"),
    )
    return node("ItemOut", item_id, detail, quantity=line["quantity"], lineNumber=str(number))
