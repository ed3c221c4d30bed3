"""Fixtures of the command line's tests: a home folder with a ledger, and one in which a purchase has been made."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.homes import Home
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
