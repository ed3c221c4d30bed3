"""What happened to a request and when, from the times that its facts state.

Only the versions that stand appear. The events are computed every time; nothing is remembered of how the stage moved.
"""

from collections.abc import Iterator

from punchout.model.documents import ShipNotice
from punchout.model.moments import Micros
from punchout.reconciliation.assessment import Assessment
from punchout.reconciliation.results import TimelineEvent
from punchout.reconciliation.sending import SendState
from punchout.reconciliation.shares import Movement
from punchout.reconciliation.shipping import movement_of
from punchout.reconciliation.stages import Stage
from punchout.reconciliation.statements import Statement, stated_at
from punchout.reconciliation.versions import CREDITS

_MOVED = {Movement.SHIPPED: "Shipment", Movement.PLANNED: "Planned Shipment", Movement.RETURNED: "Return"}


def timeline(assessment: Assessment) -> tuple[TimelineEvent, ...]:
    """Return the events, oldest first."""
    return tuple(sorted((*_before_the_order(assessment), *_of_the_order(assessment), *_of_documents(assessment))))


def _before_the_order(assessment: Assessment) -> Iterator[TimelineEvent]:
    cart, request = assessment.rows.cart, assessment.rows.request
    if cart is not None:
        at = cart.source.version or cart.source.received
        yield TimelineEvent(at=at, what=Stage.CART_RECEIVED.value, source=cart.source.body_sha256)
    if request is not None and request.body.released is not None and request.body.released.utc is not None:
        yield TimelineEvent(at=request.body.released.utc, what=Stage.RELEASED.value, source=request.body.number)


def _of_the_order(assessment: Assessment) -> Iterator[TimelineEvent]:
    sent, placed = assessment.sending, assessment.placement
    if placed.copy is not None and placed.sent_at is not None and sent.order is None:
        yield TimelineEvent(at=placed.sent_at, what=Stage.PO_SENT.value, source=placed.copy.body_sha256)
    if placed.state is SendState.REFUSED and sent.state is not SendState.REFUSED and placed.word is not None:
        word = placed.word.source
        yield TimelineEvent(at=placed.worded_at or word.received, what=Stage.SEND_FAILED.value, source=word.body_sha256)
    if sent.order is None:
        return
    yield TimelineEvent(at=sent.order.at, what=Stage.PO_QUEUED.value, source=sent.order.payload_id)
    if sent.state is SendState.SENT and sent.marked_at is not None:
        yield TimelineEvent(at=sent.marked_at, what=Stage.PO_SENT.value, source=sent.order.payload_id)
    if sent.state is SendState.REFUSED and sent.result is not None:
        yield TimelineEvent(at=sent.result.at, what=Stage.SEND_FAILED.value, source=sent.order.payload_id)


def _of_documents(assessment: Assessment) -> Iterator[TimelineEvent]:
    for confirmation in assessment.confirmations:
        at = stated_at(confirmation.body.notice, confirmation.received)
        yield TimelineEvent(at=at, what="Confirmation", source=confirmation.body_sha256)
    for notice in assessment.ship_notices:
        what = _MOVED[movement_of(notice.body)]
        yield TimelineEvent(at=_moved_at(notice), what=what, source=notice.body_sha256)
    for invoice in assessment.invoices:
        what = "Credit" if invoice.body.purpose in CREDITS else "Invoice"
        at = stated_at(invoice.body.invoice_date, invoice.received)
        yield TimelineEvent(at=at, what=what, source=invoice.body_sha256)


def _moved_at(notice: Statement[ShipNotice]) -> Micros:
    shipment = notice.body.shipment_date
    return stated_at(
        shipment if shipment is not None and shipment.utc is not None else notice.body.notice, notice.received
    )
