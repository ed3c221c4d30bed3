"""Files above the size bound: kept whole in a folder of their own, and listed in quarantine with hash and size.

Nothing of them is parsed, and none is ever held in memory. Once the bound allows it, a file is moved back into its feed
by hand and is read like any other. One that would take more than half of the room on the disk, which the ledger needs
too, stays where it is, and is counted.
"""

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Final

import sqlalchemy as sa
import structlog

from punchout.ledger.documents.receive import Receipt, TooLarge, receive_too_large
from punchout.model.keys import Account
from punchout.model.moments import Micros
from resources.inbox import Feed
from resources.mailbox import Entry, EntryNotReady, MailboxUnavailable

_LOG = structlog.get_logger(__name__)

KEPT: Final = "oversize"
"""The folder in the home folder."""
_PART: Final = ".part"
_LITTER_SECONDS: Final = 86_400
"""After that long nobody is writing any more what a process that was killed has begun."""


@dataclass(frozen=True, slots=True)
class Oversize:
    """Keeps and lists files above the bound.

    Attributes:
        at: when they are received.
        max_bytes: the bound.
        home: the home folder.
    """

    engine: sa.Engine
    account: Account
    at: Micros
    max_bytes: int
    home: Path

    def set_aside(self, feed: Feed, entries: Sequence[Entry]) -> tuple[Receipt, Sequence[Entry]]:
        """Keep and list every entry of a feed that is above the bound; see `inbox.SetAside`.

        Cut short anywhere, a file is still in its feed, or listed; kept twice it is the same file.
        """
        kept, gone = Receipt(), set()
        try:
            for entry in entries:
                receipt = self._keep(feed, entry) if entry.size > self.max_bytes else None
                if receipt is not None:
                    kept += receipt
                    gone.add(entry)
        except MailboxUnavailable as problem:
            # What a server breaks off at must not hold up the other files.
            _LOG.warning("a file that is too large cannot be kept", feed=feed.name, problem=str(problem))
            feed.mailbox.close()
        return kept, [entry for entry in entries if entry not in gone]

    def _keep(self, feed: Feed, entry: Entry) -> Receipt | None:
        """Keep one; None where it cannot be had now, or not be written."""
        try:
            _check_room(self.home, entry.size)
            digest = _written(self.home / KEPT, feed.mailbox.pieces(entry))
        except EntryNotReady:
            return None
        except OSError as error:
            _LOG.warning("a file that is too large cannot be kept", feed=feed.name, problem=error.strerror)
            return None
        detail = f"{entry.size} bytes are above documents.max_bytes ({self.max_bytes}); kept as {KEPT}/{digest}"
        found = TooLarge(self.account, feed.content, feed.name, entry.shown, digest, entry.size, detail)
        with self.engine.begin() as connection:
            receipt = receive_too_large(connection, found, self.at)
        # One that stays is the same file the next time.
        with suppress(MailboxUnavailable):
            feed.mailbox.remove(entry)
        return receipt


def _check_room(folder: Path, size: int) -> None:
    """Refuse what would take more than half of the room on a disk.

    Raises:
        OSError: it would.
    """
    if size > shutil.disk_usage(folder).free // 2:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _written(folder: Path, pieces: Iterable[bytes]) -> str:
    """Write a file durably, for the owner alone, under the SHA-256 of its bytes, and return that.

    Raises:
        OSError: it cannot be written; nothing of it stays.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    _tidy(folder)
    digest = hashlib.sha256()
    descriptor, name = mkstemp(_PART, ".", folder)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(descriptor)
        part.replace(folder / digest.hexdigest())
    finally:
        part.unlink(missing_ok=True)
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
    return digest.hexdigest()


def _tidy(folder: Path) -> None:
    """Remove what processes that were killed have begun."""
    for part in folder.glob(f".*{_PART}"):
        with suppress(FileNotFoundError):
            if time.time() - part.stat().st_mtime > _LITTER_SECONDS:
                part.unlink()
