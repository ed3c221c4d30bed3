"""Which orders came in as documents, and under which payloadIDs: what answers to them refer to.

Where such an order belongs is found by its number like any document's, in `resolve`.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from punchout.ledger.sql import chunks
from punchout.ledger.tables.facts import DOCUMENT_ENVELOPE, ORDER_QUEUED, ORDER_REQUEST


def copied_orders(connection: sa.Connection, documents: Sequence[int]) -> dict[int, str]:
    """Return the payloadIDs of those documents that are OrderRequests of others, by document.

    A copy of what was written down here teaches nothing: its payloadID is known from the order itself.
    """
    columns = (DOCUMENT_ENVELOPE.c.document_id, DOCUMENT_ENVELOPE.c.payload_id)
    query = (
        sa.select(*columns)
        .join(ORDER_REQUEST, ORDER_REQUEST.c.document_id == DOCUMENT_ENVELOPE.c.document_id)
        .where(
            DOCUMENT_ENVELOPE.c.payload_id.is_not(None),
            DOCUMENT_ENVELOPE.c.payload_id.not_in(sa.select(ORDER_QUEUED.c.payload_id)),
        )
    )
    found: dict[int, str] = {}
    for chunk in chunks(documents):
        found.update({row[0]: row[1] for row in connection.execute(query.where(columns[0].in_(chunk)))})
    return found
