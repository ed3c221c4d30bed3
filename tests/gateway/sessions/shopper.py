"""A user's browser before a gateway in this process, and a supplier on a real socket. No tests live here."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import sqlalchemy as sa

from punchout.gateway.app import build_app
from punchout.gateway.door import open_door
from punchout.gateway.links import Link, link_path
from punchout.ledger.shopping.sessions import Session, sessions_of
from punchout.model.keys import RequestKey
from resources.settings import Settings
from tests.resources.suppliers import Behaviour, answers
from tests.support.deliveries import Delivery
from tests.support.plays import Play
from tests.support.purchases import ACCOUNT, requests_export
from tests.support.stories import FIRST

LINK_SECRET = "a-secret-of-links-that-nobody-guesses"  # noqa: S105 - of nobody
SETUP_SECRET = "canary-setup-9d1c"  # noqa: S105 - planted, to be looked for
FAR = 4_000_000_000
ORIGIN = "http://127.0.0.1:8080"
START_PAGE = "https://www.shop.example/session/1"
UNNAMED = requests_export({**FIRST.new_row(), "buyerCookie": None, "requesterEmail": "ann@contoso.example"})


class Shopper:
    """One user, one gateway, and the exchange behind it."""

    def __init__(self, settings: Settings, engine: sa.Engine) -> None:
        self.play = Play(engine, settings.home)
        self.play.settings = settings
        self.engine = engine
        self.door = open_door(settings, engine, lambda: self.play.now)
        self.door.standing.address = ORIGIN
        self.app = build_app(self.door)
        self._runner = asyncio.Runner()

    def close(self) -> None:
        self.door.workers.close()
        self._runner.close()

    def run(self, work: Any) -> Any:  # noqa: ANN401 - whatever a coroutine returns
        return self._runner.run(work)

    async def calling(self, method: str, path: str, **how: Any) -> httpx.Response:  # noqa: ANN401 - as httpx takes them
        transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 4711))
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
            return await http.request(method, path, **how)

    def call(self, method: str, path: str, **how: Any) -> httpx.Response:  # noqa: ANN401 - as above
        said = self.run(self.calling(method, path, **how))
        assert isinstance(said, httpx.Response)
        return said

    def start(self, path: str | None = None, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Follow a link."""
        return self.call("GET", path or link(), headers=dict(headers or {}))

    def bring(self, cart: Delivery | bytes, field: str = "cxml-urlencoded") -> httpx.Response:
        """Post a cart as the supplier's page does."""
        data = cart.data if isinstance(cart, Delivery) else cart
        # Across sites, as it is: nothing that a browser says of itself matters.
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://www.shop.example"}
        return self.call("POST", "/punchout/return", content=urlencode({field: data}).encode(), headers=headers)

    def sessions(self) -> list[Session]:
        """Give all sessions, the last opened first."""
        with self.engine.connect() as connection:
            return sessions_of(connection, ACCOUNT, None, 100)

    def cookie(self) -> str:
        """Give the BuyerCookie of the last session."""
        return self.sessions()[0].opened.buyer_cookie


def link(request_no: str = "PR0001", *, user: str | None = None, expires: int = FAR, secret: str = LINK_SECRET) -> str:
    """Give a signed link."""
    return link_path(Link(RequestKey(ACCOUNT.company, ACCOUNT.supplier, request_no), expires, user), secret)


def unsigned(request_no: str, token: str) -> str:
    return f"/punchout/start/{quote(request_no, safe='')}?{urlencode({'token': token})}"


def started(page: str = START_PAGE, *, code: int = 200) -> Behaviour:
    """Answer a setup with a page to go to."""
    return answers(
        (
            '<?xml version="1.0" encoding="UTF-8"?><cXML payloadID="1@shop.example" timestamp="2026-03-02T17:00:00Z">'
            f'<Response><Status code="{code}" text="said"/><PunchOutSetupResponse><StartPage><URL>{page}</URL>'
            "</StartPage></PunchOutSetupResponse></Response></cXML>"
        ).encode()
    )


def said(code: int) -> Behaviour:
    """Answer a setup with nothing but a status."""
    return answers(
        (
            '<cXML payloadID="1@shop.example" timestamp="2026-03-02T17:00:00Z"><Response>'
            f'<Status code="{code}" text="{SETUP_SECRET} is wrong"/></Response></cXML>'
        ).encode()
    )


def text_of(page: httpx.Response) -> str:
    """Give the words of a page."""
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page.text, flags=re.DOTALL).split())
