"""What a sensor decides, as pure functions: no Dagster, no folder and no clock in here.

A batch is what lies in the feeds at one moment. It is asked for until a run has been tried some times; as soon as
anything in the feeds changes, it is another batch. So a file that can never be taken is tried a few times and then
left to people, and it never keeps others waiting.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from resources.mailbox import Entry

MOST_ATTEMPTS = 3
_DIGEST_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Start:
    """Ask for a run.

    Attributes:
        batch: digest of the batch.
        attempt: from 1; part of the run key, because a key is used up by a run that fails.
        files: how many there are.
    """

    batch: str
    attempt: int
    files: int

    @property
    def run_key(self) -> str:
        """What keeps the same batch from being asked for twice at the same attempt."""
        return f"inbox:{self.batch}:{self.attempt}"


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask for nothing now, with the reason; `is_final` until the feeds change."""

    reason: str
    is_final: bool = False


Decision: TypeAlias = Start | Wait


def digest(listing: Iterable[tuple[str, Entry]]) -> str | None:
    """Return a short name for a batch: what lies in which feed, and since when; None where nothing does."""
    lines = sorted(f"{feed}\0{entry.name}\0{entry.size}\0{entry.modified}" for feed, entry in listing)
    if not lines:
        return None
    # Names may hold surrogates, where they are not of the file system's encoding.
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()[:_DIGEST_LENGTH]


def decide(batch: str | None, files: int, attempts: int, *, is_running: bool) -> Decision:
    """Decide about one batch.

    Args:
        batch: its digest, None where nothing lies in the feeds.
        files: how many files it has.
        attempts: how many runs it was given already, whatever became of them.
        is_running: whether a sync is waiting or under way, which will take the batch with it or leave it to the next.
    """
    if batch is None:
        return Wait("nothing lies in the feeds")
    if is_running:
        return Wait("a sync is under way")
    if attempts >= MOST_ATTEMPTS:
        return Wait(f"{attempts} runs left {files} files in the feeds; waiting for a change", is_final=True)
    return Start(batch, attempts + 1, files)
