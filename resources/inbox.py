"""Taking in what lies in a feed: fetch, commit, and only then remove.

Cut short anywhere, a file is either still there or committed; one that is both is counted as seen before. What the
bytes mean is no business of this module.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import sqlalchemy as sa

from punchout.ledger.receive import Arrival, Receipt, receive
from punchout.model.keys import Account
from punchout.model.moments import Micros
from resources.business_central.bundles import Fetched, bundles, fetch_bundle, remove_fetched
from resources.mailbox import Entry, EntryNotReady, EntryTooLarge, Mailbox

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Feed:
    """A way in: its name, what its files are, and the mailbox they lie in."""

    name: str
    content: str
    mailbox: Mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Receipt):
    """What was taken from a feed; `left` files could not be taken now, and `oversize` ones never will."""

    left: int = 0
    oversize: int = 0


def take_in(engine: sa.Engine, account: Account, feed: Feed, at: Micros, max_bytes: int) -> Taken:
    """Take in everything that is settled in a feed, some hundreds of files a transaction."""
    taken = Taken()
    entries = sorted(feed.mailbox.settled())
    fetched = (
        _fetch_documents(feed, entries, max_bytes)
        if feed.content == "cxml"
        else _fetch_exports(feed, entries, max_bytes)
    )
    while batch := list(islice(fetched, _BATCH)):
        taken += _commit(engine, account, feed, batch, at)
    return taken


@dataclass(frozen=True, slots=True)
class _Unit:
    """Files that are committed together: one document, or an export with its parts. None of them on failure."""

    arrivals: tuple[tuple[str, str, bytes], ...]
    fetched: Fetched | None = None
    is_oversize: bool = False


def _fetch_documents(feed: Feed, entries: Sequence[Entry], max_bytes: int) -> Iterator[_Unit]:
    for entry in entries:
        try:
            data = feed.mailbox.fetch(entry, max_bytes)
        except EntryNotReady:
            yield _Unit(())
        except EntryTooLarge:
            yield _Unit((), is_oversize=True)
        else:
            yield _Unit(((feed.content, entry.shown, data),), Fetched(data, {}, (entry,)))


def _fetch_exports(feed: Feed, entries: Sequence[Entry], max_bytes: int) -> Iterator[_Unit]:
    for bundle in bundles(feed.mailbox, entries):
        try:
            fetched = fetch_bundle(feed.mailbox, bundle, max_bytes)
        except EntryNotReady:
            yield _Unit(())
        except EntryTooLarge:
            yield _Unit((), is_oversize=True)
        else:
            names = {part.sha256: part.entry.shown for part in bundle.parts}
            parts = [("bc_part", names[digest], data) for digest, data in fetched.parts.items()]
            yield _Unit((*parts, (feed.content, bundle.document.shown, fetched.data)), fetched)


def _commit(engine: sa.Engine, account: Account, feed: Feed, batch: Sequence[_Unit], at: Micros) -> Taken:
    arrivals = [
        Arrival(account, content, feed.name, name, data) for unit in batch for content, name, data in unit.arrivals
    ]
    with engine.begin() as connection:
        receipt = receive(connection, arrivals, at)
    for unit in batch:
        if unit.fetched is not None:
            remove_fetched(feed.mailbox, unit.fetched)
    oversize = sum(unit.is_oversize for unit in batch)
    left = sum(unit.fetched is None for unit in batch) - oversize
    return Taken(total=receipt.total, new=receipt.new, left=left, oversize=oversize)
