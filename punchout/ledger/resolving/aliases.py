"""The payloadIDs under which one content came again: a later version may refer to any of them.

A duplicate has no facts, only its envelope; here that is tied to the document it repeats.
"""

from collections.abc import Collection

import sqlalchemy as sa

from punchout.ledger.sql import chunks
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT_ENVELOPE

DUPLICATE = "duplicate"


def aliases_of(connection: sa.Connection, documents: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the payloadIDs of duplicates by the document that they repeat; sorted."""
    found: dict[int, set[str]] = {}
    state = DOCUMENT_STATE.c
    for chunk in chunks(sorted(documents)):
        query = (
            sa.select(state.duplicate_of, DOCUMENT_ENVELOPE.c.payload_id)
            .join(DOCUMENT_ENVELOPE, DOCUMENT_ENVELOPE.c.document_id == state.document_id)
            .where(state.duplicate_of.in_(chunk), state.state == DUPLICATE, DOCUMENT_ENVELOPE.c.payload_id.is_not(None))
        )
        for document_id, payload_id in connection.execute(query):
            found.setdefault(document_id, set()).add(payload_id)
    return {document_id: tuple(sorted(payload_ids)) for document_id, payload_ids in found.items()}
