"""One sync as a recorded Dagster run, in this process: what `punchout sync` and the sandbox call.

It takes the same assets, checks and jobs as every other run; only the resources are opened here, before the run, so
that what is wrong with the settings or the clock comes out as itself.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg

from assets.counts import counts_of
from pipelines.abandoned import PROCESS_TAG, end_abandoned, this_process
from pipelines.definitions import build_definitions
from pipelines.instance import open_instance
from pipelines.jobs import REPORT, SYNC
from pipelines.resources import EXCHANGE, EXPECTATIONS, REPORTING, open_exchange
from punchout.model.moments import Micros, iso_utc
from resources import policies
from resources.expectations import Expectations
from resources.reporting import reporting_on
from resources.settings import Settings

AS_OF_TAG = "punchout/as_of"
# Under this tag the UI lists a run with its job, also one that no daemon has launched.
_REPOSITORY_TAG = ".dagster/repository"
_REPOSITORY = "__repository__@punchout"
# Its own log goes round the redaction of ours. What went wrong is in the outcome, its stack trace in the record.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOutcome:
    """What one sync came to.

    Attributes:
        run_id: of the recorded run, and the name of the sync in the ledger.
        as_of: the moment that everything in it happened at.
        success: whether the sync and its report ended well.
        counts: what it did, by name, as far as it went; a count may itself be one by reason. For `punchout sync
            --json`.
        failed_checks: names of the checks that failed, also of those that do not block.
        failure: what went wrong, one line a step; None where nothing did.
        report: the tracking report, None where it could not be written.
    """

    run_id: str
    as_of: Micros
    success: bool
    counts: Mapping[str, int | Mapping[str, int]]
    failed_checks: tuple[str, ...]
    failure: str | None
    report: Path | None


def run_sync(settings: Settings, as_of: Micros | None) -> SyncOutcome:
    """Run one sync, and its report whatever became of the sync.

    Args:
        settings: how the exchange is set up.
        as_of: the moment that everything happens at; None takes the wall clock.

    Raises:
        ConfigurationError: the settings do not say what is needed.
        ClockRanBackwardsError: `as_of` lies before the last sync's. Nothing was run.
    """
    _check(settings)
    run_id = str(uuid.uuid4())
    exchange = open_exchange(settings, run_id, as_of)
    try:
        with open_instance(settings) as instance:
            end_abandoned(instance)
            resources = {EXCHANGE: exchange, EXPECTATIONS: Expectations()}
            synced = _execute(SYNC.name, instance, resources, exchange.as_of, run_id)
            reporting = reporting_on(exchange.engine, settings, exchange.as_of)
            reported = _execute(REPORT.name, instance, {REPORTING: reporting}, exchange.as_of)
    finally:
        exchange.engine.dispose()
    failures = [*_failures(synced), *_failures(reported)]
    return SyncOutcome(
        run_id=run_id,
        as_of=exchange.as_of,
        success=synced.success and reported.success,
        counts=counts_of(_materializations(synced)),
        failed_checks=tuple(sorted(one.check_name for one in synced.get_asset_check_evaluations() if not one.passed)),
        failure="\n".join(failures) or None,
        report=_report(reported),
    )


def _check(settings: Settings) -> None:
    """Fail before a run is recorded where every run would fail."""
    policies.policies(settings)
    if settings.orders.sent_by == "pipeline":
        policies.letterhead(settings)


@cache
def _job(name: str) -> dg.JobDefinition:
    return build_definitions().resolve_job_def(name)


def _execute(
    job: str, instance: dg.DagsterInstance, resources: Mapping[str, Any], as_of: Micros, run_id: str | None = None
) -> dg.ExecuteInProcessResult:
    return _job(job).execute_in_process(
        run_config=_QUIET,
        instance=instance,
        raise_on_error=False,
        run_id=run_id,
        tags={AS_OF_TAG: iso_utc(as_of), _REPOSITORY_TAG: _REPOSITORY, PROCESS_TAG: this_process()},
        resources=resources,
    )


def _materializations(result: dg.ExecuteInProcessResult) -> list[dg.AssetMaterialization]:
    return [event.materialization for event in result.get_asset_materialization_events()]


def _failures(result: dg.ExecuteInProcessResult) -> list[str]:
    """Return one line for each step that failed, with the error that caused it."""
    lines = []
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            while error is not None and error.cause is not None:
                error = error.cause
            said = "no reason was given" if error is None else error.message.strip()
            lines.append(f"{event.step_key}: {said}")
    if not lines and not result.success:
        lines.append(f"{result.dagster_run.job_name}: the run failed before its first step")
    return lines


def _report(result: dg.ExecuteInProcessResult) -> Path | None:
    for materialization in _materializations(result):
        path = materialization.metadata.get("path")
        if isinstance(path, dg.PathMetadataValue) and path.path is not None:
            return Path(path.path)
    return None
