"""Findings about Business Central's side of an order that the supplier has, or may have."""

from collections.abc import Iterator

from punchout.model.codes import Code, Severity
from punchout.reconciliation.assessment import Assessment
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.subjects import of_request

Found = Iterator[ExceptionFound]


def cancelled_here_only(assessment: Assessment) -> Found:
    """Report a purchase order that was emptied although the supplier has, or may have, the order.

    Critical as long as nothing was shipped and the supplier can still be told; an error from then on.
    """
    order = assessment.rows.order
    if order is None or not assessment.sending.has_left or not assessment.is_emptied:
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
