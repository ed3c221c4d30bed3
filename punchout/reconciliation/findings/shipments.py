"""Findings about what was shipped: too much, of a rejected line, or without saying what."""

from collections.abc import Iterator

from punchout.model.codes import Code
from punchout.model.exact import format_decimal
from punchout.reconciliation.assessment import Assessment
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.statements import stated_at
from punchout.reconciliation.subjects import of_line, of_request

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
