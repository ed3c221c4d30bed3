"""What a sensor decides, as pure functions: no Dagster, no folder, no ledger and no clock in here.

A batch is what waits in one place at one moment: the files of a feed, or work in the ledger. It is asked for until a
run has been tried some times; as soon as anything about it changes, it is another batch. So a file that can never be
taken is tried a few times and then left to people, and it never keeps others waiting.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self, TypeAlias

from resources.mailbox import Entry

MOST_ATTEMPTS = 3
_DIGEST_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Batch:
    """What waits in one place.

    Attributes:
        place: the sensor that looks there; batches of two places are never the same.
        digest: a short name for what waits.
        what: the same for people, as the subject of a sentence in the plural.
    """

    place: str
    digest: str
    what: str

    @classmethod
    def of_files(cls, place: str, entries: Iterable[Entry]) -> Self | None:
        """Return the batch that files are, by what they are called, how long they are and since when; None for none."""
        lines = [f"{entry.name}\0{entry.size}\0{entry.modified}" for entry in entries]
        return cls.of_work(place, lines, f"{len(lines)} files in the feed")

    @classmethod
    def of_work(cls, place: str, marks: Iterable[str], what: str) -> Self | None:
        """Return the batch that these marks stand for, in whatever order; None where there is none."""
        lines = sorted(marks)
        if not lines:
            return None
        # Names may hold surrogates, where they are not of the file system's encoding.
        marked = "\n".join([place, *lines]).encode(errors="surrogateescape")
        return cls(place, hashlib.sha256(marked).hexdigest()[:_DIGEST_LENGTH], what)


@dataclass(frozen=True, slots=True)
class Start:
    """Ask for a run of a batch; `attempt` counts from 1."""

    batch: Batch
    attempt: int

    @property
    def run_key(self) -> str:
        """What keeps the same batch from being asked for twice at the same attempt; a run that fails uses it up."""
        return f"{self.batch.place}:{self.batch.digest}:{self.attempt}"


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask for nothing now, with the reason; `is_final` until something changes."""

    reason: str
    is_final: bool = False


Decision: TypeAlias = Start | Wait


def decide(batch: Batch | None, attempts: int, *, is_running: bool) -> Decision:
    """Decide about one batch.

    Args:
        batch: what waits, None where nothing does.
        attempts: how many runs it was given already, whatever became of them.
        is_running: whether a run that writes to the ledger is waiting or under way: it takes the batch with it, or
            leaves it to the next.
    """
    if batch is None:
        return Wait("nothing is waiting")
    if is_running:
        return Wait("a sync is under way")
    if attempts >= MOST_ATTEMPTS:
        return Wait(f"{attempts} runs left {batch.what} as they were; waiting for a change", is_final=True)
    return Start(batch, attempts + 1)
