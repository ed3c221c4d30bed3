"""The stand-in Business Central: its punchout requests and purchase orders, and what its people do to them.

An act whose precondition is missing (no lines to approve, no e-mail known yet) waits for a later round, as it would in
an office. Files in and out are in `updates` and `exports`.
"""

from datetime import datetime, timedelta

from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Request
from punchout.sandbox.scenarios import REQUESTS, ROUNDS
from punchout.sandbox.state import BcOrder, BcOrderLine, BcRequest, State

VENDOR = "V00010"
_PEOPLE_ACT = timedelta(minutes=30)  # before the sync; update files are imported an hour before it


def people_act(state: State, ids: Identifiers, round_number: int) -> None:
    """Let the people of Business Central do what the script has for them up to a round."""
    moment = utc_text(instant(round_number) - _PEOPLE_ACT)
    for request in REQUESTS:
        if request.exported <= round_number and request.number not in state["requests"]:
            state["requests"][request.number] = _new_request(request, ids, moment)
        row = state["requests"].get(request.number)
        if row is not None and _act(state, ids, request, row, round_number):
            row["lastModifiedDateTime"] = moment


def _act(state: State, ids: Identifiers, request: Request, row: BcRequest, round_number: int) -> bool:
    """Do what is due for one request. Returns whether its row changed."""
    before = (row["status"], row["requesterEmail"], row["purchaseOrderNumber"])
    moment = utc_text(instant(round_number) - _PEOPLE_ACT)
    if request.emailed <= round_number:
        row["requesterEmail"] = f"buyer{request.number[-2:]}@contoso.example"
    if _due(request.submitted, round_number) and row["status"] == "open" and row["lines"]:
        row["status"] = "pendingApproval"
    ready = "open" if request.manual else "pendingApproval"
    if _due(request.released, round_number) and row["status"] == ready and row["lines"]:
        row["status"], row["releasedDateTime"] = "released", moment
    if _due(request.ordered, round_number) and row["status"] == "released" and row["purchaseOrderNumber"] is None:
        row["purchaseOrderNumber"] = request.order
        state["orders"][request.order] = _new_order(request, row, ids, moment)
    return before != (row["status"], row["requesterEmail"], row["purchaseOrderNumber"])


def _due(round_due: int | None, round_number: int) -> bool:
    return round_due is not None and round_due <= round_number


def instant(round_number: int) -> datetime:
    """Return the virtual time of a round's sync."""
    return datetime.fromisoformat(ROUNDS[round_number - 1])


def utc_text(moment: datetime) -> str:
    """Write a moment as Business Central's exports do."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _new_request(request: Request, ids: Identifiers, moment: str) -> BcRequest:
    return BcRequest(
        number=request.number,
        status="open",
        releaseMode="manual" if request.manual else "approval",
        releasedDateTime=None,
        buyerCookie=ids.buyer_cookie(request.number),
        requesterEmail=None,
        businessUnit="Office Supplies",
        vendorNumber=VENDOR,
        purchaseOrderNumber=None,
        orderConfirmationId=None,
        stage=None,
        currencyCode="",
        lastModifiedDateTime=moment,
        lines=[],
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
