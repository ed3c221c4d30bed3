"""Files above the size bound: kept whole in a folder of their own, and listed in quarantine with hash and size.

Nothing of them is parsed. Once the bound allows it, a file is moved back into its feed by hand and is read like any
other. One that is too large even to be moved by this process stays where it is, and is counted.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from punchout.ledger.bodies import sha256
from punchout.ledger.receive import Receipt, TooLarge, receive_too_large
from punchout.model.keys import Account
from punchout.model.moments import Micros
from resources.inbox import Feed
from resources.mailbox import Entry, EntryNotReady, EntryTooLarge, MailboxUnavailable

KEPT: Final = "oversize"
"""The folder in the home folder."""
LARGEST_KEPT: Final = 256 * 1024 * 1024
"""A file is held in memory while it is moved."""


@dataclass(frozen=True, slots=True)
class _Bound:
    """What is too large, and where it is put."""

    max_bytes: int
    folder: Path


def set_aside(engine: sa.Engine, account: Account, feed: Feed, at: Micros, max_bytes: int, home: Path) -> Receipt:
    """Keep and list every settled file of a feed that is above the bound; returns how many, and how many were new.

    Cut short anywhere, a file is still in its feed, or listed; kept twice it is the same file.
    """
    bound = _Bound(max_bytes, home / KEPT)
    kept = Receipt()
    # A feed that cannot be reached is told by whoever takes in the rest of it.
    with suppress(MailboxUnavailable):
        for entry in sorted(_too_large(feed, bound)):
            kept += _keep(engine, account, feed, entry, at, bound)
    return kept


def _too_large(feed: Feed, bound: _Bound) -> Iterator[Entry]:
    return (entry for entry in feed.mailbox.settled() if bound.max_bytes < entry.size <= LARGEST_KEPT)


def _keep(engine: sa.Engine, account: Account, feed: Feed, entry: Entry, at: Micros, bound: _Bound) -> Receipt:
    try:
        data = feed.mailbox.fetch(entry, entry.size)
    except (EntryNotReady, EntryTooLarge):
        return Receipt()
    digest = sha256(data)
    _write(bound.folder, digest, data)
    detail = f"{len(data)} bytes are above documents.max_bytes ({bound.max_bytes}); kept as {KEPT}/{digest}"
    found = TooLarge(account, feed.content, feed.name, entry.shown, digest, len(data), detail)
    with engine.begin() as connection:
        receipt = receive_too_large(connection, found, at)
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
