"""Serving the application: one process, uvicorn on asyncio, TLS from two files, and an orderly end.

What is in the settings and would not be safe is refused before anything listens.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from types import FrameType

import uvicorn

from punchout.gateway.app import build_app
from punchout.gateway.authentication import guards
from punchout.gateway.connection import BoundedConnection
from punchout.gateway.door import Door
from resources.errors import ConfigurationError
from resources.settings import Settings


def require_safe(settings: Settings) -> None:
    """Make sure that the gateway can be opened as the settings say.

    Raises:
        ConfigurationError: a secret cannot be read, nobody is accepted, or secrets would travel in clear.
    """
    gateway = settings.gateway
    for reference in gateway.secrets:
        reference.reveal()
    if not guards(settings).senders:
        raise ConfigurationError("nobody may hand documents in: set supplier.identities or gateway.senders")
    if is_loopback(gateway.host) or gateway.tls_certificate is not None or gateway.trusted_proxies:
        return
    message = (
        f"gateway.host is {gateway.host}, and secrets would travel in clear: set gateway.tls_certificate and "
        "gateway.tls_key, or gateway.trusted_proxies where a proxy in front of it speaks TLS"
    )
    raise ConfigurationError(message)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine alone."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def serve(door: Door, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; what is being answered then is answered.

    Args:
        door: its workers are closed at the end.
        ready: called once with the address, when the gateway listens.

    Raises:
        ConfigurationError: the address is taken, or the certificate cannot be used.
    """
    with _listening(door.settings) as listener:
        server = _Server(_config(door), door, ready)
        door.standing.address = _address(door.settings, listener)
        try:
            asyncio.run(server.serve(sockets=[listener]))
        finally:
            door.workers.close()


class _Server(uvicorn.Server):
    """A server that says when it listens, and that it stops."""

    def __init__(self, config: uvicorn.Config, door: Door, ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._door = door
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready(self._door.standing.address)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as uvicorn has it
        # Not uvicorn's own, which raises the signal again when all is done: an orderly end is no failure.
        self.force_exit = self._door.standing.is_stopping
        self._door.standing.is_stopping = self.should_exit = True


def _config(door: Door) -> uvicorn.Config:
    gateway = door.settings.gateway
    bounds = {"head_seconds": gateway.header_seconds, "rest_seconds": gateway.body_seconds}
    config = uvicorn.Config(
        build_app(door),
        loop="asyncio",
        http=type("Connection", (BoundedConnection,), bounds),
        ws="none",
        lifespan="off",
        log_config=None,
        # Whatever anybody sends would be a line of the log: what is worth knowing is counted.
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=gateway.max_connections,
        timeout_keep_alive=gateway.keep_alive_seconds,
        timeout_graceful_shutdown=gateway.stop_seconds,
        h11_max_incomplete_event_size=gateway.max_header_bytes,
        ssl_certfile=gateway.tls_certificate,
        ssl_keyfile=gateway.tls_key,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        message = f"the certificate of the gateway cannot be used: {type(error).__name__}"
        raise ConfigurationError(message) from None
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return config


def _listening(settings: Settings) -> socket.socket:
    host, port = settings.gateway.host, settings.gateway.port
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=settings.gateway.max_connections)
        # Connections take it over. asyncio sets it itself only where a socket was made with its protocol named; without
        # it the body of every answer waits 40 ms for the sender to acknowledge the head.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        message = f"the gateway cannot listen on {host}:{port}: {error.strerror}"
        raise ConfigurationError(message) from None


def _address(settings: Settings, listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    scheme = "http" if settings.gateway.tls_certificate is None else "https"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
