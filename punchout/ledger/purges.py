"""What was erased: how its absence is marked, and who erased it.

How it is erased, and what may be, is `punchout.ledger.retention`.
"""

import sqlalchemy as sa

from punchout.ledger.errors import NotPossibleError
from punchout.ledger.tables.decisions import PURGE
from punchout.ledger.tables.facts import DOCUMENT
from punchout.model.moments import iso_utc

PURGED = "purged"
"""The codec of a document whose bytes were erased: there is nothing to unpack."""


def require_bytes(connection: sa.Connection, document_id: int) -> None:
    """Make sure that the bytes of a document are still here, to be read again.

    Raises:
        NotPossibleError: they were erased.
    """
    query = sa.select(DOCUMENT.c.purge_id).where(DOCUMENT.c.id == document_id)
    purge_id = connection.execute(query).scalar_one_or_none()
    if purge_id is not None:
        purged = purge_in_words(connection, purge_id)
        raise NotPossibleError(f"document {document_id} cannot be read again: {purged}; its facts stand as they are")


def purge_in_words(connection: sa.Connection, purge_id: str) -> str:
    """Say by whom, when and why bytes were erased."""
    row = connection.execute(sa.select(PURGE).where(PURGE.c.purge_id == purge_id)).one_or_none()
    if row is None:
        return "bytes purged, and nothing says by whom"
    why = f" ({row.reason})" if row.reason else ""
    return f"bytes purged on {iso_utc(row.at)} by {row.by}{why}"
