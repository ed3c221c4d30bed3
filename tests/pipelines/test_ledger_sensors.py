"""Ticks of the sensors that look into the ledger, over real ledgers and a real record of runs."""

from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa

from pipelines.jobs import SEND_ORDERS, SYNC
from pipelines.ledger_sensors import ledger_sensors
from punchout.ledger.documents.receive import Arrival, receive
from punchout.ledger.engine import reading
from punchout.ledger.ledger_hash import ledger_hash
from resources.errors import ConfigurationError
from resources.exchange import Exchange
from resources.settings import Settings
from tests.pipelines import ticks
from tests.pipelines.ticks import FAILED, UNDER_WAY, reason, record, requested
from tests.support.bc_exports import as_json
from tests.support.exchange_home import at, drop, home_settings, opened, purchase_order, request, switch_on

NOW = at("2026-03-02T19:00:00Z")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return home_settings(tmp_path / "home", orders={"send_enabled": True})


def tick(settings: Settings, name: str, instance: dg.DagsterInstance, cursor: str | None = None) -> dg.SensorResult:
    return ticks.tick(ledger_sensors(lambda: settings), name, instance, cursor)


def posted(settings: Settings, data: bytes = b"<cXML") -> None:
    """Commit a document as the gateway does: no feed has it."""
    with opened(settings, NOW) as exchange, exchange.engine.begin() as connection:
        receive(connection, [Arrival(exchange.account, "cxml", "gateway", "posted", data)], NOW)


def until_orders(settings: Settings, exchange: Exchange) -> None:
    """Do what a sync does that is cut short before it orders anything."""
    drop(settings, "bc_requests", "r.json", as_json(request()))
    drop(settings, "bc_orders", "o.json", as_json(purchase_order()))
    exchange.receive()
    exchange.import_exports("bc_requests")
    exchange.import_exports("bc_orders")
    exchange.settle()


def test_without_a_ledger_nothing_is_asked_for_and_none_is_made(settings: Settings) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        for name in ("ledger", "ready_requests"):
            assert reason(tick(settings, name, instance)) == "the ledger cannot be read: there is none yet"
    assert not settings.home.exists()


def test_a_document_that_was_posted_is_asked_for_once(settings: Settings) -> None:
    posted(settings)
    with dg.DagsterInstance.ephemeral() as instance:
        first, second = (requested(tick(settings, "ledger", instance)) for _ in range(2))
        assert first.run_key == second.run_key
        record(instance, SYNC.name, first, UNDER_WAY)
        assert reason(tick(settings, "ledger", instance)) == "a sync is under way"


def test_an_empty_ledger_asks_for_nothing(settings: Settings) -> None:
    with opened(settings, NOW), dg.DagsterInstance.ephemeral() as instance:
        assert reason(tick(settings, "ledger", instance)) == "nothing is waiting"
        assert reason(tick(settings, "ready_requests", instance)) == "nothing is waiting"


def test_work_that_no_run_gets_done_is_left_until_more_comes(settings: Settings) -> None:
    posted(settings)
    with dg.DagsterInstance.ephemeral() as instance:
        for _ in range(3):
            record(instance, SYNC.name, requested(tick(settings, "ledger", instance)), FAILED)
        given_up = tick(settings, "ledger", instance)
        assert "3 runs left documents in the ledger as they were" in reason(given_up)
        posted(settings, b"<another")
        assert requested(tick(settings, "ledger", instance, given_up.cursor)).run_key


def test_a_tick_changes_nothing(settings: Settings) -> None:
    posted(settings)
    with opened(settings, NOW) as exchange, dg.DagsterInstance.ephemeral() as instance:
        with reading(exchange.engine) as connection:
            before = ledger_hash(connection)
        requested(tick(settings, "ledger", instance))
        with reading(exchange.engine) as connection:
            assert ledger_hash(connection) == before


def test_a_ledger_of_another_schema_is_left_alone(settings: Settings) -> None:
    posted(settings)
    with opened(settings, NOW) as exchange, exchange.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    with dg.DagsterInstance.ephemeral() as instance:
        assert "its schema is not this version's" in reason(tick(settings, "ledger", instance))


def test_a_database_that_does_not_answer_is_said_without_its_address() -> None:
    settings = home_settings(Path("x"), database={"url": "postgresql+psycopg://someone@127.0.0.1:9/ledger"})
    with dg.DagsterInstance.ephemeral() as instance:
        assert reason(tick(settings, "ledger", instance)) == "the ledger cannot be read: OperationalError"


def test_settings_that_cannot_be_used_are_said_and_no_failure() -> None:
    def unreadable() -> Settings:
        raise ConfigurationError("orders.x: there is no such setting")

    with dg.DagsterInstance.ephemeral() as instance:
        for sensor in ledger_sensors(unreadable):
            said = reason(ticks.tick([sensor], sensor.name, instance))
            assert said == "the ledger cannot be read: orders.x: there is no such setting"


def test_a_ready_request_that_a_sync_has_left_is_asked_for(settings: Settings) -> None:
    with opened(settings, NOW) as exchange, dg.DagsterInstance.ephemeral() as instance:
        until_orders(settings, exchange)
        asked = requested(tick(settings, "ready_requests", instance))
        record(instance, SEND_ORDERS.name, asked, UNDER_WAY)
        assert reason(tick(settings, "ready_requests", instance)) == "a sync is under way"


def test_an_order_that_waits_is_asked_for_from_when_sending_is_switched_on(settings: Settings) -> None:
    with opened(settings, NOW) as exchange, dg.DagsterInstance.ephemeral() as instance:
        until_orders(settings, exchange)
        exchange.queue_orders()
        assert reason(tick(settings, "ready_requests", instance)) == "nothing is waiting"
        switch_on(exchange)
        assert requested(tick(settings, "ready_requests", instance)).run_key
        settings.orders.kill_switch.touch()
        assert reason(tick(settings, "ready_requests", instance)) == "nothing is waiting"


def test_where_business_central_sends_the_orders_none_is_asked_for(settings: Settings, tmp_path: Path) -> None:
    with opened(settings, NOW) as exchange, dg.DagsterInstance.ephemeral() as instance:
        until_orders(settings, exchange)
        theirs = home_settings(tmp_path / "home", orders={"sent_by": "bc"})
        assert reason(tick(theirs, "ready_requests", instance)) == "nothing is waiting"
