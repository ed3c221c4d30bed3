"""One purchase from all sides: what Business Central exports of it, and the documents the supplier sends about it.

Everything is small and fits together; a test changes what it is about. Dates lie in March 2026.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from punchout.model.keys import Account, RequestKey
from punchout.model.moments import Micros, parse_moment
from punchout.ordering.identity import payload_id as order_payload_id
from tests.support.bc_exports import ORDER, ORDER_LINE, REQUEST, REQUEST_LINE, Row
from tests.support.deliveries import Delivery, cxml, payload_of

ACCOUNT = Account("CONTOSO", "AMAZON")
HOST = "contoso.example"
SECRET = "canary-7f3a-secret"  # noqa: S105 - planted, to be looked for


@dataclass(frozen=True, slots=True)
class Item:
    """One line: part ids, quantity and price as text."""

    part: str
    aux: str
    quantity: str
    price: str


PENS = Item("B0TEST0001", "135-1,1", "3", "10.00")
STAPLER = Item("0596007973", "135-1,2", "1", "20.00")


def instant(text: str) -> Micros:
    """Give an instant, in March 2026 where only day and time are told: `02T17:00`."""
    full = f"2026-03-{text}:00Z" if len(text) == len("02T17:00") else text
    return parse_moment(full).utc or 0


def stamp(text: str) -> str:
    """Give the text of an instant in March 2026, as documents write it."""
    return f"2026-03-{text}:00+00:00"


def requests_export(*rows: Row, at: str = "02T17:00", scope: str = "delta", name: str = "requests.json") -> Delivery:
    """Give an export of punchout requests."""
    return _export("bc_requests", name, at, scope, rows)


def orders_export(*rows: Row, at: str = "02T17:00", scope: str = "delta", name: str = "orders.json") -> Delivery:
    """Give an export of purchase orders."""
    return _export("bc_orders", name, at, scope, rows)


def _export(content: str, name: str, at: str, scope: str, rows: Iterable[Row]) -> Delivery:
    envelope = {"exportedAt": f"2026-03-{at}:00Z", "scope": scope, "value": list(rows)}
    return Delivery(content, name, json.dumps(envelope).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A punchout request with its session, its purchase order and its items."""

    number: str = "PR0001"
    order_id: str = "106001"
    items: tuple[Item, ...] = (PENS, STAPLER)

    @property
    def cookie(self) -> str:
        """The BuyerCookie of its session."""
        return f"cookie-{self.number}"

    @property
    def key(self) -> RequestKey:
        """Its key in the ledger."""
        return RequestKey(ACCOUNT.company, ACCOUNT.supplier, self.number)

    @property
    def payload_id(self) -> str:
        """The payloadID that our order will have."""
        return order_payload_id(ACCOUNT, "production", self.order_id, 1, HOST)

    # What Business Central exports.

    def row(self, *, modified: str = "02T16:30", **changes: Any) -> Row:  # noqa: ANN401 - any field of the row
        """Give the request's row: released, with lines and purchase order, unless changed."""
        return {
            **REQUEST,
            "number": self.number,
            "buyerCookie": self.cookie,
            "purchaseOrderNumber": self.order_id,
            "lastModifiedDateTime": f"2026-03-{modified}:00Z",
            "lines": [self._request_line(place, item) for place, item in enumerate(self.items, 1)],
            **changes,
        }

    def new_row(self) -> Row:
        """Give the row of a request that was just made: open, without lines and purchase order."""
        blank: Row = {"releasedDateTime": None, "purchaseOrderNumber": None, "lines": []}
        return self.row(modified="02T08:00", status="open", **blank)

    def order_row(self, *, modified: str = "02T16:30", **changes: Any) -> Row:  # noqa: ANN401 - any field of the row
        """Give the purchase order's row: released, made from the request, unless changed."""
        return {
            **ORDER,
            "number": self.order_id,
            "punchoutRequestNumber": self.number,
            "lastModifiedDateTime": f"2026-03-{modified}:00Z",
            "purchaseOrderLines": [self._order_line(place, item) for place, item in enumerate(self.items, 1)],
            **changes,
        }

    def exported(self) -> tuple[Delivery, Delivery]:
        """Give one export of its request and one of its purchase order."""
        names = {"name": f"{self.number}.json"}, {"name": f"{self.order_id}.json"}
        return requests_export(self.row(), **names[0]), orders_export(self.order_row(), **names[1])

    def _request_line(self, place: int, item: Item) -> Row:
        return {
            **REQUEST_LINE,
            "requestNumber": self.number,
            "lineNumber": 10_000 * place,
            "supplierPartId": item.part,
            "supplierPartAuxiliaryId": item.aux,
            "quantity": item.quantity,
            "unitPrice": item.price,
            "invoiceDate": None,
        }

    def _order_line(self, place: int, item: Item) -> Row:
        return {
            **ORDER_LINE,
            "sequence": 10_000 * place,
            "punchoutLineNumber": 10_000 * place,
            "lineType": "Account",
            "lineObjectNumber": "61100",
            "quantity": item.quantity,
            "directUnitCost": item.price,
        }

    # What Business Central sends, where the orders are its own to send.

    def order_request(
        self,
        *,
        ordered: str = "02T17:30",
        operation: str = "new",
        version: int | None = None,
        previous: str | None = None,
        backwards: bool = False,
        sender: str = "ContosoPunchout",
        payload_id: str | None = None,
    ) -> Delivery:
        """Give the copy of an OrderRequest; `backwards` numbers the items from the last to the first."""
        items = "".join(
            f'<ItemOut quantity="{item.quantity}" lineNumber="{place}"><ItemID><SupplierPartID>{item.part}'
            f"</SupplierPartID><SupplierPartAuxiliaryID>{item.aux}</SupplierPartAuxiliaryID></ItemID>"
            f"<ItemDetail>{_money('UnitPrice', item.price)}<Description>Part {item.part}</Description>"
            f"<UnitOfMeasure>EA</UnitOfMeasure></ItemDetail>{_DISTRIBUTION}</ItemOut>"
            for place, item in enumerate(reversed(self.items) if backwards else self.items, 1)
        )
        number = "" if version is None else f'orderVersion="{version}" '
        content = (
            f'<OrderRequest><OrderRequestHeader orderID="{self.order_id}" {number}type="{operation}" '
            f'orderDate="{stamp(ordered)}">{_money("Total", "50.00")}{_PAYMENT}{reference_to(previous)}'
            f"</OrderRequestHeader>{items}</OrderRequest>"
        )
        envelope = {"payload_id": payload_id or f"{operation}-{version or 1}-{self.order_id}@bc.example"}
        return self._document("Request", f"order-{operation}-{version or 1}", content, {**envelope, "sender": sender})

    # What the supplier sends.

    def cart(self, **envelope: str) -> Delivery:
        """Give the cart of its session."""
        lines = "".join(
            f'<ItemIn quantity="{item.quantity}"><ItemID><SupplierPartID>{item.part}</SupplierPartID>'
            f"<SupplierPartAuxiliaryID>{item.aux}</SupplierPartAuxiliaryID></ItemID>"
            f"<ItemDetail>{_money('UnitPrice', item.price)}<Description>Part {item.part}</Description>"
            f"<UnitOfMeasure>EA</UnitOfMeasure></ItemDetail></ItemIn>"
            for item in self.items
        )
        content = (
            f"<PunchOutOrderMessage><BuyerCookie>{self.cookie}</BuyerCookie>"
            '<PunchOutOrderMessageHeader operationAllowed="create"/>'
            f"{lines}</PunchOutOrderMessage>"
        )
        return self._document("Message", "cart", content, envelope)

    def confirmation(
        self,
        confirm_id: str,
        *statuses: tuple[int, str, str],
        notice: str = "03T10:00",
        operation: str = "new",
        previous: str | None = None,
        kind: str = "detail",
        **envelope: str,
    ) -> Delivery:
        """Give a confirmation; a status is (line number, type, quantity)."""
        items = "".join(
            f'<ConfirmationItem quantity="{quantity}" lineNumber="{line}"><UnitOfMeasure>EA</UnitOfMeasure>'
            f'<ConfirmationStatus quantity="{quantity}" type="{status}"><UnitOfMeasure>EA</UnitOfMeasure>'
            "</ConfirmationStatus></ConfirmationItem>"
            for line, status, quantity in statuses
        )
        content = (
            f'<ConfirmationRequest><ConfirmationHeader confirmID="{confirm_id}" type="{kind}" operation="{operation}" '
            f'noticeDate="{stamp(notice)}">{reference_to(previous)}</ConfirmationHeader>{self._reference()}{items}'
            "</ConfirmationRequest>"
        )
        return self._document("Request", f"confirmation-{confirm_id}-{operation}", content, envelope)

    def ship_notice(
        self,
        shipment_id: str,
        *items: tuple[int, str],
        shipped: str = "04T08:00",
        delivered: str = "06T20:00",
        notice: str = "04T09:00",
        operation: str = "new",
        previous: str | None = None,
        **envelope: str,
    ) -> Delivery:
        """Give a ship notice; an item is (line number, quantity)."""
        lines = "".join(
            f'<ShipNoticeItem quantity="{quantity}" lineNumber="{line}"><UnitOfMeasure>EA</UnitOfMeasure>'
            "</ShipNoticeItem>"
            for line, quantity in items
        )
        content = (
            f'<ShipNoticeRequest><ShipNoticeHeader shipmentID="{shipment_id}" operation="{operation}" '
            f'noticeDate="{stamp(notice)}" shipmentDate="{stamp(shipped)}" deliveryDate="{stamp(delivered)}" '
            f'shipmentType="actual">{reference_to(previous)}</ShipNoticeHeader><ShipControl>'
            f'<CarrierIdentifier domain="SCAC">UPSN</CarrierIdentifier><ShipmentIdentifier>1Z{shipment_id}'
            f"</ShipmentIdentifier></ShipControl><ShipNoticePortion>{self._reference()}{lines}</ShipNoticePortion>"
            "</ShipNoticeRequest>"
        )
        return self._document("Request", f"shipment-{shipment_id}-{operation}", content, envelope)

    def invoice(
        self,
        invoice_id: str,
        *items: tuple[int, str],
        dated: str = "05T00:00",
        purpose: str = "standard",
        operation: str = "new",
        **envelope: str,
    ) -> Delivery:
        """Give an invoice; an item is (line number, quantity), negative in a credit."""
        content = (
            f'<InvoiceDetailRequest><InvoiceDetailRequestHeader invoiceID="{invoice_id}" purpose="{purpose}" '
            f'operation="{operation}" invoiceDate="{stamp(dated)}"><InvoiceDetailHeaderIndicator/>'
            "<InvoiceDetailLineIndicator/></InvoiceDetailRequestHeader>"
            f"{self.billed(*items)}<InvoiceDetailSummary/></InvoiceDetailRequest>"
        )
        return self._document("Request", f"invoice-{invoice_id}-{purpose}", content, envelope)

    def billed(self, *items: tuple[int, str]) -> str:
        """Give this order's part of an invoice, so that one invoice can bill several."""
        lines = "".join(
            f'<InvoiceDetailItem invoiceLineNumber="{place}" quantity="{quantity}"><UnitOfMeasure>EA</UnitOfMeasure>'
            f"{_money('UnitPrice', '10.00')}"
            f'<InvoiceDetailItemReference lineNumber="{line}"/></InvoiceDetailItem>'
            for place, (line, quantity) in enumerate(items, 1)
        )
        return (
            f"<InvoiceDetailOrder><InvoiceDetailOrderInfo>{self._reference()}</InvoiceDetailOrderInfo>{lines}"
            "</InvoiceDetailOrder>"
        )

    def nameless(self, document: Delivery, *, in_place_of_order: str = "") -> Delivery:
        """Give a document of this order without the order's number and payloadID."""
        return document.saying(in_place_of_order or "<OrderReference/>", instead_of=self._reference())

    def respelled(self, document: Delivery) -> Delivery:
        """Give a document of this order in which only the order's number stands, and that in another way."""
        return self.nameless(document, in_place_of_order=f'<OrderReference orderID="po-0{self.order_id}"/>')

    def _reference(self) -> str:
        reference = f'<DocumentReference payloadID="{self.payload_id}"/>'
        return f'<OrderReference orderID="{self.order_id}">{reference}</OrderReference>'

    def _document(self, wrapper: str, name: str, content: str, envelope: dict[str, str]) -> Delivery:
        inner = f'<{wrapper} deploymentMode="production">{content}</{wrapper}>'
        return document(f"{self.number}-{name}", inner, **envelope)


