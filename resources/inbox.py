"""Taking in what lies in a feed: fetch, commit, and only then remove.

Cut short anywhere, a file is either still there or committed; one that is both is counted as seen before. What the
bytes mean is no business of this module.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

import sqlalchemy as sa
import structlog

from punchout.ledger.documents.receive import Arrival, Receipt, receive
from punchout.model.keys import Account
from punchout.model.moments import Micros
from resources.business_central.bundles import Fetched, bundles, fetch_bundle, remove_fetched
from resources.mailbox import Entry, EntryNotReady, EntryTooLarge, Mailbox, MailboxUnavailable

_LOG = structlog.get_logger(__name__)

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Feed:
    """A way in: its name, what its files are, and the mailbox they lie in."""

    name: str
    content: str
    mailbox: Mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Receipt):
    """What was taken from a feed.

    Attributes:
        left: files that could not be taken now.
        oversize: files that never will be.
        kept: files that were taken and could not be removed; they will be seen again.
        unavailable: 1 where the feed could not be reached, at first or any more.
    """

    left: int = 0
    oversize: int = 0
    kept: int = 0
    unavailable: int = 0


SetAside: TypeAlias = Callable[[Feed, Sequence[Entry]], tuple[Receipt, Sequence[Entry]]]
"""Keeps elsewhere what is too large to be taken in; returns what that came to, and the entries that are left."""


def leave(_feed: Feed, entries: Sequence[Entry]) -> tuple[Receipt, Sequence[Entry]]:
    """Keep nothing elsewhere: what is too large stays where it is, and is counted."""
    return Receipt(), entries


def take_in(
    engine: sa.Engine, account: Account, feed: Feed, at: Micros, max_bytes: int, set_aside: SetAside = leave
) -> Taken:
    """Take in everything that is settled in a feed, some hundreds of files a transaction. The feed is listed once.

    A feed that cannot be reached is counted and told in the log; what was taken before is committed.
    """
    taken = Taken()
    try:
        aside, entries = set_aside(feed, sorted(feed.mailbox.settled()))
        taken += Taken(total=aside.total, new=aside.new)
        fetched = _documents(feed, entries, max_bytes) if feed.content == "cxml" else _exports(feed, entries, max_bytes)
        while batch := list(islice(fetched, _BATCH)):
            taken += _commit(engine, account, feed, batch, at)
            taken += Taken(kept=_remove(feed, [unit.fetched for unit in batch if unit.fetched is not None]))
    except MailboxUnavailable as problem:
        _LOG.warning("a feed is unavailable", feed=feed.name, problem=str(problem))
        taken += Taken(unavailable=1)
    return taken


@dataclass(frozen=True, slots=True)
class _Unit:
    """Files that are committed together: one document, or an export with its parts. None of them on failure."""

    arrivals: tuple[tuple[str, str, bytes], ...]
    fetched: Fetched | None = None
    is_oversize: bool = False


def _documents(feed: Feed, entries: Sequence[Entry], max_bytes: int) -> Iterator[_Unit]:
    for entry, outcome in feed.mailbox.fetch_all(entries, max_bytes):
        if isinstance(outcome, bytes):
            yield _Unit(((feed.content, entry.shown, outcome),), Fetched(outcome, {}, (entry,)))
        else:
            yield _Unit((), is_oversize=isinstance(outcome, EntryTooLarge))


def _exports(feed: Feed, entries: Sequence[Entry], max_bytes: int) -> Iterator[_Unit]:
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
    oversize = sum(unit.is_oversize for unit in batch)
    left = sum(unit.fetched is None for unit in batch) - oversize
    return Taken(total=receipt.total, new=receipt.new, left=left, oversize=oversize)


def _remove(feed: Feed, committed: Sequence[Fetched]) -> int:
    """Remove what is committed; returns how many files stayed."""
    if feed.content == "cxml":
        entries = [entry for one in committed for entry in one.entries]
        return sum(not gone for _, gone in feed.mailbox.remove_all(entries))
    return sum(remove_fetched(feed.mailbox, one) for one in committed)
