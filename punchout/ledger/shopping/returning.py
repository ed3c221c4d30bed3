"""Unit of work: return. What a user's browser brings is received, judged and noted as its session's return at once.

Whoever can reach the address can post to it, so what is not taken is kept only up to a bound, and what was seen before
is not written down again. Judging is `parse`'s, with `returned_carts`.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger.bodies import sha256
from punchout.ledger.documents.judging import AcceptanceRules
from punchout.ledger.documents.parse import parse
from punchout.ledger.documents.receive import CART, Arrival, receive
from punchout.ledger.shopping.sessions import Session, session_of
from punchout.ledger.shopping.strays import StrayBounds, has_room, note_kept
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT
from punchout.model.codes import Code
from punchout.model.keys import Account
from punchout.model.moments import Micros

FEED = "punchout return"
"""The name of this way in, where sightings are listed."""

_TAKEN = frozenset({"accepted", "duplicate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of what a browser brought.

    Attributes:
        received_sha256: of its bytes; the first digits name it to a person.
        state: of the document: accepted, duplicate, quarantined or dismissed.
        reason: where it is not accepted.
        is_kept: False where strangers' documents have no room any more.
        is_new: False where the same bytes had come before.
        session: the one that it names, where that was opened here.
    """

    received_sha256: str
    state: str
    reason: Code | None
    is_kept: bool = True
    is_new: bool = True
    session: Session | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the cart counts, by itself or as a copy of one that does."""
        return self.state in _TAKEN


def take(
    connection: sa.Connection,
    arrival: Arrival,
    buyer_cookie: str | None,
    rules: AcceptanceRules,
    bounds: StrayBounds,
    at: Micros,
) -> Brought:
    """Take what a browser brought, in the caller's transaction.

    Args:
        connection: where everything or nothing of this is committed.
        arrival: the document, its content `cart`.
        buyer_cookie: as the document states it; None where it could not be read.
        rules: what a document must say to count.
        bounds: on what is kept of documents that are not taken.
        at: when it came.
    """
    digest = sha256(arrival.data)
    session = session_of(connection, arrival.account, buyer_cookie) if buyer_cookie else None
    known = _state(connection, arrival.account, digest)
    if known is not None:
        state, reason = known
        return Brought(received_sha256=digest, state=state, reason=reason, is_new=False, session=session)
    attempt = connection.begin_nested()
    receive(connection, [arrival], at)
    parse(connection, rules, 1, only=_number(connection, arrival.account, digest))
    state, reason = _state(connection, arrival.account, digest) or ("received", None)
    is_kept = state in _TAKEN or has_room(connection, len(arrival.data), bounds, at)
    if not is_kept:
        attempt.rollback()
    else:
        attempt.commit()
        if state == "quarantined":
            note_kept(connection, digest, len(arrival.data), at)
    return Brought(received_sha256=digest, state=state, reason=reason, is_kept=is_kept, session=session)


def _of(account: Account, digest: str) -> sa.ColumnElement[bool]:
    stated = DOCUMENT.c
    return sa.and_(
        stated.company == account.company,
        stated.supplier == account.supplier,
        stated.content == CART,
        stated.received_sha256 == digest,
    )


def _number(connection: sa.Connection, account: Account, digest: str) -> int:
    query = sa.select(DOCUMENT.c.id).where(_of(account, digest)).order_by(DOCUMENT.c.reading.desc()).limit(1)
    number: int = connection.execute(query).scalar_one()
    return number


def _state(connection: sa.Connection, account: Account, digest: str) -> tuple[str, Code | None] | None:
    """Return state and reason of the last reading of a document that a browser brought; None where there is none."""
    query = (
        sa.select(DOCUMENT_STATE.c.state, DOCUMENT_STATE.c.reason)
        .join(DOCUMENT, DOCUMENT.c.id == DOCUMENT_STATE.c.document_id)
        .where(_of(account, digest))
        .order_by(DOCUMENT.c.reading.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else (row.state, None if row.reason is None else Code[row.reason])
