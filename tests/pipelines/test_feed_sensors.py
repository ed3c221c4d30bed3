"""Ticks of the feeds' sensors, against real folders and servers and a real record of runs."""

import socket
import time
from pathlib import Path

import dagster as dg
import pytest

from pipelines import feed_sensors as module
from pipelines.asking import BATCH_TAG
from pipelines.definitions import build_definitions
from pipelines.feed_sensors import feed_sensors, sensor_name
from pipelines.jobs import SEND_ORDERS, SYNC
from resources.errors import ConfigurationError
from resources.settings import Settings
from tests.pipelines import ticks
from tests.pipelines.ticks import FAILED, UNDER_WAY, reason, record, requested
from tests.support.exchange_home import drop, home_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = home_settings(tmp_path / "home")
    for feed in settings.feeds.values():
        feed.path.mkdir(parents=True)
    return settings


def tick(
    settings: Settings, instance: dg.DagsterInstance, feed: str = "cxml", cursor: str | None = None
) -> dg.SensorResult:
    return ticks.tick(feed_sensors(lambda: settings), f"feed_{feed}", instance, cursor)


def test_files_are_asked_for_once_however_many_they_are(settings: Settings) -> None:
    for number in range(3):
        drop(settings, "cxml", f"{number}.xml", b"<x/>")
    with dg.DagsterInstance.ephemeral() as instance:
        request = requested(tick(settings, instance))
    assert request.run_key == f"feed_cxml:{request.tags[BATCH_TAG]}:1"


def test_an_empty_feed_asks_for_nothing_whatever_lies_in_another(settings: Settings) -> None:
    drop(settings, "bc_orders", "o.json", b"{}")
    with dg.DagsterInstance.ephemeral() as instance:
        assert reason(tick(settings, instance)) == "nothing is waiting"
        assert requested(tick(settings, instance, "bc_orders")).run_key


@pytest.mark.parametrize("job", [SYNC.name, SEND_ORDERS.name])
def test_while_a_run_writes_nothing_is_asked_for(settings: Settings, job: str) -> None:
    drop(settings, "cxml", "a.xml", b"<x/>")
    with dg.DagsterInstance.ephemeral() as instance:
        record(instance, job, requested(tick(settings, instance)), UNDER_WAY)
        assert reason(tick(settings, instance)) == "a sync is under way"


def test_two_feeds_that_fill_at_once_are_taken_by_one_sync(settings: Settings) -> None:
    drop(settings, "cxml", "a.xml", b"<x/>")
    drop(settings, "bc_orders", "o.json", b"{}")
    with dg.DagsterInstance.ephemeral() as instance:
        record(instance, SYNC.name, requested(tick(settings, instance)), dg.DagsterRunStatus.NOT_STARTED)
        assert reason(tick(settings, instance, "bc_orders")) == "a sync is under way"


def test_two_ticks_of_one_moment_ask_for_the_same_run(settings: Settings) -> None:
    drop(settings, "cxml", "a.xml", b"<x/>")
    with dg.DagsterInstance.ephemeral() as instance:
        first, second = (requested(tick(settings, instance)) for _ in range(2))
    assert first.run_key == second.run_key


def test_what_a_failed_run_left_is_asked_for_under_another_key(settings: Settings) -> None:
    drop(settings, "cxml", "a.xml", b"<x/>")
    with dg.DagsterInstance.ephemeral() as instance:
        first = requested(tick(settings, instance))
        record(instance, SYNC.name, first, FAILED)
        second = requested(tick(settings, instance))
    assert first.tags == second.tags
    assert first.run_key != second.run_key


def test_what_nobody_can_take_is_left_until_the_feed_changes(settings: Settings) -> None:
    drop(settings, "cxml", "a.xml", b"<x/>")
    with dg.DagsterInstance.ephemeral() as instance:
        for _ in range(3):
            record(instance, SYNC.name, requested(tick(settings, instance)), FAILED)
        given_up = tick(settings, instance)
        assert "3 runs left 1 files in the feed as they were" in reason(given_up)
        # With the cursor and without it: it only saves the question.
        assert not tick(settings, instance, cursor=given_up.cursor).run_requests
        drop(settings, "cxml", "b.xml", b"<x/>")
        assert requested(tick(settings, instance, cursor=given_up.cursor)).run_key


def test_a_feed_that_nobody_can_take_from_keeps_no_other_waiting(settings: Settings) -> None:
    drop(settings, "cxml", "a.xml", b"<x/>")
    with dg.DagsterInstance.ephemeral() as instance:
        for _ in range(3):
            record(instance, SYNC.name, requested(tick(settings, instance)), FAILED)
        drop(settings, "bc_orders", "o.json", b"{}")
        assert requested(tick(settings, instance, "bc_orders")).run_key


def test_a_feed_that_is_not_there_is_said_and_stops_no_other(settings: Settings) -> None:
    settings.feeds["cxml"].path.rmdir()
    drop(settings, "bc_orders", "o.json", b"{}")
    with dg.DagsterInstance.ephemeral() as instance:
        assert "cannot be opened" in reason(tick(settings, instance))
        assert requested(tick(settings, instance, "bc_orders")).run_key


def test_a_server_that_is_silent_is_given_up_before_the_tick_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SILENT_PASSWORD", "x")
    monkeypatch.setattr(module, "_SECONDS_FOR_A_SERVER", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = {
            "host": "127.0.0.1",
            "port": silent.getsockname()[1],
            "user": "u",
            "fingerprint": f"SHA256:{'x' * 43}",
        }
        far = {"path": "/", "sftp": {**server, "password": "env:SILENT_PASSWORD"}}
        started = time.monotonic()
        with dg.DagsterInstance.ephemeral() as instance:
            said = reason(tick(home_settings(tmp_path, feeds={"cxml": far}), instance))
    assert "the feed cannot be listed: " in said
    assert time.monotonic() - started < 10


def test_settings_that_cannot_be_used_are_said_and_no_failure() -> None:
    def unreadable() -> Settings:
        raise ConfigurationError("orders.x: there is no such setting")

    sensors = feed_sensors(unreadable)
    assert [sensor.name for sensor in sensors] == ["feed_bc_orders", "feed_bc_requests", "feed_cxml"]
    with dg.DagsterInstance.ephemeral() as instance:
        said = reason(ticks.tick(sensors, "feed_cxml", instance))
    assert said == "the feed cannot be listed: orders.x: there is no such setting"


def test_a_feed_that_the_settings_no_longer_name_asks_for_nothing(settings: Settings) -> None:
    known = [settings]
    sensors = feed_sensors(lambda: known[0])
    known[0] = settings.model_copy(update={"feeds": {}})
    with dg.DagsterInstance.ephemeral() as instance:
        assert reason(ticks.tick(sensors, "feed_cxml", instance)) == "the settings name no feed cxml any more"


def test_a_sensor_is_called_after_its_feed_whatever_that_is_called(tmp_path: Path) -> None:
    names = ("amazon-eu", "amazon eu", "amazon.eu", "überall", "amazon_eu")
    feeds = {name: {"path": "x", "content": "cxml"} for name in names}
    definitions = build_definitions(settings=home_settings(tmp_path, feeds=feeds))
    dg.Definitions.validate_loadable(definitions)
    found = {sensor.name for sensor in definitions.sensors or ()}
    assert {sensor_name(name) for name in names} <= found
    assert len({sensor_name(name) for name in names}) == len(names)
    assert sensor_name("amazon_eu") == "feed_amazon_eu"
