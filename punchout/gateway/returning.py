"""`POST /punchout/return`: the user's browser brings the cart back, and the user is told what became of it.

The form is posted by a page of the supplier's, across sites, by nature (cXML, BrowserFormPost). So nothing that guards
against posts from other sites applies: there is no cookie of the browser, no session of a login, and no secret in the
form but the BuyerCookie of the cart itself, which nobody can guess, which is taken once, and which expires. Whoever
knows it can return a cart for its request and do nothing else. What becomes of a cart is decided in `punchout.ledger`.
"""

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final

import sqlalchemy as sa
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cxml_parsers.reader import ReadingRules, read
from cxml_parsers.wrappers import unwrap
from punchout.gateway.bodies import BodyRefused, body_of
from punchout.gateway.clients import client_of
from punchout.gateway.door import Door
from punchout.gateway.pages import page
from punchout.gateway.seldom import Seldom
from punchout.gateway.starting import RETURN_PATH
from punchout.gateway.wording import Situation
from punchout.ledger.documents.receive import CART, Arrival
from punchout.ledger.shopping.returning import FEED, Brought, take
from punchout.ledger.shopping.strays import StrayBounds
from punchout.model.codes import Code
from punchout.model.documents import Cart
from punchout.model.unreadable import Refused

_SHOWN_DIGITS: Final = 12
_OF_REASON: Final = {
    Code.XML_REJECTED: Situation.NOT_READABLE,
    Code.STRUCT_INVALID: Situation.NOT_READABLE,
    Code.NUMBER_RANGE: Situation.NOT_READABLE,
    Code.TS_INVALID: Situation.NOT_READABLE,
    Code.DOC_UNSUPPORTED: Situation.NOT_A_CART,
    Code.CART_UNKNOWN_COOKIE: Situation.NO_SESSION,
    Code.CART_REPLAYED: Situation.REPLAYED,
    Code.PAYLOAD_REUSED: Situation.REPLAYED,
    Code.AUTH_FAILED: Situation.FOREIGN_SENDER,
    Code.ENV_MISMATCH: Situation.WRONG_SITE,
}
_log = structlog.get_logger(__name__)


def routes(door: Door) -> list[Route]:
    """Return the addresses of this module."""
    strangers = Seldom("carts came back that belong to no session, and were not kept")

    async def back(request: Request) -> Response:
        if door.settings.cart.received_by != "pipeline":
            return page(Situation.NOT_HERE)
        try:
            async with body_of(door, request) as body:
                if len(body) > door.settings.cart.max_bytes:
                    return page(Situation.TOO_LARGE)
                form = await door.workers.think(partial(_form, door, body, request.headers.get("content-type")))
                brought = await door.workers.write(partial(_taken, door, form, client_of(request.scope)))
        except BodyRefused as refused:
            too_large = refused.status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return page(Situation.TOO_LARGE if too_large else Situation.NOT_WHOLE)
        if not brought.is_kept or not (brought.is_new or brought.is_taken):
            door.metrics.judged("stranger")
            strangers.note(latest=client_of(request.scope))
            return _told(form, brought)
        return _noted(door, form, brought)

    return [Route(RETURN_PATH, back, methods=["POST"])]


@dataclass(frozen=True, slots=True)
class _Form:
    """What a form carries: the document's bytes, and the cart in it; the whole form where it carries no document."""

    document: bytes
    cart: Cart | None = None


def _form(door: Door, body: bytes, content_type: str | None) -> _Form:
    """Find the cart in a form; runs off the event loop."""
    try:
        document = unwrap(body, content_type)
    except Refused:
        return _Form(body)
    found = read(document, ReadingRules(max_bytes=door.rules.max_bytes, naive_zone=door.rules.naive_zone))
    return _Form(document, found.body if isinstance(found.body, Cart) else None)


def _taken(door: Door, form: _Form, client: str, connection: sa.Connection) -> Brought:
    bounds = StrayBounds(door.settings.cart.stray_carts_per_day, door.settings.cart.stray_bytes_per_day)
    cookie = None if form.cart is None else form.cart.buyer_cookie
    arrival = Arrival(door.account, CART, FEED, client, form.document)
    return take(connection, arrival, cookie, door.rules, bounds, door.clock())


def _noted(door: Door, form: _Form, brought: Brought) -> Response:
    """Count, log and tell what became of a cart. Its cookie is in no log: until it has come back it is a key."""
    situation = _situation(form, brought)
    if brought.is_new:
        door.metrics.judged(f"cart_{situation.value}")
    log = _log.info if brought.is_taken else _log.warning
    log("a cart came back", request=_number(brought), outcome=situation.value, reference=_reference(brought))
    return _told(form, brought)


def _told(form: _Form, brought: Brought) -> Response:
    situation = _situation(form, brought)
    lines = () if form.cart is None or situation is not Situation.TAKEN else form.cart.lines
    reference = None if brought.is_taken else _reference(brought)
    return page(situation, request_no=_number(brought), reference=reference, cart=lines)


def _number(brought: Brought) -> str | None:
    """Return the request's number: only who knows a session's cookie is told of its request."""
    return None if brought.session is None else brought.session.key.request_no


def _reference(brought: Brought) -> str:
    return brought.received_sha256[:_SHOWN_DIGITS]


def _situation(form: _Form, brought: Brought) -> Situation:
    if brought.is_taken:
        if not brought.is_new or brought.state == "duplicate":
            return Situation.TAKEN_AGAIN
        return Situation.TAKEN if form.cart is not None and form.cart.lines else Situation.LEFT_EMPTY
    if not brought.is_kept:
        return Situation.NO_ROOM
    if brought.reason is Code.CART_UNKNOWN_COOKIE and brought.session is not None:
        return Situation.TOO_LATE
    return _OF_REASON.get(brought.reason, Situation.NOT_TAKEN) if brought.reason else Situation.NOT_TAKEN
