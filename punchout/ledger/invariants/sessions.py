"""Promises about punchout sessions: what came back is what was received, once and in time."""

import sqlalchemy as sa

from punchout.ledger.invariants.finding import Damage, Finding, finding
from punchout.ledger.resolving.references import WHOLE
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import CART_LINE, DOCUMENT, REFERENCE, SESSION_OPENED, SESSION_RETURNED


def one_cart_came_back(connection: sa.Connection, damage: Damage) -> Finding:
    """I25: of a session that came back the cart that is noted was accepted, in time, and no other with its cookie."""
    opened, returned = SESSION_OPENED.c, SESSION_RETURNED.c
    query = sa.select(SESSION_RETURNED, opened.expires).join(
        SESSION_OPENED, opened.buyer_cookie == returned.buyer_cookie
    )
    wrong = []
    for row in connection.execute(query).all():
        carts = _accepted(connection, row)
        noted = sa.select(DOCUMENT.c.id).where(DOCUMENT.c.received_sha256 == row.received_sha256)
        if damage.documents.intersection([*(cart.id for cart in carts), *connection.execute(noted).scalars()]):
            continue
        if [(cart.received_sha256, cart.line_count) for cart in carts] != [(row.received_sha256, row.line_count)]:
            wrong.append(f"the session of {row.request_no} has {len(carts)} carts, or another than is noted")
        elif row.at > row.expires:
            wrong.append(f"the session of {row.request_no} took a cart after it had expired")
    return finding("I25", "Every punchout session that came back took one cart, in time", wrong)


def _accepted(connection: sa.Connection, session: sa.Row[tuple[object, ...]]) -> list[sa.Row[tuple[int, str, int]]]:
    """Return number, hash and number of lines of the accepted carts with a session's cookie."""
    named = REFERENCE.c
    lines = sa.select(sa.func.count()).select_from(CART_LINE).where(CART_LINE.c.document_id == DOCUMENT.c.id)
    query = (
        sa.select(DOCUMENT.c.id, DOCUMENT.c.received_sha256, lines.scalar_subquery().label("line_count"))
        .join(REFERENCE, named.document_id == DOCUMENT.c.id)
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
        .where(
            named.value == session.buyer_cookie,
            named.kind == "cookie",
            named.portion == WHOLE,
            named.company == session.company,
            named.supplier == session.supplier,
            DOCUMENT_STATE.c.state == "accepted",
        )
    )
    return list(connection.execute(query))
