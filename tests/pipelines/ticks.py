"""Ticks of a sensor as the daemon makes them, against a real record of runs. No tests live here."""

from collections.abc import Sequence

import dagster as dg

from pipelines.definitions import build_definitions

UNDER_WAY, FAILED = dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE


def tick(
    sensors: Sequence[dg.SensorDefinition], name: str, instance: dg.DagsterInstance, cursor: str | None = None
) -> dg.SensorResult:
    """Evaluate one sensor of these."""
    (sensor,) = [one for one in sensors if one.name == name]
    result = sensor(dg.build_sensor_context(instance=instance, cursor=cursor))
    assert isinstance(result, dg.SensorResult)
    return result


def requested(result: dg.SensorResult) -> dg.RunRequest:
    """Return the one run that a tick asks for."""
    assert result.run_requests, result.skip_reason
    (request,) = result.run_requests
    return request


def reason(result: dg.SensorResult) -> str:
    """Return why a tick asks for nothing."""
    assert not result.run_requests
    said = result.skip_reason
    return said.skip_message or "" if isinstance(said, dg.SkipReason) else str(said)


def record(instance: dg.DagsterInstance, job: str, request: dg.RunRequest, status: dg.DagsterRunStatus) -> None:
    """Record a run as the daemon does for a request."""
    definition = build_definitions().resolve_job_def(job)
    instance.create_run_for_job(definition, tags={**definition.run_tags, **request.tags}, status=status)
