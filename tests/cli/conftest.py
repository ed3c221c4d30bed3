"""Fixtures of the command line's tests: a home folder with a ledger, and one in which a purchase has been made."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.homes import Home, plain_sync, sync_with
from tests.cli.sandbox_runs import Played, play_twice
from tests.support.purchases import Purchase


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home folder with settings and an empty ledger, sending switched on."""
    made = Home(tmp_path / "home", monkeypatch)
    made.play.switch_on()
    yield made
    made.engine.dispose()


@pytest.fixture
def drafted(home: Home) -> Home:
    """A home in which a request was released by hand: its order waits for a person."""
    purchase = Purchase()
    requests, orders = purchase.exported()
    by_hand = requests.saying('"releaseMode": "manual"', '"releaseMode": "approval"')
    home.play.sync(by_hand, orders)
    assert home.order().state == "draft"
    return home


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
