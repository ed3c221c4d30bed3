"""Findings about Business Central's side of an order that the supplier has, or may have."""

from collections.abc import Iterator

from punchout.model.business_central import BcOrderLine
from punchout.model.codes import Code, Severity
from punchout.model.exact import format_decimal
from punchout.reconciliation.assessment import Assessment, Line
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.subjects import of_line, of_request

Found = Iterator[ExceptionFound]


def cancelled_here_only(assessment: Assessment) -> Found:
    """Report a purchase order that was emptied although the supplier has, or may have, the order.

    Critical as long as nothing was shipped and the supplier can still be told; an error from then on.
    """
    order = assessment.rows.order
    if order is None or not assessment.placement.has_left or not assessment.is_emptied:
        return
    if all(line.quantities.is_rejected for line in assessment.lines):
        return
    gone = any(line.quantities.shipped > 0 for line in assessment.lines)
    yield of_request(
        assessment,
        Code.BC_CANCELLED_NOT_AT_AMAZON,
        severity=Severity.ERROR if gone else None,
        detail=f"purchase order {order.body.number} has no quantity left, {'some' if gone else 'nothing'} was shipped",
    )


def purchase_order_missing(assessment: Assessment) -> Found:
    """Report an order that the supplier has and that is no purchase order here."""
    has_left = assessment.placement.has_left or assessment.at_supplier
    if has_left and assessment.order_id is not None and assessment.rows.order is None:
        detail = f"purchase order {assessment.order_id} is not known"
        yield of_request(assessment, Code.BC_PO_MISSING, detail=detail)


def status_unexpected(assessment: Assessment) -> Found:
    """Report a purchase order that is not released although its order has left; `Open` is the API's word for it."""
    order = assessment.rows.order
    if order is not None and assessment.placement.has_left and order.body.status not in {None, "Open"}:
        detail = f"purchase order {order.body.number} is {order.body.status}"
        yield of_request(assessment, Code.BC_STATUS_UNEXPECTED, at_risk=0, detail=detail)


def changed_after_sending(assessment: Assessment) -> Found:
    """Report lines that the purchase order has otherwise, or no longer, or besides, than the order that has left."""
    order = assessment.rows.order
    if order is None or not assessment.placement.has_left or assessment.is_emptied:
        return
    here = {line.sequence: line for line in order.body.lines if line.line_type != "Comment"}
    for line in assessment.lines:
        row = here.pop(line.mapped.po_sequence or 0, None)
        if row is None:
            detail = f"purchase order line {line.mapped.po_sequence or 'without sequence'} is gone"
            yield of_line(assessment, line, Code.BC_LINE_MISSING, quantity=line.quantities.ordered, detail=detail)
        elif differences := _differences(line, row):
            yield of_line(assessment, line, Code.BC_QTY_PRICE_DRIFT, detail=", ".join(differences))
    if here:
        detail = f"purchase order lines that were not ordered: {', '.join(map(str, sorted(here)))}"
        yield of_request(assessment, Code.BC_QTY_PRICE_DRIFT, at_risk=0, detail=detail)


def _differences(line: Line, row: BcOrderLine) -> list[str]:
    pairs = (
        ("quantity", row.quantity, line.mapped.ordered),
        ("price", row.direct_unit_cost, line.mapped.unit_price),
    )
    return [
        f"{name} {format_decimal(here.value)}, ordered {format_decimal(ordered)}"
        for name, here, ordered in pairs
        if here is not None and ordered is not None and here.value != ordered
    ]
