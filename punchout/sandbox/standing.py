"""Where a request stands according to the oracle: queued, sent or not, and its stage.

Folded from the script alone. The quantities it rests on are in `fold`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from punchout.sandbox.fold import LineFold, arrived, fold
from punchout.sandbox.plan import Request, Script

_CART_LASTS = timedelta(days=7)
_ERRORS, _FAILURES = 400, 500  # from which Status code on an order is refused, and from which nobody knows


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
        known = self.request.confirmed_before or self.reached(self.request.released)
        return self.script.sent_by == "pipeline" and self.elsewhere and known

    @property
    def elsewhere(self) -> bool:
        """Whether the order is Business Central's to send, or was."""
        return self.script.placed_elsewhere(self.request)

    @property
    def copied(self) -> bool:
        """Whether the copy of Business Central's OrderRequest has come, which proves that the order was sent."""
        return self.reached(self.script.copied_in(self.request))

    @property
    def fate(self) -> str | None:
        """What became of Business Central's order by the last status update: refused, in_doubt, None where all is well.

        A document that answers the order outweighs every word.
        """
        codes = [code for due, code in self.script.told_of(self.request) if self.reached(due)]
        if not codes or codes[-1] < _ERRORS or self.answered:
            return None
        return "refused" if codes[-1] < _FAILURES else "in_doubt"

    @property
    def queued(self) -> int | None:
        """The round in which the OrderRequest is built: all that it needs is there, and the cart is not too old."""
        request = self.request
        if request.ordered is None or self.elsewhere:
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
    def unsent(self) -> bool:
        """Whether the order is ours to send, its purchase order is there, and still nothing could be queued."""
        return self.reached(self.request.ordered) and not self.elsewhere and not self.reached(self.queued)

    @property
    def expired(self) -> bool:
        """Whether the order stays unsent because its cart is too old."""
        return self.unsent and self._cart_age(self.round_number) >= _CART_LASTS

    @cached_property
    def lines(self) -> list[LineFold]:
        """The lines' quantities."""
        placed = self.reached(self.request.ordered if self.elsewhere else self.queued)
        return fold(self.request, self.round_number, ordered=placed)

    @cached_property
    def answered(self) -> bool:
        """Whether anything has come that names the order."""
        return bool(arrived(self.request, self.round_number)) and (self.sent or self.elsewhere)

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

    @property
    def waits_since(self) -> datetime | None:
        """The time from which a confirmation is awaited: our sending, or what the copy of the OrderRequest states.

        None where nobody here knows when, or whether, the order was sent.
        """
        if self.copied:
            return None if self.fate == "refused" else self.script.sent_at(self.request)
        return self.script.instant(self.left) if self.left and self.outbox in {"sent", "in_doubt"} else None

    @property
    def may_be_at_amazon(self) -> bool:
        """Whether Amazon has the order, or may have it; what was placed before the cut-over is left out."""
        if self.script.sent_by == "bc":
            return (self.copied and self.fate != "refused") or self.answered
        return self.outbox in {"sent", "in_doubt"}

    @cached_property
    def stage(self) -> str:
        """Return the stage."""
        outbox = self.outbox or self.fate
        known = self.answered or self.copied or (self.elsewhere and self.request.confirmed_before)
        if outbox == "sent" or (known and self.fate is None):
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
