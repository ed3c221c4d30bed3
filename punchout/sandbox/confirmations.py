"""ConfirmationRequests in Amazon's shape: always of type `detail`, with Amazon's order number in each status.

What they are about is in `subject`; when they are due in `deliveries`.
"""

from decimal import Decimal

from punchout.sandbox.cxml import Element, money, node
from punchout.sandbox.identifiers import cents
from punchout.sandbox.plan import Confirmation, Status, first_version
from punchout.sandbox.subject import TAX, Subject


def confirmation(subject: Subject, planned: Confirmation, notice_date: str, index: int | None = None) -> Element:
    """Make a ConfirmationRequest; `index` is its place in the script, which a new version needs."""
    header = _header(subject, planned, index)
    header.set("noticeDate", notice_date)
    body = node("ConfirmationRequest", header, subject.reference())
    for line in sorted({status.line for status in planned.statuses}):
        item = node("ConfirmationItem", node("UnitOfMeasure", "EA"), quantity=str(subject.request.lines[line - 1]))
        item.set("lineNumber", subject.line_number(line))
        item.extend([_status(subject, status) for status in planned.statuses if status.line == line])
        body.append(item)
    return body


def _header(subject: Subject, planned: Confirmation, index: int | None) -> Element:
    header = node("ConfirmationHeader", type="detail", operation="new" if planned.updates is None else "update")
    if planned.updates is not None:
        header.append(subject.earlier(planned.updates))
    via = _first_via(planned)
    if planned.updates is not None and index is not None:
        first = subject.request.documents[first_version(subject.request, index)]
        via = _first_via(first) if isinstance(first, Confirmation) else via
    if via is not None:
        header.set("confirmID", subject.catalogue.ids.amazon_order(subject.request.number, via))
    taken = [status for status in planned.statuses if status.kind != "reject"]
    if not taken:
        header.append(node("Comments", "Cannot be filled [012-345]", lang="en-US", type="OrderErrorCode"))
        return header
    goods = [subject.catalogue.confirmed_price(subject.request, status.line) * status.quantity for status in taken]
    # Amazon's confirmation Total holds the tax, unlike its cart Total.
    header.append(money("Total", sum((amount + cents(amount * TAX) for amount in goods), Decimal())))
    return header


def _first_via(planned: Confirmation) -> int | None:
    return next((status.via for status in planned.statuses if status.kind != "reject"), None)


def _status(subject: Subject, status: Status) -> Element:
    """Make one ConfirmationStatus: UnitPrice only where it changed, Amazon's order number in a comment."""
    made = node("ConfirmationStatus", node("UnitOfMeasure", "EA"), quantity=str(status.quantity))
    changed = status.repriced or bool(status.percent)
    made.set("type", "detail" if changed or status.substituted else status.kind)
    if status.kind == "reject":
        made.append(node("Comments", "Out of stock [123-456]", lang="en-US", type="LineItemErrorCode"))
    if status.kind == "accept":
        price = subject.catalogue.confirmed_price(subject.request, status.line)
        if status.substituted:
            made.append(_substitute(subject, status))
        else:
            if changed:
                made.append(money("UnitPrice", price))
            made.append(money("Tax", price * status.quantity * TAX, "Tax"))
            made.append(money("Shipping", Decimal(), "Shipping"))
        number = subject.catalogue.ids.amazon_order(subject.request.number, status.via)
        made.append(node("Comments", number, type="confirmID"))
    return made


def _substitute(subject: Subject, status: Status) -> Element:
    """Make the ItemIn of the part that comes instead, at the price of the one that was ordered."""
    catalogue, request = subject.catalogue, subject.request
    part = catalogue.ids.part(request.number, 1000 + status.line, book=False)
    detail = node(
        "ItemDetail",
        money("UnitPrice", catalogue.confirmed_price(request, status.line)),
        node("Description", "The same, of another make", lang="en-US"),
        node("UnitOfMeasure", "EA"),
        node("Classification", "44121704", domain="UNSPSC"),
    )
    return node(
        "ItemIn",
        node("ItemID", node("SupplierPartID", part)),
        detail,
        quantity=str(status.quantity),
        lineNumber=subject.line_number(status.line),
    )
