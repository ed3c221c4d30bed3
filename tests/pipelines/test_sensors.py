"""Ticks of the sensors, against real folders and a real record of runs."""

from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import build_definitions
from pipelines.jobs import REPORT, SYNC
from pipelines.sensors import BATCH_TAG, inbox_sensor, log_run_failure, report_sensors
from resources.errors import ConfigurationError
from resources.settings import Settings
from tests.support.exchange_home import drop, home_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = home_settings(tmp_path / "home")
    for feed in settings.feeds.values():
        feed.path.mkdir(parents=True)
    return settings


def tick(settings: Settings, instance: dg.DagsterInstance, cursor: str | None = None) -> dg.SensorResult:
    context = dg.build_sensor_context(instance=instance, cursor=cursor)
    result = inbox_sensor(lambda: settings)(context)
    assert isinstance(result, dg.SensorResult)
    return result


def run_of(instance: dg.DagsterInstance, request: dg.RunRequest, status: dg.DagsterRunStatus) -> None:
    """Records a run as the daemon does for a request."""
    job = build_definitions().resolve_job_def(SYNC.name)
    instance.create_run_for_job(job, tags=request.tags, status=status)


def requested(result: dg.SensorResult) -> dg.RunRequest:
    assert result.run_requests
    (request,) = result.run_requests
    return request


def test_files_are_asked_for_once_however_many_they_are(settings: Settings) -> None:
    for number in range(3):
        drop(settings, "cxml", f"{number}.xml", b"<x/>")
    drop(settings, "bc_orders", "o.json", b"{}")
    with dg.DagsterInstance.ephemeral() as instance:
        request = requested(tick(settings, instance))
    assert request.run_key == f"inbox:{request.tags[BATCH_TAG]}:1"


def test_empty_feeds_ask_for_nothing(settings: Settings) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = tick(settings, instance)
    assert not result.run_requests
    assert result.skip_reason == dg.SkipReason("nothing lies in the feeds")


def test_while_a_sync_is_under_way_nothing_is_asked_for(settings: Settings) -> None:
    drop(settings, "cxml", "a.xml", b"<x/>")
    with dg.DagsterInstance.ephemeral() as instance:
        run_of(instance, requested(tick(settings, instance)), dg.DagsterRunStatus.STARTED)
        assert tick(settings, instance).skip_reason == dg.SkipReason("a sync is under way")


def test_what_a_failed_run_left_is_asked_for_under_another_key(settings: Settings) -> None:
    drop(settings, "cxml", "a.xml", b"<x/>")
    with dg.DagsterInstance.ephemeral() as instance:
        first = requested(tick(settings, instance))
        run_of(instance, first, dg.DagsterRunStatus.FAILURE)
        second = requested(tick(settings, instance))
    assert first.tags == second.tags
    assert first.run_key != second.run_key


def test_what_nobody_can_take_is_left_until_the_feeds_change(settings: Settings) -> None:
    drop(settings, "cxml", "a.xml", b"<x/>")
    with dg.DagsterInstance.ephemeral() as instance:
        for _ in range(3):
            run_of(instance, requested(tick(settings, instance)), dg.DagsterRunStatus.FAILURE)
        given_up = tick(settings, instance)
        assert not given_up.run_requests
        # With the cursor and without it: it only saves the question.
        assert not tick(settings, instance, given_up.cursor).run_requests
        drop(settings, "cxml", "b.xml", b"<x/>")
        assert requested(tick(settings, instance, given_up.cursor)).run_key


def test_a_feed_that_is_not_there_is_said_and_no_failure(settings: Settings) -> None:
    settings.feeds["cxml"].path.rmdir()
    with dg.DagsterInstance.ephemeral() as instance:
        result = tick(settings, instance)
    assert isinstance(result.skip_reason, dg.SkipReason)
    assert "cannot be opened" in str(result.skip_reason.skip_message)


def test_settings_that_cannot_be_used_are_said_and_no_failure() -> None:
    def unreadable() -> Settings:
        raise ConfigurationError("orders.x: there is no such setting")

    with dg.DagsterInstance.ephemeral() as instance:
        result = inbox_sensor(unreadable)(dg.build_sensor_context(instance=instance))
    assert isinstance(result, dg.SensorResult)
    assert result.skip_reason == dg.SkipReason("the feeds cannot be listed: orders.x: there is no such setting")


def failed_sync(instance: dg.DagsterInstance) -> tuple[dg.DagsterRun, dg.DagsterEvent]:
    @dg.asset
    def breaks() -> None:
        raise RuntimeError("broken")

    result = dg.materialize([breaks], instance=instance, raise_on_error=False)
    return result.dagster_run, result.get_run_failure_event()


@pytest.mark.parametrize("sensor", report_sensors(), ids=lambda sensor: sensor.name)
def test_the_end_of_a_sync_asks_for_a_report(sensor: dg.SensorDefinition) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run, event = failed_sync(instance)
        context = dg.build_run_status_sensor_context(
            sensor_name=sensor.name, dagster_instance=instance, dagster_run=run, dagster_event=event
        )
        request = sensor(context)
    assert isinstance(request, dg.RunRequest)
    assert request.run_key == f"report:{run.run_id}"
    assert [target.job_name for target in sensor.targets] == [REPORT.name]


def test_a_failed_run_is_logged_with_its_steps(capfd: pytest.CaptureFixture[str]) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run, event = failed_sync(instance)
        context = dg.build_run_status_sensor_context(
            sensor_name="log_run_failure", dagster_instance=instance, dagster_run=run, dagster_event=event
        )
        capfd.readouterr()
        log_run_failure(context.for_run_failure())
    assert f"run {run.run_id} of job {run.job_name} failed in: breaks" in capfd.readouterr().err


def test_a_run_that_will_be_retried_is_not_logged(capfd: pytest.CaptureFixture[str]) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run, event = failed_sync(instance)
        retried = run.with_tags({**run.tags, "dagster/will_retry": "true"})
        context = dg.build_run_status_sensor_context(
            sensor_name="log_run_failure", dagster_instance=instance, dagster_run=retried, dagster_event=event
        )
        capfd.readouterr()
        log_run_failure(context.for_run_failure())
    assert capfd.readouterr().err == ""
