"""Servers that misbehave, one behaviour each, on real sockets; they count the order bodies that reached them whole."""

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Self, TypeAlias

_PATIENCE = 5.0


class Server:
    """Takes connections on loopback, one after the other, and hands each whole request to `behave`.

    With `tls` it speaks TLS; with `listens` False it behaves before anything was read.

    Attributes:
        received: every request that arrived whole, head and body.
        connections: how many connections were taken.
    """

    def __init__(self, behave: "Behaviour", *, tls: ssl.SSLContext | None = None, listens: bool = True) -> None:
        self.received: list[bytes] = []
        self.connections = 0
        self.closing = threading.Event()
        self._behave = behave
        self._tls = tls
        self._listens = listens
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self._thread = threading.Thread(target=self._serve)

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/orders"

    @property
    def bodies(self) -> list[bytes]:
        return [request.partition(b"\r\n\r\n")[2] for request in self.received]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._thread.join(_PATIENCE)
        self._listener.close()
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            with contextlib.suppress(OSError), connection:
                connection.settimeout(_PATIENCE)
                self._take(connection)

    def _take(self, connection: socket.socket) -> None:
        if not self._listens:
            self._behave(connection, self)
            return
        if self._tls is not None:
            with self._tls.wrap_socket(connection, server_side=True) as secured:
                self._answer(secured)
        else:
            self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        request = whole_request(connection)
        if request:
            self.received.append(request)
            self._behave(connection, self)


Behaviour: TypeAlias = Callable[[socket.socket, Server], None]


def whole_request(connection: socket.socket) -> bytes:
    """Reads a request up to the end of its body; nothing where it did not arrive whole."""
    data = b""
    while True:
        head, end, body = data.partition(b"\r\n\r\n")
        if end and len(body) >= _length(head):
            return data
        more = connection.recv(65536)
        if not more:
            return b""
        data += more


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def answers(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> Behaviour:
    """Answers; `length` states another Content-Length than the body has."""
    stated = len(body) if length is None else length
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {stated}", *headers, "", ""]).encode()
    return lambda connection, _: connection.sendall(head + body)


def says(raw: bytes) -> Behaviour:
    """Sends these bytes and closes."""
    return lambda connection, _: connection.sendall(raw)


def closes(_connection: socket.socket, _server: Server) -> None:
    """Closes without a word."""


def resets(connection: socket.socket, _server: Server) -> None:
    """Ends the connection with RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def hangs(_connection: socket.socket, server: Server) -> None:
    """Says nothing until the test has ended."""
    server.closing.wait(_PATIENCE)


def drips(before: bytes, drop: bytes = b"x", every: float = 0.05) -> Behaviour:
    """Sends a beginning, and then one drop after the other for ever."""

    def behave(connection: socket.socket, server: Server) -> None:
        connection.sendall(before)
        while not server.closing.is_set():
            time.sleep(every)
            connection.sendall(drop)

    return behave


@contextlib.contextmanager
def unused_port() -> Iterator[int]:
    """Gives a port on which nobody listens, kept from others meanwhile."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        port: int = kept.getsockname()[1]
        yield port
