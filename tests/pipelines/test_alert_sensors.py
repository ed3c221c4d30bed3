"""Ticks of the sensors that tell people, over real ledgers and sockets."""

import json
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.alert_sensors import ALERTS, RUN_FAILURES, alert_sensors
from punchout.ledger.documents.receive import Arrival, receive
from resources.settings import Settings
from tests.pipelines import ticks
from tests.pipelines.ticks import reason
from tests.resources.suppliers import Server, answers
from tests.support.exchange_home import at, home_settings, opened

NOW = at("2026-03-02T19:00:00Z")
OK = answers(b"")
BROKEN = answers(b"", "503 Service Unavailable")


@pytest.fixture
def chat() -> Iterator[Server]:
    """A channel that takes every message."""
    with Server(OK) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chat: Server) -> Settings:
    """Settings by which that channel is told."""
    return telling(tmp_path, monkeypatch, chat)


def telling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chat: Server) -> Settings:
    """Give settings by which a channel is told."""
    monkeypatch.setenv("CHAT", f"json://127.0.0.1:{chat.port}/")
    alerts = {"channels": ["env:CHAT"], "free_gigabytes": 0}
    return home_settings(tmp_path / "home", alerts=alerts)


def tick(settings: Settings, instance: dg.DagsterInstance, cursor: str | None = None) -> dg.SensorResult:
    """Evaluate the sensor once."""
    return ticks.tick(alert_sensors(lambda: settings), ALERTS, instance, cursor)


def refused(settings: Settings) -> None:
    """Have a document refused."""
    with opened(settings, NOW) as exchange:
        with exchange.engine.begin() as connection:
            receive(connection, [Arrival(exchange.account, "cxml", "gateway", "posted", b"<cXML")], NOW)
        exchange.parse()


def told(chat: Server) -> list[str]:
    """Give the titles that arrived."""
    return [json.loads(body)["title"] for body in chat.bodies]


def test_what_is_wrong_is_told_once(settings: Settings, chat: Server) -> None:
    refused(settings)
    with dg.DagsterInstance.ephemeral() as instance:
        first = tick(settings, instance)
        second = tick(settings, instance, first.cursor)
    assert [title.partition(": ")[2] for title in told(chat)] == ["1 document refused: XML_REJECTED"]
    assert reason(first) == "wrong: 1, told now: 1"
    assert reason(second) == "wrong: 1, told now: 0"


def test_nothing_is_told_where_nothing_is_wrong(settings: Settings, chat: Server) -> None:
    with opened(settings, NOW), dg.DagsterInstance.ephemeral() as instance:
        assert reason(tick(settings, instance)) == "nothing is wrong"
    assert told(chat) == []


def test_a_ledger_that_cannot_be_read_is_told_of(settings: Settings, chat: Server) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        tick(settings, instance)
    assert [title.partition(": ")[2] for title in told(chat)] == ["the ledger cannot be read"]


def test_a_message_that_no_channel_took_is_told_with_the_next_tick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chat: Server
) -> None:
    with Server(BROKEN) as broken, dg.DagsterInstance.ephemeral() as instance:
        settings = telling(tmp_path, monkeypatch, broken)
        refused(settings)
        first = tick(settings, instance)
        again = telling(tmp_path, monkeypatch, chat)
        tick(again, instance, first.cursor)
    assert len(broken.received) == 1
    assert len(told(chat)) == 1


def test_what_was_wrong_before_there_was_a_channel_is_told_once_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chat: Server
) -> None:
    nobody = home_settings(tmp_path / "home", alerts={"free_gigabytes": 0})
    refused(nobody)
    with dg.DagsterInstance.ephemeral() as instance:
        first = tick(nobody, instance)
        assert reason(first) == "wrong: 1, told now: 0"
        tick(telling(tmp_path, monkeypatch, chat), instance, first.cursor)
    assert len(told(chat)) == 1


def test_a_run_that_failed_for_good_is_told_of_with_its_steps(settings: Settings, chat: Server) -> None:
    @dg.asset
    def breaks() -> None:
        raise RuntimeError("a secret")

    (sensor,) = [one for one in alert_sensors(lambda: settings) if one.name == RUN_FAILURES]
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([breaks], instance=instance, raise_on_error=False)
        context = dg.build_run_status_sensor_context(
            sensor_name=RUN_FAILURES,
            dagster_instance=instance,
            dagster_run=result.dagster_run,
            dagster_event=result.get_run_failure_event(),
        )
        sensor(context.for_run_failure())
    (body,) = chat.bodies
    message = json.loads(body)["message"]
    assert "Failed in: breaks" in message
    assert "a secret" not in message
