"""The axes of a line and the stage of a request, as total functions: first match wins, nothing else sets a stage.

O ordered, A accepted, R rejected, B backordered, S shipped net of returns, V received, I invoiced net of credits, all
millionths; eff is A where a confirmation names the line, else O less R. Nothing here knows documents or Business
Central; `positions` finds the numbers and `assessment` the facts of the header.
"""

from dataclasses import dataclass
from enum import StrEnum

from punchout.model.exact import Millionths


class OrderAxis(StrEnum):
    """How far the supplier has answered a line."""

    NONE = "none"
    CANCELLED = "cancelled"
    OVER = "over"
    REJECTED = "rejected"
    CONFIRMED = "confirmed"
    SETTLED = "settled"
    BACKORDERED = "backordered"
    SENT = "sent"
    PARTIAL = "partial"


class MoveAxis(StrEnum):
    """How far a line is shipped, or received."""

    NONE = "none"
    OVER = "over"
    FULL = "full"
    PARTIAL = "partial"


class InvoiceAxis(StrEnum):
    """How far a line is invoiced."""

    CREDITED = "credited"
    NONE = "none"
    OVER = "over"
    FULL = "full"
    PARTIAL = "partial"


class Stage(StrEnum):
    """The stage a request shows. Values are the display names."""

    NEW = "New"
    CART_RECEIVED = "Cart Received"
    PENDING_APPROVAL = "Pending Approval"
    RELEASED = "Released"
    PO_CREATED = "PO Created"
    PO_QUEUED = "PO Queued"
    PO_SENT = "PO Sent"
    SEND_FAILED = "Send Failed"
    PARTIALLY_CONFIRMED = "Partially Confirmed"
    ORDER_CONFIRMED = "Order Confirmed"
    REJECTED = "Rejected"
    PARTIALLY_SHIPPED = "Partially Shipped"
    SHIPPED = "Shipped"
    PARTIALLY_INVOICED = "Partially Invoiced"
    INVOICED = "Invoiced"
    CLOSED = "Closed"
    CANCELLED = "Cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineState:
    """A line as the header sees it. `accepted` is A > 0, `resolved` is A + R >= O."""

    order: OrderAxis
    ship: MoveAxis
    receipt: MoveAxis
    invoice: InvoiceAxis
    accepted: bool
    resolved: bool

    @property
    def is_rejected(self) -> bool:
        """Nothing of it will come: all is decided and nothing accepted, also where more was rejected than ordered."""
        return self.resolved and not self.accepted and self.order not in {OrderAxis.NONE, OrderAxis.CANCELLED}

    @property
    def is_called_off(self) -> bool:
        """Cancelled, and not shipped all the same."""
        return self.order is OrderAxis.CANCELLED and self.ship is MoveAxis.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderFacts:
    """What decides the header beside the lines.

    Attributes:
        cart: a cart has come.
        bc_status: Business Central's word for the request: open, pendingApproval, released; None where it has none.
        purchase_order: a purchase order is known.
        sending: outbox state, None where nothing was queued.
        at_supplier: it is known that the supplier has the order.
        open_errors: an exception of severity error or worse is open.
    """

    cart: bool
    bc_status: str | None
    purchase_order: bool
    sending: str | None
    at_supplier: bool
    lines: tuple[LineState, ...]
    receipts_in_scope: bool
    open_errors: bool


_MOVED = frozenset({MoveAxis.FULL, MoveAxis.OVER})
# A line whose invoice was taken back by a credit has nothing more to be billed: it must not fall back to Shipped.
_BILLED = frozenset({InvoiceAxis.FULL, InvoiceAxis.OVER, InvoiceAxis.CREDITED})


def order_axis(o: Millionths, a: Millionths, r: Millionths, b: Millionths, cancelled: bool) -> OrderAxis:  # noqa: FBT001 - the fifth of five numbers of one line
    """Return the value of the order axis."""
    rules = (
        (o <= 0, OrderAxis.NONE),
        (cancelled, OrderAxis.CANCELLED),
        (a + r + b > o, OrderAxis.OVER),
        (r == o, OrderAxis.REJECTED),
        (a == o, OrderAxis.CONFIRMED),
        (a + r == o, OrderAxis.SETTLED),
        (b > 0 and a == 0, OrderAxis.BACKORDERED),
        (a == r == b == 0, OrderAxis.SENT),
    )
    return next((value for holds, value in rules if holds), OrderAxis.PARTIAL)


def ship_axis(x: Millionths, eff: Millionths) -> MoveAxis:
    """Return the value of the ship axis, and with V for S of the receipt axis."""
    rules = ((x <= 0, MoveAxis.NONE), (x > eff, MoveAxis.OVER), (x == eff, MoveAxis.FULL))
    return next((value for holds, value in rules if holds), MoveAxis.PARTIAL)


def invoice_axis(i: Millionths, eff: Millionths, has_credits: bool) -> InvoiceAxis:  # noqa: FBT001 - the third of three facts of one line
    """Return the value of the invoice axis."""
    if has_credits and i <= 0:
        return InvoiceAxis.CREDITED
    return InvoiceAxis(ship_axis(i, eff).value)


def header_stage(facts: HeaderFacts) -> Stage:
    """Return the stage: the furthest of invoice, ship and order over the live lines, else how far it has come."""
    ordered = [line for line in facts.lines if line.order is not OrderAxis.NONE]
    live = [line for line in ordered if not (line.is_rejected or line.is_called_off)]
    if ordered and not live:
        return Stage.REJECTED if all(line.is_rejected for line in ordered) else Stage.CANCELLED
    return _invoiced(live, facts) or _shipped(live) or _confirmed(live) or _before_an_answer(facts)


def _invoiced(live: list[LineState], facts: HeaderFacts) -> Stage | None:
    if all(line.invoice is InvoiceAxis.NONE for line in live):
        return None
    if not all(line.invoice in _BILLED for line in live):
        return Stage.PARTIALLY_INVOICED
    arrived = all(line.ship in _MOVED and line.receipt in _MOVED for line in live)
    if facts.receipts_in_scope and arrived and not facts.open_errors:
        return Stage.CLOSED
    return Stage.INVOICED


def _shipped(live: list[LineState]) -> Stage | None:
    if all(line.ship is MoveAxis.NONE for line in live):
        return None
    return Stage.SHIPPED if all(line.ship in _MOVED for line in live) else Stage.PARTIALLY_SHIPPED


def _confirmed(live: list[LineState]) -> Stage | None:
    if not any(line.accepted for line in live):
        return None
    return Stage.ORDER_CONFIRMED if all(line.resolved for line in live) else Stage.PARTIALLY_CONFIRMED


def _before_an_answer(facts: HeaderFacts) -> Stage:
    rules = (
        (facts.sending == "refused", Stage.SEND_FAILED),
        (facts.sending == "cancelled", Stage.CANCELLED),
        (facts.at_supplier, Stage.PO_SENT),
        (facts.sending is not None, Stage.PO_QUEUED),
        (facts.purchase_order, Stage.PO_CREATED),
        (facts.bc_status == "released", Stage.RELEASED),
        (facts.bc_status == "pendingApproval", Stage.PENDING_APPROVAL),
        (facts.cart, Stage.CART_RECEIVED),
    )
    return next((stage for holds, stage in rules if holds), Stage.NEW)
