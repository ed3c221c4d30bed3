"""The rules that time alone makes fire, and when the next one will.

A deadline counts from a time that a fact states; only an invoice that names no instant counts from its first receipt.
What is said when one has passed is `exceptions`.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from punchout.model.moments import DAY, HOUR, Micros, Moment, to_micros
from punchout.reconciliation.assessment import Assessment, Line
from punchout.reconciliation.placing import PlaceKey
from punchout.reconciliation.sending import SendState
from punchout.reconciliation.shares import Decision, InvoicedShare, Movement
from punchout.reconciliation.shipping import movement_of
from punchout.reconciliation.statements import stated_at
from punchout.reconciliation.subjects import whole_document

# cXML 281: a hub took the order and passed it on by an unreliable way, so silence is suspicious sooner.
_FORWARDED = 281
_FORWARDED_HOURS = 4
_EXPECTING = frozenset({SendState.SENT, SendState.SENDING, SendState.IN_DOUBT})


def confirmation_due(assessment: Assessment) -> tuple[Micros, Micros] | None:
    """Return when a missing confirmation becomes a warning and when an error; None where none is expected any more."""
    placed, policy = assessment.placement, assessment.policy
    if assessment.answered or placed.state not in _EXPECTING or placed.sent_at is None:
        return None
    answer, hours = assessment.sending.result, policy.confirmation_hours
    was_forwarded = answer is not None and answer.cxml_code == _FORWARDED
    return (
        placed.sent_at + (min(_FORWARDED_HOURS, hours) if was_forwarded else hours) * HOUR,
        placed.sent_at + policy.confirmation_error_hours * HOUR,
    )


def shipment_due(assessment: Assessment, line: Line) -> Micros | None:
    """Return when an invoice without a shipment becomes a warning; None where all that is invoiced was shipped.

    Shipments cover the oldest invoices first, so the wait starts with the first invoice that they do not cover. What
    was shipped and came back was shipped.
    """
    numbers = line.quantities
    shipped = numbers.shipped + numbers.returned
    if numbers.invoiced <= shipped:
        return None
    bills = sorted((_invoiced_at(share), share.quantity) for share in line.invoiced if share.quantity > 0)
    billed = accumulate(quantity for _, quantity in bills)
    # What is billed, less credits, exceeds what was shipped: so some bill is the first to do so.
    first = next(at for (at, _), total in zip(bills, billed, strict=True) if total > shipped + numbers.credited)
    return first + assessment.policy.invoice_wait_days * DAY


def receipt_due(assessment: Assessment, line: Line) -> tuple[Micros, Micros] | None:
    """Return when a missing receipt becomes a warning and when an error; None where none is missing.

    Counts from the latest stated delivery, else from the latest shipment; without either, the bill came before them.
    """
    numbers, policy = line.quantities, assessment.policy
    missing = min(numbers.invoiced, numbers.shipped) - numbers.received
    moved = [share.statement.body for share in line.shipped if share.movement is Movement.SHIPPED]
    stated = [body.delivery_date or body.shipment_date for body in moved]
    arrived = [end_of(moment, policy.zone_info) for moment in stated if moment is not None]
    if not policy.receipts_in_scope or missing <= 0 or not arrived:
        return None
    return max(arrived) + policy.receipt_grace_days * DAY, max(arrived) + policy.receipt_error_days * DAY


def overdue_shipment(assessment: Assessment, line: Line) -> Micros | None:
    """Return when a line becomes overdue of which nothing was shipped; None without a promise, or with a shipment.

    The promised shipment counts, else the promised delivery; of several promises for parts of the line the first.
    """
    numbers, policy = line.quantities, assessment.policy
    stated = [
        share.status.shipment_date or share.status.delivery_date
        for share in line.confirmed
        if share.status is not None and share.decision is Decision.ACCEPTED
    ]
    promised = [end_of(moment, policy.zone_info) for moment in stated if moment is not None]
    if not promised or numbers.shipped + numbers.returned > 0 or numbers.effective <= 0:
        return None
    return min(promised) + policy.shipment_grace_days * DAY


def cart_due(assessment: Assessment) -> tuple[Micros, Micros] | None:
    """Return when a cart that waits for its order is worth a warning, and when its prices lapse; None for no such cart.

    A cart states no time of its own that would start its age, so it counts from its first receipt.
    """
    cart, placed, policy = assessment.rows.cart, assessment.placement, assessment.policy
    is_settled = placed.has_left or placed.state in {SendState.REFUSED, SendState.CANCELLED}
    ordered_by_bc = policy.sent_by == "bc" and assessment.order_id is not None
    if cart is None or not cart.body.lines or is_settled or ordered_by_bc:
        return None
    if assessment.at_supplier or assessment.adoption is not None:
        return None
    return (
        cart.source.received + policy.cart_warn_age_days * DAY,
        cart.source.received + policy.cart_max_age_days * DAY,
    )


def claims(assessment: Assessment) -> Iterator[tuple[PlaceKey, str, Moment]]:
    """Yield the dates at which documents claim that something has happened, each with its document and name."""
    for confirmation in assessment.confirmations:
        yield whole_document(confirmation), "noticeDate", confirmation.body.notice
    for notice in assessment.ship_notices:
        shipped = notice.body.shipment_date
        if shipped is not None and movement_of(notice.body) is not Movement.PLANNED:
            yield whole_document(notice), "shipmentDate", shipped
    for invoice in assessment.invoices:
        yield whole_document(invoice), "invoiceDate", invoice.body.invoice_date


def start_of(moment: Moment, zone: ZoneInfo) -> Micros:
    """Return the first instant that a stated moment may mean; a day begins at midnight in the company's zone."""
    return moment.utc if moment.utc is not None else to_micros(_midnight(moment, zone))


def end_of(moment: Moment, zone: ZoneInfo) -> Micros:
    """Return the instant by which a stated moment has passed; a day ends at midnight in the company's zone."""
    if moment.utc is not None:
        return moment.utc
    return to_micros(_midnight(moment, zone) + timedelta(days=1))


def _midnight(moment: Moment, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(f"{moment.day}T00:00:00").replace(tzinfo=zone)


def next_due_at(assessment: Assessment) -> Micros | None:
    """Return the earliest later moment at which a deadline passes."""
    return min((due for due in _all(assessment) if due > assessment.as_of), default=None)


def _all(assessment: Assessment) -> Iterable[Micros]:
    yield from confirmation_due(assessment) or ()
    yield from cart_due(assessment) or ()
    for _, _, moment in claims(assessment):
        yield start_of(moment, assessment.policy.zone_info) - DAY
    for line in assessment.lines:
        yield from (
            due for due in (shipment_due(assessment, line), overdue_shipment(assessment, line)) if due is not None
        )
        yield from receipt_due(assessment, line) or ()


def _invoiced_at(share: InvoicedShare) -> Micros:
    return stated_at(share.statement.body.invoice_date, share.statement.received)
