"""What people do with orders: send a draft, hold, release, settle a doubt. Every step is audited.

Nothing here talks to the supplier; `dispatch` does. An order in doubt is only ever made ready to send again by a named
person who says that the supplier does not have it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.errors import NotPossibleError
from punchout.ledger.runs import audit
from punchout.ledger.sending.withheld import last_attempt_at
from punchout.ledger.sql import insert_all, insert_new
from punchout.ledger.tables import decisions
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.facts import ORDER_QUEUED
from punchout.ledger.touches import touch
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros
from punchout.model.orders import SendHeld, SendReleased, SendResolved


@dataclass(frozen=True, slots=True)
class OutboxOrder:
    """An order in the outbox as a person sees it; amounts in millionths, instants in microseconds UTC."""

    key: RequestKey
    payload_id: str
    order_id: str
    state: str
    reason: str | None
    attempt: int
    total: int
    currency: str
    queued_at: Micros


_FROM: Mapping[str, frozenset[str]] = {
    "hold": frozenset({"draft", "pending"}),
    "release": frozenset({"hold", "blocked"}),
}
_OUTCOMES = frozenset({"sent", "pending", "cancelled"})


def orders(connection: sa.Connection, *, state: str | None = None, identifier: str | None = None) -> list[OutboxOrder]:
    """Return orders by state, or by request number, purchase order or payloadID."""
    query = (
        sa.select(OUTBOX, ORDER_QUEUED.c.total, ORDER_QUEUED.c.currency, ORDER_QUEUED.c.at)
        .join(ORDER_QUEUED, ORDER_QUEUED.c.payload_id == OUTBOX.c.payload_id)
        .order_by(OUTBOX.c.company, OUTBOX.c.supplier, OUTBOX.c.order_id)
    )
    if state is not None:
        query = query.where(OUTBOX.c.state == state)
    if identifier is not None:
        query = query.where(
            sa.or_(
                OUTBOX.c.request_no == identifier, OUTBOX.c.order_id == identifier, OUTBOX.c.payload_id == identifier
            )
        )
    return [
        OutboxOrder(
            RequestKey(row.company, row.supplier, row.request_no),
            row.payload_id,
            row.order_id,
            row.state,
            row.reason,
            row.attempt,
            row.total,
            row.currency,
            row.at,
        )
        for row in connection.execute(query)
    ]


def send_draft(connection: sa.Connection, order: OutboxOrder, by: str, at: Micros) -> None:
    """Let a drafted order go (Business Central: Send Purchase Order cXML)."""
    if order.state != "draft":
        message = f"order {order.order_id} is {order.state}; only a draft can be sent by hand"
        raise NotPossibleError(message)
    _move(connection, order, "pending", None)
    decision = SendReleased(payload_id=order.payload_id, by=by, at=at)
    insert_all(connection, decisions.SEND_RELEASED, [codec_of(SendReleased).encode(decision)])
    audit(connection, at, by, "outbox send", order.order_id)


def move(
    connection: sa.Connection, order: OutboxOrder, step: str, by: str, at: Micros, reason: str | None = None
) -> None:
    """Hold or release an order that has not left; a draft that was held is a draft again.

    Releasing is a person's word that the order may leave, also one that the supplier seems to have already.

    Raises:
        NotPossibleError: it has left, or it is not held.
    """
    allowed = _FROM[step]
    if order.state not in allowed:
        message = f"order {order.order_id} is {order.state}; {step} needs {' or '.join(sorted(allowed))}"
        raise NotPossibleError(message)
    is_held = step == "hold"
    if is_held or _waits_for_a_person(connection, order.payload_id):
        _move(connection, order, "hold" if is_held else "draft", f"{by}: {reason}" if is_held and reason else None)
    else:
        _move(connection, order, "pending", None)
        decision = SendReleased(payload_id=order.payload_id, by=by, at=at)
        insert_new(connection, decisions.SEND_RELEASED, [codec_of(SendReleased).encode(decision)])
    word = SendHeld(
        payload_id=order.payload_id,
        is_held=is_held,
        by=by,
        at=max(at, _last_step_at(connection, order.payload_id) + 1),
        reason=reason,
    )
    insert_all(connection, decisions.SEND_HELD, [codec_of(SendHeld).encode(word)])
    audit(connection, at, by, f"outbox {step}", order.order_id, reason)


def settle(connection: sa.Connection, order: OutboxOrder, outcome: str, by: str, evidence: str, at: Micros) -> None:
    """Settle an order in doubt by a person's word: the supplier has it, does not have it, or it is given up.

    Raises:
        NotPossibleError: the order is not in doubt.
    """
    if order.state != "in_doubt" or outcome not in _OUTCOMES:
        message = f"order {order.order_id} is {order.state}; only an order in doubt can be resolved"
        raise NotPossibleError(message)
    # The word must come after the attempt it is about, also where both happen in one sync.
    moment = max(at, _last_step_at(connection, order.payload_id) + 1)
    decision = SendResolved(payload_id=order.payload_id, outcome=outcome, by=by, evidence=evidence, at=moment)
    insert_all(connection, decisions.SEND_RESOLVED, [codec_of(SendResolved).encode(decision)])
    _move(connection, order, outcome, f"{by}: {evidence}")
    audit(connection, at, by, "outbox resolve", order.order_id, f"{outcome}: {evidence}")


def counts(connection: sa.Connection) -> dict[str, int]:
    """Return how many orders are in each state."""
    query = sa.select(OUTBOX.c.state, sa.func.count()).group_by(OUTBOX.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def _waits_for_a_person(connection: sa.Connection, payload_id: str) -> bool:
    query = (
        sa.select(ORDER_QUEUED.c.payload_id)
        .outerjoin(decisions.SEND_RELEASED, decisions.SEND_RELEASED.c.payload_id == ORDER_QUEUED.c.payload_id)
        .where(
            ORDER_QUEUED.c.payload_id == payload_id,
            ORDER_QUEUED.c.release_mode == "manual",
            decisions.SEND_RELEASED.c.payload_id.is_(None),
        )
    )
    return connection.execute(query).first() is not None


def _last_step_at(connection: sa.Connection, payload_id: str) -> Micros:
    """Return the time of the last attempt or word: each step carries a later time than what it answers."""
    words = [
        connection.execute(sa.select(sa.func.max(table.c.at)).where(table.c.payload_id == payload_id)).scalar_one()
        for table in (decisions.SEND_HELD, decisions.SEND_RESOLVED)
    ]
    return max(last_attempt_at(connection, payload_id), *(at or 0 for at in words))


def _move(connection: sa.Connection, order: OutboxOrder, state: str, reason: str | None) -> None:
    changed = connection.execute(
        sa.update(OUTBOX)
        .where(OUTBOX.c.payload_id == order.payload_id, OUTBOX.c.state == order.state)
        .values(state=state, reason=reason)
    ).rowcount
    if not changed:
        message = f"order {order.order_id} was changed by somebody else meanwhile"
        raise NotPossibleError(message)
    touch(connection, [order.key])


def one(found: Sequence[OutboxOrder], identifier: str) -> OutboxOrder:
    """Return the one order that an identifier names.

    Raises:
        NotPossibleError: there is none, or there are several.
    """
    if len(found) != 1:
        message = f"no order for {identifier}" if not found else f"{identifier} names {len(found)} orders"
        raise NotPossibleError(message)
    return found[0]
