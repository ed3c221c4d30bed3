"""Unit of work: answer. Documents that came over HTTP are received, judged and answered in one transaction.

The answer is stored with the document, so that whoever hands the same document in again gets the same bytes. What an
answer says is not decided here: it is composed by whoever opened the door. Answers are a log. They follow from no
facts and nothing follows from them: neither `ledger_hash` nor a replay knows of them, and a document whose answer is
not there is answered anew from what became of it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa

from punchout.ledger.documents.judging import AcceptanceRules, judge
from punchout.ledger.documents.receive import Arrival, sighted
from punchout.ledger.documents.verdicts import claim_received
from punchout.ledger.sql import chunks, insert_new
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT, DOCUMENT_ENVELOPE
from punchout.ledger.tables.logs import ANSWER
from punchout.model.codes import Code
from punchout.model.moments import Micros


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a document.

    Attributes:
        state: as in `document_state`.
        reason: why it is quarantined, or which repetition it is.
        place: where in the document.
        detail: in words, without anything secret.
    """

    state: str
    reason: Code | None = None
    place: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The code of a cXML status, and the whole document that states it."""

    code: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one arrival. `standing` is that of the document itself; `is_new` where these bytes first came."""

    answer: Answer
    standing: Standing
    is_new: bool


Compose: TypeAlias = Callable[[Standing], Answer]


@dataclass(frozen=True, slots=True)
class _Known:
    standing: Standing
    duplicate_of: int | None
    payload_id: str | None


def answer(
    connection: sa.Connection, arrivals: Sequence[Arrival], rules: AcceptanceRules, at: Micros, compose: Compose
) -> list[Answered]:
    """Receive, judge and answer documents, in the caller's transaction; returns the answers in their order.

    An answer may be sent only after the transaction has been committed.
    """
    sightings = sighted(connection, arrivals, at)
    numbers = list(dict.fromkeys(one.document_id for one in sightings))
    judge(connection, claim_received(connection, ("cxml",), len(numbers), numbers), rules)
    known = _known(connection, numbers)
    if any(one.standing.state == "received" for one in known.values()):
        # Whoever is judging it holds its row, so that the sighting above has waited for that.
        raise RuntimeError("a document was received and not judged")
    # One with the payloadID of another is that one sent again: it is told what that one was told.
    original = {number: _original(number, known) for number in numbers}
    answers = _stored(connection, set(original.values()))
    composed = {first: compose(known[first].standing) for first in sorted({*original.values()} - answers.keys())}
    _store(connection, composed, at)
    # Where another worker has answered side by side, its answer stands.
    answers |= composed | _stored(connection, composed)
    return [
        Answered(answers[original[one.document_id]], known[one.document_id].standing, one.is_first) for one in sightings
    ]


def _original(number: int, known: Mapping[int, _Known]) -> int:
    """Return the document that another repeats under the same payloadID, else the document itself."""
    found = known[number]
    holder = known.get(found.duplicate_of) if found.duplicate_of is not None else None
    if holder is None or found.duplicate_of is None or found.standing.state != "duplicate":
        return number
    return found.duplicate_of if holder.payload_id == found.payload_id else number


def _known(connection: sa.Connection, numbers: Collection[int]) -> dict[int, _Known]:
    """Return what became of documents, and of those that they repeat."""
    found = _states(connection, numbers)
    holders = {one.duplicate_of for one in found.values() if one.duplicate_of is not None}
    return {**_states(connection, holders - found.keys()), **found}


def _states(connection: sa.Connection, numbers: Collection[int]) -> dict[int, _Known]:
    state = DOCUMENT_STATE.c
    columns = (DOCUMENT.c.id, state.state, state.reason, state.place, state.detail, state.duplicate_of)
    found: dict[int, _Known] = {}
    for chunk in chunks(sorted(numbers)):
        query = (
            sa.select(*columns, DOCUMENT_ENVELOPE.c.payload_id)
            .join(DOCUMENT_STATE, state.document_id == DOCUMENT.c.id)
            .outerjoin(DOCUMENT_ENVELOPE, DOCUMENT_ENVELOPE.c.document_id == DOCUMENT.c.id)
            .where(DOCUMENT.c.id.in_(chunk))
        )
        for row in connection.execute(query):
            reason = None if row.reason is None else Code[row.reason]
            standing = Standing(row.state, reason, row.place, row.detail)
            found[row.id] = _Known(standing, row.duplicate_of, row.payload_id)
    return found


def _stored(connection: sa.Connection, numbers: Collection[int]) -> dict[int, Answer]:
    columns = (ANSWER.c.document_id, ANSWER.c.code, ANSWER.c.body)
    found: dict[int, Answer] = {}
    for chunk in chunks(sorted(numbers)):
        # One that was purged is empty: the document is answered anew from what became of it.
        is_kept = sa.and_(ANSWER.c.document_id.in_(chunk), sa.func.length(ANSWER.c.body) > 0)
        for row in connection.execute(sa.select(*columns).where(is_kept)):
            found[row.document_id] = Answer(row.code, row.body)
    return found


def _store(connection: sa.Connection, answers: Mapping[int, Answer], at: Micros) -> None:
    """Keep answers to documents that have none."""
    rows = [{"document_id": i, "at": at, "code": one.code, "body": one.body} for i, one in answers.items()]
    insert_new(connection, ANSWER, rows)
