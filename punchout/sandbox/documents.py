"""The documents the stand-in Amazon sends about an order: confirmations, ship notices and invoices, in Amazon's shape.

One entry of the script and the order as Amazon received it become bytes. Carts are in `carts`, when a document is due
in `deliveries`, what the product should make of it in `oracle`.
"""

from dataclasses import dataclass
from decimal import Decimal

from punchout.sandbox import cxml
from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.cxml import Element, Parties, Stamp, money, node
from punchout.sandbox.plan import Confirmation, Invoice, Request, Shipment, Status, document_key, utc
from punchout.sandbox.state import ReceivedOrder

_TAX = Decimal("0.08")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The order a document is about: the script's side of it and what Amazon received."""

    catalogue: Catalogue
    request: Request
    order: ReceivedOrder

    def reference(self) -> Element:
        """Make the OrderReference: our orderID and order date as sent, and the payloadID of our OrderRequest."""
        sent = node("DocumentReference", payloadID=self.order["payloadID"])
        return node("OrderReference", sent, orderID=self.order["orderID"], orderDate=self.order["orderDate"])

    def line_number(self, line: int) -> str:
        """Return the number the buyer gave a line in the OrderRequest, in whatever order it listed the lines."""
        wanted = (self.catalogue.part(self.request, line), self.catalogue.auxiliary(self.request, line))
        for item in self.order["lines"]:
            if (item["supplierPartId"], item["supplierPartAuxiliaryId"]) == wanted:
                return item["lineNumber"]
        return str(line)  # a line that no cart of ours had


def write(subject: Subject, index: int, parties: Parties) -> bytes:
    """Write the `index`-th document that the script has about an order."""
    request = subject.request
    planned, key = request.documents[index], document_key(request.number, index)
    moment = subject.catalogue.moment(planned.round, key)
    style: Stamp = "pacific" if isinstance(planned, Invoice) else "basic"
    module = "InvoiceDetail" if isinstance(planned, Invoice) else "Fulfill"
    if isinstance(planned, Invoice):
        body = invoice(subject, planned, subject.catalogue.ids.invoice(key))
    elif isinstance(planned, Shipment):
        body = ship_notice(subject, planned, key, cxml.stamp(moment, style))
    else:
        body = confirmation(subject, planned, cxml.stamp(moment, style))
    payload = subject.catalogue.payload_id(request, index)
    return cxml.document(cxml.request(body, parties), parties, payload, cxml.stamp(moment, style), module=module)


def confirmation(subject: Subject, planned: Confirmation, notice_date: str) -> Element:
    """Make a ConfirmationRequest of type `detail`, which Amazon uses for rejections as well."""
    header = _confirmation_header(subject, planned)
    header.set("noticeDate", notice_date)
    body = node("ConfirmationRequest", header, subject.reference())
    for line in sorted({status.line for status in planned.statuses}):
        item = node("ConfirmationItem", node("UnitOfMeasure", "EA"), quantity=str(subject.request.lines[line - 1]))
        item.set("lineNumber", subject.line_number(line))
        item.extend([_status(subject, status) for status in planned.statuses if status.line == line])
        body.append(item)
    return body


def _confirmation_header(subject: Subject, planned: Confirmation) -> Element:
    header = node("ConfirmationHeader", type="detail", operation="new" if planned.updates is None else "update")
    if planned.updates is not None:
        earlier = subject.catalogue.payload_id(subject.request, planned.updates)
        header.append(node("DocumentReference", payloadID=earlier))
    taken = [status for status in planned.statuses if status.kind != "reject"]
    if not taken:
        header.append(node("Comments", "Cannot be filled [012-345]", lang="en-US", type="OrderErrorCode"))
        return header
    header.set("confirmID", subject.catalogue.ids.amazon_order(subject.request.number, taken[0].via))
    goods = [subject.catalogue.confirmed_price(subject.request, status.line) * status.quantity for status in taken]
    # Amazon's confirmation Total holds the tax, unlike its cart Total.
    header.append(money("Total", sum((amount + cxml.cents(amount * _TAX) for amount in goods), Decimal())))
    return header


