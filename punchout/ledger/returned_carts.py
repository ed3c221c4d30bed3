"""Which cart a session takes that was opened here: the first, in time, and of one session of the request alone.

Judged where documents are judged, whichever way the cart came in, by facts alone: a replay judges the same. A cart of a
session that Business Central opened is none of its business.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.identity import release
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


@dataclass(frozen=True, slots=True)
class ReturnedCart:
    """A cart that nothing else stands against."""

    document_id: int
    account: Account
    received_sha256: str
    body: Cart


@dataclass(frozen=True, slots=True)
class _Return:
    """A cart of a session, with what decides whether it is taken."""

    cart: ReturnedCart
    key: RequestKey
    expires: Micros
    received_at: Micros

    @property
    def fact(self) -> SessionReturned:
        return SessionReturned(
            buyer_cookie=self.cart.body.buyer_cookie or "",
            at=self.received_at,
            received_sha256=self.cart.received_sha256,
            line_count=len(self.cart.body.lines),
        )


def strangers(connection: sa.Connection, brought: Mapping[int, tuple[Account, Body | None]]) -> dict[int, Reason]:
    """Return why documents that a browser brought are refused: all but carts with the BuyerCookie of a session here.

    They must claim no key either: whoever guessed a payloadID would keep the genuine document out.
    """
    cookies = {i: (of, body.buyer_cookie or "") for i, (of, body) in brought.items() if isinstance(body, Cart)}
    known = {
        (account, row.buyer_cookie) for row, account in _opened(connection, {name for _, name in cookies.values()})
    }
    unknown: Reason = (Code.CART_UNKNOWN_COOKIE, _PLACE, "no session with this BuyerCookie was opened here")
    other: Reason = (Code.DOC_UNSUPPORTED, "/cXML", "a browser may bring a cart, and no other document")
    return {i: unknown if i in cookies else other for i in brought if cookies.get(i) not in known}


def turned_away(connection: sa.Connection, carts: Sequence[ReturnedCart]) -> dict[int, Reason]:
    """Note the return of the sessions that carts belong to; returns why some are not taken, by document.

    A unique constraint decides between two that come side by side, so each is entered before it is looked at.
    """
    returns = list(_returns(connection, carts))
    found: dict[int, Reason] = {
        one.cart.document_id: (Code.CART_UNKNOWN_COOKIE, _PLACE, f"its session expired at {iso_utc(one.expires)}")
        for one in returns
        if one.received_at > one.expires
    }
    timely = [one for one in returns if one.cart.document_id not in found]
    insert_new(connection, SESSION_RETURNED, [_row(one) for one in timely])
    holders = _holders(connection, [one.key for one in timely if one.cart.body.lines])
    for one in timely:
        cookie = one.cart.body.buyer_cookie
        if one.cart.body.lines and holders[one.key] != cookie:
            detail = f"request {one.key.request_no} has the cart of another session"
            found[one.cart.document_id] = (Code.CART_REPLAYED, _PLACE, detail)
    for document_id in found:
        # What is not taken holds no key: whoever asks for this cookie next is told why, and not that it is a copy.
        release(connection, document_id)
    return found


def _returns(connection: sa.Connection, carts: Iterable[ReturnedCart]) -> Iterable[_Return]:
    by_cookie = {(cart.account, cart.body.buyer_cookie): cart for cart in carts if cart.body.buyer_cookie}
    sessions = [
        (by_cookie[account, row.buyer_cookie], row)
        for row, account in _opened(connection, {cookie or "" for _, cookie in by_cookie})
        if (account, row.buyer_cookie) in by_cookie
    ]
    received = _received_at(connection, [cart.document_id for cart, _ in sessions])
    for cart, row in sorted(sessions, key=lambda one: one[0].document_id):
        key = RequestKey(row.company, row.supplier, row.request_no)
        yield _Return(cart, key, row.expires, received[cart.document_id])


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
