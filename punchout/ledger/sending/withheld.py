"""What keeps a waiting order here, and writing it down, so that whoever looks at its request sees it too.

What may keep it is decided by `punchout.ordering.gates`; here is read what they ask about. A reason becomes a fact
where it is another than before.
"""

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.sending import conformance, epochs, switches
from punchout.ledger.sending.answered import answered_elsewhere
from punchout.ledger.sending.rules import Clocks, SendingRules
from punchout.ledger.sql import insert_new
from punchout.ledger.tables import facts
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.facts import SEND_MARKED, SEND_RESULT, SEND_WITHHELD
from punchout.ledger.touches import touch
from punchout.model.exact import Millionths
from punchout.model.keys import Account, RequestKey
from punchout.model.moments import Micros, from_micros
from punchout.model.orders import SendWithheld
from punchout.ordering.gates import SendingState, may_send
from punchout.ordering.refusals import Refusal

_SECOND: Micros = 1_000_000


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
        _note(connection, key, payload_id, refusal, clocks.as_of)
    return refusal


def _note(connection: sa.Connection, key: RequestKey, payload_id: str, refusal: Refusal, at: Micros) -> None:
    """Write the reason beside the order, and as a fact where it is not the last one since the order's last attempt."""
    connection.execute(sa.update(OUTBOX).where(OUTBOX.c.payload_id == payload_id).values(reason=refusal.detail))
    attempted_at = last_attempt_at(connection, payload_id)
    columns = SEND_WITHHELD.c
    last = connection.execute(
        sa.select(columns.gate, columns.detail, columns.at)
        .where(columns.payload_id == payload_id, columns.at > attempted_at)
        .order_by(columns.at.desc(), columns.gate.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and (last.gate, last.detail) == (refusal.where, refusal.detail):
        return
    # Later than what it follows, also where all of it happens at one moment: the last reason must be the last.
    moment = max(at, attempted_at + 1, 0 if last is None else last.at + 1)
    fact = SendWithheld(payload_id=payload_id, at=moment, gate=refusal.where, detail=refusal.detail)
    insert_new(connection, SEND_WITHHELD, [codec_of(SendWithheld).encode(fact)])
    touch(connection, [key])


def last_attempt_at(connection: sa.Connection, payload_id: str) -> Micros:
    """Return when the order was last marked, or had a result; 0 before the first attempt."""
    times = [
        connection.execute(sa.select(sa.func.max(table.c.at)).where(table.c.payload_id == payload_id)).scalar_one()
        for table in (SEND_MARKED, SEND_RESULT)
    ]
    return max((at for at in times if at is not None), default=0)


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
        older_than_noted=epochs.older_than_noted(connection, rules.epoch_note),
        repeats_are_shown=rules.policy.dedupes_payload_id and conformance.is_shown(connection, account),
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
