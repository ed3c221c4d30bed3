"""Which cart a session takes that was opened here: the first, in time, and of one session of the request alone.

Judged where documents are judged, whichever way the cart came in, by facts alone: a replay judges the same. A cart of a
session that Business Central opened is none of its business.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.documents.identity import release
from punchout.ledger.sql import chunks, insert_new, key_in
from punchout.ledger.tables.facts import DOCUMENT, SESSION_OPENED, SESSION_RETURNED
from punchout.model.codes import Code
from punchout.model.documents import Body, Cart
from punchout.model.keys import Account, RequestKey
from punchout.model.moments import Micros, iso_utc
from punchout.model.sessions import SessionReturned

Reason: TypeAlias = tuple[Code, str, str]
"""Code, place in the document, detail."""

_PLACE = "/cXML/Message/PunchOutOrderMessage/BuyerCookie"
_UNKNOWN: Reason = (Code.CART_UNKNOWN_COOKIE, _PLACE, "no session with this BuyerCookie was opened here")
_NO_CART: Reason = (Code.DOC_UNSUPPORTED, "/cXML", "a browser may bring a cart, and no other document")


@dataclass(frozen=True, slots=True)
class Brought:
    """A document that nothing else stands against; `by_browser` where no feed vouches for it."""

    document_id: int
    account: Account
    received_sha256: str
    by_browser: bool
    body: Body | None

    @property
    def cookie(self) -> str | None:
        """The BuyerCookie of a cart; None where it is none, or names none."""
        return self.body.buyer_cookie if isinstance(self.body, Cart) else None


@dataclass(frozen=True, slots=True)
class _Return:
    """A cart of a session that was opened here."""

    document_id: int
    key: RequestKey
    expires: Micros
    fact: SessionReturned


def of_no_session(connection: sa.Connection, brought: Sequence[Brought]) -> dict[int, Reason]:
    """Return why documents are refused before they claim any key, by document.

    A browser may bring nothing but a cart of a session that was opened here: whoever guessed a payloadID would keep the
    genuine document out. And no cart may come later than its session lasts, whichever way it comes.
    """
    returns = {one.document_id: one for one in _returns(connection, brought)}
    found: dict[int, Reason] = {}
    for one in brought:
        session = returns.get(one.document_id)
        if session is not None and session.fact.at > session.expires:
            detail = f"its session expired at {iso_utc(session.expires)}"
            found[one.document_id] = (Code.CART_UNKNOWN_COOKIE, _PLACE, detail)
        elif one.by_browser and session is None:
            found[one.document_id] = _UNKNOWN if isinstance(one.body, Cart) else _NO_CART
    return found


def turned_away(connection: sa.Connection, accepted: Sequence[Brought]) -> dict[int, Reason]:
    """Note the return of the sessions of accepted carts; returns why some are not taken after all, by document.

    A unique constraint decides between two that come side by side, so each is entered before it is looked at.
    """
    returns = list(_returns(connection, accepted))
    insert_new(connection, SESSION_RETURNED, [_row(one) for one in returns])
    filled = [one for one in returns if one.fact.line_count]
    holders = _holders(connection, [one.key for one in filled])
    found: dict[int, Reason] = {
        one.document_id: (Code.CART_REPLAYED, _PLACE, f"request {one.key.request_no} has the cart of another session")
        for one in filled
        if holders[one.key] != one.fact.buyer_cookie
    }
    for document_id in found:
        # What is not taken holds no key: whatever comes next is told the same, and not that it is a copy.
        release(connection, document_id)
    return found


def _returns(connection: sa.Connection, brought: Iterable[Brought]) -> list[_Return]:
    carts = [one for one in brought if one.cookie]
    cookies = {one.cookie or "" for one in carts}
    sessions = {(account, row.buyer_cookie): row for row, account in _opened(connection, cookies)}
    known = [(one, sessions[one.account, one.cookie]) for one in carts if (one.account, one.cookie) in sessions]
    received = _received_at(connection, [one.document_id for one, _ in known])
    return [
        _Return(
            one.document_id,
            RequestKey(row.company, row.supplier, row.request_no),
            row.expires,
            SessionReturned(
                buyer_cookie=row.buyer_cookie,
                at=received[one.document_id],
                received_sha256=one.received_sha256,
                line_count=len(one.body.lines) if isinstance(one.body, Cart) else 0,
            ),
        )
        for one, row in known
    ]


def _opened(connection: sa.Connection, cookies: Iterable[str]) -> Iterator[tuple[sa.Row[Any], Account]]:
    for chunk in chunks(sorted(cookies)):
        for row in connection.execute(sa.select(SESSION_OPENED).where(SESSION_OPENED.c.buyer_cookie.in_(chunk))):
            yield row, Account(row.company, row.supplier)


def _received_at(connection: sa.Connection, documents: Iterable[int]) -> dict[int, Micros]:
    found: dict[int, Micros] = {}
    for chunk in chunks(documents):
        query = sa.select(DOCUMENT.c.id, DOCUMENT.c.received_at).where(DOCUMENT.c.id.in_(chunk))
        found |= {row.id: row.received_at for row in connection.execute(query)}
    return found


def _row(one: _Return) -> Mapping[str, Any]:
    key = {"company": one.key.company, "supplier": one.key.supplier, "request_no": one.key.request_no}
    return {**key, **codec_of(SessionReturned).encode(one.fact)}


def _holders(connection: sa.Connection, keys: Iterable[RequestKey]) -> dict[RequestKey, str]:
    """Return the cookie of the session whose cart with lines each request has."""
    returned = SESSION_RETURNED.c
    columns = (returned.company, returned.supplier, returned.request_no)
    found: dict[RequestKey, str] = {}
    for chunk in chunks(sorted(set(keys))):
        wanted = [(key.company, key.supplier, key.request_no) for key in chunk]
        query = sa.select(*columns, returned.buyer_cookie).where(key_in(columns, wanted), returned.line_count > 0)
        for row in connection.execute(query):
            found[RequestKey(row.company, row.supplier, row.request_no)] = row.buyer_cookie
    return found
