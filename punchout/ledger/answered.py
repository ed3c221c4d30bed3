"""Orders that the supplier answered before they left: somebody else ordered them, and they must not go again.

An order that was attempted and answered is `sent`, which `reconcile` sees to. Here is the one that never left.
"""

import sqlalchemy as sa

from punchout.ledger.tables.decisions import SEND_RELEASED
from punchout.ledger.tables.facts import CONFIRMATION, INVOICE, SHIP_NOTICE
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.model.codes import Code
from punchout.model.keys import RequestKey
from punchout.ordering.refusals import Refusal


def answered_elsewhere(connection: sa.Connection, key: RequestKey, payload_id: str, attempt: int) -> Refusal | None:
    """Hold back an order that is answered and was never attempted, unless a person let it go; None lets it leave."""
    if attempt or not _is_answered(connection, key):
        return None
    let_go = sa.select(SEND_RELEASED.c.payload_id).where(SEND_RELEASED.c.payload_id == payload_id)
    if connection.execute(let_go).first() is not None:
        return None
    return Refusal(Code.OUT_BLOCKED, "answered", "the supplier has answered this order, which never left from here")


def _is_answered(connection: sa.Connection, key: RequestKey) -> bool:
    placed = sa.select(ASSIGNMENT.c.document_id).where(
        ASSIGNMENT.c.company == key.company,
        ASSIGNMENT.c.supplier == key.supplier,
        ASSIGNMENT.c.request_no == key.request_no,
    )
    answers = (
        sa.select(table.c.document_id).where(table.c.document_id.in_(placed))
        for table in (CONFIRMATION, SHIP_NOTICE, INVOICE)
    )
    return connection.execute(sa.union_all(*answers).limit(1)).first() is not None
