"""Ticks of the sensors that look at runs: at the end of every sync, and at every failure."""

import dagster as dg
import pytest

from pipelines.alert_sensors import RUN_FAILURES, alert_sensors
from pipelines.jobs import REPORT
from pipelines.sensors import report_sensors
from resources.errors import ConfigurationError
from resources.settings import Settings


def unreadable() -> Settings:
    raise ConfigurationError("there are none")


(LOG_RUN_FAILURE,) = [one for one in alert_sensors(unreadable) if one.name == RUN_FAILURES]


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
            sensor_name=RUN_FAILURES, dagster_instance=instance, dagster_run=run, dagster_event=event
        )
        capfd.readouterr()
        LOG_RUN_FAILURE(context.for_run_failure())
    assert f"run {run.run_id} of job {run.job_name} failed in: breaks" in capfd.readouterr().err


def test_a_run_that_will_be_retried_is_not_logged(capfd: pytest.CaptureFixture[str]) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run, event = failed_sync(instance)
        retried = run.with_tags({**run.tags, "dagster/will_retry": "true"})
        context = dg.build_run_status_sensor_context(
            sensor_name=RUN_FAILURES, dagster_instance=instance, dagster_run=retried, dagster_event=event
        )
        capfd.readouterr()
        LOG_RUN_FAILURE(context.for_run_failure())
    assert capfd.readouterr().err == ""
