"""Runs of the sandbox in this process, with a sync that takes no seconds. No tests live here."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import Result

from punchout.model.moments import Micros
from resources.settings import Settings
from tests.cli.homes import Outcome, plain_sync, run, sync_with

FIELDS = (
    "documents_new", "duplicates", "orders_sent", "bc_updates", "compared", "differences", "ledger_hash", "as_of",
    "report",
)  # fmt: skip
HANDFUL = ("--scenario-set", "handful")  # the same steps in a fraction of the time


def last_line(output: str) -> dict[str, str]:
    """Read the last line's fields, which must be these in this order."""
    pairs = [pair.partition("=") for pair in output.splitlines()[-1].split(" ")]
    assert tuple(name for name, _, _ in pairs) == FIELDS
    return {name: value for name, _, value in pairs}


@dataclass
class Played:
    """One playing from the beginning, and the run after it."""

    home: Path
    first: Result
    second: Result


def play_twice(home: Path) -> Played:
    """Play the handful to its end, and once more."""
    before = os.umask(0o077)
    try:
        with pytest.MonkeyPatch.context() as patch:
            sync_with(patch, plain_sync)
            return Played(home, *(run("sandbox", "run", *HANDFUL, "--home", str(home)) for _ in range(2)))
    finally:
        os.umask(before)


def stop_after_one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the second sync fail, where one round is enough to see."""
    synced: list[Path] = []

    def once(settings: Settings, as_of: Micros | None) -> Outcome:
        if settings.home in synced:
            return Outcome(success=False, failure="enough")
        synced.append(settings.home)
        return plain_sync(settings, as_of)

    sync_with(monkeypatch, once)
