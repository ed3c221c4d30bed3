"""The promise about what was erased: a person decided it, it is written down, and nothing of it is left."""

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa

from punchout.ledger.invariants.finding import Finding, finding
from punchout.ledger.purges import PURGED
from punchout.ledger.tables.control import DOCUMENT_STATE, OUTBOX
from punchout.ledger.tables.decisions import PURGE
from punchout.ledger.tables.facts import DOCUMENT, ORDER_BODY

_UNDECIDED = ("received", "quarantined")
_ENDED = ("sent", "refused", "cancelled")


def what_was_purged_is_written_down(connection: sa.Connection) -> Finding:
    """I26: every body that was erased names the decision, which counts it; nothing that is still wanted was erased."""
    wrong = [*_documents(connection), *_orders(connection), *_counts(connection)]
    return finding("I26", "What was purged was over, and a person's decision tells of it", wrong)


def _documents(connection: sa.Connection) -> Iterator[str]:
    document, state = DOCUMENT.c, DOCUMENT_STATE.c
    query = (
        sa.select(document.id, document.codec, document.purge_id, PURGE.c.before, document.received_at, state.state)
        .add_columns(sa.func.length(document.body).label("left"))
        .outerjoin(PURGE, PURGE.c.purge_id == document.purge_id)
        .outerjoin(DOCUMENT_STATE, state.document_id == document.id)
        .where(sa.or_(document.codec == PURGED, document.purge_id.is_not(None)))
    )
    for row in connection.execute(query):
        if row.codec != PURGED or row.left:
            yield f"document {row.id} was purged, and bytes of it are left"
        elif row.before is None:
            yield f"the bytes of document {row.id} are gone, and nobody has decided that"
        elif row.received_at >= row.before or row.state in _UNDECIDED:
            yield f"document {row.id} was purged before its time"


def _orders(connection: sa.Connection) -> Iterator[str]:
    body = ORDER_BODY.c
    query = (
        sa.select(body.payload_id, PURGE.c.before, OUTBOX.c.state, sa.func.length(body.body).label("left"))
        .outerjoin(PURGE, PURGE.c.purge_id == body.purge_id)
        .outerjoin(OUTBOX, OUTBOX.c.payload_id == body.payload_id)
        .where(body.purge_id.is_not(None))
    )
    for row in connection.execute(query):
        if row.left:
            yield f"order {row.payload_id} was purged, and bytes of it are left"
        elif row.before is None:
            yield f"the bytes of order {row.payload_id} are gone, and nobody has decided that"
        elif row.state not in (None, *_ENDED):
            yield f"order {row.payload_id} was purged and is {row.state}"


def _counts(connection: sa.Connection) -> Iterator[str]:
    """A document may go over into a replay once where it was read twice: no more than is written down may be gone."""
    gone = Counter[str]()
    for column in (DOCUMENT.c.purge_id, ORDER_BODY.c.purge_id):
        query = sa.select(column, sa.func.count()).where(column.is_not(None)).group_by(column)
        for purge_id, count in connection.execute(query):
            gone[purge_id] += count
    for row in connection.execute(sa.select(PURGE.c.purge_id, PURGE.c.documents, PURGE.c.orders)):
        if gone[row.purge_id] > row.documents + row.orders:
            yield f"purge {row.purge_id} tells of fewer documents and orders than it erased"
