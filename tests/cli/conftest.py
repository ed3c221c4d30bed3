"""Fixtures of the command line's tests: a home folder with a ledger, and one in which a purchase has been made."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from tests.cli.homes import Home, Story, Telling, plain_sync, sync_with
from tests.cli.sandbox_runs import Played, play_twice
from tests.support.purchases import Purchase


@pytest.fixture(scope="session")
def _told_once(tmp_path_factory: pytest.TempPathFactory) -> Telling:
    """Tells each story once, in a home of its own."""

    @cache
    def tell(story: Story) -> Home:
        before = os.umask(0o022)
        with pytest.MonkeyPatch.context() as monkeypatch:
            made = Home(tmp_path_factory.mktemp("told") / "home", monkeypatch)
            made.play.switch_on()
            story(made)
            made.engine.dispose()
        os.umask(before)
        return made

    return tell


@pytest.fixture
def home_after(_told_once: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Telling]:
    """Makes the home of a test as it is after a story, which is told once and copied."""
    with ExitStack() as stack:

        def make(story: Story) -> Home:
            made = Home(tmp_path / "home", monkeypatch, like=_told_once(story))
            stack.callback(made.engine.dispose)
            return made

        yield make


@pytest.fixture
def home(home_after: Telling) -> Home:
    """A home folder with settings and an empty ledger, sending switched on."""
    return home_after(_nothing)


@pytest.fixture
def drafted(home_after: Telling) -> Home:
    """A home in which a request was released by hand: its order waits for a person."""
    return home_after(_released_by_hand)


def _nothing(_home: Home) -> None:
    pass


def _released_by_hand(home: Home) -> None:
    purchase = Purchase()
    requests, orders = purchase.exported()
    by_hand = requests.saying('"releaseMode": "manual"', '"releaseMode": "approval"')
    home.play.sync(by_hand, orders)
    assert home.order().state == "draft"


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The sandbox's handful, through every door."""
    return play_twice(tmp_path_factory.mktemp("sandbox") / "home")


@pytest.fixture
def playing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to play in, with a sync that takes no seconds."""
    sync_with(monkeypatch, plain_sync)
    before = os.umask(0o077)
    yield tmp_path / "home"
    os.umask(before)
