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
from punchout.ledger.sending.withheld import held_back
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
    repeats.lapse(connection, clocks.as_of, dedupes=rules.policy.dedupes_payload_id, payload_id=payload_id)
    row = connection.execute(
        sa.select(OUTBOX).where(OUTBOX.c.payload_id == payload_id, OUTBOX.c.state == "pending")
    ).one_or_none()
    if row is None:
        return None
    refusal = held_back(connection, payload_id, rules, clocks)
    if refusal is not None:
        return refusal
    key = RequestKey(row.company, row.supplier, row.request_no)
    attempt, epoch = row.attempt + 1, row.epoch + 1
    _write_mark(connection, payload_id, attempt, epoch, rules, clocks)
    sending = epochs.advance(connection)
    touch(connection, [key])
    body = connection.execute(
        sa.select(facts.ORDER_BODY.c.body).where(facts.ORDER_BODY.c.payload_id == payload_id)
    ).scalar_one()
    return Marked(key, payload_id, row.order_id, attempt, epoch, body, sending)


def result(connection: sa.Connection, marked: Marked, answer: Answer, verdict: Verdict, clocks: Clocks) -> bool:
    """Write down how an attempt ended; False, and nothing is written, where the attempt was given up meanwhile."""
    wait = verdict.retry_after if verdict.outcome == "pending" else None
    changed = connection.execute(
        sa.update(OUTBOX)
        .where(OUTBOX.c.payload_id == marked.payload_id, OUTBOX.c.epoch == marked.epoch, OUTBOX.c.state == "sending")
        .values(
            state=verdict.outcome,
            reason=verdict.detail,
            lease_until=None,
            next_try_at=None if wait is None else clocks.as_of + wait * _SECOND,
        )
    ).rowcount
    if not changed:
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
    connection.execute(
        sa.update(ATTEMPT)
        .where(ATTEMPT.c.payload_id == marked.payload_id, ATTEMPT.c.epoch == marked.epoch)
        .values(ended_at=clocks.wall, outcome=verdict.outcome, detail=verdict.detail)
    )
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
    connection: sa.Connection, payload_id: str, attempt: int, epoch: int, rules: SendingRules, clocks: Clocks
) -> None:
    connection.execute(
        sa.update(OUTBOX)
        .where(OUTBOX.c.payload_id == payload_id)
        .values(
            state="sending",
            reason=None,
            attempt=attempt,
            epoch=epoch,
            lease_until=clocks.wall + rules.lease_seconds * _SECOND,
            next_try_at=None,
        )
    )
    # Never before what it answers, also where both happen in one sync: one word, one attempt.
    moment = max(clocks.as_of, _last_word_at(connection, payload_id))
    fact = SendMarked(payload_id=payload_id, attempt=attempt, at=moment)
    insert_all(connection, facts.SEND_MARKED, [codec_of(SendMarked).encode(fact)])
    insert_all(
        connection,
        ATTEMPT,
        [{"payload_id": payload_id, "attempt": attempt, "epoch": epoch, "started_at": clocks.wall}],
    )


def _last_word_at(connection: sa.Connection, payload_id: str) -> Micros:
    words = [
        connection.execute(sa.select(sa.func.max(table.c.at)).where(table.c.payload_id == payload_id)).scalar_one()
        for table in (decisions.SEND_RESOLVED, decisions.SEND_HELD, facts.SEND_WITHHELD)
    ]
    return max(at or 0 for at in words)
