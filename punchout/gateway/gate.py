"""What every request passes before its route: the host it calls, its framing, its rate, and how many are inside.

Pure ASGI, around the whole application, so that no route can be reached past it. It also dresses every answer in
security headers, and counts it. What a route refuses is the route's own.
"""

import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from punchout.gateway import replies
from punchout.gateway.clients import client_of, networks, note_client
from punchout.gateway.door import Door
from punchout.gateway.replies import Status

WATCHING: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""For those who watch over the gateway: open while it is full, and while it stops."""
_SECURITY: Final[Mapping[bytes, bytes]] = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}
_STRICT_TRANSPORT: Final = (b"strict-transport-security", b"max-age=31536000")
_CLOSING: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE})
# h11 takes any version of one digit and one digit.
_VERSIONS: Final = frozenset({"1.0", "1.1"})
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class Gate:
    """An ASGI application around another."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door
        gateway = door.settings.gateway
        self._trusted = networks(gateway.trusted_proxies)
        self._hosts = _hosts(door)
        is_https = gateway.tls_certificate is not None or (gateway.public_url or "").startswith("https:")
        self._headers = [*_SECURITY.items(), *([_STRICT_TRANSPORT] if is_https else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say why not."""
        if scope["type"] != "http":
            return
        began, answer = time.monotonic(), _Answer(send, self._headers)
        note_client(scope, self._trusted)
        refusal = self._refusal(scope)
        try:
            if refusal is not None:
                await refusal(scope, receive, answer)
            elif scope["path"] in WATCHING:
                await self._app(scope, receive, answer)
            else:
                await self._inside(scope, receive, answer)
        finally:
            # What no route answers to has as many names as strangers think of.
            route = scope["path"] if "endpoint" in scope and not scope.get("path_params") else "other"
            self._door.metrics.answered(route, answer.status, time.monotonic() - began)

    async def _inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        admission = self._door.admission
        if not admission.enter():
            full = self._said(scope, HTTPStatus.SERVICE_UNAVAILABLE, replies.TEMPORARY, "too many requests at once")
            await full(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            admission.leave()

    def _refusal(self, scope: Scope) -> Response | None:
        if scope["http_version"] not in _VERSIONS:
            return self._said(scope, HTTPStatus.BAD_REQUEST, 400, "neither HTTP/1.0 nor HTTP/1.1")
        if _is_framed_twice(scope):
            return self._said(scope, HTTPStatus.BAD_REQUEST, 400, "both Content-Length and Transfer-Encoding")
        if _head_bytes(scope) > self._door.settings.gateway.max_header_bytes:
            # uvicorn bounds what is not whole yet; a head that comes in one piece is whole at once.
            return self._said(scope, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, 400, "the head is too large")
        # Whoever asks whether it lives may know it by its address alone.
        return None if scope["path"] == "/healthz" else self._unwelcome(scope)

    def _unwelcome(self, scope: Scope) -> Response | None:
        if _host(scope) not in self._hosts:
            return self._said(scope, HTTPStatus.BAD_REQUEST, 400, "the gateway goes by another name")
        if not self._door.admission.may_come(client_of(scope)):
            return self._said(scope, HTTPStatus.TOO_MANY_REQUESTS, replies.TEMPORARY, "too many requests a second")
        if self._door.standing.is_stopping and scope["path"] not in WATCHING:
            return self._said(scope, HTTPStatus.SERVICE_UNAVAILABLE, replies.TEMPORARY, "the gateway is stopping")
        return None

    def _said(self, scope: Scope, http: HTTPStatus, code: int, text: str) -> Response:
        said = replies.refusal(self._door, scope["path"], http, Status(code, http.phrase, text))
        if http in _CLOSING:
            # Whoever frames or names a request in two ways may mean another one by what follows.
            said.headers["connection"] = "close"
        return said


class _Answer:
    """Sends an answer on with the headers that all have, and remembers its status."""

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._headers = headers
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = {name.lower() for name, _ in message["headers"]}
            added = [header for header in self._headers if header[0] not in own]
            message = {**message, "headers": [*message["headers"], *added]}
        await self._send(message)


def _is_framed_twice(scope: Scope) -> bool:
    return {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}


def _head_bytes(scope: Scope) -> int:
    fields = sum(len(name) + len(value) + len(": \r\n") for name, value in scope["headers"])
    return fields + len(scope.get("raw_path") or b"") + len(scope["query_string"])


def _hosts(door: Door) -> frozenset[str]:
    gateway = door.settings.gateway
    public = urlsplit(gateway.public_url or "").hostname
    named = {one.casefold() for one in (*gateway.allowed_hosts, public, gateway.host) if one}
    return frozenset(named | (_LOOPBACK if gateway.host in _LOOPBACK else set()))


def _host(scope: Scope) -> str | None:
    named = [value for name, value in scope["headers"] if name == b"host"]
    if len(named) != 1:
        return None
    try:
        stated: str | None = urlsplit(f"//{named[0].decode('latin-1')}").hostname
    except ValueError:
        return None
    return stated
