"""What a person should know of: one small rule a code, all of them in `RULES`.

A rule that no longer holds finds nothing, and the ledger closes what it had found. Codes about documents that belong to
no order, and about documents delivered twice, are `punchout.ledger`'s; what a person should do is in
`punchout.model.codes`.
"""

from collections.abc import Callable, Iterator

from punchout.model.codes import Code, Severity
from punchout.model.exact import format_decimal, round_to_currency
from punchout.reconciliation.assessment import Assessment
from punchout.reconciliation.deadlines import confirmation_due, shipment_due
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.sending import SendState
from punchout.reconciliation.shares import Decision
from punchout.reconciliation.subjects import (
    answer,
    decided_since,
    error_codes,
    of_line,
    of_request,
    unmatched_detail,
)

Found = Iterator[ExceptionFound]


def line_not_found(assessment: Assessment) -> Found:
    """Report a place of a document that speaks of a line which is not in the order."""
    for place in assessment.unmatched:
        ordinals = ".".join(map(str, place.ordinals))
        yield ExceptionFound(
            code=Code.LINE_NOT_FOUND,
            severity=Code.LINE_NOT_FOUND.severity,
            subject_kind="document",
            subject_key=f"{place.body_sha256}#{ordinals}",
            amount_at_risk=round_to_currency(place.amount, place.currency),
            currency=place.currency,
            detail=unmatched_detail(assessment, place),
            since=place.since,
        )


def line_rejected(assessment: Assessment) -> Found:
    """Report a rejected quantity."""
    for line in assessment.lines:
        rejected = line.quantities.confirmed.rejected
        if rejected > 0:
            detail = f"{format_decimal(rejected)} of {format_decimal(line.quantities.ordered)} rejected"
            yield of_line(
                assessment,
                line,
                Code.CONF_REJECTED_LINE,
                quantity=rejected,
                detail=", ".join([detail, *error_codes(line)]),
                since=decided_since(line, Decision.REJECTED),
            )


def order_rejected(assessment: Assessment) -> Found:
    """Report that nothing of the order will come."""
    ordered = [line for line in assessment.lines if line.quantities.ordered > 0]
    if ordered and all(line.quantities.state.is_rejected for line in ordered):
        since = [decided_since(line, Decision.REJECTED) for line in ordered]
        yield of_request(
            assessment,
            Code.CONF_REJECTED_ORDER,
            detail=f"all {len(ordered)} lines rejected",
            since=max(at for at in since if at is not None),
        )


def line_backordered(assessment: Assessment) -> Found:
    """Report a quantity that waits at the supplier."""
    for line in assessment.lines:
        waiting = line.quantities.confirmed.backordered
        if waiting > 0:
            yield of_line(
                assessment,
                line,
                Code.CONF_BACKORDER,
                quantity=waiting,
                detail=f"{format_decimal(waiting)} of {format_decimal(line.quantities.ordered)} backordered",
                since=decided_since(line, Decision.BACKORDERED),
            )


def invoiced_over(assessment: Assessment) -> Found:
    """Report a line that is invoiced beyond what was accepted, or ordered where no confirmation names it."""
    for line in assessment.lines:
        numbers = line.quantities
        excess = numbers.invoiced - numbers.effective
        if excess > 0:
            against = "accepted" if numbers.confirmed.named else "ordered"
            yield of_line(
                assessment,
                line,
                Code.INV_QTY_OVER,
                quantity=excess,
                detail=f"{format_decimal(numbers.invoiced)} invoiced, {format_decimal(numbers.effective)} {against}",
            )


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


def confirmation_overdue(assessment: Assessment) -> Found:
    """Report an order that nothing has answered in time."""
    due = confirmation_due(assessment)
    if due is not None and due[0] <= assessment.as_of:
        late, too_late = due
        severity = Severity.ERROR if too_late <= assessment.as_of else Severity.WARNING
        hours = assessment.policy.confirmation_hours
        yield of_request(
            assessment, Code.CONF_OVERDUE, severity=severity, detail=f"no answer {hours} h after sending", since=late
        )


def sending_trouble(assessment: Assessment) -> Found:
    """Report an order that did not go out as it should."""
    codes = {
        SendState.IN_DOUBT: Code.SEND_AMBIGUOUS,
        SendState.REFUSED: Code.SEND_PERMANENT,
        SendState.BLOCKED: Code.OUT_BLOCKED,
    }
    sent = assessment.sending
    if sent.state in codes and sent.result is not None:
        status = [f"{name} {code}" for name, code in answer(assessment) if code is not None]
        detail = ", ".join([*status, *([sent.result.detail] if sent.result.detail else [])])
        yield of_request(assessment, codes[sent.state], detail=detail, since=sent.result.at)


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


def adopted(assessment: Assessment) -> Found:
    """Say that the order is tracked and never sent."""
    if assessment.adoption is not None:
        yield of_request(assessment, Code.ORDER_ADOPTED, at_risk=0, detail=assessment.adoption.value)


def cannot_be_ordered(assessment: Assessment) -> Found:
    """Report a released request whose order could not be built; ordering says why."""
    request = assessment.rows.request
    is_ours = assessment.policy.sent_by == "pipeline" and assessment.adoption is None
    is_ready = request is not None and request.body.status == "released" and assessment.rows.order is not None
    if assessment.refusals and is_ours and is_ready and assessment.sending.state is None:
        yield of_request(assessment, Code.OUT_VALIDATION, detail="; ".join(sorted(set(assessment.refusals))))


RULES: tuple[Callable[[Assessment], Found], ...] = (
    cannot_be_ordered,
    adopted,
    sending_trouble,
    confirmation_overdue,
    line_not_found,
    order_rejected,
    line_rejected,
    line_backordered,
    invoiced_over,
    invoiced_before_shipment,
    several_values,
)


def exceptions(assessment: Assessment) -> tuple[ExceptionFound, ...]:
    """Return everything that any rule finds, sorted by code and subject."""
    found = [one for rule in RULES for one in rule(assessment)]
    return tuple(sorted(found, key=lambda one: (one.code.value, one.subject_kind, one.subject_key)))


def has_errors(found: tuple[ExceptionFound, ...]) -> bool:
    """Tell whether anything found must be settled before the request is closed."""
    return any(one.severity in {Severity.ERROR, Severity.CRITICAL} for one in found)
