"""Repetitions of an attempt that may have left: how long each waits, and when there are no more.

Only a supplier that was shown to take repeats for one order is asked again; what the schedule is, is
`punchout.ordering.repeats`. What was to be repeated and now must not be is in doubt.
"""

import dataclasses

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.sending.conformance import is_shown
from punchout.ledger.sql import insert_all
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.facts import SEND_LAPSED, SEND_MARKED, SEND_RESULT
from punchout.ledger.touches import touch
from punchout.model.keys import Account, RequestKey
from punchout.model.moments import Micros
from punchout.model.orders import SendLapsed
from punchout.ordering.answers import Verdict
from punchout.ordering.repeats import is_in_time, wait_before

_SECOND: Micros = 1_000_000
_OF_ATTEMPT = sa.and_(SEND_RESULT.c.payload_id == OUTBOX.c.payload_id, SEND_RESULT.c.attempt == OUTBOX.c.attempt)
_LAPSED = sa.and_(SEND_LAPSED.c.payload_id == SEND_RESULT.c.payload_id, SEND_LAPSED.c.attempt == SEND_RESULT.c.attempt)
MAY_BE_REPEATED = (
    sa.select(SEND_RESULT.c.attempt)
    .outerjoin(SEND_LAPSED, _LAPSED)
    .where(_OF_ATTEMPT, SEND_RESULT.c.may_have_left, SEND_LAPSED.c.payload_id.is_(None))
    .correlate(OUTBOX)
    .exists()
)
"""Of a row of the outbox: its last attempt may have left, and the same bytes were to go once more."""


def scheduled(connection: sa.Connection, payload_id: str, verdict: Verdict, at: Micros) -> Verdict:
    """Give a repetition its wait, or make it a doubt where it would be one too many or too late."""
    if not verdict.may_have_left:
        return verdict
    wait = wait_before(_repetitions(connection, payload_id) + 1, payload_id)
    if wait is not None:
        wait = max(wait, verdict.retry_after or 0)
        if is_in_time(_first_attempt_at(connection, payload_id), at + wait * _SECOND):
            return dataclasses.replace(verdict, retry_after=wait)
    detail = f"{verdict.detail}; not repeated any more"
    return dataclasses.replace(verdict, outcome="in_doubt", detail=detail, retry_after=None, may_have_left=False)


def lapse(connection: sa.Connection, at: Micros, *, dedupes: bool, payload_id: str | None = None) -> int:
    """Put in doubt what waits for a repetition that must not be made any more; returns how many.

    The time for it is over, or it is no longer held that the supplier takes repeats.
    """
    query = sa.select(OUTBOX).where(OUTBOX.c.state.in_(("pending", "hold")), MAY_BE_REPEATED)
    if payload_id is not None:
        query = query.where(OUTBOX.c.payload_id == payload_id)
    count = 0
    for row in connection.execute(query).all():
        key = RequestKey(row.company, row.supplier, row.request_no)
        why = _why_not(connection, key.account, row.payload_id, at, dedupes=dedupes)
        if why is not None:
            _give_up(connection, key, row.payload_id, row.attempt, why, at)
            count += 1
    return count


def _why_not(connection: sa.Connection, account: Account, payload_id: str, at: Micros, *, dedupes: bool) -> str | None:
    if not dedupes or not is_shown(connection, account):
        return "not repeated: it is no longer held that the supplier takes repeats for one order"
    if not is_in_time(_first_attempt_at(connection, payload_id), at):
        return "not repeated in time, and now the supplier may no longer know the first attempt"
    return None


def _give_up(connection: sa.Connection, key: RequestKey, payload_id: str, attempt: int, why: str, at: Micros) -> None:
    fact = SendLapsed(payload_id=payload_id, attempt=attempt, at=at, detail=why)
    insert_all(connection, SEND_LAPSED, [codec_of(SendLapsed).encode(fact)])
    connection.execute(
        sa.update(OUTBOX)
        .where(OUTBOX.c.payload_id == payload_id)
        .values(state="in_doubt", reason=why, next_try_at=None)
    )
    touch(connection, [key])


def _repetitions(connection: sa.Connection, payload_id: str) -> int:
    result = SEND_RESULT.c
    query = sa.select(sa.func.count()).where(result.payload_id == payload_id, result.may_have_left)
    return connection.execute(query).scalar_one()


def _first_attempt_at(connection: sa.Connection, payload_id: str) -> Micros:
    marked = SEND_MARKED.c
    first: Micros = connection.execute(
        sa.select(sa.func.min(marked.at)).where(marked.payload_id == payload_id)
    ).scalar_one()
    return first
