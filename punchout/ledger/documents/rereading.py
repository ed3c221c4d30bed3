"""Reading a document again, with what this program reads now: new facts take the place of those before.

Facts are never changed, so another reading of the same bytes is a document of its own, with a number of its own and the
same receipt. The one before keeps its facts and counts for nothing any more. It takes its place in the sequence of
documents anew: what came in between may have taken the numbers that it goes by.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger import document_exceptions
from punchout.ledger.documents.identity import release
from punchout.ledger.documents.judging import AcceptanceRules
from punchout.ledger.documents.parse import parse
from punchout.ledger.documents.receive import CXML
from punchout.ledger.errors import NotPossibleError
from punchout.ledger.purges import require_bytes
from punchout.ledger.runs import audit
from punchout.ledger.sql import for_update, insert_all
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT, DOCUMENT_ENVELOPE
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.ledger.touches import touch
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros


@dataclass(frozen=True, slots=True)
class Reread:
    """A document after it was read again: its number, its state, and why where it does not count."""

    document_id: int
    state: str
    reason: str | None
    detail: str | None


def reprocess(connection: sa.Connection, document_id: int, rules: AcceptanceRules, by: str, at: Micros) -> Reread:
    """Read one document again now, in the caller's transaction; what follows from it is still to be computed.

    Raises:
        NotPossibleError: there is no such document, it is no cXML document, it was read again already, or it counts
            and would not any more. Nothing may be committed then.
    """
    before = _state(connection, document_id)
    if before.content not in CXML:
        raise NotPossibleError(
            f"document {document_id} is an export of Business Central: its rows stand in for those of exports after "
            "it, so that it cannot be read again alone; `punchout replay` reads everything again"
        )
    if before.state == "dismissed":
        raise NotPossibleError(f"document {document_id} was dismissed")
    number = read_again(connection, document_id)
    parse(connection, rules, 1, only=number)
    after = _state(connection, number)
    if before.state == "accepted" and after.state != "accepted":
        raise NotPossibleError(
            f"document {document_id} counts, and read now it would be {after.state}: {after.reason} {after.detail}; "
            "nothing was changed"
        )
    audit(connection, at, by, "reprocess", str(document_id), f"as document {number}: {after.state}")
    return Reread(number, after.state, after.reason, after.detail)


def read_again(connection: sa.Connection, document_id: int) -> int:
    """Have a document read once more, as if it had just come; returns the number of the new reading.

    One of which nothing was read yet keeps its number.

    Raises:
        NotPossibleError: there is no such document, it was read again already, or its bytes were purged.
    """
    before = _state(connection, document_id)
    if before.state == "superseded":
        raise NotPossibleError(f"document {document_id} was read again before: {before.detail}")
    require_bytes(connection, document_id)
    release(connection, document_id)
    _withdraw(connection, document_id, before.received_sha256)
    stated = sa.select(DOCUMENT_ENVELOPE.c.document_id).where(DOCUMENT_ENVELOPE.c.document_id == document_id)
    if connection.execute(stated).first() is None:
        _set_state(connection, document_id, "received", None)
        return document_id
    number = _new_reading(connection, document_id)
    _set_state(connection, document_id, "superseded", f"read again as document {number}")
    return number


def requests_of(connection: sa.Connection, document_id: int) -> set[RequestKey]:
    """Return the requests that a document's portions were given to."""
    rows = connection.execute(sa.select(ASSIGNMENT).where(ASSIGNMENT.c.document_id == document_id))
    return {RequestKey(row.company, row.supplier, row.request_no) for row in rows}


def _state(connection: sa.Connection, document_id: int) -> sa.Row[tuple[str, str, str, str, str]]:
    state = DOCUMENT_STATE.c
    query = (
        sa.select(DOCUMENT.c.content, DOCUMENT.c.received_sha256, state.state, state.reason, state.detail)
        .join(DOCUMENT_STATE, state.document_id == DOCUMENT.c.id)
        .where(DOCUMENT.c.id == document_id)
    )
    found = connection.execute(for_update(connection, query)).one_or_none()
    if found is None:
        raise NotPossibleError(f"there is no document {document_id}")
    return found


def _withdraw(connection: sa.Connection, document_id: int, received_sha256: str) -> None:
    """Take a document out of its requests, and take back what was said about it."""
    touch(connection, requests_of(connection, document_id))
    connection.execute(sa.delete(ASSIGNMENT).where(ASSIGNMENT.c.document_id == document_id))
    body = sa.select(DOCUMENT_ENVELOPE.c.body_sha256).where(DOCUMENT_ENVELOPE.c.document_id == document_id)
    body_sha256 = connection.execute(body).scalar_one_or_none()
    document_exceptions.settle_document(connection, received_sha256, body_sha256)


def _new_reading(connection: sa.Connection, document_id: int) -> int:
    row = dict(connection.execute(sa.select(DOCUMENT).where(DOCUMENT.c.id == document_id)).mappings().one())
    del row["id"]
    row["reading"] += 1
    number: int = connection.execute(sa.insert(DOCUMENT).values(row).returning(DOCUMENT.c.id)).scalar_one()
    insert_all(connection, DOCUMENT_STATE, [{"document_id": number, "state": "received"}])
    return number


def _set_state(connection: sa.Connection, document_id: int, state: str, detail: str | None) -> None:
    connection.execute(
        sa.update(DOCUMENT_STATE)
        .where(DOCUMENT_STATE.c.document_id == document_id)
        .values(state=state, resolution=None, reason=None, place=None, detail=detail, duplicate_of=None)
    )
