"""Quarantine: documents that were refused, kept with their bytes, until a person reads them again or lets them be."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger import document_exceptions
from punchout.ledger.bodies import BODY, body_of, is_hidden
from punchout.ledger.documents.receive import TOO_LARGE
from punchout.ledger.documents.rereading import read_again
from punchout.ledger.errors import NotPossibleError
from punchout.ledger.purges import PURGED
from punchout.ledger.runs import audit
from punchout.ledger.search import names_of
from punchout.ledger.sql import chunks, key_in
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT, DOCUMENT_ENVELOPE
from punchout.model.codes import Code
from punchout.model.moments import Micros


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A refused document. `place` is a path, or a line and column; `names` are those it was delivered under."""

    document_id: int
    content: str
    kind: str | None
    reason: Code
    place: str | None
    detail: str | None
    received_at: Micros
    received_sha256: str
    size: int
    names: tuple[str, ...]


def listed(connection: sa.Connection, document_id: int | None = None) -> list[Quarantined]:
    """Return the quarantined documents, oldest first, or the one that is asked for."""
    state, document = DOCUMENT_STATE.c, DOCUMENT.c
    query = (
        sa.select(
            document.id,
            document.content,
            document.received_at,
            document.received_sha256,
            document.size,
            DOCUMENT_ENVELOPE.c.kind,
            state.reason,
            state.place,
            state.detail,
        )
        .join(DOCUMENT_STATE, state.document_id == document.id)
        .outerjoin(DOCUMENT_ENVELOPE, DOCUMENT_ENVELOPE.c.document_id == document.id)
        .where(state.state == "quarantined")
        .order_by(document.id)
    )
    if document_id is not None:
        query = query.where(document.id == document_id)
    rows = connection.execute(query).all()
    names = names_of(connection, [row.id for row in rows])
    return [
        Quarantined(
            row.id,
            row.content,
            row.kind,
            Code[row.reason],
            row.place,
            row.detail,
            row.received_at,
            row.received_sha256,
            row.size,
            names.get(row.id, ()),
        )
        for row in rows
    ]


def body(connection: sa.Connection, document_id: int) -> bytes | None:
    """Return a document's stored bytes, secrets masked.

    None where nothing could be masked, where they lie outside, or where they were erased.
    """
    row = connection.execute(sa.select(*BODY, DOCUMENT.c.content).where(DOCUMENT.c.id == document_id)).one()
    is_not_shown = row.codec == PURGED or is_hidden(row.codec) or row.content == TOO_LARGE
    return None if is_not_shown else body_of(connection, row)


def redrive(connection: sa.Connection, document_id: int, by: str, at: Micros) -> int:
    """Have a quarantined document read again at the next sync, as if it had just come; returns its number from then on.

    What was read of it before stands under its old number: facts are never changed.
    """
    found = _quarantined(connection, document_id)
    if found.content == TOO_LARGE:
        message = f"document {document_id} was never read: {found.detail}. Move it into its feed once it may be read"
        raise NotPossibleError(message)
    number = read_again(connection, document_id)
    audit(connection, at, by, "quarantine redrive", str(document_id), found.reason)
    return number


def dismiss(connection: sa.Connection, document_id: int, by: str, reason: str, at: Micros) -> None:
    """Take a quarantined document off the list for good; its bytes stay."""
    found = _quarantined(connection, document_id)
    document_exceptions.settle(connection, [found.received_sha256])
    connection.execute(
        sa.update(DOCUMENT_STATE).where(DOCUMENT_STATE.c.document_id == document_id).values(state="dismissed")
    )
    audit(connection, at, by, "quarantine dismiss", str(document_id), f"{found.reason}: {reason}")


def set_aside(connection: sa.Connection, documents: Sequence[tuple[str, ...]]) -> None:
    """Dismiss again what was dismissed in the ledger that this one is a replay of, where it is refused here too.

    Args:
        connection: in the caller's transaction.
        documents: company, supplier, content and the hash of the received bytes of each.
    """
    columns = (DOCUMENT.c.company, DOCUMENT.c.supplier, DOCUMENT.c.content, DOCUMENT.c.received_sha256)
    for chunk in chunks(documents):
        query = (
            sa.select(DOCUMENT.c.id, DOCUMENT.c.received_sha256)
            .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
            .where(DOCUMENT_STATE.c.state == "quarantined", key_in(columns, chunk))
        )
        found = connection.execute(query).all()
        document_exceptions.settle(connection, [row.received_sha256 for row in found])
        connection.execute(
            sa.update(DOCUMENT_STATE)
            .where(DOCUMENT_STATE.c.document_id.in_([row.id for row in found]))
            .values(state="dismissed")
        )


def _quarantined(connection: sa.Connection, document_id: int) -> Quarantined:
    found = listed(connection, document_id)
    if not found:
        message = f"document {document_id} is not in quarantine"
        raise NotPossibleError(message)
    return found[0]
