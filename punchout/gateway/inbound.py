"""`POST /cxml`: a document comes in, is judged and kept, and is answered after that is committed.

Who hands it in is checked before anything is stored; what it says is judged in `punchout.ledger`. Carts do not come
here: they travel through the buyer's browser.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cxml_parsers.senders import HandedIn, handed_in, head_of
from cxml_parsers.wrappers import unwrap
from punchout.gateway import replies, statuses
from punchout.gateway.answering import Answering
from punchout.gateway.authentication import guards, is_let_in
from punchout.gateway.bodies import body_of
from punchout.gateway.clients import client_of
from punchout.gateway.door import Door
from punchout.gateway.profile import profile
from punchout.gateway.replies import CXML_PATH, Status
from punchout.gateway.seldom import Seldom
from punchout.ledger.documents.receive import Arrival
from punchout.model.unreadable import Refused

FEED: Final = "gateway"
"""The name under which the ledger logs what came in here."""
_NOT_HERE: Final = {
    "PunchOutOrderMessage": "a cart comes through the buyer's browser, to the address that its setup named",
    "Response": "this address takes requests; an answer belongs to the request that it answers",
}


def routes(door: Door) -> list[Route]:
    """Return the addresses of this module."""
    answering = Answering(door)
    strangers = Seldom("turned away without an accepted identity and its secret")

    async def receive(request: Request) -> Response:
        async with body_of(door, request) as body:
            found = await door.workers.think(partial(_examine, door, body, request.headers))
            if found.is_strange:
                door.metrics.judged("stranger")
                strangers.note(latest=client_of(request.scope))
            if found.turned_away is not None:
                return replies.cxml(door, found.turned_away)
            if found.kind == "ProfileRequest":
                return replies.stored(profile(door, CXML_PATH), 200)
            return await _answered(door, answering, client_of(request.scope), found.document)

    return [Route(CXML_PATH, receive, methods=["POST"])]


async def _answered(door: Door, answering: Answering, client: str, document: bytes) -> Response:
    answered = await answering.to(Arrival(door.account, "cxml", FEED, client, document))
    door.metrics.judged(answered.standing.state if answered.is_new else "repeated")
    code = answered.answer.code
    return replies.stored(answered.answer.body, replies.http_status(code))


@dataclass(frozen=True, slots=True)
class _Examined:
    """A body before anything is stored: the document in it, or what is said where it comes no further."""

    document: bytes = b""
    kind: str | None = None
    turned_away: Status | None = None
    is_strange: bool = False


def _examine(door: Door, body: bytes, headers: Headers) -> _Examined:
    """Find the document and who hands it in; runs off the event loop."""
    known, authorization, largest = guards(door.settings), headers.get("authorization"), door.rules.max_bytes
    document, outside, refused = body, None, None
    try:
        document = unwrap(body, headers.get("content-type"))
        outside = head_of(document, largest)
        if outside is None or is_let_in(known, outside, authorization):
            outside = handed_in(document, largest)
    except Refused as found:
        outside, refused = None, found
    if not is_let_in(known, outside, authorization):
        return _Examined(turned_away=_stranger(refused), is_strange=True)
    return _Examined(document, None if outside is None else outside.kind, _turned_away(outside))


def _stranger(refused: Refused | None) -> Status:
    """Say why a document comes no further that nobody has vouched for: it is kept nowhere."""
    if refused is not None:
        return statuses.refused(refused.code, refused.where, refused.detail)
    return Status(401, "Unauthorized", "no accepted identity in Sender with its SharedSecret")


def _turned_away(outside: HandedIn | None) -> Status | None:
    elsewhere = None if outside is None else _NOT_HERE.get(outside.kind or "")
    return None if elsewhere is None else Status(450, "Not Implemented", elsewhere)
