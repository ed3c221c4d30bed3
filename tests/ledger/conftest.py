"""Every test of the ledger runs on both databases, each on a fresh one."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.model.moments import Micros
from tests.support.ledgers import Ledgers
from tests.support.plays import Play
from tests.support.postgres import PostgresServer, quick_folder, running_server
from tests.support.retention import purged
from tests.support.stories import everything, invoiced, ordered, queued

KINDS = [pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def _postgres() -> Iterator[PostgresServer]:
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def _all_ledgers() -> dict[str, Ledgers]:
    """Keep what was prepared on each database: a fixture with parameters is made anew whenever these change."""
    return {}


@pytest.fixture(scope="session")
def _ledgers_folder() -> Iterator[Path]:
    """Where SQLite's files lie: in memory where possible. That they outlive a crash is tested with real processes."""
    with tempfile.TemporaryDirectory(prefix="ledgers-", dir=quick_folder()) as folder:
        yield Path(folder)


@pytest.fixture(params=KINDS)
def ledgers(request: pytest.FixtureRequest, _all_ledgers: dict[str, Ledgers], _ledgers_folder: Path) -> Ledgers:
    """Makes ledgers, for tests that want several."""
    kind: str = request.param
    if kind not in _all_ledgers:
        server = request.getfixturevalue("_postgres") if kind == "postgres" else None
        _all_ledgers[kind] = Ledgers(kind, _ledgers_folder, server)
    return _all_ledgers[kind]


@pytest.fixture
def ledger(ledgers: Ledgers) -> Iterator[sa.Engine]:
    """An empty ledger at this program's schema."""
    with ledgers.migrated() as engine:
        yield engine


@pytest.fixture
def play(ledger: sa.Engine, tmp_path: Path) -> Play:
    """An exchange over an empty ledger, with sending switched on."""
    started = Play(ledger, tmp_path)
    started.switch_on()
    return started


@pytest.fixture
def told(ledgers: Ledgers, tmp_path: Path) -> Iterator[Play]:
    """The exchange after a story in which everything occurred."""
    with _after(ledgers, tmp_path, everything) as play:
        yield play


@pytest.fixture
def after_a_purge(ledgers: Ledgers, tmp_path: Path) -> Iterator[Play]:
    """The exchange after a story in which everything occurred, and was purged years later."""
    with _after(ledgers, tmp_path, purged) as play:
        yield play


@pytest.fixture
def finished(ledgers: Ledgers, tmp_path: Path) -> Iterator[Play]:
    """The exchange after the plain story of the first purchase, from the cart to the invoice."""
    with _after(ledgers, tmp_path, invoiced) as play:
        yield play


@pytest.fixture
def waiting(ledgers: Ledgers, tmp_path: Path) -> Iterator[Play]:
    """The exchange with one order that waits to be sent."""
    with _after(ledgers, tmp_path, queued) as play:
        yield play


@pytest.fixture
def placed(ledgers: Ledgers, tmp_path: Path) -> Iterator[Play]:
    """The exchange after the first purchase was ordered, and before anything answered it."""
    with _after(ledgers, tmp_path, ordered) as play:
        yield play


@contextmanager
def _after(ledgers: Ledgers, home: Path, story: Callable[[Play], object]) -> Iterator[Play]:
    """Give the exchange after a story, which is told once and copied for each test."""

    def tell(engine: sa.Engine) -> Micros:
        play = Play(engine, home / "told")
        play.switch_on()
        story(play)
        return play.now

    with ledgers.prepared(story.__name__, tell) as (engine, moment):
        play = Play(engine, home)
        play.now = moment
        yield play
