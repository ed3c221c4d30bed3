"""A session with an SFTP server: packets out, answers in, over one channel of an SSH connection.

Requests are numbered and many may be under way at once, for several purposes side by side: an answer that somebody else
waits for is kept until it is asked for. Every wait is bounded by the channel's timeout, so that a server which falls
silent ends the session instead of holding it.
"""

from collections.abc import Callable, Container
from typing import Protocol

from resources.mailbox import MailboxUnavailable
from resources.sftp import packets
from resources.sftp.packets import Answer, Broken

_CHUNK = 256 * 1024
_NUMBERS = 2**32


class Channel(Protocol):
    """What is used of `paramiko.Channel`: both calls raise `OSError` at a lost connection or a timeout."""

    def sendall(self, data: bytes) -> None:
        """Send all bytes."""

    def recv(self, length: int) -> bytes:
        """Return at least one byte, none at the end of the connection."""


class Session:
    """An open session.

    Args:
        channel: a channel whose other end speaks SFTP.

    Raises:
        MailboxUnavailable: it does not.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._out = bytearray()
        self._in = bytearray()
        self._next = 0
        self._asked: set[int] = set()
        self._kept: dict[int, Answer] = {}
        self.extensions: frozenset[str] = self._greet()

    def ask(self, request: Callable[[int], bytes]) -> int:
        """Put a request on its way, under the next number; returns that. It may leave only with the next `answer`."""
        self._next = (self._next + 1) % _NUMBERS
        self._asked.add(self._next)
        self._out += request(self._next)
        return self._next

    def answer(self, wanted: Container[int]) -> tuple[int, Answer]:
        """Wait for the next answer to one of the requests that are wanted.

        Raises:
            MailboxUnavailable: the connection is lost, silent, or makes no sense.
        """
        for number in self._kept:
            if number in wanted:
                return number, self._kept.pop(number)
        while True:
            number, answer = self._receive()
            if number in wanted:
                return number, answer
            self._kept[number] = answer

    def call(self, request: Callable[[int], bytes]) -> Answer:
        """Ask, and wait for the answer.

        Raises:
            MailboxUnavailable: as `answer`.
        """
        return self.answer((self.ask(request),))[1]

    def _receive(self) -> tuple[int, Answer]:
        try:
            number, answer = packets.answer(self._packet())
        except Broken as broken:
            raise _senseless(broken) from None
        if number not in self._asked:
            raise _senseless(Broken("answers a request that was not made"))
        self._asked.remove(number)
        return number, answer

    def _greet(self) -> frozenset[str]:
        self._out += packets.initialise()
        try:
            return packets.extensions(self._packet())
        except Broken as broken:
            raise _senseless(broken) from None

    def _flush(self) -> None:
        if self._out:
            data = bytes(self._out)
            self._out.clear()
            try:
                self._channel.sendall(data)
            except (OSError, EOFError) as error:
                raise _lost(error) from None

    def _packet(self) -> bytes:
        length = int.from_bytes(self._take(4), "big")
        if not 0 < length <= packets.LARGEST_PACKET:
            raise Broken(f"announces a packet of {length} bytes")
        return self._take(length)

    def _take(self, length: int) -> bytes:
        while len(self._in) < length:
            # Only before waiting: what is asked while answers lie here leaves together.
            self._flush()
            try:
                received = self._channel.recv(_CHUNK)
            except (OSError, EOFError) as error:
                raise _lost(error) from None
            if not received:
                raise MailboxUnavailable("the SFTP server has ended the connection")
            self._in += received
        taken = bytes(self._in[:length])
        del self._in[:length]
        return taken


def _lost(error: OSError | EOFError) -> MailboxUnavailable:
    if isinstance(error, TimeoutError):
        return MailboxUnavailable("the SFTP server does not answer")
    detail = getattr(error, "strerror", None) or type(error).__name__
    return MailboxUnavailable(f"the connection to the SFTP server is lost: {detail}")


def _senseless(broken: Broken) -> MailboxUnavailable:
    return MailboxUnavailable(f"the SFTP server {broken}")
