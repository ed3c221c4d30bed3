"""Ledgers with something in them, for tests of what reads them, and a browser for what it reads.

One kind of ledger is enough: reading is the same on both.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.reports.chromium import Page, browse
from tests.reports.showing import Shower
from tests.support.lanes import need_command
from tests.support.ledgers import Ledgers
from tests.support.plays import Play
from tests.support.stories import everything


@pytest.fixture(scope="session")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> Ledgers:
    return Ledgers("sqlite", tmp_path_factory.mktemp("ledgers"))


@pytest.fixture
def empty_ledger(ledgers: Ledgers) -> Iterator[sa.Engine]:
    """A ledger in which nothing has happened."""
    with ledgers.migrated() as engine:
        yield engine


@pytest.fixture
def ledger(ledgers: Ledgers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """A ledger in which everything has happened once."""

    def prepare(engine: sa.Engine) -> None:
        play = Play(engine, Path(tmp_path_factory.mktemp("play")))
        play.switch_on()
        everything(play)

    with ledgers.prepared("everything", prepare) as (engine, _):
        yield engine


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    program = need_command("chromium", "chromium-browser", "google-chrome")
    with browse(program, tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture
def tab(browser: Page) -> Page:
    """The one tab, without what the test before left of it."""
    browser.call("Emulation.setScriptExecutionDisabled", value=False)
    browser.look(1500, 1000)
    browser.open("about:blank")
    browser.events.clear()
    return browser


@pytest.fixture
def show(tab: Page, tmp_path: Path) -> Shower:
    return Shower(tab, tmp_path / "tracking.html")
