"""Documents by what people call them: number, file name, hash or its beginning, or the number it goes by in business.

Only documents that count are found: a refused one states nothing. A number that is also in other documents (the order
confirmation id on an invoice) names the document whose own number it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from punchout.ledger.search import sightings
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT, DOCUMENT_ENVELOPE, REFERENCE
from punchout.ledger.tables.logs import DELIVERY
from punchout.model.keys import Account

_HASH = re.compile(r"[0-9a-f]{8,64}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_SHOWN = 12
# The kind of reference that is a document's own number, by the kind of document.
_OWN = {"ConfirmationRequest": "confirm", "ShipNoticeRequest": "shipment", "InvoiceDetailRequest": "invoice"}


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A document that counts, and the hash of its body, by which decisions know it."""

    document_id: int
    kind: str
    body_sha256: str

    def __str__(self) -> str:
        return f"document {self.document_id} ({self.kind} {self.body_sha256[:_SHOWN]})"


def named_documents(connection: sa.Connection, account: Account, text: str) -> list[NamedDocument]:
    """Return the documents that go by a text; its number is tried when nothing else leads to one."""
    for condition in _conditions(text.strip()):
        found = _accepted(connection, account, condition)
        if found:
            return found
    return []


def _conditions(text: str) -> Iterator[sa.ColumnElement[bool]]:
    envelope = DOCUMENT_ENVELOPE.c
    if _HASH.fullmatch(text):
        yield sa.func.substr(envelope.body_sha256, 1, len(text)) == text
    yield envelope.payload_id == text
    yield DOCUMENT.c.id.in_(sa.select(sightings().where(DELIVERY.c.name == text).subquery().c.of_document))
    own = (
        sa.and_(envelope.kind == kind, REFERENCE.c.kind == reference, REFERENCE.c.value == text)
        for kind, reference in _OWN.items()
    )
    yield DOCUMENT.c.id.in_(
        sa.select(REFERENCE.c.document_id)
        .join(DOCUMENT_ENVELOPE, envelope.document_id == REFERENCE.c.document_id)
        .where(REFERENCE.c.value == text, sa.or_(*own))
    )
    if _NUMBER.fullmatch(text):
        yield DOCUMENT.c.id == int(text)


def _accepted(connection: sa.Connection, account: Account, condition: sa.ColumnElement[bool]) -> list[NamedDocument]:
    envelope = DOCUMENT_ENVELOPE.c
    query: sa.Select[Any] = (
        sa.select(DOCUMENT.c.id, envelope.kind, envelope.body_sha256)
        .join(DOCUMENT_ENVELOPE, envelope.document_id == DOCUMENT.c.id)
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
        .where(
            DOCUMENT.c.company == account.company,
            DOCUMENT.c.supplier == account.supplier,
            DOCUMENT_STATE.c.state == "accepted",
            envelope.body_sha256.is_not(None),
            condition,
        )
        .order_by(DOCUMENT.c.id)
        .limit(20)
    )
    return [NamedDocument(row.id, row.kind, row.body_sha256) for row in connection.execute(query)]