def _status(subject: Subject, status: Status) -> Element:
    """Make one ConfirmationStatus: UnitPrice only where it changed, Amazon's order number in a comment."""
    made = node("ConfirmationStatus", node("UnitOfMeasure", "EA"), quantity=str(status.quantity))
    made.set("type", "detail" if status.repriced else status.kind)
    if status.kind == "reject":
        made.append(node("Comments", "Out of stock [123-456]", lang="en-US", type="LineItemErrorCode"))
    if status.kind == "accept":
        price = subject.catalogue.confirmed_price(subject.request, status.line)
        if status.repriced:
            made.append(money("UnitPrice", price))
        made.append(money("Tax", price * status.quantity * _TAX, "Tax"))
        made.append(money("Shipping", Decimal(), "Shipping"))
        number = subject.catalogue.ids.amazon_order(subject.request.number, status.via)
        made.append(node("Comments", number, type="confirmID"))
    return made


def ship_notice(subject: Subject, planned: Shipment, key: str, notice_date: str) -> Element:
    """Make a ShipNoticeRequest: items in no particular order, with a number, a quantity and a unit alone."""
    ids = subject.catalogue.ids
    header = node("ShipNoticeHeader", shipmentID=ids.shipment(key), operation="new", noticeDate=notice_date)
    header.set("shipmentDate", cxml.stamp(utc(planned.ships), "basic"))
    header.set("deliveryDate", cxml.stamp(utc(planned.arrives), "basic"))
    header.set("shipmentType", "actual")
    control = node(
        "ShipControl",
        node("CarrierIdentifier", planned.carrier, domain="companyName"),
        node("ShipmentIdentifier", ids.tracking(key)),
        node("PackageIdentification", rangeBegin="1", rangeEnd="1"),
    )
    portion = node("ShipNoticePortion", subject.reference())
    for line, quantity in sorted(planned.items, key=lambda item: ids.number(10**6, "shuffle", key, item[0])):
        item = node("ShipNoticeItem", node("UnitOfMeasure", "EA"), quantity=str(quantity))
        item.set("lineNumber", subject.line_number(line))
        portion.append(item)
    return node("ShipNoticeRequest", header, control, portion)


def invoice(subject: Subject, planned: Invoice, invoice_id: str) -> Element:
    """Make a standard InvoiceDetailRequest with tax in the lines."""
    header = node(
        "InvoiceDetailRequestHeader",
        node("InvoiceDetailHeaderIndicator"),
        node("InvoiceDetailLineIndicator", isTaxInLine="yes"),
        invoiceID=invoice_id,
        purpose="standard",
        operation="new",
        invoiceDate=cxml.stamp(utc(planned.dated), "pacific"),
    )
    billed = node("InvoiceDetailOrder", node("InvoiceDetailOrderInfo", subject.reference()))
    goods = tax = Decimal()
    for number, (line, quantity) in enumerate(planned.items, 1):
        amount = subject.catalogue.confirmed_price(subject.request, line) * quantity
        goods, tax = goods + amount, tax + cxml.cents(amount * _TAX)
        billed.append(_invoice_item(subject, line, quantity, number))
    summary = node("InvoiceDetailSummary", money("SubtotalAmount", goods), money("Tax", tax, "Tax"))
    summary.append(money("ShippingAmount", Decimal()))
    summary.extend([money(tag, goods + tax) for tag in ("GrossAmount", "NetAmount", "DueAmount")])
    return node("InvoiceDetailRequest", header, billed, summary)


def _invoice_item(subject: Subject, line: int, quantity: int, number: int) -> Element:
    catalogue, request = subject.catalogue, subject.request
    price = catalogue.confirmed_price(request, line)
    tax = cxml.cents(price * quantity * _TAX)
    ordered = node(
        "InvoiceDetailItemReference",
        node("ItemID", node("SupplierPartID", catalogue.part(request, line))),
        node("Description", catalogue.title(request, line), lang="en-US"),
        lineNumber=subject.line_number(line),
    )
    return node(
        "InvoiceDetailItem",
        node("UnitOfMeasure", "EA"),
        money("UnitPrice", price),
        ordered,
        money("SubtotalAmount", price * quantity),
        money("Tax", tax, "Tax"),
        money("GrossAmount", price * quantity + tax),
        money("NetAmount", price * quantity + tax),
        invoiceLineNumber=str(number),
        quantity=str(quantity),
    )
