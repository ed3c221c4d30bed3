"""Mailboxes: where documents are fetched from and files are delivered to. What they mean is not known here.

A writer puts a file there under a hidden or `.part` name and renames it when it is whole, so whatever carries a plain
name is settled. Names come from outside and are data only: no path is ever built from one, they are used within an
open folder, and a name that could lead out of it is refused. A file is removed only after the transaction that took it
has committed, and only if it is still the file that was fetched.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from punchout.model.moments import Micros

# What uploads in progress are called: our own, SFTP clients', and most other writers'.
_UNFINISHED = (".part", ".filepart", ".tmp")
_LEAVES_FOLDER = re.compile("[/\x00]")
# What we call a file ourselves reads the same to every system, shell and file server.
_DELIVERABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_SHOWN = 255
# A name of 255 bytes is the most that file systems take, and a delivery adds `.` and `.part`.
_LONGEST_NAME = 249


class MailboxError(Exception):
    """Something is wrong with a mailbox, or with one entry of it."""


class MailboxUnavailable(MailboxError):  # noqa: N818 - a fact about the mailbox
    """Nothing can be fetched or delivered at all: the folder is missing, full or forbidden. Try again later."""


class EntryNotReady(MailboxError):  # noqa: N818 - a fact about the entry
    """An entry that cannot be taken now: gone, changed since it was listed, or not readable. Others may go on."""


class EntryTooLarge(MailboxError):  # noqa: N818 - a fact about the entry
    """An entry with more bytes than are wanted; it was not read."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A settled file: its name as data, its size in bytes, and when it was last changed (microseconds UTC)."""

    name: str
    size: int
    modified: Micros

    @property
    def shown(self) -> str:
        """The name for people and for storage: printable, at most 255 characters."""
        text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in self.name)
        return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


Outcome: TypeAlias = bytes | EntryNotReady | EntryTooLarge
"""The whole content of an entry, or why it cannot be had."""


class Mailbox(Protocol):
    """A place that documents are fetched from and files are delivered to."""

    def settled(self) -> Iterator[Entry]:
        """Yield the settled entries in no particular order, without holding them all; entries may be removed meanwhile.

        Raises:
            MailboxUnavailable: the mailbox cannot be listed.
        """
        ...

    def list_settled(self, limit: int) -> list[Entry]:
        """Return at most `limit` settled entries, in the order of their names.

        Which ones, where there are more, is not said: an entry that can never be taken could come first every time,
        so a batch that must get past it reads `settled`.

        Raises:
            MailboxUnavailable: the mailbox cannot be listed.
        """
        ...

    def fetch(self, entry: Entry, max_bytes: int) -> bytes:
        """Return the whole content of an entry, which is still the one that was listed.

        Raises:
            EntryTooLarge: it holds more than `max_bytes`.
            EntryNotReady: it cannot be taken now.
            MailboxUnavailable: nothing can.
        """
        ...

    def fetch_all(self, entries: Sequence[Entry], max_bytes: int) -> Iterator[tuple[Entry, Outcome]]:
        """Yield each entry with what `fetch` returns or raises for it, in the order given; many may be under way.

        Raises:
            MailboxUnavailable: nothing more can be fetched; entries that were not yielded were not fetched.
        """
        ...

    def pieces(self, entry: Entry) -> Iterator[bytes]:
        """Yield the whole content of an entry piece by piece, for one that is too large to be held.

        What was yielded counts only if nothing is raised at the end.

        Raises:
            EntryNotReady: it cannot be taken now, or has not stayed the one that was listed.
            MailboxUnavailable: nothing can be taken.
        """
        ...

    def remove(self, entry: Entry) -> bool:
        """Remove an entry whose content is committed; one that is gone already is fine.

        Returns:
            False where it stays, to be fetched next time: another file has taken the name since, or a server keeps it.

        Raises:
            MailboxUnavailable: it cannot be removed. The next delivery of the same content is counted as a duplicate.
        """
        ...

    def remove_all(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bool]]:
        """Remove each entry and yield it with what `remove` returns, in any order.

        Raises:
            MailboxUnavailable: as `remove`; entries that were not yielded may still be there.
        """
        ...

    def close(self) -> None:
        """Give back what is held open between calls; the mailbox can be used again."""
        ...

    def deliver(self, name: str, data: bytes) -> None:
        """Put a file there, whole or not at all; a file of that name is replaced.

        Raises:
            ValueError: the name is not one that a reader would take.
            MailboxUnavailable: it cannot be written.
        """
        ...


def is_plain(name: str) -> bool:
    """Tell whether a name names an entry of a folder itself, wherever the folder is."""
    return name not in {"", ".", ".."} and not _LEAVES_FOLDER.search(name)


def check_plain(entry: Entry) -> None:
    """Refuse an entry that no listing can have given.

    Raises:
        EntryNotReady: its name could lead out of the folder.
    """
    if not is_plain(entry.name):
        raise EntryNotReady(f"{entry.shown} is not the name of an entry")


def is_unfinished(name: str) -> bool:
    """Tell whether a name is hidden or stands for an upload in progress."""
    return name.startswith(".") or name.lower().endswith(_UNFINISHED)


def check_deliverable(name: str) -> None:
    """Refuse a name that a reader would pass over, or that could lead out of the folder.

    Raises:
        ValueError: with the reason.
    """
    if not _DELIVERABLE.fullmatch(name) or is_unfinished(name):
        raise ValueError(f"not a name for a delivery: {name!r:.80}")
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"longer than {_LONGEST_NAME} characters: {name!r:.80}")
