"""Ledgers with something in them, for tests of what reads them. One kind is enough: reading is the same on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

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
