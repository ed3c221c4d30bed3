"""Orders that the supplier answered, or of which a copy came, before they left: somebody else has ordered them.

They must not go again. An order that was attempted and answered is `sent`, which `reconcile` sees to. Here is the one
that never left.
"""

from punchout.ledger.sending.waiting_order import WaitingOrder
from punchout.model.codes import Code
from punchout.ordering.refusals import Refusal

_ANSWERED = "the supplier has answered this order, which never left from here"
_COPIED = "somebody else has sent this order, as a copy of it shows, and it never left from here"


def answered_elsewhere(order: WaitingOrder) -> Refusal | None:
    """Hold back an order that was never attempted and that somebody else has sent; None lets it leave.

    A person who let it go outranks the signs.
    """
    if order.attempt or order.is_released or not (order.is_answered or order.is_copied):
        return None
    return Refusal(Code.OUT_BLOCKED, "answered", _ANSWERED if order.is_answered else _COPIED)
