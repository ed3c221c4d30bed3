"""Files above the size bound: kept whole in a folder of their own, and listed in quarantine with hash and size.

Nothing of them is parsed. Once the bound allows it, a file is moved back into its feed by hand and is read like any
other. One that is too large even to be moved by this process stays where it is, and is counted.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa
import structlog

from punchout.ledger.bodies import sha256
from punchout.ledger.receive import Receipt, TooLarge, receive_too_large
from punchout.model.keys import Account
from punchout.model.moments import Micros
from resources.inbox import Feed
from resources.mailbox import Entry, EntryNotReady, EntryTooLarge, MailboxUnavailable

_LOG = structlog.get_logger(__name__)

KEPT: Final = "oversize"
"""The folder in the home folder."""
LARGEST_KEPT: Final = 256 * 1024 * 1024
"""A file is held in memory while it is moved."""


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
                receipt = self._keep(feed, entry) if self.max_bytes < entry.size <= LARGEST_KEPT else None
                if receipt is not None:
                    kept += receipt
                    gone.add(entry)
        except MailboxUnavailable as problem:
            # What a server breaks off at must not hold up the other files.
            _LOG.warning("a file that is too large cannot be kept", feed=feed.name, problem=str(problem))
            feed.mailbox.close()
        return kept, [entry for entry in entries if entry not in gone]

    def _keep(self, feed: Feed, entry: Entry) -> Receipt | None:
        """Keep one; None where it cannot be had now."""
        try:
            data = feed.mailbox.fetch(entry, entry.size)
        except (EntryNotReady, EntryTooLarge):
            return None
        digest = sha256(data)
        _write(self.home / KEPT, digest, data)
        detail = f"{len(data)} bytes are above documents.max_bytes ({self.max_bytes}); kept as {KEPT}/{digest}"
        found = TooLarge(self.account, feed.content, feed.name, entry.shown, digest, len(data), detail)
        with self.engine.begin() as connection:
            receipt = receive_too_large(connection, found, self.at)
        # One that stays is the same file the next time.
        with suppress(MailboxUnavailable):
            feed.mailbox.remove(entry)
        return receipt


def _write(folder: Path, name: str, data: bytes) -> None:
    """Write durably and for the owner alone; what is there already is the same."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if (folder / name).is_file():
        return
    part = folder / f".{name}.part"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)
    part.replace(folder / name)
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
