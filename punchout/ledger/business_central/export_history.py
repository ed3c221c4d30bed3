"""What the checks of a batch ask the ledger: which exports wait to be imported, and how large the last full one was.

Read-only. Importing an export is `import_exports`; what is judged, and what follows from it, is `resources`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger.bodies import BODY, body_of
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import BC_EXPORT, DOCUMENT
from punchout.model.keys import Account


@dataclass(frozen=True, slots=True)
class WaitingExport:
    """An export that was received and not imported yet: a JSON export, or a manifest of CSV files."""

    document_id: int
    data: bytes


def waiting_exports(connection: sa.Connection, account: Account, content: str) -> Iterator[WaitingExport]:
    """Yield the exports of one content that wait to be imported, in the order of their receipt, one at a time.

    Args:
        connection: in the caller's transaction.
        account: whose exports.
        content: `bc_requests` or `bc_orders`.
    """
    ids = (
        sa.select(DOCUMENT.c.id)
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
        .where(
            DOCUMENT_STATE.c.state == "received",
            DOCUMENT.c.company == account.company,
            DOCUMENT.c.supplier == account.supplier,
            DOCUMENT.c.content == content,
        )
        .order_by(DOCUMENT.c.id)
    )
    for document_id in connection.execute(ids).scalars().all():
        row = connection.execute(sa.select(*BODY).where(DOCUMENT.c.id == document_id)).one()
        yield WaitingExport(document_id, body_of(connection, row))


def last_full_row_count(connection: sa.Connection, account: Account, content: str) -> int | None:
    """Return how many rows the latest accepted full export of one content had; None before the first."""
    columns = BC_EXPORT.c
    query = (
        sa.select(columns.row_count)
        .where(
            columns.company == account.company,
            columns.supplier == account.supplier,
            columns.content == content,
            columns.scope == "full",
        )
        .order_by(columns.exported_at.desc(), columns.document_id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()
