"""The program that is killed: the product's own units of work, driven as a sync drives them, without Dagster.

Nothing in it knows of the harness. A step ends well or raises; what was raised becomes an exit code as it does at the
command line.
"""

import importlib
import os
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from punchout.cli.errors import understood
from punchout.ledger import runs
from punchout.ledger.engine import open_engine, reading
from punchout.ledger.ledger_hash import ledger_hash
from punchout.ledger.retention.purge import Decided
from punchout.ledger.sending import outbox, switches
from punchout.ledger.upkeep.rebuild import rebuild
from punchout.ledger.upkeep.replay import HalfMadeError, NotEmptyError
from punchout.model.moments import DAY, HOUR
from punchout.reports.tracking import write_tracking_report
from resources import exchange as exchanges
from resources.exchange import Exchange, open_ledger, wall_clock
from resources.replaying import replay_ledger
from resources.retention import purge_ledger
from resources.settings import Settings
from tests.crash.jobs import SECRET_VARIABLE, Job
from tests.support.plays import settings_for

UNFORESEEN = 1


class WorkingExchange(Exchange):
    """The exchange of a job."""

    def __init__(self, settings: Settings, engine: sa.Engine, job: Job) -> None:
        super().__init__(settings, engine, job.as_of)
        self.job = job


def settings_of(job: Job) -> Settings:
    """Give the settings under which a job works."""
    changes: dict[str, Mapping[str, object]] = {
        "supplier": {"order_url": job.supplier_url, "shared_secret": f"env:{SECRET_VARIABLE}"},
        "orders": {"max_orders_per_day": job.max_orders_a_day, "read_timeout_seconds": job.read_timeout},
    }
    if job.database is not None:
        changes["database"] = {"url": job.database}
    return settings_for(Path(job.home), **changes)


def work(job: Job) -> int:
    """Do a job; gives the exit code, and what went wrong on stderr."""
    try:
        if job.mutant is not None:
            importlib.import_module(f"tests.crash.mutants.{job.mutant}").apply()
        vars(exchanges)["wall_clock"] = lambda: wall_clock() + job.hours_later * HOUR
        settings = settings_of(job)
        engine = open_ledger(settings)
        exchange = WorkingExchange(settings, engine, job)
        for step in job.steps:
            _STEPS[step](exchange)
        engine.dispose()
    except Exception as error:  # noqa: BLE001 - every end of a worker is an outcome
        answer = understood(error)
        _say(traceback.format_exc() if answer is None else answer[1])
        return UNFORESEEN if answer is None else int(answer[0])
    return 0


def switch_on(exchange: Exchange) -> None:
    """Let orders leave."""
    with exchange.engine.begin() as connection:
        switches.set_switch(connection, switches.ORDERS, on=True, by="ann", reason=None, at=exchange.as_of)


def open_run(exchange: Exchange) -> str:
    """Open a sync, so that the ledger has a moment; gives its name."""
    name = str(uuid.uuid4())
    with exchange.engine.begin() as connection:
        runs.open_run(connection, name, exchange.as_of, wall_clock())
    return name


def take_in(exchange: Exchange) -> None:
    """Take in what lies in the feeds, up to where orders would be queued."""
    exchange.receive()
    exchange.parse()
    exchange.import_exports("bc_requests")
    exchange.import_exports("bc_orders")
    exchange.touch_due()
    exchange.settle()


def queue(exchange: Exchange) -> None:
    """Write down the orders that are ready."""
    exchange.queue_orders()
    exchange.settle()


def dispatch(exchange: Exchange) -> None:
    """Send the orders that wait."""
    exchange.dispatch()
    exchange.settle()


def sync(exchange: Exchange) -> None:
    """Run a whole sync and write the report."""
    name = open_run(exchange)
    take_in(exchange)
    queue(exchange)
    dispatch(exchange)
    exchange.recheck_waiting()
    exchange.settle()
    exchange.update_business_central()
    report(exchange)
    with exchange.engine.begin() as connection:
        runs.close_run(connection, name, {}, wall_clock())


def report(exchange: Exchange) -> None:
    """Put the tracking report in place of the last one."""
    zone = ZoneInfo(exchange.settings.company.zone)
    with reading(exchange.engine) as connection:
        write_tracking_report(connection, exchange.settings.report.out_dir, zone=zone)


def forget_and_compute(exchange: Exchange) -> None:
    """Drop every projection and compute it again from the facts."""
    with exchange.engine.begin() as connection:
        rebuild(connection)
    exchange.settle()


def replay(exchange: Exchange) -> None:
    """Make the ledger anew in a file beside it; one that was cut short is removed and made once more."""
    path = replayed_in(exchange.settings.home)
    try:
        _replayed(exchange, path)
    except HalfMadeError:
        for ending in ("", "-wal", "-shm"):
            Path(f"{path}{ending}").unlink(missing_ok=True)
        _replayed(exchange, path)
    with opened(path) as target, reading(exchange.engine) as here, reading(target) as there:
        if ledger_hash(here) != ledger_hash(there):
            message = "the ledger that was made anew is another"
            raise RuntimeError(message)


def _replayed(exchange: Exchange, path: Path) -> None:
    """Replay into a file, unless it is taken already."""
    with opened(path) as target:
        try:
            replay_ledger(exchange.settings, exchange.engine, target)
        except HalfMadeError:
            raise
        except NotEmptyError:
            return


@contextmanager
def opened(path: Path) -> Iterator[sa.Engine]:
    """Open a SQLite file for a while."""
    engine = open_engine(f"sqlite:///{path}")
    try:
        yield engine
    finally:
        engine.dispose()


def replayed_in(home: Path) -> Path:
    """Give the file of the ledger that was made anew."""
    return home / "replayed.sqlite3"


def purge(exchange: Exchange) -> None:
    """Erase what has been over for a year, and have the file give back the room."""
    done = purge_ledger(exchange.settings, exchange.engine, 365 * DAY, None, Decided("ann", "it is over"))
    if done.space is None or done.space.problem is not None:
        message = "the file was not cleared"
        raise RuntimeError(message)


def settle_doubts(exchange: WorkingExchange) -> None:
    """Have a person look every doubtful order up at the supplier, and say what is true."""
    with exchange.engine.begin() as connection:
        for order in outbox.orders(connection, state="in_doubt"):
            outcome = "sent" if order.payload_id in exchange.job.supplier_has else "pending"
            outbox.settle(connection, order, outcome, "ann", "looked up", exchange.as_of)


_STEPS: Mapping[str, Callable[[WorkingExchange], object]] = {
    step.__name__: step
    for step in (
        switch_on,
        open_run,
        take_in,
        queue,
        dispatch,
        sync,
        report,
        forget_and_compute,
        replay,
        purge,
        settle_doubts,
    )
}


def _say(text: str) -> None:
    # `writev`, because `write` is among the calls that fail under a full disk.
    os.writev(2, [text.encode()])
