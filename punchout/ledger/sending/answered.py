"""Orders that the supplier answered, or of which a copy came, before they left: somebody else has ordered them.

They must not go again. An order that was attempted and answered is `sent`, which `reconcile` sees to. Here is the one
that never left.
"""

import sqlalchemy as sa

from punchout.ledger.tables.decisions import SEND_RELEASED
from punchout.ledger.tables.facts import CONFIRMATION, INVOICE, ORDER_REQUEST, SHIP_NOTICE
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.model.codes import Code
from punchout.model.keys import RequestKey
from punchout.ordering.refusals import Refusal

_SIGNS = (
    ((CONFIRMATION, SHIP_NOTICE, INVOICE), "the supplier has answered this order, which never left from here"),
    ((ORDER_REQUEST,), "somebody else has sent this order, as a copy of it shows, and it never left from here"),
)


def answered_elsewhere(connection: sa.Connection, key: RequestKey, payload_id: str, attempt: int) -> Refusal | None:
    """Hold back an order that was never attempted and that somebody else has sent; None lets it leave.

    A person who let it go outranks the signs.
    """
    if attempt:
        return None
    sign = next((detail for tables, detail in _SIGNS if _has_any(connection, key, tables)), None)
    if sign is None:
        return None
    let_go = sa.select(SEND_RELEASED.c.payload_id).where(SEND_RELEASED.c.payload_id == payload_id)
    if connection.execute(let_go).first() is not None:
        return None
    return Refusal(Code.OUT_BLOCKED, "answered", sign)


def _has_any(connection: sa.Connection, key: RequestKey, tables: tuple[sa.Table, ...]) -> bool:
    """Tell whether a document of one of the kinds belongs to the request."""
    placed = sa.select(ASSIGNMENT.c.document_id).where(
        ASSIGNMENT.c.company == key.company,
        ASSIGNMENT.c.supplier == key.supplier,
        ASSIGNMENT.c.request_no == key.request_no,
    )
    found = (sa.select(table.c.document_id).where(table.c.document_id.in_(placed)) for table in tables)
    return connection.execute(sa.union_all(*found).limit(1)).first() is not None
