"""Finding a request or a document by any identifier a person may hold.

Request, purchase order, the supplier's order number, invoice, shipment, tracking number, part id, payloadID: all of
them stand in the references of documents, or in our own orders.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from punchout.ledger.sql import chunks
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT, DOCUMENT_ENVELOPE, ORDER_QUEUED, REFERENCE
from punchout.ledger.tables.logs import DELIVERY
from punchout.ledger.tables.projections import ASSIGNMENT, REQUEST_STAGE
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros

_DELIVERED = DOCUMENT.alias("delivered")


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document that carries the identifier. `names` are the names it was delivered under."""

    document_id: int
    kind: str | None
    state: str
    resolution: str | None
    reason: str | None
    received_at: Micros
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What an identifier leads to: requests, and documents that belong to none of them yet."""

    requests: tuple[RequestKey, ...]
    documents: tuple[FoundDocument, ...]


def find(connection: sa.Connection, identifier: str) -> Found:
    """Return the requests an identifier leads to, and the documents that carry it without belonging to a request."""
    wanted = identifier.strip()
    stage, queued = REQUEST_STAGE.c, ORDER_QUEUED.c
    own = [
        sa.select(stage.company, stage.supplier, stage.request_no).where(
            sa.or_(stage.request_no == wanted, stage.order_id == wanted)
        ),
        sa.select(queued.company, queued.supplier, queued.request_no).where(queued.payload_id == wanted),
    ]
    keys = {RequestKey(*row) for query in own for row in connection.execute(query)}
    carriers = _carriers(connection, wanted)
    assigned: dict[int, set[RequestKey]] = {}
    for chunk in chunks(sorted(carriers)):
        for row in connection.execute(sa.select(ASSIGNMENT).where(ASSIGNMENT.c.document_id.in_(chunk))):
            key = RequestKey(row.company, row.supplier, row.request_no)
            if row.portion in carriers[row.document_id]:
                assigned.setdefault(row.document_id, set()).add(key)
    keys |= {key for found in assigned.values() for key in found}
    return Found(tuple(sorted(keys)), tuple(_documents(connection, [i for i in carriers if i not in assigned])))


def numbers_like(connection: sa.Connection, text: str, limit: int) -> list[str]:
    """Return some request numbers that begin as long as possible like a text; none where none begins like it."""
    numbers = REQUEST_STAGE.c.request_no
    for length in range(len(text), 0, -1):
        query = sa.select(numbers).where(sa.func.substr(numbers, 1, length) == text[:length])
        found = connection.execute(query.order_by(numbers).limit(limit)).scalars().all()
        if found:
            return list(found)
    return []


def names_of(connection: sa.Connection, documents: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the names that documents were delivered under, in the order of delivery."""
    names: dict[int, list[str]] = {}
    for chunk in chunks(documents):
        query = sightings(DELIVERY.c.id, DELIVERY.c.name).where(DOCUMENT.c.id.in_(chunk)).order_by(DELIVERY.c.id)
        for row in connection.execute(query):
            listed = names.setdefault(row.of_document, [])
            if row.name not in listed:
                listed.append(row.name)
    return {document_id: tuple(listed) for document_id, listed in names.items()}


def sightings(*columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Select deliveries with the documents they are `of_document`: all readings of the delivered bytes."""
    same = ("company", "supplier", "content", "received_sha256")
    return (
        sa.select(DOCUMENT.c.id.label("of_document"), *columns)
        .join(_DELIVERED, sa.and_(*(_DELIVERED.c[name] == DOCUMENT.c[name] for name in same)))
        .join(DELIVERY, DELIVERY.c.document_id == _DELIVERED.c.id)
    )


def _carriers(connection: sa.Connection, wanted: str) -> dict[int, set[int]]:
    """Return documents that carry the identifier, with the portions it stands in."""
    carriers: dict[int, set[int]] = {}
    references = sa.select(REFERENCE.c.document_id, REFERENCE.c.portion).where(
        REFERENCE.c.value == wanted, REFERENCE.c.kind != "portion"
    )
    for row in connection.execute(references):
        carriers.setdefault(row.document_id, set()).add(row.portion)
    by_payload = sa.select(DOCUMENT_ENVELOPE.c.document_id).where(DOCUMENT_ENVELOPE.c.payload_id == wanted)
    by_hash = sa.select(DOCUMENT.c.id).where(DOCUMENT.c.received_sha256 == wanted)
    whole = [row[0] for query in (by_payload, by_hash) for row in connection.execute(query)]
    for chunk in chunks(whole):
        portions = sa.select(REFERENCE.c.document_id, REFERENCE.c.portion).where(REFERENCE.c.document_id.in_(chunk))
        for row in connection.execute(portions):
            carriers.setdefault(row.document_id, set()).add(row.portion)
    for document_id in whole:
        carriers.setdefault(document_id, set())
    return carriers


def _documents(connection: sa.Connection, ids: Iterable[int]) -> list[FoundDocument]:
    wanted = sorted(ids)
    names = names_of(connection, wanted)
    found: list[FoundDocument] = []
    for chunk in chunks(wanted):
        query = (
            sa.select(
                DOCUMENT.c.id,
                DOCUMENT.c.received_at,
                DOCUMENT_ENVELOPE.c.kind,
                DOCUMENT_STATE.c.state,
                DOCUMENT_STATE.c.resolution,
                DOCUMENT_STATE.c.reason,
            )
            .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
            .outerjoin(DOCUMENT_ENVELOPE, DOCUMENT_ENVELOPE.c.document_id == DOCUMENT.c.id)
            .where(DOCUMENT.c.id.in_(chunk), DOCUMENT_STATE.c.state != "superseded")
            .order_by(DOCUMENT.c.id)
        )
        found.extend(
            FoundDocument(
                row.id, row.kind, row.state, row.resolution, row.reason, row.received_at, names.get(row.id, ())
            )
            for row in connection.execute(query)
        )
    return found