def document(name: str, inner: str, *, payload_id: str | None = None, sender: str = "Amazon") -> Delivery:
    """Give a document of the supplier's; its payloadID follows from its name."""
    header = (
        f'<Header><From><Credential domain="NetworkId"><Identity>{sender}</Identity></Credential></From>'
        '<To><Credential domain="NetworkId"><Identity>ContosoPunchout</Identity></Credential></To>'
        f'<Sender><Credential domain="NetworkId"><Identity>{sender}</Identity><SharedSecret>{SECRET}</SharedSecret>'
        "</Credential><UserAgent>test</UserAgent></Sender></Header>"
    )
    data = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.071/cXML.dtd">\n'
        f'<cXML payloadID="{payload_id or payload_of(name)}" timestamp="{stamp("03T10:00")}">{header}{inner}</cXML>\n'
    )
    return cxml(f"{name}.xml", data.encode())


_PAYMENT = (
    '<Payment><PaymentReference method="invoice"><Money currency="USD">50.00</Money></PaymentReference></Payment>'
)
_DISTRIBUTION = (
    '<Distribution><Accounting name="Costs"><Segment type="Account" id="61100" description="Office"/></Accounting>'
    '<Charge><Money currency="USD">1.00</Money></Charge></Distribution>'
)


def _money(tag: str, amount: str) -> str:
    return f'<{tag}><Money currency="USD">{amount}</Money></{tag}>'


def reference_to(payload_id: str | None) -> str:
    """Give the reference to the document before, nothing without one."""
    return f'<DocumentReference payloadID="{payload_id}"/>' if payload_id else ""
