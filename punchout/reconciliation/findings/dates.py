"""Findings about dates: promises that slip or pass, and dates that cannot be."""

from collections.abc import Iterator
from datetime import date

from punchout.model.codes import Code, Severity
from punchout.model.moments import DAY, Moment, day_in_zone
from punchout.reconciliation.assessment import Assessment, Line
from punchout.reconciliation.deadlines import claims, overdue_shipment, start_of
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.shares import Decision, Movement
from punchout.reconciliation.shipping import movement_of
from punchout.reconciliation.subjects import of_line, of_place, whole_document

Found = Iterator[ExceptionFound]


def slipped(assessment: Assessment) -> Found:
    """Report a delivery that is now promised, or stated, much later than it was first promised."""
    tolerances = assessment.policy.tolerances
    for line in assessment.lines:
        first, last = _first_promise(assessment, line), _last_word(assessment, line)
        days = (date.fromisoformat(last) - date.fromisoformat(first)).days if first and last else 0
        if days > tolerances.slip_days:
            yield of_line(
                assessment,
                line,
                Code.CONF_DATE_SLIP,
                severity=Severity.ERROR if days > tolerances.slip_error_days else Severity.WARNING,
                quantity=line.quantities.effective,
                detail=f"delivery first promised for {first}, now for {last}",
            )


def _first_promise(assessment: Assessment, line: Line) -> str | None:
    """Return the day that the first confirmation to name one gave, its latest where it split the line."""
    by_statement: dict[str, list[str]] = {}
    for share in line.promises:
        moment = share.status.delivery_date if share.status is not None else None
        day = day_in_zone(moment, assessment.policy.zone_info) if moment is not None else None
        if day is not None and share.decision is Decision.ACCEPTED:
            by_statement.setdefault(share.statement.body_sha256, []).append(day)
    return max(next(iter(by_statement.values()), []), default=None)


def _last_word(assessment: Assessment, line: Line) -> str | None:
    """Return the latest day that stands, in confirmations or ship notices."""
    confirmed = [
        share.status.delivery_date
        for share in line.confirmed
        if share.status is not None and share.decision is Decision.ACCEPTED
    ]
    moved = [share.statement.body.delivery_date for share in line.shipped if share.movement is not Movement.RETURNED]
    zone = assessment.policy.zone_info
    days = [day_in_zone(moment, zone) for moment in (*confirmed, *moved) if moment is not None]
    return max((day for day in days if day is not None), default=None)


def shipment_overdue(assessment: Assessment) -> Found:
    """Report a line of which nothing was shipped although its promised date has passed."""
    for line in assessment.lines:
        due = overdue_shipment(assessment, line)
        if due is not None and due <= assessment.as_of:
            days = assessment.policy.shipment_grace_days
            yield of_line(
                assessment,
                line,
                Code.SHIP_OVERDUE,
                quantity=line.quantities.effective,
                detail=f"nothing shipped {days} days after the promised date",
                since=due,
            )


def impossible_order(assessment: Assessment) -> Found:
    """Report a shipment that arrives before it leaves, or leaves before it was ordered."""
    for notice in assessment.ship_notices:
        body = notice.body
        if movement_of(body) is not Movement.SHIPPED or body.shipment_date is None:
            continue
        wrong = []
        if body.delivery_date is not None and _is_before(assessment, body.delivery_date, body.shipment_date):
            wrong.append("delivered before it was shipped")
        ordered = assessment.ordered_at
        if ordered is not None and _is_before(assessment, body.shipment_date, ordered):
            wrong.append("shipped before it was ordered")
        if wrong:
            yield of_place(assessment, Code.SHIP_DATE_ORDER, whole_document(notice), detail=", ".join(wrong))


def _is_before(assessment: Assessment, one: Moment, other: Moment) -> bool:
    """Compare instants where both are known, else days in the company's zone."""
    if one.utc is not None and other.utc is not None:
        return one.utc < other.utc
    zone = assessment.policy.zone_info
    return (day_in_zone(one, zone) or "") < (day_in_zone(other, zone) or "")


def in_the_future(assessment: Assessment) -> Found:
    """Report a date that claims something has happened and lies more than a day ahead.

    Measured against the present, not against the receipt, so that it does not matter when a document arrived.
    """
    zone = assessment.policy.zone_info
    for place, name, moment in claims(assessment):
        if start_of(moment, zone) > assessment.as_of + DAY:
            detail = f"{name} {moment.text.strip()}"
            yield of_place(assessment, Code.FUTURE_DATED, place, detail=detail, since=None)
