"""Which orders came in as documents, and under which payloadIDs: what answers to them refer to.

Where such an order belongs is found by its number like any document's, in `resolve`.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from punchout.ledger.sql import chunks
from punchout.ledger.tables.facts import DOCUMENT_ENVELOPE, ORDER_QUEUED, ORDER_REQUEST
from punchout.model.keys import RequestKey


def copied_orders(connection: sa.Connection, documents: Sequence[int]) -> dict[int, str]:
    """Return the payloadIDs of those documents that are OrderRequests, by document."""
    columns = (DOCUMENT_ENVELOPE.c.document_id, DOCUMENT_ENVELOPE.c.payload_id)
    query = (
        sa.select(*columns)
        .join(ORDER_REQUEST, ORDER_REQUEST.c.document_id == DOCUMENT_ENVELOPE.c.document_id)
        .where(DOCUMENT_ENVELOPE.c.payload_id.is_not(None))
    )
    found: dict[int, str] = {}
    for chunk in chunks(documents):
        found.update({row[0]: row[1] for row in connection.execute(query.where(columns[0].in_(chunk)))})
    return found


def is_written_down(connection: sa.Connection, payload_id: str, key: RequestKey) -> bool:
    """Tell whether a payloadID is that of an order that was written down here for a request."""
    queued = ORDER_QUEUED.c
    query = sa.select(queued.payload_id).where(
        queued.payload_id == payload_id,
        queued.company == key.company,
        queued.supplier == key.supplier,
        queued.request_no == key.request_no,
    )
    return connection.execute(query).first() is not None
