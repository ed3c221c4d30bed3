"""Findings about what was shipped: too much, of a rejected line, without saying what, or withdrawn again."""

from collections.abc import Iterator

from punchout.model.codes import Code
from punchout.model.exact import format_decimal
from punchout.reconciliation.assessment import Assessment
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.shares import Movement
from punchout.reconciliation.shipping import movement_of
from punchout.reconciliation.statements import stated_at
from punchout.reconciliation.subjects import of_line, of_place, of_request, whole_document

Found = Iterator[ExceptionFound]


def shipped_over(assessment: Assessment) -> Found:
    """Report a line that was shipped beyond what was accepted, or ordered where no confirmation names it."""
    for line in assessment.lines:
        numbers = line.quantities
        excess = numbers.shipped - numbers.effective
        if excess > 0:
            yield of_line(
                assessment,
                line,
                Code.SHIP_OVER_QTY,
                quantity=excess,
                detail=f"{format_decimal(numbers.shipped)} shipped, {numbers.expectation}",
            )


def shipped_though_rejected(assessment: Assessment) -> Found:
    """Report a shipment of a line that was wholly rejected."""
    for line in assessment.lines:
        numbers = line.quantities
        if numbers.is_rejected and numbers.shipped > 0:
            detail = f"{format_decimal(numbers.shipped)} shipped of a rejected line"
            yield of_line(assessment, line, Code.SHIP_REJECTED_LINE, quantity=numbers.shipped, detail=detail)


def whole_order_implied(assessment: Assessment) -> Found:
    """Report that a portion without items was read as the entire order (cXML `ShipNoticePortion`)."""
    empty = [notice for notice in assessment.ship_notices if any(not portion.items for portion in notice.body.portions)]
    if empty:
        names = sorted(notice.body.shipment_id or "one without shipmentID" for notice in empty)
        yield of_request(
            assessment,
            Code.SHIP_WHOLE_ORDER_IMPLIED,
            detail=f"no items in {', '.join(names)}",
            since=min(stated_at(notice.body.notice, notice.received) for notice in empty),
        )


def without_tracking(assessment: Assessment) -> Found:
    """Say that a shipment has no tracking number."""
    for notice in assessment.ship_notices:
        if movement_of(notice.body) is Movement.SHIPPED and not notice.body.tracking:
            detail = f"shipment {notice.body.shipment_id or 'without shipmentID'}"
            yield of_place(assessment, Code.TRACKING_MISSING, whole_document(notice), detail=detail)


def withdrawn_after_receipt(assessment: Assessment) -> Found:
    """Report goods that Business Central received and whose ship notice was deleted."""
    for line in assessment.lines:
        gone = sum(share.quantity for share in line.withdrawn if share.movement is Movement.SHIPPED)
        unexplained = min(gone, line.quantities.received - line.quantities.shipped)
        if unexplained > 0:
            detail = f"{format_decimal(unexplained)} received of a shipment that was withdrawn"
            yield of_line(assessment, line, Code.SHIP_DELETED_AFTER_RECEIPT, quantity=unexplained, detail=detail)
