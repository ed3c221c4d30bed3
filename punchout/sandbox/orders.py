"""The order door of the stand-in Amazon: an OrderRequest in, a cXML Response out.

It checks the credential, the mode, and the items against the cart it sent. It remembers an order before it answers,
so that a reply can be lost. It changes the state it is given; saving that is its caller's business.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lxml import etree

from punchout.sandbox import cxml
from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.credentials import is_authentic, parsed, text_of
from punchout.sandbox.cxml import Element, Parties
from punchout.sandbox.plan import Request
from punchout.sandbox.state import ReceivedLine, ReceivedOrder, State

_OK, _BAD, _UNAUTHORISED, _ERROR = 200, 400, 401, 500
_PROCESSED = "PO Number: {} has already been processed."
_TEXTS = {_OK: "OK", _BAD: "Bad Request", _UNAUTHORISED: "Unauthorized", _ERROR: "Internal Server Error"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back; `body` None drops the connection without a reply."""

    code: int
    body: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDoor:
    """Takes OrderRequests. `secret` is the buyer's SharedSecret; None takes any that is not empty."""

    catalogue: Catalogue
    parties: Parties
    secret: str | None

    def receive(self, body: bytes, state: State) -> Answer:
        """Take one POST, record it in the state, and say what to answer."""
        root = parsed(body)
        if root is None:
            return self._answer(_BAD, "The document cannot be parsed", state)
        if not is_authentic(root, self.parties.buyer, self.secret):
            return self._answer(_UNAUTHORISED, "The credential is not known", state)
        header = root.find("Request/OrderRequest/OrderRequestHeader")
        if root.tag != "cXML" or header is None:
            return self._answer(_BAD, "Not an OrderRequest", state)
        payload, order_id = root.get("payloadID", ""), header.get("orderID", "")
        for earlier in state["received"]:
            if earlier["payloadID"] == payload:
                earlier["receipts"] += 1
                return self._answer(earlier["code"], "Received before", state)
            if earlier["orderID"] == order_id and earlier["taken"]:
                return self._answer(_ERROR, _PROCESSED.format(order_id), state)
        return self._first_receipt(root, header, state)

    def place(self, body: bytes, state: State) -> None:
        """Take an order of Business Central's, which has a door of its own, and record whether it was taken."""
        root = etree.fromstring(body)
        header = root.find("Request/OrderRequest/OrderRequestHeader")
        request = self._request(header)
        problem = "Not an OrderRequest" if header is None else self._problem(root, header, request)
        code = _BAD if problem else _OK
        state["placed"].append(_recorded(root, code=code, taken=not problem))

    def _request(self, header: Element | None) -> Request | None:
        order_id = "" if header is None else header.get("orderID", "")
        return next((item for item in self.catalogue.script.requests if item.order == order_id), None)

    def _first_receipt(self, root: Element, header: Element, state: State) -> Answer:
        order_id = header.get("orderID", "")
        request = self._request(header)
        problem = self._problem(root, header, request)
        if not problem and request is not None and request.answer == "refuse":
            problem = "The account may not place this order"
        elsewhere = any(order["orderID"] == order_id and order["taken"] for order in state["placed"])
        answer = None if problem or request is None else "already" if elsewhere else request.answer
        code, detail = (_BAD, problem or "") if problem else (_OK, "")
        if answer == "already":  # it has the order all the same
            code, detail = _ERROR, _PROCESSED.format(order_id)
        state["received"].append(_recorded(root, code=code, taken=not problem and not elsewhere))
        return Answer(code=code, body=None) if answer == "drop" else self._answer(code, detail, state)

    def _problem(self, root: Element, header: Element, request: Request | None) -> str | None:
        """Return why an order cannot be taken, or None."""
        mode = root.find("Request").get("deploymentMode", "production")  # type: ignore[union-attr]
        if mode != self.parties.mode:
            return f"deploymentMode is {mode}, not {self.parties.mode}"
        if not root.get("payloadID") or header.get("type", "new") != "new":
            return "Only new orders with a payloadID are taken"
        if header.find("ShipTo") is None or header.find("BillTo") is None:
            return "ShipTo or BillTo is missing"
        if request is None:
            return "No cart belongs to this order"
        return self._item_problem(root, request)

    def _item_problem(self, root: Element, request: Request) -> str | None:
        """Compare the items with the cart: same parts, quantities and prices, and a line number of their own."""
        items = root.findall("Request/OrderRequest/ItemOut")
        numbers = [item.get("lineNumber", "") for item in items]
        if not all(numbers) or len(set(numbers)) != len(numbers):
            return "Every item needs a lineNumber of its own"
        if sorted(map(_item_key, items)) != sorted(self._cart_keys(request)):
            return "The items differ from the cart [018-000]"
        return None

    def _cart_keys(self, request: Request) -> list[tuple[str, str, Decimal, Decimal]]:
        shop = self.catalogue
        return [
            (shop.part(request, line), shop.auxiliary(request, line), Decimal(quantity), shop.price(request, line))
            for line, quantity in enumerate(request.lines, 1)
        ]

    def _answer(self, code: int, detail: str, state: State) -> Answer:
        instant = self.catalogue.script.rounds[max(state["round"], 1) - 1]
        payload = f"{len(state['received'])}.{state['round']}.response@amazon.example"
        return Answer(code=code, body=cxml.response(code, _TEXTS[code], detail, payload, instant))


def _recorded(root: Element, *, code: int, taken: bool) -> ReceivedOrder:
    header = root.find("Request/OrderRequest/OrderRequestHeader")
    return ReceivedOrder(
        payloadID=root.get("payloadID", ""),
        orderID="" if header is None else header.get("orderID", ""),
        orderDate="" if header is None else header.get("orderDate", ""),
        code=code,
        taken=taken,
        receipts=1,
        lines=_lines(root),
    )


def _lines(root: Element) -> list[ReceivedLine]:
    return [
        ReceivedLine(
            lineNumber=item.get("lineNumber", ""),
            supplierPartId=text_of(item.find("ItemID/SupplierPartID")),
            supplierPartAuxiliaryId=text_of(item.find("ItemID/SupplierPartAuxiliaryID")),
        )
        for item in root.iterfind("Request/OrderRequest/ItemOut")
    ]


def _item_key(item: Element) -> tuple[str, str, Decimal, Decimal]:
    return (
        text_of(item.find("ItemID/SupplierPartID")),
        text_of(item.find("ItemID/SupplierPartAuxiliaryID")),
        _number(item.get("quantity", "")),
        _number(text_of(item.find("ItemDetail/UnitPrice/Money"))),
    )


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Decimal(-1)
    return number if number.is_finite() else Decimal(-1)
