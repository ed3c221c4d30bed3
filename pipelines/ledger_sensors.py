"""The sensors that look into the ledger: for documents that no feed shows, and for orders that may leave.

A document that was posted is in the ledger before anybody looks; an order may become ready by what people do, between
two syncs: a gate is opened, a switch is put on, a hold is released.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import sqlalchemy as sa

from pipelines.asking import SECONDS_BETWEEN_TICKS, SettingsReader, asked_for
from pipelines.decisions import Batch
from pipelines.jobs import SEND_ORDERS, SYNC
from punchout.ledger.engine import open_engine, reading
from punchout.ledger.schema import current, head
from punchout.ledger.sending import switches
from punchout.ledger.views.work_waiting import pending_orders, ready_requests, waiting_documents
from resources import policies
from resources.errors import ConfigurationError
from resources.exchange import wall_clock
from resources.settings import Settings

LEDGER = "ledger"
READY_REQUESTS = "ready_requests"


class LedgerUnreadable(Exception):  # noqa: N818 - a fact about the ledger
    """There is no ledger yet, it has another schema, or its database does not answer."""


def ledger_sensors(read_settings: SettingsReader) -> list[dg.SensorDefinition]:
    """Return the sensors that look into the ledger."""
    return [_ledger_sensor(read_settings), _ready_requests_sensor(read_settings)]


def _ledger_sensor(read_settings: SettingsReader) -> dg.SensorDefinition:
    @dg.sensor(
        name=LEDGER,
        job=SYNC,
        minimum_interval_seconds=SECONDS_BETWEEN_TICKS,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Starts one sync for documents that are in the ledger already, such as those that were posted.",
    )
    def ledger(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        try:
            with readable_ledger(read_settings()) as connection:
                waiting = waiting_documents(connection)
        except (ConfigurationError, LedgerUnreadable) as problem:
            return dg.SensorResult(skip_reason=f"the ledger cannot be read: {problem}")
        marks = [repr(waiting)] if waiting else []
        return asked_for(context, Batch.of_work(LEDGER, marks, "documents in the ledger"))

    return ledger


def _ready_requests_sensor(read_settings: SettingsReader) -> dg.SensorDefinition:
    @dg.sensor(
        name=READY_REQUESTS,
        job=SEND_ORDERS,
        minimum_interval_seconds=SECONDS_BETWEEN_TICKS,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Starts the sending of orders that became ready between two syncs.",
    )
    def ready(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        try:
            settings = read_settings()
            with readable_ledger(settings) as connection:
                marks = _ready(connection, settings)
        except (ConfigurationError, LedgerUnreadable) as problem:
            return dg.SensorResult(skip_reason=f"the ledger cannot be read: {problem}")
        return asked_for(context, Batch.of_work(READY_REQUESTS, marks, "orders"))

    return ready


def _ready(connection: sa.Connection, settings: Settings) -> list[str]:
    """Return marks of the orders that a run could write down or send; what holds one back alone is the run's to see."""
    if settings.orders.sent_by != "pipeline":
        return []
    marks = [f"ready {request}" for request in ready_requests(connection, policies.account(settings))]
    may_leave = settings.orders.send_enabled and not settings.orders.kill_switch.exists()
    if may_leave and switches.is_on(connection, switches.ORDERS):
        # What the cap of a day holds back is another batch on the next.
        today = datetime.now(UTC).astimezone(ZoneInfo(settings.company.zone)).date()
        marks += [f"pending {order} {today}" for order in pending_orders(connection, wall_clock())]
    return marks


@contextmanager
def readable_ledger(settings: Settings) -> Iterator[sa.Connection]:
    """Open the ledger to read it; none is made, and none is brought to another schema.

    Raises:
        LedgerUnreadable: it cannot be read now.
    """
    url = settings.database.sqlalchemy_url()
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).is_file()):
        raise LedgerUnreadable("there is none yet")
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            if current(connection) != head():
                raise LedgerUnreadable("its schema is not this version's; the next sync sees to that")
            yield connection
    except sa.exc.SQLAlchemyError as error:
        # Without its text, which may hold the address of the database.
        raise LedgerUnreadable(type(error).__name__) from None
    finally:
        engine.dispose()
