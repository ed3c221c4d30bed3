"""Sending one order now, without Dagster, under the same switches, caps and gates as every other.

`punchout outbox send` asks its question and calls this; so does the sandbox's operator. What may be sent and what an
answer means is decided in `punchout.ordering`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from punchout.cli import acting
from punchout.cli.errors import Exit
from punchout.cli.interrupts import finishing_first
from punchout.cli.rehearsing import rehearsed

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.ledger.sending.outbox import OutboxOrder
    from punchout.model.moments import Micros
    from punchout.ordering.refusals import Refusal
    from resources.settings import Settings


@dataclass(frozen=True, slots=True)
class Sent:
    """How it ended: the order's outbox state, why, the exit code that says so, and whether Ctrl-C was pressed."""

    order_id: str
    state: str
    detail: str | None
    code: Exit
    interrupted: bool


# What a state means for whoever asked to send now. A pending order did not leave and is tried again by the next sync.
_CODES = {
    "sent": Exit.DONE,
    "in_doubt": Exit.IN_DOUBT,
    "sending": Exit.IN_DOUBT,
    "blocked": Exit.CONFIGURATION,
    "pending": Exit.UNAVAILABLE,
}
SENDABLE = frozenset({"draft", "pending"})


def sendable(connection: "sa.Connection", identifier: str) -> "OutboxOrder":
    """Return the one order that an identifier names and that could be sent by hand.

    Raises:
        NotPossibleError: there is none, there are several, or its state does not allow it.
    """
    from punchout.ledger.errors import NotPossibleError
    from punchout.ledger.sending.outbox import one, orders

    order = one(orders(connection, identifier=identifier), identifier)
    if order.state not in SENDABLE:
        message = f"order {order.order_id} is {order.state}; only a draft, or an order that waits, can be sent"
        raise NotPossibleError(message)
    return order


def send_now(settings: "Settings", engine: "sa.Engine", identifier: str, by: str, as_of: "Micros | None") -> Sent:
    """Let a draft go and send it at once; returns how it ended.

    Raises:
        ConfigurationError: the way to the supplier is not set up; nothing was done.
        NotPossibleError: the order cannot be sent; nothing was done.
        ClockRanBackwardsError: `as_of` lies before the last sync; nothing was done.
    """
    from punchout.ledger.sending.outbox import one, orders
    from punchout.ordering.refusals import Refusal
    from resources.order_channel import order_channel

    # A way that is not set up must be found before the order is let go, not after.
    order_channel(settings)
    order = _look_up(engine, identifier)

    def step(connection: "sa.Connection", at: "Micros") -> None:
        _let_go(connection, at, order.payload_id, by)

    act = acting.begin(settings, engine, "outbox send", as_of, step)
    with finishing_first() as interrupt:
        ended = act.exchange.send(order.payload_id)
        act.finish(order_id=order.order_id)
    with engine.begin() as connection:
        now = one(orders(connection, identifier=order.payload_id), order.payload_id)
    if isinstance(ended, Refusal):
        return Sent(order.order_id, now.state, ended.detail, Exit.CONFIGURATION, interrupt.came)
    return Sent(order.order_id, now.state, now.reason, _CODES.get(now.state, Exit.USAGE), interrupt.came)


def foresee(
    settings: "Settings", identifier: str, by: str, as_of: "Micros | None"
) -> "tuple[OutboxOrder, Refusal | None]":
    """Say which order would be let go, and what would hold it back all the same; nothing is done.

    Raises:
        ConfigurationError: the way to the supplier is not set up.
        NotPossibleError: the order cannot be sent.
        ClockRanBackwardsError: `as_of` lies before the last sync.
    """
    from punchout.ledger.sending.rules import Clocks
    from punchout.ledger.sending.withheld import held_back
    from resources.exchange import wall_clock
    from resources.order_channel import order_channel
    from resources.policies import sending_rules

    order_channel(settings)
    rules = sending_rules(settings)

    def step(connection: "sa.Connection", at: "Micros") -> "tuple[OutboxOrder, Refusal | None]":
        found = _let_go(connection, at, identifier, by)
        return found, held_back(connection, found.payload_id, rules, Clocks(at, wall_clock()))

    return rehearsed(settings, step, as_of)


def _let_go(connection: "sa.Connection", at: "Micros", identifier: str, by: str) -> "OutboxOrder":
    from punchout.ledger.sending.outbox import send_draft

    found = sendable(connection, identifier)
    if found.state == "draft":
        send_draft(connection, found, by, at)
    return found


def _look_up(engine: "sa.Engine", identifier: str) -> "OutboxOrder":
    with engine.begin() as connection:
        return sendable(connection, identifier)
