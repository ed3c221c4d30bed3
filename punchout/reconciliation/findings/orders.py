"""Findings about the order itself: why it was not built or sent, how it was answered, and what one field stands for."""

from collections.abc import Iterator

from punchout.model.codes import Code, Severity
from punchout.model.moments import HOUR
from punchout.reconciliation.assessment import Assessment
from punchout.reconciliation.deadlines import confirmation_due
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.sending import SendState
from punchout.reconciliation.subjects import answer, of_line, of_request

Found = Iterator[ExceptionFound]


def cannot_be_ordered(assessment: Assessment) -> Found:
    """Report a released request whose order could not be built; ordering says why, code by code."""
    request = assessment.rows.request
    is_ours = assessment.policy.sent_by == "pipeline" and assessment.adoption is None
    is_ready = request is not None and request.body.status == "released" and assessment.rows.order is not None
    if not (is_ours and is_ready) or assessment.sending.state is not None:
        return
    for code in sorted({code for code, _ in assessment.refusals}):
        reasons = {text for refused, text in assessment.refusals if refused is code}
        yield of_request(assessment, code, detail="; ".join(sorted(reasons)))


def unlike_the_cart(assessment: Assessment) -> Found:
    """Report lines of our order that do not give the supplier back what the cart said."""
    lines = {line.mapped.key: line for line in assessment.lines}
    for key, detail, amount in assessment.remarks:
        if key in lines:
            yield of_line(assessment, lines[key], Code.OUT_ROUNDTRIP_DIFF, amount=amount, detail=detail)


def adopted(assessment: Assessment) -> Found:
    """Say that the order is tracked and never sent."""
    if assessment.adoption is not None:
        yield of_request(assessment, Code.ORDER_ADOPTED, at_risk=0, detail=assessment.adoption.value)


def sending_trouble(assessment: Assessment) -> Found:
    """Report an order that did not go out as it should."""
    codes = {
        SendState.IN_DOUBT: Code.SEND_AMBIGUOUS,
        SendState.REFUSED: Code.SEND_PERMANENT,
        SendState.BLOCKED: Code.OUT_BLOCKED,
    }
    placed, sent = assessment.placement, assessment.sending
    if placed.state in codes and placed.state is not sent.state and placed.word is not None:
        word = placed.word.body
        detail = ", ".join(text for text in (f"cXML {word.code}", word.text, word.message) if text)
        yield of_request(assessment, codes[placed.state], detail=detail, since=placed.worded_at)
    elif sent.state in codes and sent.result is not None:
        status = [f"{name} {code}" for name, code in answer(assessment) if code is not None]
        detail = ", ".join([*status, *([sent.result.detail] if sent.result.detail else [])])
        yield of_request(assessment, codes[sent.state], detail=detail, since=sent.result.at)
    if sent.held is not None:
        detail = ": ".join(filter(None, (f"held by {sent.held.by}", sent.held.reason)))
        yield of_request(assessment, Code.OUT_BLOCKED, detail=detail, since=sent.held.at)
    if sent.withheld is not None:
        yield of_request(assessment, Code.OUT_BLOCKED, detail=sent.withheld.detail, since=sent.withheld.at)


def ordered_twice(assessment: Assessment) -> Found:
    """Report an order that was sent by somebody else besides us, or under two payloadIDs."""
    copy = assessment.placement.copy
    if assessment.placement.is_ordered_twice and copy is not None:
        detail = f"{copy.body.order_id} was also sent as {', '.join(sorted(copy.payload_ids))}"
        yield of_request(assessment, Code.OUT_ALREADY_SENT, detail=detail, since=copy.body.order_date.utc)


def confirmation_overdue(assessment: Assessment) -> Found:
    """Report an order that nothing has answered in time."""
    due = confirmation_due(assessment)
    if due is not None and due[0] <= assessment.as_of:
        late, too_late = due
        severity = Severity.ERROR if too_late <= assessment.as_of else Severity.WARNING
        hours = (late - (assessment.sending.marked_at or late)) // HOUR
        yield of_request(
            assessment, Code.CONF_OVERDUE, severity=severity, detail=f"no answer {hours} h after sending", since=late
        )


def several_values(assessment: Assessment) -> Found:
    """Report that one field of Business Central stands for several values."""
    if len(assessment.confirmation_ids) > 1:
        ids = ", ".join(sorted(one.text for one in assessment.confirmation_ids))
        yield of_request(assessment, Code.MULTI_VALUE_PROJECTED, at_risk=0, detail=f"Order Confirmation ID: {ids}")
    for line in assessment.lines:
        shown = line.projection
        counts = (
            ("Shipping Date", shown.shipping_date.distinct),
            ("Delivery Date", shown.delivery_date.distinct),
            ("Invoice ID", shown.invoice_id.distinct),
            ("Invoice Date", shown.invoice_date.distinct),
        )
        several = [f"{name}: {count} values" for name, count in counts if count > 1]
        if several:
            yield of_line(assessment, line, Code.MULTI_VALUE_PROJECTED, detail=", ".join(several))
