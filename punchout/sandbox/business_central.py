"""The stand-in Business Central: its punchout requests and purchase orders, and what its people do to them.

An act whose precondition is missing (no lines to approve, no e-mail known yet) waits for a later round, as it would in
an office. Files in and out are in `updates` and `exports`.
"""

from datetime import datetime

from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Request, Script
from punchout.sandbox.scenarios import HANDFUL
from punchout.sandbox.state import BcLine, BcOrder, BcOrderLine, BcRequest, State

VENDOR = "V00010"


def people_act(state: State, ids: Identifiers, round_number: int, script: Script = HANDFUL) -> None:
    """Let the people of Business Central do what the script has for them up to a round."""
    shop = Catalogue(ids, script)
    moment = utc_text(script.acts_at(round_number))
    for request in script.requests:
        if request.exported <= round_number and request.number not in state["requests"]:
            state["requests"][request.number] = _new_request(request, shop, moment)
        row = state["requests"].get(request.number)
        if row is not None and _act(state, shop, request, row, round_number):
            row["lastModifiedDateTime"] = moment
        if _due(request.cancelled, round_number) and request.order in state["orders"]:
            _cancel(state["orders"][request.order], moment)


def _cancel(order: BcOrder, moment: str) -> None:
    """Set every line to nothing, which is how a purchase order is called off in Business Central."""
    if any(line["quantity"] != "0" for line in order["purchaseOrderLines"]):
        order["lastModifiedDateTime"] = moment
        for line in order["purchaseOrderLines"]:
            line["quantity"] = "0"


def _act(state: State, shop: Catalogue, request: Request, row: BcRequest, round_number: int) -> bool:
    """Do what is due for one request. Returns whether its row changed."""
    before = (row["status"], row["requesterEmail"], row["purchaseOrderNumber"])
    moment = utc_text(shop.script.acts_at(round_number))
    if request.emailed <= round_number:
        row["requesterEmail"] = f"buyer{request.number[-2:]}@contoso.example"
    if _due(request.submitted, round_number) and row["status"] == "open" and row["lines"]:
        row["status"] = "pendingApproval"
    ready = "open" if request.manual else "pendingApproval"
    if _due(request.released, round_number) and row["status"] == ready and row["lines"]:
        released = shop.script.released_at(request)
        # What was released before the first round keeps its time; what had to wait has that of now.
        row["status"] = "released"
        row["releasedDateTime"] = utc_text(released) if released and request.released_at else moment
    if _due(request.ordered, round_number) and row["status"] == "released" and row["purchaseOrderNumber"] is None:
        row["purchaseOrderNumber"] = request.order
        state["orders"][request.order] = _new_order(request, row, shop.ids, moment)
    return before != (row["status"], row["requesterEmail"], row["purchaseOrderNumber"])


def _due(round_due: int | None, round_number: int) -> bool:
    return round_due is not None and round_due <= round_number


def utc_text(moment: datetime) -> str:
    """Write a moment as Business Central's exports do."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _new_request(request: Request, shop: Catalogue, moment: str) -> BcRequest:
    return BcRequest(
        number=request.number,
        status="open",
        releaseMode="manual" if request.manual else "approval",
        releasedDateTime=None,
        buyerCookie=shop.ids.buyer_cookie(request.number),
        requesterEmail=None,
        businessUnit="Office Supplies",
        vendorNumber=VENDOR,
        purchaseOrderNumber=None,
        orderConfirmationId=shop.ids.amazon_order(request.number, 1) if request.confirmed_before else None,
        stage=None,
        currencyCode="",
        lastModifiedDateTime=moment,
        lines=[_line(request, shop, line) for line in range(1, len(request.lines) + 1)] if request.cart is None else [],
    )


def unscripted_request(number: str, email: str, moment: str) -> BcRequest:
    """Make a request that no script knows: open, without lines, its session for somebody else to open."""
    return BcRequest(
        number=number,
        status="open",
        releaseMode="approval",
        releasedDateTime=None,
        buyerCookie=None,
        requesterEmail=email,
        businessUnit="Office Supplies",
        vendorNumber=VENDOR,
        purchaseOrderNumber=None,
        orderConfirmationId=None,
        stage=None,
        currencyCode="",
        lastModifiedDateTime=moment,
        lines=[],
    )


def _line(request: Request, shop: Catalogue, line: int) -> BcLine:
    """Make a line that was there before us, from a cart we never saw."""
    return BcLine(
        requestNumber=request.number,
        lineNumber=10000 * line,
        supplierPartId=shop.part(request, line),
        supplierPartAuxiliaryId=shop.auxiliary(request, line),
        description=shop.title(request, line)[:100],
        quantity=str(request.lines[line - 1]),
        unitOfMeasureCode="EA",
        unitPrice=str(shop.price(request, line)),
        shippingDate=None,
        deliveryDate=None,
        invoiceId=None,
        invoiceDate=None,
    )


def _new_order(request: Request, row: BcRequest, ids: Identifiers, moment: str) -> BcOrder:
    lines = list(reversed(row["lines"])) if request.backwards else row["lines"]
    return BcOrder(
        id=ids.guid("order", request.order),
        number=request.order,
        orderDate=moment[:10],
        vendorNumber=VENDOR,
        vendorName="Amazon Business",
        shipToName="Contoso Ltd",
        shipToContact="Receiving",
        shipToAddressLine1="1 Main Street",
        shipToAddressLine2="",
        shipToCity="Seattle",
        shipToState="WA",
        shipToPostCode="98109",
        shipToCountry="US",
        currencyCode="",
        status="Open",  # the API's word for a released order
        lastModifiedDateTime=moment,
        punchoutRequestNumber=request.number,
        purchaseOrderLines=[
            BcOrderLine(
                sequence=10000 * sequence,
                lineType="Account",
                lineObjectNumber="61100",
                description=line["description"],
                unitOfMeasureCode=line["unitOfMeasureCode"],
                quantity=line["quantity"],
                directUnitCost=line["unitPrice"],
                receivedQuantity="0",
                invoicedQuantity="0",
                punchoutLineNumber=line["lineNumber"],
            )
            for sequence, line in enumerate(lines, 1)
        ],
    )
