"""The mailbox in a folder of an SFTP server. What a mailbox promises is in `resources.mailbox`.

A server's clock is not known and cannot be asked for, so how old a file is cannot be told from its time alone: a file
that may be young is settled when it looks the same in two listings that lie `settle_seconds` apart.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from punchout.model.moments import Micros
from resources.mailbox import (
    Entry,
    MailboxUnavailable,
    Outcome,
    check_deliverable,
    check_plain,
    is_plain,
    is_unfinished,
)
from resources.sftp import packets
from resources.sftp.connection import SftpServer, connected
from resources.sftp.delivering import deliver
from resources.sftp.fetching import Fetching, reason
from resources.sftp.packets import FileState, Kind, Named, Request, Status
from resources.sftp.removing import Removing, name_of
from resources.sftp.session import Session
from resources.sftp.streaming import stream

_SECOND: Final[Micros] = 1_000_000
# Whatever a server's clock says: nobody's is wrong by two days and stays unnoticed.
_SURELY_OLD: Final[Micros] = 2 * 86_400 * _SECOND


@dataclass(slots=True)
class SftpFolder:
    """A mailbox in a folder of an SFTP server. It connects at its first use, and is closed by whoever made it.

    Attributes:
        server: where it is.
        folder: the folder's path there; it is provided by others.
        settle_seconds: how long a file must have stayed as it is; 0 where writers rename from `.part`.
        window: how many files are asked for at once; 1 for a server that cannot do more.
    """

    server: SftpServer
    folder: str
    settle_seconds: float = 0
    window: int = 64
    _open: ExitStack = field(default_factory=ExitStack, init=False)
    _session: Session | None = field(default=None, init=False)

    def close(self) -> None:
        """End the connection; the next use makes another."""
        self._session = None
        self._open.close()

    def settled(self) -> Iterator[Entry]:
        """See `Mailbox.settled`. Links, folders and pipes are passed over."""
        if not self.settle_seconds:
            yield from self._entries()
            return
        now = time.time_ns() // 1_000
        young: set[Entry] = set()
        for entry in self._entries():
            if now - entry.modified > _SURELY_OLD:
                yield entry
            else:
                young.add(entry)
        if young:
            time.sleep(self.settle_seconds)
            yield from (entry for entry in self._entries() if entry in young)

    def list_settled(self, limit: int) -> list[Entry]:
        """See `Mailbox.list_settled`."""
        return sorted(islice(self.settled(), limit))

    def fetch(self, entry: Entry, max_bytes: int) -> bytes:
        """See `Mailbox.fetch`."""
        ((_, outcome),) = self.fetch_all([entry], max_bytes)
        if isinstance(outcome, bytes):
            return outcome
        raise outcome

    def fetch_all(self, entries: Sequence[Entry], max_bytes: int) -> Iterator[tuple[Entry, Outcome]]:
        """See `Mailbox.fetch_all`. A server that breaks off is tried once more, with one file at a time."""
        done = 0
        try:
            for fetched in self._fetching().fetch(entries, max_bytes):
                done += 1
                yield fetched
        except MailboxUnavailable:
            if self.window == 1:
                raise
            self.close()
            self.window = 1
            yield from self._fetching().fetch(entries[done:], max_bytes)

    def pieces(self, entry: Entry) -> Iterator[bytes]:
        """See `Mailbox.pieces`."""
        check_plain(entry)
        yield from stream(self._connected(), self._path(entry.name), entry)

    def remove(self, entry: Entry) -> bool:
        """See `Mailbox.remove`."""
        return all(gone for _, gone in self.remove_all([entry]))

    def remove_all(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bool]]:
        """See `Mailbox.remove_all`."""
        return self._removing().remove(entries)

    def deliver(self, name: str, data: bytes) -> None:
        """See `Mailbox.deliver`. Durable where the server can do that."""
        check_deliverable(name)
        deliver(self._connected(), self._path(f".{name}.part"), self._path(name), data)

    def _entries(self) -> Iterator[Entry]:
        removing = self._removing()
        restored: set[str] = set()
        for found in self._listed():
            name = name_of(found.name)
            if name is None:
                name = found.name
            elif removing.restore(found.name):
                restored.add(name)
            else:
                continue
            entry = _entry(name, found.state)
            # One that got its name back may be listed under that too.
            if entry is not None and not (name == found.name and name in restored):
                yield entry

    def _listed(self) -> Iterator[Named]:
        """Yield the names in the folder as the server gives them; other requests may be made in between."""
        session = self._connected()
        opened = session.call(_about(Request.OPENDIR, self.folder))
        if opened.kind != Kind.HANDLE:
            raise MailboxUnavailable(f"the folder {self.folder} cannot be listed: {reason(opened)}")
        while (answer := session.call(_with(Request.READDIR, opened.handle))).kind == Kind.NAME:
            yield from answer.names
        session.call(_with(Request.CLOSE, opened.handle))
        if answer.status != Status.EOF:
            raise MailboxUnavailable(f"the folder {self.folder} cannot be listed: {reason(answer)}")

    def _fetching(self) -> Fetching:
        return Fetching(self._connected(), self._path, self.window)

    def _removing(self) -> Removing:
        return Removing(self._connected(), self._path, self.window)

    def _path(self, name: str) -> str:
        return f"{self.folder.rstrip('/')}/{name}" if self.folder != "." else name

    def _connected(self) -> Session:
        if self._session is None:
            self._session = self._open.enter_context(connected(self.server))
        return self._session


def _entry(name: str, state: FileState) -> Entry | None:
    if is_unfinished(name) or not is_plain(name):
        return None
    # A server that does not say what a thing is cannot be asked to read it blindly: a pipe would hold the reader.
    if state.is_file is not True or state.size is None or state.modified is None:
        return None
    return Entry(name, state.size, state.modified * _SECOND)


def _about(kind: Request, path: str) -> Callable[[int], bytes]:
    return lambda number: packets.named(kind, number, path)


def _with(kind: Request, handle: bytes) -> Callable[[int], bytes]:
    return lambda number: packets.handled(kind, number, handle)
