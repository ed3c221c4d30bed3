"""The numbers of a line: what all current documents together say, and the axes that follow.

Positions are sums of shares, so they cannot depend on the order of anything. Where shares come from: `confirming`,
`shipping`, `invoicing`. What the numbers mean for the stage: `stages`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from punchout.model.documents import Confirmation
from punchout.model.exact import Millionths, format_decimal
from punchout.reconciliation.line_map import MappedLine
from punchout.reconciliation.shares import ConfirmedShare, Decision, InvoicedShare, Movement, ShippedShare
from punchout.reconciliation.stages import (
    InvoiceAxis,
    LineState,
    MoveAxis,
    OrderAxis,
    invoice_axis,
    order_axis,
    ship_axis,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What confirmations decided about a line. `backordered` counts only as far as the rest leaves room."""

    accepted: Millionths
    rejected: Millionths
    backordered: Millionths
    named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantities:
    """A line's numbers, as in `results.LinePosition`. `shipped` and `invoiced` are net."""

    ordered: Millionths
    confirmed: Confirmed
    shipped: Millionths
    returned: Millionths
    received: Millionths
    invoiced: Millionths
    credited: Millionths
    cancelled: bool
    closed: bool = False

    @property
    def effective(self) -> Millionths:
        """What deliveries and invoices are measured against; of a closed line no more than what has come."""
        limit = expected(self.ordered, self.confirmed)
        return min(limit, max(0, self.shipped, self.received)) if self.closed else limit

    @property
    def expectation(self) -> str:
        """What deliveries and invoices are measured against, in words."""
        word = "came before it was closed" if self.closed else "accepted" if self.confirmed.named else "ordered"
        return f"{format_decimal(self.effective)} {word}"

    @property
    def is_rejected(self) -> bool:
        """Whether all of it was rejected."""
        return self.ordered > 0 and self.confirmed.rejected == self.ordered

    @property
    def order_axis(self) -> OrderAxis:
        """How far the supplier has answered; what came of a closed line is all that was accepted of it."""
        if self.closed:
            came = self.effective
            return order_axis(self.ordered, came, self.ordered - came, 0, self.cancelled or came == 0)
        decided = self.confirmed
        return order_axis(self.ordered, decided.accepted, decided.rejected, decided.backordered, self.cancelled)

    @property
    def ship_axis(self) -> MoveAxis:
        """How far it is shipped."""
        return ship_axis(self.shipped, self.effective)

    @property
    def receipt_axis(self) -> MoveAxis:
        """How far it is received."""
        return ship_axis(self.received, self.effective)

    @property
    def invoice_axis(self) -> InvoiceAxis:
        """How far it is invoiced."""
        return invoice_axis(self.invoiced, self.effective, self.credited > 0)

    @property
    def state(self) -> LineState:
        """The line as the header sees it."""
        decided = self.confirmed
        return LineState(
            order=self.order_axis,
            ship=self.ship_axis,
            receipt=self.receipt_axis,
            invoice=self.invoice_axis,
            accepted=self.effective > 0 if self.closed else decided.accepted > 0,
            resolved=self.closed or decided.accepted + decided.rejected >= self.ordered,
        )


def confirmed_of(line: MappedLine, shares: Iterable[ConfirmedShare]) -> Confirmed:
    """Add up decisions.

    A backordered quantity that some other statement accepts or rejects, earlier or later, is no longer waiting: so it
    counts only to the extent that accepted and rejected leave room in what was ordered.
    """
    sums = dict.fromkeys(Decision, 0)
    named = False
    for share in shares:
        sums[share.decision] += share.quantity
        named = True
    accepted, rejected = sums[Decision.ACCEPTED], sums[Decision.REJECTED]
    room = max(0, line.ordered - accepted - rejected)
    return Confirmed(
        accepted=accepted,
        rejected=rejected,
        backordered=min(sums[Decision.BACKORDERED], room),
        named=named,
    )


def expected(ordered: Millionths, confirmed: Confirmed) -> Millionths:
    """Return what a line should bring: what was accepted if a confirmation names it, else all that was ordered.

    A ship notice or invoice before any confirmation implies acceptance, so there is nothing to subtract then.
    """
    return confirmed.accepted if confirmed.named else ordered


def quantities_of(
    line: MappedLine,
    confirmed: Confirmed,
    shipped: Iterable[ShippedShare],
    invoiced: Iterable[InvoicedShare],
    *,
    cancelled: bool,
    closed: bool = False,
) -> Quantities:
    """Add up movements and bills."""
    moved = dict.fromkeys(Movement, 0)
    for share in shipped:
        moved[share.movement] += share.quantity
    billed = [share.quantity for share in invoiced]
    return Quantities(
        ordered=line.ordered,
        confirmed=confirmed,
        shipped=moved[Movement.SHIPPED] - moved[Movement.RETURNED],
        returned=moved[Movement.RETURNED],
        received=line.received,
        invoiced=sum(billed),
        credited=-sum(quantity for quantity in billed if quantity < 0),
        cancelled=cancelled,
        closed=closed,
    )


def price_confirmed(shares: Iterable[ConfirmedShare]) -> Millionths | None:
    """Return the unit price of the newest acceptance that states one; shares come oldest first."""
    stated = [
        share.status.unit_price.amount
        for share in shares
        if share.decision is Decision.ACCEPTED and share.status is not None and share.status.unit_price is not None
    ]
    return stated[-1] if stated else None


def confirm_ids(confirmation: Confirmation) -> list[tuple[tuple[int, int], str]]:
    """Return the supplier's order numbers a confirmation states, each with its place (item, status).

    The number of a status (`Comments type="confirmID"`) outranks the header's for that status.
    """
    header = confirmation.confirm_id
    places = [
        ((item.ordinal, status.ordinal), status.confirm_id or header)
        for item in confirmation.items
        for status in item.statuses
    ]
    return [(place, stated) for place, stated in places or [((0, 0), header)] if stated]
