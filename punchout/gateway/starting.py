"""`GET /punchout/start/REQUEST`: opens a session for a request at the supplier and sends the browser there.

Whoever holds a signed link may start (`links`). The GET has an effect, as a link must be followed by pressing it once;
what a browser fetches ahead of its user is refused, a HEAD does nothing, and a GET that is repeated leads to the same
session for a while. What may be shopped for is decided in `punchout.ordering.shopping`.
"""

import asyncio
import secrets
import time
from dataclasses import dataclass
from functools import partial
from typing import Final

import sqlalchemy as sa
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cxml_parsers.setup_request import write_setup_request
from cxml_parsers.writing import Heading
from punchout.gateway.door import Door
from punchout.gateway.links import SHORTEST_SECRET, START_PATH, Link, LinkRefused, checked
from punchout.gateway.pages import page
from punchout.gateway.recent_starts import RecentStarts
from punchout.gateway.wording import Situation
from punchout.ledger.sending.orders import Letterhead
from punchout.ledger.shopping.sessions import note_answer, open_session, shopped_for
from punchout.model.keys import RequestKey
from punchout.model.moments import HOUR
from punchout.model.sessions import SessionAnswered, SessionOpened
from punchout.model.versions import current
from punchout.ordering.shopping import Hindrance, hindrance, setup_of
from resources import policies
from resources.errors import ConfigurationError
from resources.settings import Settings
from resources.setup_channel import Outcome, SetupAnswer, SetupChannel, setup_channel

RETURN_PATH: Final = "/punchout/return"
_AT_ONCE: Final = 16
_log = structlog.get_logger(__name__)


def routes(door: Door) -> list[Route]:
    """Return the addresses of this module."""
    starting = _Starting(door)

    async def start(request: Request) -> Response:
        if request.method == "HEAD":
            return Response(status_code=204)
        if _is_ahead_of_its_user(request):
            return page(Situation.PREFETCHED)
        return await starting.start(request)

    return [Route(f"{START_PATH}/{{request_no:path}}", start, methods=["GET"])]


def link_secrets(settings: Settings) -> list[str]:
    """Read what links are signed with; the first signs.

    Raises:
        ConfigurationError: there is none, or one that could be found out by trying.
    """
    found = [reference.reveal() for reference in settings.gateway.link_secrets]
    if not found:
        raise ConfigurationError("gateway.link_secrets is not set: nobody can be given a link")
    if any(len(secret) < SHORTEST_SECRET for secret in found):
        raise ConfigurationError(f"a secret of gateway.link_secrets has less than {SHORTEST_SECRET} characters")
    return found


@dataclass(frozen=True, slots=True)
class _Means:
    """What it takes to open a session."""

    secrets: list[str]
    channel: SetupChannel
    letterhead: Letterhead


@dataclass(frozen=True, slots=True)
class _Opened:
    """A session that is written down, and the setup that asks for it."""

    buyer_cookie: str
    setup: bytes


