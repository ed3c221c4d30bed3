"""Where a request stands according to the oracle: queued, sent or not, and its stage.

Folded from the script alone. The quantities it rests on are in `fold`.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from punchout.sandbox.fold import LineFold, arrived, fold
from punchout.sandbox.plan import Request, Script

_CART_LASTS = timedelta(days=7)


@dataclass(frozen=True)  # no slots: lines and stage are asked for again and again
class Standing:
    """One request after the sync of a round, and after the operator's actions if they are `done`."""

    script: Script
    request: Request
    round_number: int
    done: bool = True

    @property
    def adopted(self) -> bool:
        """Whether the order was placed before the cut-over: tracked, never sent."""
        return self.script.placed_elsewhere(self.request) and (
            self.request.confirmed_before or self.reached(self.request.released)
        )

    @property
    def queued(self) -> int | None:
        """The round in which the OrderRequest is built: all that it needs is there, and the cart is not too old."""
        request = self.request
        if request.ordered is None or self.script.placed_elsewhere(request):
            return None
        ready = max(request.ordered, request.emailed)
        return ready if self._cart_age(ready) < _CART_LASTS else None

    @property
    def left(self) -> int | None:
        """The round in which the order goes out, by itself or by the operator's hand."""
        return self.request.send if self.request.manual and self.queued else self.queued

    @property
    def sent(self) -> bool:
        """Whether the order has left."""
        by_hand_later = self.request.manual and not self.done
        return self.reached(self.left, self.round_number - 1 if by_hand_later else self.round_number)

    @property
    def expired(self) -> bool:
        """Whether the order stays unsent because its cart is too old."""
        waits = self.reached(self.request.ordered) and not self.adopted and not self.reached(self.queued)
        return waits and self._cart_age(self.round_number) >= _CART_LASTS

    @cached_property
    def lines(self) -> list[LineFold]:
        """The lines' quantities."""
        placed = self.reached(self.request.ordered) if self.adopted else self.reached(self.queued)
        return fold(self.request, self.round_number, ordered=placed)

    @cached_property
    def answered(self) -> bool:
        """Whether anything has come that names the order."""
        return bool(arrived(self.request, self.round_number)) and (self.sent or self.adopted)

    @cached_property
    def outbox(self) -> str | None:
        """Return the outbox state."""
        if not self.reached(self.queued):
            return None
        if not self.sent:
            return "draft"
        if self.request.answer == "refuse":
            return "refused"
        return "in_doubt" if self.request.answer in {"drop", "already"} and not self.answered else "sent"

    @cached_property
    def stage(self) -> str:
        """Return the stage."""
        outbox = self.outbox
        known = self.answered or (self.adopted and self.request.confirmed_before)
        if outbox == "sent" or known:
            return _stage_of_lines(self.lines)
        if outbox is not None:
            return "Send Failed" if outbox == "refused" else "PO Queued"
        steps = (
            ("PO Created", self.request.ordered),
            ("Released", self.request.released),
            ("Pending Approval", self.request.submitted),
            ("Cart Received", self.request.cart),
        )
        return next((stage for stage, due in steps if self.reached(due)), "New")

    def reached(self, due: int | None, round_number: int | None = None) -> bool:
        """Say whether a round has come."""
        return due is not None and due <= (self.round_number if round_number is None else round_number)

    def _cart_age(self, round_number: int) -> timedelta:
        if self.request.cart is None or round_number > len(self.script.rounds):
            return timedelta()
        return self.script.instant(round_number) - self.script.instant(self.request.cart)


def _stage_of_lines(lines: list[LineFold]) -> str:
    """Return the furthest of invoice, shipment and order over the lines that are not wholly rejected."""
    live = [line for line in lines if line.order_axis != "rejected"]
    if not live:
        return "Rejected"
    for axis, done, partly in (
        ("invoice_axis", "Invoiced", "Partially Invoiced"),
        ("ship_axis", "Shipped", "Partially Shipped"),
    ):
        values = [getattr(line, axis) for line in live]
        if all(value in {"full", "over", "credited"} for value in values):
            return done  # a line whose money came back was billed: nothing more will be
        if any(value != "none" for value in values):
            return partly
    if not any(line.accepted for line in live):
        return "PO Sent"
    resolved = all(line.accepted + line.rejected >= line.ordered for line in lines)
    return "Order Confirmed" if resolved else "Partially Confirmed"
