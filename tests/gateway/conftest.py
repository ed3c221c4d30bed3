"""A gateway over an empty ledger, called in this process."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from resources.settings import Settings
from tests.gateway.callers import Caller
from tests.support.ledgers import Ledgers
from tests.support.plays import settings_for
from tests.support.postgres import quick_folder
from tests.support.purchases import SECRET

Making = Callable[..., Caller]
VARIABLE = "GATEWAY_TEST_SECRET"


@pytest.fixture(scope="session")
def _ledgers_of_gateways() -> Iterator[Ledgers]:
    with tempfile.TemporaryDirectory(prefix="gateways-", dir=quick_folder()) as folder:
        yield Ledgers("sqlite", Path(folder))


@pytest.fixture
def ledger(_ledgers_of_gateways: Ledgers) -> Iterator[sa.Engine]:
    """An empty ledger at this program's schema."""
    with _ledgers_of_gateways.migrated() as engine:
        yield engine


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings under which the supplier may come in by its secret."""
    monkeypatch.setenv(VARIABLE, SECRET)
    return settings_for(tmp_path, gateway={"secrets": [f"env:{VARIABLE}"]})


@pytest.fixture
def making(settings: Settings, ledger: sa.Engine) -> Iterator[Making]:
    """Makes callers under changed settings of the gateway."""
    made: list[Caller] = []

    def make(**changes: Any) -> Caller:  # noqa: ANN401 - settings of the gateway
        stated = {**settings.gateway.model_dump(), **changes}
        gateway = type(settings.gateway).model_validate(stated)
        made.append(Caller(settings.model_copy(update={"gateway": gateway}), ledger))
        return made[-1]

    yield make
    for caller in made:
        caller.close()


@pytest.fixture
def caller(making: Making) -> Caller:
    """A client of a gateway as it is by default."""
    return making()
