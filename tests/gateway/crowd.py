"""A crowd of senders over real sockets: each keeps its connection, and starts a new one where it was closed."""

import http.client
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.support.deliveries import Delivery


@dataclass(frozen=True, slots=True)
class Reply:
    """What a sender was answered; no status where the connection broke."""

    sent: Delivery
    status: int | None
    body: bytes = b""


class Crowd:
    """Senders of a number, each a thread."""

    def __init__(self, place: tuple[str, int], size: int, timeout: float = 60) -> None:
        self._place = place
        self._size = size
        self._timeout = timeout
        self._own = threading.local()
        self._open: list[http.client.HTTPConnection] = []

    def send(self, documents: Iterable[Delivery]) -> Iterator[Reply]:
        """Post documents, as many at once as there are senders; gives replies in the documents' order."""
        return self.each(self.post, documents)

    def each(self, post: Callable[[Delivery], Reply], documents: Iterable[Delivery]) -> Iterator[Reply]:
        """Do the same by a way of posting that looks on."""
        with ThreadPoolExecutor(self._size) as pool:
            yield from pool.map(post, documents)
        while self._open:
            self._open.pop().close()

    def post(self, sent: Delivery) -> Reply:
        """Post one document over this thread's connection; it is not repeated."""
        connection = self._connection()
        try:
            connection.request("POST", "/cxml", sent.data, {"Content-Type": "text/xml; charset=UTF-8"})
            answer = connection.getresponse()
            return Reply(sent, answer.status, answer.read())
        except (OSError, http.client.HTTPException):
            connection.close()
            return Reply(sent, None)

    def _connection(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = http.client.HTTPConnection(*self._place, timeout=self._timeout)
            self._open.append(connection)
        return connection
