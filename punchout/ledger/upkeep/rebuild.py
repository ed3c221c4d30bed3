"""Rebuilding: every projection is forgotten and made again from facts, decisions and the verdicts on documents.

After it, resolve and reconcile have everything to do once more; what they come to is what was there before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger import document_exceptions, fact_rows
from punchout.ledger.business_central.placing import StatedRow, place
from punchout.ledger.documents.verdicts import Verdict
from punchout.ledger.resolving.resolve import Known, learn
from punchout.ledger.shopping.sessions import place_sessions
from punchout.ledger.sql import chunks
from punchout.ledger.tables.base import CLASS_OF, METADATA, TableClass
from punchout.ledger.tables.control import DOCUMENT_STATE, REQUEST_WORK
from punchout.ledger.tables.facts import BC_EXPORT, DOCUMENT, ORDER_QUEUED
from punchout.ledger.touches import touch
from punchout.model.codes import Code
from punchout.model.keys import Account, RequestKey

_DOCUMENTS_AT_ONCE = 50
_ORDERS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Refused:
    """A quarantined document with its verdict."""

    document_id: int
    account: Account
    received_sha256: str
    verdict: Verdict


def rebuild(connection: sa.Connection) -> None:
    """Drop all projections and have everything resolved and reconciled again, in the caller's transaction."""
    for table in METADATA.sorted_tables:
        if CLASS_OF[table.name] is TableClass.PROJECTION:
            connection.execute(sa.delete(table))
    connection.execute(sa.update(REQUEST_WORK).values(result_sha256=None))
    connection.execute(
        sa.update(DOCUMENT_STATE).where(DOCUMENT_STATE.c.state == "accepted").values(resolution="pending")
    )
    place_exports(connection)
    place_orders(connection)
    place_sessions(connection)
    refused = list(_quarantined(connection))
    document_exceptions.quarantined(connection, refused, [one.verdict for one in refused])
    work = REQUEST_WORK.c
    touch(
        connection,
        [RequestKey(*row) for row in connection.execute(sa.select(work.company, work.supplier, work.request_no))],
    )


def place_exports(connection: sa.Connection) -> None:
    """Say which requests the rows of imported exports belong to, in the caller's transaction."""
    columns = BC_EXPORT.c
    exports = {
        row.document_id: Account(row.company, row.supplier)
        for row in connection.execute(sa.select(columns.document_id, columns.company, columns.supplier))
    }
    for documents in chunks(sorted(exports), _DOCUMENTS_AT_ONCE):
        for tree in (fact_rows.BC_REQUEST, fact_rows.BC_ORDER):
            records = fact_rows.load(connection, tree, documents)
            rows = [StatedRow(exports[key[0]], key[0], key[1], record) for key, record in records.items()]
            place(connection, rows)


def place_orders(connection: sa.Connection) -> None:
    """Say which requests our own orders belong to, in the caller's transaction."""
    query = sa.select(ORDER_QUEUED).order_by(ORDER_QUEUED.c.payload_id)
    last = ""
    while rows := connection.execute(query.where(ORDER_QUEUED.c.payload_id > last).limit(_ORDERS_AT_ONCE)).all():
        known = []
        for row in rows:
            key = RequestKey(row.company, row.supplier, row.request_no)
            known += [Known("payload", row.payload_id, key), Known("order", row.order_id, key)]
        learn(connection, known)
        last = rows[-1].payload_id


def _quarantined(connection: sa.Connection) -> Iterator[_Refused]:
    query = (
        sa.select(DOCUMENT_STATE, DOCUMENT.c.company, DOCUMENT.c.supplier, DOCUMENT.c.received_sha256)
        .join(DOCUMENT, DOCUMENT.c.id == DOCUMENT_STATE.c.document_id)
        .where(DOCUMENT_STATE.c.state == "quarantined")
    )
    for row in connection.execute(query).all():
        verdict = Verdict(row.document_id, row.state, Code[row.reason], row.place, row.detail, row.duplicate_of)
        yield _Refused(row.document_id, Account(row.company, row.supplier), row.received_sha256, verdict)
