"""The mailbox that is a folder of this machine. What a mailbox promises is in `mailbox`.

Every operation opens the folder once and works inside it by directory descriptor, without following a link in the
last step, so that neither a name nor a link planted meanwhile can lead anywhere else.
"""

import fcntl
import os
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from punchout.model.moments import Micros
from resources.mailbox import (
    Entry,
    EntryNotReady,
    EntryTooLarge,
    MailboxUnavailable,
    Outcome,
    check_deliverable,
    check_plain,
    is_plain,
    is_unfinished,
)

_OWNER_ONLY = 0o600
_PIECE = 1024 * 1024
# Not blocking, for a pipe planted under the name of a document would otherwise hold the reader for ever.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """A mailbox in a folder.

    Attributes:
        path: the folder; it is provided by others, and never made here.
        settle_seconds: how long a file must have stayed as it is; 0 where writers rename from `.part`.
    """

    path: Path
    settle_seconds: float = 0

    def settled(self) -> Iterator[Entry]:
        """See `Mailbox.settled`. Links, folders and pipes are passed over."""
        with self._opened() as folder, os.scandir(folder) as listing:
            for found in listing:
                entry = self._entry(found)
                if entry is not None:
                    yield entry

    def list_settled(self, limit: int) -> list[Entry]:
        """See `Mailbox.list_settled`."""
        return sorted(islice(self.settled(), limit))

    def fetch(self, entry: Entry, max_bytes: int) -> bytes:
        """See `Mailbox.fetch`."""
        if entry.size > max_bytes:
            raise EntryTooLarge(f"{entry.shown} has {entry.size} bytes, more than {max_bytes}")
        check_plain(entry)
        with self._opened() as folder:
            try:
                return _read_unchanged(folder, entry)
            except OSError as error:
                raise EntryNotReady(f"{entry.shown} cannot be read: {error.strerror}") from None

    def fetch_all(self, entries: Sequence[Entry], max_bytes: int) -> Iterator[tuple[Entry, Outcome]]:
        """See `Mailbox.fetch_all`."""
        for entry in entries:
            try:
                yield entry, self.fetch(entry, max_bytes)
            except (EntryNotReady, EntryTooLarge) as problem:
                yield entry, problem

    def pieces(self, entry: Entry) -> Iterator[bytes]:
        """See `Mailbox.pieces`."""
        check_plain(entry)
        with self._opened() as folder:
            try:
                yield from _pieces_unchanged(folder, entry)
            except OSError as error:
                raise EntryNotReady(f"{entry.shown} cannot be read: {error.strerror}") from None

    def remove_all(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bool]]:
        """See `Mailbox.remove_all`."""
        for entry in entries:
            yield entry, self.remove(entry)

    def close(self) -> None:
        """See `Mailbox.close`. Nothing is held open."""

    def remove(self, entry: Entry) -> bool:
        """See `Mailbox.remove`. Not made durable: an entry that comes back after a power cut is a duplicate."""
        check_plain(entry)
        with self._opened() as folder:
            try:
                found = os.stat(entry.name, dir_fd=folder, follow_symlinks=False)
                if not _is_same(entry, found):
                    return False
                os.unlink(entry.name, dir_fd=folder)
            except FileNotFoundError:
                return True
            except OSError as error:
                raise MailboxUnavailable(f"{entry.shown} cannot be removed: {error.strerror}") from None
        return True

    def deliver(self, name: str, data: bytes) -> None:
        """See `Mailbox.deliver`. Durable when it returns; for the owner alone."""
        check_deliverable(name)
        unfinished = f".{name}.part"
        with self._opened() as folder:
            # Two writers of one name must not share an unfinished file. Some shares know no locks.
            with suppress(OSError):
                fcntl.flock(folder, fcntl.LOCK_EX)
            try:
                # What a delivery that was cut short has left.
                with suppress(FileNotFoundError):
                    os.unlink(unfinished, dir_fd=folder)
                _write_durably(folder, unfinished, data)
                os.rename(unfinished, name, src_dir_fd=folder, dst_dir_fd=folder)
                os.fsync(folder)
            except OSError as error:
                with suppress(OSError):
                    os.unlink(unfinished, dir_fd=folder)
                raise MailboxUnavailable(f"{name} cannot be written to {self.path}: {error.strerror}") from None

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise MailboxUnavailable(f"{self.path} cannot be opened: {error.strerror}") from None
        try:
            yield folder
        finally:
            os.close(folder)

    def _entry(self, found: "os.DirEntry[str]") -> Entry | None:
        if is_unfinished(found.name) or not is_plain(found.name):
            return None
        try:
            status = found.stat(follow_symlinks=False)
        except FileNotFoundError:
            # Taken by another worker since it was listed.
            return None
        if not stat.S_ISREG(status.st_mode) or not self._is_settled(status):
            return None
        return Entry(found.name, status.st_size, _micros(status))

    def _is_settled(self, status: os.stat_result) -> bool:
        # By the time of the last change of any kind, which no writer can set: a copied file may carry an old time, or
        # one that lies ahead.
        return not 0 <= time.time() - status.st_ctime < self.settle_seconds


def _read_unchanged(folder: int, entry: Entry) -> bytes:
    descriptor = os.open(entry.name, _READ, dir_fd=folder)
    with os.fdopen(descriptor, "rb") as file:
        if not _is_same(entry, os.fstat(descriptor)):
            raise EntryNotReady(f"{entry.shown} has changed since it was listed")
        data = file.read(entry.size + 1)
        if len(data) != entry.size or not _is_same(entry, os.fstat(descriptor)):
            raise EntryNotReady(f"{entry.shown} changed while it was read")
    return data


def _pieces_unchanged(folder: int, entry: Entry) -> Iterator[bytes]:
    descriptor = os.open(entry.name, _READ, dir_fd=folder)
    with os.fdopen(descriptor, "rb") as file:
        if not _is_same(entry, os.fstat(descriptor)):
            raise EntryNotReady(f"{entry.shown} has changed since it was listed")
        given = 0
        while given <= entry.size and (piece := file.read(_PIECE)):
            given += len(piece)
            yield piece
        if given != entry.size or not _is_same(entry, os.fstat(descriptor)):
            raise EntryNotReady(f"{entry.shown} changed while it was read")


def _write_durably(folder: int, name: str, data: bytes) -> None:
    descriptor = os.open(name, _WRITE, _OWNER_ONLY, dir_fd=folder)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _is_same(entry: Entry, status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and (status.st_size, _micros(status)) == (entry.size, entry.modified)


def _micros(status: os.stat_result) -> Micros:
    return status.st_mtime_ns // 1000
