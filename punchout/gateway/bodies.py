"""Bodies of requests, read within bounds: of size, of time, and of what all requests hold together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request

from punchout.gateway.door import Door


class BodyRefused(Exception):  # noqa: N818 - it is an answer, not an error
    """A body is not read to its end; `status` is HTTP's, and the text tells the sender why."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


@asynccontextmanager
async def body_of(door: Door, request: Request) -> AsyncIterator[bytes]:
    """Read a body; its room is held until the block ends.

    Raises:
        BodyRefused: it is compressed (415), too large (413), too slow (408), or cut off (400), or there is no room
            for it now (503).
    """
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        # What a few bytes unfold into is not bounded by their number.
        raise BodyRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a compressed body is not taken; send the document itself")
    bound = door.settings.gateway.max_body_bytes
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:19]) > bound:
        raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"larger than {bound} bytes")
    held = _Held()
    try:
        await _read_into(held, door, request)
        yield held.whole()
    finally:
        door.admission.release(held.size)


@dataclass(slots=True)
class _Held:
    """The pieces of a body, and the room that they take until it is given back."""

    size: int = 0
    pieces: list[bytes] = field(default_factory=list)

    def whole(self) -> bytes:
        """Put the pieces together; they are not kept beside the whole."""
        body = b"".join(self.pieces)
        self.pieces.clear()
        return body


async def _read_into(held: _Held, door: Door, request: Request) -> None:
    try:
        async with asyncio.timeout(door.settings.gateway.body_seconds):
            await _fill(held, door, request)
    except TimeoutError:
        raise BodyRefused(HTTPStatus.REQUEST_TIMEOUT, "the body did not come in time") from None
    except ClientDisconnect:
        raise BodyRefused(HTTPStatus.BAD_REQUEST, "the body was cut off") from None


async def _fill(held: _Held, door: Door, request: Request) -> None:
    bound = door.settings.gateway.max_body_bytes
    async for chunk in request.stream():
        if held.size + len(chunk) > bound:
            raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"larger than {bound} bytes")
        if not door.admission.hold(len(chunk)):
            raise BodyRefused(HTTPStatus.SERVICE_UNAVAILABLE, "too much is being read at this moment")
        held.size += len(chunk)
        held.pieces.append(chunk)
