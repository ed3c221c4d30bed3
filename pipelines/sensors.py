"""The sensors: what is started by an arrival, by the end of a sync, and by a failure.

They list names and ask for runs, no more; what the inbox decides is in `decisions`. Settings are read in the tick, not
when this is loaded. All are off until somebody turns them on.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import TypeAlias

import dagster as dg

from pipelines.decisions import Start, Wait, decide, digest
from pipelines.jobs import REPORT, SYNC
from resources.errors import ConfigurationError
from resources.mailbox import Entry, MailboxUnavailable
from resources.mailboxes import feed_mailbox
from resources.settings import Settings, load_settings

SettingsReader: TypeAlias = Callable[[], Settings]

BATCH_TAG = "punchout/batch"
# A tick must end soon; a batch with more files is as good as any.
_MOST_FILES = 2_000
_SECONDS = 30
# Somebody waits for the report.
_REPORT_SECONDS = 10
_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_WILL_RETRY = "dagster/will_retry"


def all_sensors(read_settings: SettingsReader = load_settings) -> Sequence[dg.SensorDefinition]:
    """Return every sensor; settings are read when one ticks."""
    return [inbox_sensor(read_settings), *report_sensors(), log_run_failure]


def inbox_sensor(read_settings: SettingsReader) -> dg.SensorDefinition:
    """Return the sensor that starts a sync when files arrive in a feed."""

    @dg.sensor(
        name="inbox",
        job=SYNC,
        minimum_interval_seconds=_SECONDS,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Starts one sync for whatever lies in the feeds.",
    )
    def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        try:
            listing = list(islice(_listing(read_settings()), _MOST_FILES))
        except (ConfigurationError, MailboxUnavailable) as problem:
            return dg.SensorResult(skip_reason=f"the feeds cannot be listed: {problem}")
        return _asked_for(context, listing)

    return inbox


def report_sensors() -> list[dg.SensorDefinition]:
    """Return the sensors that write the report at the end of every sync, also of one that failed."""
    ends = {"report_after_sync": dg.DagsterRunStatus.SUCCESS, "report_after_failed_sync": dg.DagsterRunStatus.FAILURE}
    return [_report_sensor(name, status) for name, status in ends.items()]


@dg.run_failure_sensor(
    name="log_run_failure",
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Logs every run that failed for good.",
)
def log_run_failure(context: dg.RunFailureSensorContext) -> None:
    """Log which run failed, and in which steps."""
    run = context.dagster_run
    if run.tags.get(_WILL_RETRY) == "true":
        return
    steps = [event.step_key for event in context.get_step_failure_events() if event.step_key]
    context.log.error("run %s of job %s failed in: %s", run.run_id, run.job_name, ", ".join(steps) or "no step")


def _report_sensor(name: str, status: dg.DagsterRunStatus) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        run_status=status,
        monitored_jobs=[SYNC],
        request_job=REPORT,
        minimum_interval_seconds=_REPORT_SECONDS,
        name=name,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Writes the report when a sync has ended.",
    )
    def report(context: dg.RunStatusSensorContext) -> dg.RunRequest:
        return dg.RunRequest(run_key=f"report:{context.dagster_run.run_id}")

    return report


def _listing(settings: Settings) -> Iterator[tuple[str, Entry]]:
    for name, feed in sorted(settings.feeds.items()):
        # How long files must stay as they are is for the sync to see to: a tick has no time to wait.
        with closing(feed_mailbox(settings, feed, settle_seconds=0)) as mailbox:
            for entry in mailbox.settled():
                yield name, entry


def _asked_for(context: dg.SensorEvaluationContext, listing: Sequence[tuple[str, Entry]]) -> dg.SensorResult:
    batch = digest(listing)
    if batch is not None and batch == context.cursor:
        return dg.SensorResult(skip_reason="the feeds have not changed since their last run")
    decision = decide(batch, len(listing), _attempts(context, batch), is_running=_is_running(context, batch))
    match decision:
        case Start():
            tags = {BATCH_TAG: decision.batch}
            return dg.SensorResult(run_requests=[dg.RunRequest(run_key=decision.run_key, tags=tags)])
        case Wait():
            # Only saves asking the run storage again: without the cursor the answer would be the same.
            cursor = batch if decision.is_final else None
            return dg.SensorResult(skip_reason=decision.reason, cursor=cursor)


def _attempts(context: dg.SensorEvaluationContext, batch: str | None) -> int:
    if batch is None:
        return 0
    return context.instance.get_runs_count(dg.RunsFilter(job_name=SYNC.name, tags={BATCH_TAG: batch}))


def _is_running(context: dg.SensorEvaluationContext, batch: str | None) -> bool:
    if batch is None:
        return False
    return context.instance.get_runs_count(dg.RunsFilter(job_name=SYNC.name, statuses=_UNDER_WAY)) > 0
