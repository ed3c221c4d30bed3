"""What keeps a waiting order here, and writing it down, so that whoever looks at its request sees it too.

What may keep it is decided by `punchout.ordering.gates`; here is read what they ask about. A reason becomes a fact
where it is another than before.
"""

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.sending import conformance, epochs
from punchout.ledger.sending.answered import answered_elsewhere
from punchout.ledger.sending.epochs import Epoch
from punchout.ledger.sending.rules import Clocks, SendingRules
from punchout.ledger.sending.waiting_order import WaitingOrder, sent_since, waiting_order
from punchout.ledger.sql import insert_new
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.facts import SEND_MARKED, SEND_RESULT, SEND_WITHHELD
from punchout.ledger.touches import touch
from punchout.model.exact import Millionths
from punchout.model.moments import Micros, from_micros
from punchout.model.orders import SendWithheld
from punchout.ordering.gates import SendingState, may_send
from punchout.ordering.refusals import Refusal

_SECOND: Micros = 1_000_000

_WHICH = sa.bindparam("which", type_=sa.Text)
_KEEP_WITH_REASON = (
    sa.update(OUTBOX)
    .where(OUTBOX.c.payload_id == _WHICH, OUTBOX.c.state == "pending")
    .values(reason=sa.bindparam("why"))
)
_LAST_REASON = (
    sa.select(SEND_WITHHELD.c.gate, SEND_WITHHELD.c.detail, SEND_WITHHELD.c.at)
    .where(SEND_WITHHELD.c.payload_id == _WHICH, SEND_WITHHELD.c.at > sa.bindparam("after"))
    .order_by(SEND_WITHHELD.c.at.desc(), SEND_WITHHELD.c.gate.desc())
    .limit(1)
)
_LAST_ATTEMPT = sa.select(
    sa.select(sa.func.max(SEND_MARKED.c.at))
    .where(SEND_MARKED.c.payload_id == _WHICH)
    .scalar_subquery()
    .label("marked_at"),
    sa.select(sa.func.max(SEND_RESULT.c.at))
    .where(SEND_RESULT.c.payload_id == _WHICH)
    .scalar_subquery()
    .label("ended_at"),
)


def held_back(connection: sa.Connection, payload_id: str, rules: SendingRules, clocks: Clocks) -> Refusal | None:
    """Say what holds a waiting order back, and write the reason beside it; None where it may leave or waits no more."""
    # Before the ledger is read: see `epochs.noted`.
    last = epochs.noted(rules.epoch_note)
    order = waiting_order(connection, payload_id)
    return None if order is None else keeps_back(connection, order, last, rules, clocks)


def keeps_back(
    connection: sa.Connection, order: WaitingOrder, last: Epoch | str | None, rules: SendingRules, clocks: Clocks
) -> Refusal | None:
    """Say what holds back an order that was read in this transaction, and write the reason beside it.

    `last` is what was noted of the last epoch (`epochs.noted`), before the order was read.
    """
    refusal = answered_elsewhere(order) or may_send(
        order.total, order.currency, rules.policy, _state(connection, order, last, rules, clocks)
    )
    if refusal is not None:
        _note(connection, order, refusal, clocks.as_of)
    return refusal


def _note(connection: sa.Connection, order: WaitingOrder, refusal: Refusal, at: Micros) -> None:
    """Write the reason beside the order, and as a fact where it is not the last one since the order's last attempt."""
    if order.reason != refusal.detail:
        connection.execute(_KEEP_WITH_REASON, {"which": order.payload_id, "why": refusal.detail})
    attempted_at = last_attempt_at(connection, order.payload_id)
    last = connection.execute(_LAST_REASON, {"which": order.payload_id, "after": attempted_at}).one_or_none()
    if last is not None and (last.gate, last.detail) == (refusal.where, refusal.detail):
        return
    # Later than what it follows, also where all of it happens at one moment: the last reason must be the last.
    moment = max(at, attempted_at + 1, 0 if last is None else last.at + 1)
    fact = SendWithheld(payload_id=order.payload_id, at=moment, gate=refusal.where, detail=refusal.detail)
    insert_new(connection, SEND_WITHHELD, [codec_of(SendWithheld).encode(fact)])
    touch(connection, [order.key])


def last_attempt_at(connection: sa.Connection, payload_id: str) -> Micros:
    """Return when the order was last marked, or had a result; 0 before the first attempt."""
    row = connection.execute(_LAST_ATTEMPT, {"which": payload_id}).one()
    return max(row.marked_at or 0, row.ended_at or 0)


def _state(
    connection: sa.Connection, order: WaitingOrder, last: Epoch | str | None, rules: SendingRules, clocks: Clocks
) -> SendingState:
    count, amount = _sent_today(connection, order, rules, clocks)
    dedupes = rules.policy.dedupes_payload_id
    return SendingState(
        config_switch=rules.config_switch,
        ledger_switch=order.channel_is_on,
        kill_switch=rules.kill_switch(),
        cutover_set=rules.policy.cutover_at is not None,
        gate_open=order.gates_are_open,
        older_than_noted=epochs.older_than(order.known, last),
        repeats_are_shown=dedupes and conformance.is_shown(connection, order.key.account),
        orders_today=count,
        amount_today=amount,
    )


def _sent_today(
    connection: sa.Connection, order: WaitingOrder, rules: SendingRules, clocks: Clocks
) -> tuple[int, Millionths]:
    """Count the orders marked on the calendar day of `as_of`, and add up their totals; retries of one count once."""
    midnight = from_micros(clocks.as_of).astimezone(rules.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    since = int(midnight.timestamp()) * _SECOND
    return sent_since(connection, order.key.account, since, but_for=order.payload_id)
