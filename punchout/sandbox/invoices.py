"""InvoiceDetailRequests: standard invoices with tax in the lines, their deletions, and line-level credit memos.

No public sample of Amazon's shows what its invoices look like, so these keep to the cXML Reference Guide. What they
are about is in `subject`; when they are due in `deliveries`.
"""

from decimal import Decimal

from punchout.sandbox import cxml
from punchout.sandbox.cxml import Element, money, node
from punchout.sandbox.identifiers import cents
from punchout.sandbox.plan import Invoice, utc
from punchout.sandbox.subject import TAX, Subject


def invoice(subject: Subject, planned: Invoice, invoice_id: str) -> Element:
    """Make an InvoiceDetailRequest; what a deletion or a credit memo refers to stands in its DocumentReference."""
    header = node(
        "InvoiceDetailRequestHeader",
        node("InvoiceDetailHeaderIndicator"),
        node("InvoiceDetailLineIndicator", isTaxInLine="yes"),
        invoiceID=invoice_id,
        purpose="standard" if planned.credits is None else "lineLevelCreditMemo",
        operation="new" if planned.deletes is None else "delete",
        invoiceDate=cxml.stamp(utc(planned.dated), planned.clock),
    )
    original = planned.deletes if planned.credits is None else planned.credits
    if original is not None:
        header.append(subject.earlier(original))
    billed = node("InvoiceDetailOrder", node("InvoiceDetailOrderInfo", subject.reference()))
    goods = tax = Decimal()
    for number, (line, quantity) in enumerate(planned.items, 1):
        amount = subject.catalogue.confirmed_price(subject.request, line) * quantity
        goods, tax = goods + amount, tax + cents(amount * TAX)
        billed.append(_item(subject, line, quantity, number))
    summary = node("InvoiceDetailSummary", money("SubtotalAmount", goods), money("Tax", tax, "Tax"))
    summary.append(money("ShippingAmount", Decimal()))
    summary.extend([money(tag, goods + tax) for tag in ("GrossAmount", "NetAmount", "DueAmount")])
    return node("InvoiceDetailRequest", header, billed, summary)


def _item(subject: Subject, line: int, quantity: int, number: int) -> Element:
    catalogue, request = subject.catalogue, subject.request
    price = catalogue.confirmed_price(request, line)
    tax = cents(price * quantity * TAX)
    ordered = node(
        "InvoiceDetailItemReference",
        node("ItemID", node("SupplierPartID", catalogue.billed_part(request, line))),
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