class _Starting:
    """Opens sessions over a door."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._recent = RecentStarts(door.settings.cart.reuse_seconds, time.monotonic)
        # A setup may take long, and the workers of the ledger are few: it waits in threads of its own.
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def start(self, request: Request) -> Response:
        """Send the browser to the shop, or say why not."""
        door = self._door
        if door.settings.cart.received_by != "pipeline":
            return page(Situation.NOT_HERE)
        reference = secrets.token_hex(4)
        try:
            means = await door.workers.think(self._means)
        except ConfigurationError as error:
            _log.error("no session can be opened", problem=str(error), reference=reference)
            return page(Situation.FAILED, reference=reference)
        try:
            link = self._link(request, means)
        except LinkRefused as refused:
            return page(Situation.LINK_EXPIRED if refused.is_expired else Situation.LINK_INVALID)
        async with self._recent.turn(link) as turn:
            answered = await self._answered(link, means, turn.recent, reference)
            if isinstance(answered, Response):
                return answered
            turn.started = answered
        return Response(status_code=303, headers={"Location": answered})

    def _means(self) -> _Means:
        settings = self._door.settings
        channel = setup_channel(settings)
        # What cannot be read must come out before a session is written down.
        channel.secret.reveal()
        return _Means(link_secrets(settings), channel, policies.letterhead(settings))

    def _link(self, request: Request, means: _Means) -> Link:
        account, stated = self._door.account, request.query_params
        key = RequestKey(account.company, account.supplier, request.path_params["request_no"])
        # Wall time: whoever makes a link, Business Central for one, knows no other.
        return checked(key, stated.get("user"), stated.get("token"), means.secrets, int(time.time()))

    async def _answered(self, link: Link, means: _Means, recent: str | None, reference: str) -> str | Response:
        """Return where the browser goes, or the page that says why it stays."""
        number = link.key.request_no
        if self._room.locked():
            return page(Situation.BUSY, request_no=number)
        async with self._room:
            try:
                opened = await self._door.workers.write(partial(self._open, link, means.letterhead, recent))
            except ValueError:
                _log.error("a setup cannot be written", request=number, reference=reference)
                return page(Situation.FAILED, request_no=number, reference=reference)
            if isinstance(opened, Hindrance):
                return page(Situation[opened.name], request_no=number)
            if isinstance(opened, str):
                return opened
            answer = await asyncio.to_thread(means.channel.ask, opened.setup)
            await self._door.workers.write(partial(note_answer, answered=self._noted(opened, answer)))
        self._log(link, answer, reference)
        if answer.start_url is None:
            return page(Situation[answer.outcome.name], request_no=number, reference=reference)
        return answer.start_url

    def _open(
        self, link: Link, letterhead: Letterhead, recent: str | None, connection: sa.Connection
    ) -> _Opened | Hindrance | str:
        """Write a session down, unless something stands against it or one was started a moment ago."""
        history, has_cart = shopped_for(connection, link.key)
        found, stated = hindrance(history, has_cart=has_cart), current(history.requests)
        if found is not None or stated is None:
            return found or Hindrance.UNKNOWN
        if recent is not None:
            return recent
        door, at = self._door, self._door.clock()
        opened = SessionOpened(
            buyer_cookie=secrets.token_urlsafe(32),
            payload_id=door.new_payload_id(at),
            at=at,
            expires=at + door.settings.cart.session_minutes * HOUR // 60,
            user=link.user,
        )
        setup = setup_of(
            stated.body,
            buyer_cookie=opened.buyer_cookie,
            return_url=door.url + RETURN_PATH,
            business_unit=door.settings.orders.business_unit,
            user=link.user,
        )
        heading = Heading(
            payload_id=opened.payload_id,
            timestamp=at,
            environment=door.settings.environment,
            sender=letterhead.sender,
            recipient=letterhead.recipient,
            user_agent=letterhead.user_agent,
        )
        written = write_setup_request(setup, heading)
        open_session(connection, link.key, opened)
        return _Opened(opened.buyer_cookie, written)

    def _noted(self, opened: _Opened, answer: SetupAnswer) -> SessionAnswered:
        return SessionAnswered(
            buyer_cookie=opened.buyer_cookie,
            at=self._door.clock(),
            outcome=answer.outcome.value,
            http_status=answer.http_status,
            cxml_code=answer.cxml_code,
            start_host=answer.start_host,
        )

    def _log(self, link: Link, answer: SetupAnswer, reference: str) -> None:
        told = _log.info if answer.outcome is Outcome.STARTED else _log.warning
        told(
            "a punchout session was asked for",
            request=link.key.request_no,
            outcome=answer.outcome.value,
            detail=answer.detail,
            reference=reference,
        )


def _is_ahead_of_its_user(request: Request) -> bool:
    """Tell a browser that fetches what its user may want next (Sec-Purpose; Purpose and X-Moz before it)."""
    stated = " ".join(request.headers.get(name, "") for name in ("sec-purpose", "purpose", "x-purpose", "x-moz"))
    return any(word in stated.casefold() for word in ("prefetch", "preview", "prerender"))
