"""`POST /cxml`: a document comes in, is judged and kept, and is answered after that is committed.

Who hands it in is checked before anything is stored; what it says is judged in `punchout.ledger`. Carts do not come
here: they travel through the buyer's browser.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cxml_parsers.senders import HandedIn, handed_in
from cxml_parsers.wrappers import unwrap
from punchout.gateway import replies, statuses
from punchout.gateway.authentication import guards, is_let_in
from punchout.gateway.bodies import body_of
from punchout.gateway.clients import client_of
from punchout.gateway.door import Door
from punchout.gateway.profile import profile
from punchout.gateway.replies import CXML_PATH, Status
from punchout.ledger.answering import Answer, Standing, answer
from punchout.ledger.receive import Arrival
from punchout.model.moments import Micros
from punchout.model.unreadable import Refused

FEED: Final = "gateway"
_NOT_HERE: Final = {
    "PunchOutOrderMessage": "a cart comes through the buyer's browser, to the address its setup named",
    "Response": "an answer belongs into the answer of its request; this address takes requests",
}


def routes(door: Door) -> list[Route]:
    """Return the addresses of this module."""

    async def receive(request: Request) -> Response:
        async with body_of(door, request) as body:
            return await _taken_in(door, request, body)

    return [Route(CXML_PATH, receive, methods=["POST"])]


@dataclass(frozen=True, slots=True)
class _Examined:
    """A body before anything is stored: the document in it, and the status where it comes no further."""

    document: bytes = b""
    kind: str | None = None
    turned_away: Status | None = None


async def _taken_in(door: Door, request: Request, body: bytes) -> Response:
    content_type, authorization = request.headers.get("content-type"), request.headers.get("authorization")
    found = await door.workers.think(partial(_examine, door, body, content_type, authorization))
    if found.turned_away is not None:
        return replies.cxml(door, found.turned_away)
    if found.kind == "ProfileRequest":
        return replies.stored(profile(door, CXML_PATH), 200)
    arrival = Arrival(door.account, "cxml", FEED, client_of(request.scope), found.document)
    at = door.clock()
    unit = partial(answer, arrivals=[arrival], rules=door.rules, at=at, compose=partial(_compose, door, at))
    (answered,) = await door.workers.write(unit)
    door.metrics.judged(answered.standing.state if answered.is_new else "repeated")
    return replies.stored(answered.answer.body, replies.http_status(answered.answer.code))


def _examine(door: Door, body: bytes, content_type: str | None, authorization: str | None) -> _Examined:
    """Find the document and who hands it in; runs off the event loop."""
    known = guards(door.settings)
    refused: Refused | None = None
    document, outside = body, None
    try:
        document = unwrap(body, content_type)
        outside = handed_in(document, door.rules.max_bytes)
    except Refused as found:
        refused = found
    if not is_let_in(known, outside, authorization):
        return _Examined(turned_away=_stranger(refused))
    return _Examined(document, None if outside is None else outside.kind, _turned_away(outside))


def _stranger(refused: Refused | None) -> Status:
    """Whoever proves nothing learns nothing, but that what was sent could not be read."""
    if refused is not None:
        return statuses.refused(refused.code, refused.where, refused.detail)
    return Status(401, "Unauthorized", "no accepted identity in Sender with its SharedSecret")


def _compose(door: Door, at: Micros, standing: Standing) -> Answer:
    status = statuses.status_of(standing)
    return Answer(status.code, replies.written(door, status, at))


def _turned_away(outside: HandedIn | None) -> Status | None:
    elsewhere = None if outside is None else _NOT_HERE.get(outside.kind or "")
    return None if elsewhere is None else Status(450, "Not Implemented", elsewhere)
