"""The cases run on SQLite: what differs between the databases is tested with the ledger."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cases import Case
from tests.support.ledgers import Ledgers
from tests.support.plays import Play


@pytest.fixture(scope="session")
def _case_ledgers(tmp_path_factory: pytest.TempPathFactory) -> Ledgers:
    return Ledgers("sqlite", tmp_path_factory.mktemp("cases"))


@pytest.fixture
def case(request: pytest.FixtureRequest, _case_ledgers: Ledgers, tmp_path: Path) -> Iterator[Case]:
    """A purchase that nothing was done about yet, with sending switched on; a parameter is what the settings change."""
    with _case_ledgers.migrated() as engine:
        play = Play(engine, tmp_path, **getattr(request, "param", {}))
        play.switch_on()
        yield Case(play)
