"""Several workers at one ledger at the same moment, on either database; gives what was wrong afterwards."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias
from uuid import uuid4

import sqlalchemy as sa

from punchout.ledger.engine import open_engine
from tests.crash.jobs import Job
from tests.crash.lab import Lab
from tests.crash.scenes import Scene, deliver
from tests.crash.state import State, broken_promises, read_state
from tests.crash.worker import settings_of
from tests.support.plays import FIRST_SYNC
from tests.support.postgres import PostgresServer
from tests.support.purchases import PENS, Purchase, orders_export, requests_export
from tests.support.stories import FIRST, HTML_PAGE, SECOND, documents_of_first

MANY = [Purchase(number=f"PR{n:04}", order_id=f"1{n:05}", items=(PENS,)) for n in range(1, 13)]
DISPATCHERS = 8
TAKERS = 4
SYNCERS = 4
DELIVERED = Scene(
    "many documents",
    None,
    FIRST_SYNC,
    ("open_run", "take_in"),
    (FIRST.cart(), *FIRST.exported(), *SECOND.exported(), *documents_of_first(), HTML_PAGE),
)
QUEUED = Scene(
    "many orders",
    None,
    FIRST_SYNC,
    ("switch_on", "open_run", "take_in", "queue"),
    (requests_export(*(one.row() for one in MANY)), orders_export(*(one.order_row() for one in MANY))),
)

Databases: TypeAlias = Callable[[], str]
"""Makes an empty database and gives its address."""


def on_sqlite(lab: Lab) -> Databases:
    """Make databases that are files beside the homes of a lab."""
    return lambda: f"sqlite:///{lab.home.parent}/{uuid4()}.sqlite3"


def on_postgres(server: PostgresServer) -> Databases:
    """Make databases in a server."""

    def make() -> str:
        name = f"together_{uuid4().hex}"
        server.create(name)
        return server.url(name)

    return make


def taken_in_together(lab: Lab, databases: Databases, prepared_by: Sequence[str] = ()) -> list[str]:
    """Have the same files taken in by several workers, each out of feeds of its own, and compare with one worker."""
    alone = _taken_in(lab, databases(), 1, ())
    together = _taken_in(lab, databases(), TAKERS, prepared_by)
    wrong = [f"{document} is kept {times} times" for document, times in together.kept.items() if times > 1]
    if together.state.conclusions != alone.state.conclusions or together.state.verdicts != alone.state.verdicts:
        wrong.append("the ledger differs from that of one worker")
    return wrong + together.wrong


def dispatched_together(lab: Lab, databases: Databases, cap: int) -> list[str]:
    """Have many orders sent by several workers under a cap on the orders of a day."""
    database = databases()
    lab.begin(QUEUED)
    lab.must(lab.job(QUEUED, database=database))
    job = lab.job(QUEUED, ("dispatch",), database=database, max_orders_a_day=cap)
    codes = lab.nursery.run_together([job] * DISPATCHERS)
    counted = Counter(lab.received)
    wrong = [f"order {one} was received {times} times" for one, times in counted.items() if times > 1]
    if len(counted) != min(cap, len(MANY)):
        wrong.append(f"{len(counted)} orders left, under a cap of {cap}")
    with _opened(job) as engine:
        return wrong + _ended_badly(lab, codes) + broken_promises(settings_of(job), engine)


def synced_together(lab: Lab, scene: Scene) -> list[str]:
    """Have the same home synced by several workers, files, orders, updates and report, and compare with one worker."""
    lab.undisturbed(scene)
    lab.begin(scene)
    codes = lab.nursery.run_together([lab.job(scene)] * SYNCERS)
    return _ended_badly(lab, codes) + lab.judged(scene)[1]


class _TakenIn:
    """What a ledger holds after files were taken in."""

    def __init__(self, state: State, kept: Counter[str], wrong: list[str]) -> None:
        self.state = state
        self.kept = kept
        self.wrong = wrong


def _taken_in(lab: Lab, database: str, workers: int, prepared_by: Sequence[str]) -> _TakenIn:
    lab.begin(DELIVERED)
    whole = lab.job(DELIVERED, (), database=database, mutant=None)
    lab.must(whole)
    jobs = []
    for number in range(workers):
        home = lab.home / f"worker-{number}"
        home.mkdir()
        deliver(DELIVERED, home)
        jobs.append(lab.job(DELIVERED, database=database, home=str(home)))
    with _opened(whole) as engine:
        for statement in prepared_by:
            with engine.begin() as connection:
                connection.exec_driver_sql(statement)
        codes = lab.nursery.run_together(jobs)
        wrong = _ended_badly(lab, codes)
        if not wrong:
            lab.must(jobs[0])
        settings = settings_of(whole)
        stored = sa.text("SELECT content || ' ' || received_sha256 FROM document")
        with engine.begin() as connection:
            kept = Counter(str(one) for one in connection.execute(stored).scalars())
        return _TakenIn(read_state(settings, engine), kept, wrong + broken_promises(settings, engine))


def _ended_badly(lab: Lab, codes: Sequence[int]) -> list[str]:
    return [f"a worker ended with {code}: {lab.talk.read_text()}" for code in codes if code != 0]


@contextmanager
def _opened(job: Job) -> Iterator[sa.Engine]:
    settings = settings_of(job)
    engine = open_engine(settings.database.sqlalchemy_url(), settings.documents.archive_dir)
    try:
        yield engine
    finally:
        engine.dispose()
