"""Units of work: mark and result. Between them, outside any transaction, lies the network.

The mark is committed before the first byte leaves; from then on the order may have left. A result only counts for the
attempt it belongs to: a worker that was given up has an old epoch and writes nothing. What an answer means is
`punchout.ordering.answers`; whether an order may leave is `punchout.ordering.gates`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from punchout.ledger import switches
from punchout.ledger.answered import answered_elsewhere
from punchout.ledger.codec import codec_of
from punchout.ledger.leases import exclusive
from punchout.ledger.sql import insert_all
from punchout.ledger.tables import decisions, facts
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.logs import ATTEMPT
from punchout.ledger.touches import touch
from punchout.model.exact import Millionths
from punchout.model.keys import Account, RequestKey
from punchout.model.moments import Micros, from_micros
from punchout.model.orders import SendMarked, SendResult
from punchout.ordering.answers import Answer, Verdict, classify
from punchout.ordering.gates import SendingState, may_send
from punchout.ordering.policy import OrderingPolicy
from punchout.ordering.refusals import Refusal

_SECOND: Micros = 1_000_000


class Channel(Protocol):
    """The way an order goes to the supplier. Never raises for what the network does: that is in the answer."""

    def send(self, stored_body: bytes) -> Answer:
        """Send the stored bytes, with the secret put in, once."""
        ...


@dataclass(frozen=True, slots=True)
class SendingRules:
    """What sending depends on beside the ledger.

    Attributes:
        config_switch: sending is enabled in the settings.
        kill_switch: tells whether everything is stopped; asked before every order.
        zone: whose calendar day the caps count.
        lease_seconds: how long an attempt may take before it is given up as in doubt.
    """

    policy: OrderingPolicy
    config_switch: bool
    kill_switch: Callable[[], bool]
    zone: ZoneInfo
    lease_seconds: int = 300


@dataclass(frozen=True, slots=True)
class Clocks:
    """The two clocks: `as_of` is what the ledger reads, `wall` measures leases and attempts."""

    as_of: Micros
    wall: Micros


@dataclass(frozen=True, slots=True)
class Marked:
    """An order that may leave now, in this attempt and no other."""

    key: RequestKey
    payload_id: str
    order_id: str
    attempt: int
    epoch: int
    body: bytes


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


def held_back(connection: sa.Connection, payload_id: str, rules: SendingRules, clocks: Clocks) -> Refusal | None:
    """Say what holds a waiting order back, and write the reason beside it; None where it may leave or waits no more."""
    queued = facts.ORDER_QUEUED.c
    row = connection.execute(
        sa.select(OUTBOX, queued.total, queued.currency)
        .join(facts.ORDER_QUEUED, queued.payload_id == OUTBOX.c.payload_id)
        .where(OUTBOX.c.payload_id == payload_id, OUTBOX.c.state == "pending")
    ).one_or_none()
    if row is None:
        return None
    key = RequestKey(row.company, row.supplier, row.request_no)
    refusal = answered_elsewhere(connection, key, payload_id, row.attempt) or may_send(
        row.total, row.currency, rules.policy, _state(connection, key.account, payload_id, rules, clocks)
    )
    if refusal is not None:
        connection.execute(sa.update(OUTBOX).where(OUTBOX.c.payload_id == payload_id).values(reason=refusal.detail))
    return refusal


def mark(connection: sa.Connection, payload_id: str, rules: SendingRules, clocks: Clocks) -> Marked | Refusal | None:
    """Mark one order as leaving, or say what holds it back; None where it no longer waits.

    The caller must commit before a byte leaves. Marks are made one at a time, so that no cap is passed by two workers.
    """
    exclusive(connection, "dispatch")
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
    touch(connection, [key])
    body = connection.execute(
        sa.select(facts.ORDER_BODY.c.body).where(facts.ORDER_BODY.c.payload_id == payload_id)
    ).scalar_one()
    return Marked(key, payload_id, row.order_id, attempt, epoch, body)


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
    answer = channel.send(marked.body)
    verdict = classify(answer, rules.policy.dedupes_payload_id)
    with engine.begin() as connection:
        counted = result(connection, marked, answer, verdict, clocks)
    return verdict if counted else Verdict(outcome="in_doubt", detail="the attempt was given up before its answer came")


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
    # Never before the word that let it leave again, also where both happen in one sync: one word, one attempt.
    moment = max(clocks.as_of, _last_word_at(connection, payload_id))
    fact = SendMarked(payload_id=payload_id, attempt=attempt, at=moment)
    insert_all(connection, facts.SEND_MARKED, [codec_of(SendMarked).encode(fact)])
    insert_all(
        connection,
        ATTEMPT,
        [{"payload_id": payload_id, "attempt": attempt, "epoch": epoch, "started_at": clocks.wall}],
    )


def _last_word_at(connection: sa.Connection, payload_id: str) -> Micros:
    resolved = decisions.SEND_RESOLVED.c
    query = sa.select(sa.func.max(resolved.at)).where(resolved.payload_id == payload_id)
    return connection.execute(query).scalar_one() or 0


def _state(
    connection: sa.Connection, account: Account, payload_id: str, rules: SendingRules, clocks: Clocks
) -> SendingState:
    count, amount = _sent_today(connection, account, payload_id, rules, clocks)
    return SendingState(
        config_switch=rules.config_switch,
        ledger_switch=switches.is_on(connection, switches.ORDERS),
        kill_switch=rules.kill_switch(),
        cutover_set=rules.policy.cutover_at is not None,
        gate_open=not switches.shut_gates(connection, account),
        orders_today=count,
        amount_today=amount,
    )


def _sent_today(
    connection: sa.Connection, account: Account, payload_id: str, rules: SendingRules, clocks: Clocks
) -> tuple[int, Millionths]:
    """Count the orders marked on the calendar day of `as_of`, and add up their totals; retries of one count once."""
    midnight = from_micros(clocks.as_of).astimezone(rules.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    since = int(midnight.timestamp()) * _SECOND
    queued = facts.ORDER_QUEUED.c
    marked = sa.select(facts.SEND_MARKED.c.payload_id).where(
        facts.SEND_MARKED.c.at >= since, facts.SEND_MARKED.c.payload_id != payload_id
    )
    # Whose they are is asked of those only: as a condition it would have every order of the account looked at.
    is_ours = sa.and_(queued.company == account.company, queued.supplier == account.supplier)
    query = sa.select(
        sa.func.count().filter(is_ours), sa.func.coalesce(sa.func.sum(queued.total).filter(is_ours), 0)
    ).where(queued.payload_id.in_(marked))
    count, amount = connection.execute(query).one()
    return int(count), int(amount)
