"""Units of work: mark and result. Between them, outside any transaction, lies the network.

The mark is committed before the first byte leaves; from then on the order may have left. A result only counts for the
attempt it belongs to: a worker that was given up has an old epoch and writes nothing. What an answer means is
`punchout.ordering.answers`; whether an order may leave is `withheld`, by `punchout.ordering.gates`.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.leases import exclusive
from punchout.ledger.sending import epochs, repeats, switches
from punchout.ledger.sending.epochs import Epoch
from punchout.ledger.sending.rules import Channel, Clocks, SendingRules
from punchout.ledger.sending.waiting_order import WaitingOrder, waiting_order
from punchout.ledger.sending.withheld import keeps_back
from punchout.ledger.sql import insert_all
from punchout.ledger.tables import decisions, facts
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.logs import ATTEMPT
from punchout.ledger.touches import touch
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros
from punchout.model.orders import SendMarked, SendResult
from punchout.ordering.answers import Answer, Verdict, classify
from punchout.ordering.refusals import Refusal

_SECOND: Micros = 1_000_000

_WHICH = OUTBOX.c.payload_id == sa.bindparam("which")
_ENTER_SENDING = (
    sa.update(OUTBOX)
    .where(_WHICH, OUTBOX.c.state == "pending")
    .values(
        state="sending",
        reason=None,
        attempt=sa.bindparam("number"),
        epoch=sa.bindparam("in_epoch"),
        lease_until=sa.bindparam("until"),
        next_try_at=None,
    )
)
_LEAVE_SENDING = (
    sa.update(OUTBOX)
    .where(_WHICH, OUTBOX.c.epoch == sa.bindparam("in_epoch"), OUTBOX.c.state == "sending")
    .values(
        state=sa.bindparam("ends_as"),
        reason=sa.bindparam("why"),
        lease_until=None,
        next_try_at=sa.bindparam("again_at"),
    )
)
_LAST_WORDS = sa.select(
    *(
        sa.select(sa.func.max(table.c.at)).where(table.c.payload_id == sa.bindparam("which")).scalar_subquery()
        for table in (decisions.SEND_RESOLVED, decisions.SEND_HELD, facts.SEND_WITHHELD)
    )
)
_BODY = sa.select(facts.ORDER_BODY.c.body).where(facts.ORDER_BODY.c.payload_id == sa.bindparam("which"))
_END_ATTEMPT = (
    sa.update(ATTEMPT)
    .where(ATTEMPT.c.payload_id == sa.bindparam("which"), ATTEMPT.c.epoch == sa.bindparam("in_epoch"))
    .values(ended_at=sa.bindparam("now"), outcome=sa.bindparam("ends_as"), detail=sa.bindparam("why"))
)


@dataclass(frozen=True, slots=True)
class Marked:
    """An order that may leave now, in this attempt and no other; `sending` is to be noted before it does."""

    key: RequestKey
    payload_id: str
    order_id: str
    attempt: int
    epoch: int
    body: bytes
    sending: Epoch | None = None


def recover(connection: sa.Connection, clocks: Clocks) -> int:
    """Give up attempts whose worker is gone: whether their order left cannot be known. Returns how many."""
    query = sa.select(OUTBOX).where(OUTBOX.c.state == "sending", OUTBOX.c.lease_until < clocks.wall)
    rows = connection.execute(query).all()
    for row in rows:
        key = RequestKey(row.company, row.supplier, row.request_no)
        marked = Marked(key, row.payload_id, row.order_id, row.attempt, row.epoch, b"")
        given_up = Verdict(outcome="in_doubt", detail="the process that sent it did not report back")
        result(connection, marked, Answer(), given_up, clocks)
    return len(rows)


def waiting(connection: sa.Connection, as_of: Micros) -> list[str]:
    """Return the payloadIDs of orders that want to leave, the oldest purchase order first."""
    query = (
        sa.select(OUTBOX.c.payload_id)
        .where(OUTBOX.c.state == "pending", sa.or_(OUTBOX.c.next_try_at.is_(None), OUTBOX.c.next_try_at <= as_of))
        .order_by(OUTBOX.c.company, OUTBOX.c.supplier, OUTBOX.c.order_id)
    )
    return list(connection.execute(query).scalars())


def mark(connection: sa.Connection, payload_id: str, rules: SendingRules, clocks: Clocks) -> Marked | Refusal | None:
    """Mark one order as leaving, or say what holds it back; None where it no longer waits.

    The caller must commit before a byte leaves. Marks are made one at a time, so that no cap is passed by two workers.
    """
    exclusive(connection, "dispatch")
    # Before the ledger is read: see `epochs.noted`.
    last = epochs.noted(rules.epoch_note)
    order = waiting_order(connection, payload_id)
    if order is None or _has_lapsed(connection, order, rules, clocks):
        return None
    refusal = keeps_back(connection, order, last, rules, clocks)
    if refusal is not None:
        return refusal
    attempt, epoch = order.attempt + 1, order.epoch + 1
    if not _write_mark(connection, order, attempt, epoch, rules, clocks):
        return None
    sending = epochs.advance(connection)
    touch(connection, [order.key])
    body: bytes = connection.execute(_BODY, {"which": payload_id}).scalar_one()
    return Marked(order.key, payload_id, order.order_id, attempt, epoch, body, sending)


def _has_lapsed(connection: sa.Connection, order: WaitingOrder, rules: SendingRules, clocks: Clocks) -> bool:
    """Put an order in doubt whose repetition must not be made any more; tells whether it was."""
    if not order.may_be_repeated:
        return False
    dedupes = rules.policy.dedupes_payload_id
    return bool(repeats.lapse(connection, clocks.as_of, dedupes=dedupes, payload_id=order.payload_id))


def result(connection: sa.Connection, marked: Marked, answer: Answer, verdict: Verdict, clocks: Clocks) -> bool:
    """Write down how an attempt ended; False, and nothing is written, where the attempt was given up meanwhile."""
    wait = verdict.retry_after if verdict.outcome == "pending" else None
    next_try_at = None if wait is None else clocks.as_of + wait * _SECOND
    of_attempt = {"which": marked.payload_id, "in_epoch": marked.epoch}
    ended = {"ends_as": verdict.outcome, "why": verdict.detail}
    if not connection.execute(_LEAVE_SENDING, {**of_attempt, **ended, "again_at": next_try_at}).rowcount:
        return False
    fact = SendResult(
        payload_id=marked.payload_id,
        attempt=marked.attempt,
        at=clocks.as_of,
        outcome=verdict.outcome,
        http_status=answer.http_status,
        cxml_code=answer.cxml_code,
        detail=verdict.detail,
        may_have_left=verdict.may_have_left,
    )
    insert_all(connection, facts.SEND_RESULT, [codec_of(SendResult).encode(fact)])
    connection.execute(_END_ATTEMPT, {**of_attempt, **ended, "now": clocks.wall})
    if verdict.outcome == "blocked":
        # Every order would meet the same answer; a person looks before the next one leaves.
        switches.set_switch(
            connection, switches.ORDERS, on=False, by="punchout", reason=verdict.detail, at=clocks.as_of
        )
    touch(connection, [marked.key])
    return True


def send_one(
    engine: sa.Engine, payload_id: str, channel: Channel, rules: SendingRules, clocks: Clocks
) -> Verdict | Refusal | None:
    """Mark, send and write down the result of one order."""
    with engine.begin() as connection:
        marked = mark(connection, payload_id, rules, clocks)
    if not isinstance(marked, Marked):
        return marked
    answer, verdict = _sent(marked, channel, rules)
    with engine.begin() as connection:
        verdict = repeats.scheduled(connection, marked.payload_id, verdict, clocks.as_of)
        counted = result(connection, marked, answer, verdict, clocks)
    return verdict if counted else Verdict(outcome="in_doubt", detail="the attempt was given up before its answer came")


def _sent(marked: Marked, channel: Channel, rules: SendingRules) -> tuple[Answer, Verdict]:
    """Note the epoch, then send: no byte leaves that a restored copy of the ledger could not be told of."""
    try:
        if marked.sending is not None:
            rules.epoch_note.write(marked.sending)
    except OSError as error:
        unsent = f"nothing was sent: what was sent last cannot be noted ({error.strerror or error})"
        return Answer(), Verdict(outcome="pending", detail=unsent)
    answer = channel.send(marked.body)
    return answer, classify(answer, rules.policy.dedupes_payload_id)


def _write_mark(
    connection: sa.Connection, order: WaitingOrder, attempt: int, epoch: int, rules: SendingRules, clocks: Clocks
) -> bool:
    """Write the mark; False, and nothing is written, where somebody has held the order since it was read."""
    of_attempt = {"which": order.payload_id, "in_epoch": epoch, "number": attempt}
    lease_until = clocks.wall + rules.lease_seconds * _SECOND
    if not connection.execute(_ENTER_SENDING, {**of_attempt, "until": lease_until}).rowcount:
        return False
    # Never before what it answers, also where both happen in one sync: one word, one attempt. From here on there can be
    # no other word: whoever gives one changes the row that was just written.
    words = connection.execute(_LAST_WORDS, {"which": order.payload_id}).one()
    fact = SendMarked(payload_id=order.payload_id, attempt=attempt, at=max(clocks.as_of, *(at or 0 for at in words)))
    insert_all(connection, facts.SEND_MARKED, [codec_of(SendMarked).encode(fact)])
    begun = {"payload_id": order.payload_id, "attempt": attempt, "epoch": epoch, "started_at": clocks.wall}
    insert_all(connection, ATTEMPT, [begun])
    return True
