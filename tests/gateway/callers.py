"""Calling the gateway in this process, without a socket. No tests live here."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import sqlalchemy as sa

from cxml_parsers.reader import read
from punchout.gateway.app import build_app
from punchout.gateway.door import Door, open_door
from punchout.model.documents import Response as CxmlResponse
from punchout.model.parsed import Parsed
from resources.settings import Settings
from tests.support.deliveries import Delivery
from tests.support.purchases import SECRET, document

ORIGIN = "http://127.0.0.1:8080"
PROFILE = document("profile", '<Request deploymentMode="production"><ProfileRequest/></Request>')


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered, by HTTP and by cXML."""

    http: httpx.Response

    @property
    def body(self) -> bytes:
        return self.http.content

    @property
    def document(self) -> Parsed:
        found = read(self.body)
        assert found.reason is None, (self.http.status_code, self.body)
        return found

    @property
    def status(self) -> CxmlResponse:
        found = self.document.body
        assert isinstance(found, CxmlResponse), found
        return found

    @property
    def codes(self) -> tuple[int, int]:
        """HTTP's status, and that of the cXML in it."""
        return self.http.status_code, self.status.code


class Caller:
    """One client of one gateway; everything runs in one event loop, as it does in service."""

    def __init__(self, settings: Settings, engine: sa.Engine, moment: int = 1_772_540_000_000_000) -> None:
        self.door: Door = open_door(settings, engine, lambda: moment)
        self.engine = engine
        self.app = build_app(self.door)
        self._runner = asyncio.Runner()

    def close(self) -> None:
        self.door.workers.close()
        self._runner.close()

    def run(self, work: Any) -> Any:  # noqa: ANN401 - whatever a coroutine returns
        return self._runner.run(work)

    async def calling(
        self,
        method: str,
        path: str,
        content: bytes | AsyncIterator[bytes] = b"",
        headers: Mapping[str, str] | None = None,
        client: str = "127.0.0.1",
    ) -> Said:
        transport = httpx.ASGITransport(self.app, client=(client, 4711))
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
            return Said(await http.request(method, path, content=content, headers=dict(headers or {})))

    def call(self, method: str, path: str, **how: Any) -> Said:  # noqa: ANN401 - as `calling`
        said = self.run(self.calling(method, path, **how))
        assert isinstance(said, Said)
        return said

    def post(self, sent: Delivery | bytes, **headers: str) -> Said:
        """Post a document as a supplier does."""
        data = sent.data if isinstance(sent, Delivery) else sent
        named = {"Content-Type": "text/xml; charset=UTF-8"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return self.call("POST", "/cxml", content=data, headers=named)


async def until(holds: Callable[[], bool]) -> None:
    """Let others go on until something holds."""
    while not holds():  # noqa: ASYNC110 - a test looks on; nobody tells it
        await asyncio.sleep(0)


def basic(user: str, password: str) -> str:
    """Give the header of HTTP Basic."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def with_secret(sent: Delivery, secret: str) -> Delivery:
    """Give a document with another SharedSecret."""
    return sent.saying(f"<SharedSecret>{secret}</SharedSecret>", instead_of=f"<SharedSecret>{SECRET}</SharedSecret>")


def without_secret(sent: Delivery) -> Delivery:
    """Give a document without SharedSecret."""
    return Delivery(sent.content, sent.name, re.sub(rb"<SharedSecret>.*?</SharedSecret>", b"", sent.data))
