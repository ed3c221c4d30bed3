"""Findings about the quantities that were invoiced: too many, too early, or of a line that will not come."""

from collections.abc import Iterator

from punchout.model.codes import Code, Severity
from punchout.model.exact import format_decimal
from punchout.reconciliation.assessment import Assessment
from punchout.reconciliation.deadlines import receipt_due, shipment_due
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.stages import OrderAxis
from punchout.reconciliation.subjects import of_line

Found = Iterator[ExceptionFound]


def invoiced_over(assessment: Assessment) -> Found:
    """Report a line that is invoiced beyond what was accepted, or ordered where no confirmation names it."""
    for line in assessment.lines:
        numbers = line.quantities
        excess = numbers.invoiced - numbers.effective
        if excess > 0:
            yield of_line(
                assessment,
                line,
                Code.INV_QTY_OVER,
                quantity=excess,
                detail=f"{format_decimal(numbers.invoiced)} invoiced, {numbers.expectation}",
            )


def invoiced_though_rejected(assessment: Assessment) -> Found:
    """Report a bill for a line that was wholly rejected or cancelled."""
    for line in assessment.lines:
        numbers = line.quantities
        is_off = numbers.is_rejected or numbers.order_axis is OrderAxis.CANCELLED
        if is_off and numbers.invoiced > 0:
            word = "rejected" if numbers.is_rejected else "cancelled"
            detail = f"{format_decimal(numbers.invoiced)} invoiced of a {word} line"
            yield of_line(assessment, line, Code.INV_REJECTED_LINE, quantity=numbers.invoiced, detail=detail)


def invoiced_before_shipment(assessment: Assessment) -> Found:
    """Report a line that is invoiced and was not shipped within the wait window."""
    for line in assessment.lines:
        due = shipment_due(assessment, line)
        if due is not None and due <= assessment.as_of:
            numbers = line.quantities
            gone = numbers.shipped + numbers.returned
            yield of_line(
                assessment,
                line,
                Code.INV_BEFORE_SHIP,
                quantity=numbers.invoiced - gone,
                detail=f"{format_decimal(numbers.invoiced)} invoiced, {format_decimal(gone)} shipped",
                since=due,
            )


def not_received(assessment: Assessment) -> Found:
    """Report a line that is billed and shipped, and of which Business Central still misses the receipt."""
    for line in assessment.lines:
        due = receipt_due(assessment, line)
        if due is not None and due[0] <= assessment.as_of:
            late, too_late = due
            numbers = line.quantities
            yield of_line(
                assessment,
                line,
                Code.INV_NOT_RECEIVED,
                severity=Severity.ERROR if too_late <= assessment.as_of else Severity.WARNING,
                quantity=numbers.invoiced - numbers.received,
                detail=f"{format_decimal(numbers.invoiced)} invoiced, {format_decimal(numbers.received)} received",
                since=late,
            )
