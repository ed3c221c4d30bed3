"""Units of work: punchout sessions. A session is written down before the supplier is asked, and so is what it answers.

Its BuyerCookie belongs to its request from then on, so that the cart finds it. Which cart a session takes is judged in
`returned_carts`; what may be opened, in `punchout.ordering.shopping`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.reconciling.histories import histories
from punchout.ledger.resolving.resolve import Known, learn
from punchout.ledger.sql import insert_all
from punchout.ledger.tables.facts import SESSION_ANSWERED, SESSION_OPENED, SESSION_RETURNED
from punchout.ledger.touches import touch
from punchout.model.history import RequestHistory
from punchout.model.keys import Account, RequestKey
from punchout.model.sessions import SessionAnswered, SessionOpened, SessionReturned

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Session:
    """A session and how far it has come."""

    key: RequestKey
    opened: SessionOpened
    answered: SessionAnswered | None = None
    returned: SessionReturned | None = None


def open_session(connection: sa.Connection, key: RequestKey, opened: SessionOpened) -> None:
    """Write a session down, in the caller's transaction, which must commit before the supplier is asked."""
    row = {"company": key.company, "supplier": key.supplier, "request_no": key.request_no}
    insert_all(connection, SESSION_OPENED, [{**row, **codec_of(SessionOpened).encode(opened)}])
    learn(connection, [Known("cookie", opened.buyer_cookie, key)])
    touch(connection, [key])


def note_answer(connection: sa.Connection, answered: SessionAnswered) -> None:
    """Write down what became of the PunchOutSetupRequest, once."""
    insert_all(connection, SESSION_ANSWERED, [codec_of(SessionAnswered).encode(answered)])


def session_of(connection: sa.Connection, account: Account, buyer_cookie: str) -> Session | None:
    """Return the session of a BuyerCookie; None where none was opened here for the account."""
    opened = SESSION_OPENED.c
    query = sa.select(SESSION_OPENED).where(
        opened.buyer_cookie == buyer_cookie, opened.company == account.company, opened.supplier == account.supplier
    )
    found = _sessions(connection, query)
    return found[0] if found else None


def sessions_of(connection: sa.Connection, account: Account, request_no: str | None, limit: int) -> list[Session]:
    """Return the sessions of a request or of all requests, the last opened first."""
    opened = SESSION_OPENED.c
    query = sa.select(SESSION_OPENED).where(opened.company == account.company, opened.supplier == account.supplier)
    if request_no is not None:
        query = query.where(opened.request_no == request_no)
    return _sessions(connection, query.order_by(opened.at.desc(), opened.buyer_cookie).limit(limit))


def shopped_for(connection: sa.Connection, key: RequestKey) -> tuple[RequestHistory, bool]:
    """Return what is known of a request, and whether a cart with lines came back for it.

    The cart counts from the moment it came, and not only once a sync has put it with the request.
    """
    returned = SESSION_RETURNED.c
    query = sa.select(sa.literal(1)).where(
        returned.company == key.company,
        returned.supplier == key.supplier,
        returned.request_no == key.request_no,
        returned.line_count > 0,
    )
    has_cart = connection.execute(query).first() is not None
    history = histories(connection, [key])[key]
    return history, has_cart or any(cart.body.lines for cart in history.carts)


def place_sessions(connection: sa.Connection) -> None:
    """Say which requests the sessions opened here belong to, in the caller's transaction."""
    query = sa.select(SESSION_OPENED).order_by(SESSION_OPENED.c.buyer_cookie).limit(_AT_ONCE)
    last = ""
    while rows := connection.execute(query.where(SESSION_OPENED.c.buyer_cookie > last)).all():
        keys = {row.buyer_cookie: RequestKey(row.company, row.supplier, row.request_no) for row in rows}
        learn(connection, [Known("cookie", cookie, key) for cookie, key in keys.items()])
        touch(connection, keys.values())
        last = rows[-1].buyer_cookie


def _sessions(connection: sa.Connection, query: sa.Select[Any]) -> list[Session]:
    rows = connection.execute(query).mappings().all()
    cookies = [row["buyer_cookie"] for row in rows]
    answers = _by_cookie(connection, SESSION_ANSWERED, SessionAnswered, cookies)
    returns = _by_cookie(connection, SESSION_RETURNED, SessionReturned, cookies)
    return [
        Session(
            RequestKey(row["company"], row["supplier"], row["request_no"]),
            codec_of(SessionOpened).decode(row, {}),
            answers.get(row["buyer_cookie"]),
            returns.get(row["buyer_cookie"]),
        )
        for row in rows
    ]


def _by_cookie(connection: sa.Connection, table: sa.Table, record: type, cookies: Sequence[str]) -> dict[str, Any]:
    codec = codec_of(record)
    query = sa.select(table).where(table.c.buyer_cookie.in_(cookies))
    return {row["buyer_cookie"]: codec.decode(row, {}) for row in connection.execute(query).mappings()}
