"""The sensors that tell people: of what is wrong in the ledger, of its end, and of runs that failed for good.

They start nothing. What counts as wrong is `punchout.ledger.views.alarms`, when it is told is `alert_decisions`, how is
`resources.notifier`. A message that is not taken is logged and tried again with the next tick; it fails nothing.
"""

from collections.abc import Sequence

import dagster as dg

from pipelines.alert_decisions import Notice, decide_notices, from_cursor, to_cursor
from pipelines.asking import SettingsReader
from pipelines.ledger_sensors import LedgerUnreadable, readable_ledger
from punchout.ledger.views.alarms import Alarm
from punchout.model.moments import HOUR
from resources.alerting import notifier, place, standing_alarms, unreadable
from resources.errors import ConfigurationError
from resources.exchange import wall_clock
from resources.notifier import Notifier
from resources.settings import Settings

ALERTS = "alerts"
RUN_FAILURES = "log_run_failure"
_SECONDS_BETWEEN_LOOKS = 60
_WILL_RETRY = "dagster/will_retry"


def alert_sensors(read_settings: SettingsReader) -> list[dg.SensorDefinition]:
    """Return the sensors that tell people."""
    return [_alerts(read_settings), _run_failures(read_settings)]


def _alerts(read_settings: SettingsReader) -> dg.SensorDefinition:
    @dg.sensor(
        name=ALERTS,
        minimum_interval_seconds=_SECONDS_BETWEEN_LOOKS,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Tells the channels of the settings what is wrong, once, and when it is over; sends the heartbeat.",
    )
    def alerts(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        try:
            settings = read_settings()
        except ConfigurationError as problem:
            return dg.SensorResult(skip_reason=f"the settings cannot be read: {problem}")
        tell, now = notifier(settings), wall_clock()
        wrong, told = _standing(settings, now), from_cursor(context.cursor)
        notices = decide_notices(wrong, told, now, settings.alerts.repeat_hours * HOUR, place(settings))
        after, untold = dict(notices.told), 0
        for key, notice in notices.due:
            if not _told(context, tell, notice):
                # As if it had not been decided: the next tick decides the same.
                after.pop(key, None)
                after |= {key: told[key]} if key in told else {}
                untold += 1
        beaten = tell.beat()
        if beaten is not None:
            context.log.warning("the heartbeat %s was not taken: %s", beaten.channel, beaten.reason)
        reason = f"wrong: {len(wrong)}, told now: {len(notices.due) - untold}" if wrong else "nothing is wrong"
        return dg.SensorResult(skip_reason=reason, cursor=to_cursor(after))

    return alerts


def _run_failures(read_settings: SettingsReader) -> dg.SensorDefinition:
    @dg.run_failure_sensor(
        name=RUN_FAILURES,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Logs every run that failed for good, and tells the channels of the settings.",
    )
    def run_failures(context: dg.RunFailureSensorContext) -> None:
        run = context.dagster_run
        if run.tags.get(_WILL_RETRY) == "true":
            return
        steps = [event.step_key for event in context.get_step_failure_events() if event.step_key]
        where = ", ".join(steps) or "no step"
        context.log.error("run %s of job %s failed in: %s", run.run_id, run.job_name, where)
        try:
            settings = read_settings()
        except ConfigurationError as problem:
            context.log.warning("nobody was told: %s", problem)
            return
        body = f"Failed in: {where}\nRun: {run.run_id}\nRead: docs/runbook.md, run-failed"
        _told(context, notifier(settings), Notice(f"{place(settings)}: job {run.job_name} failed", body))

    return run_failures


def _standing(settings: Settings, now: int) -> Sequence[Alarm]:
    try:
        with readable_ledger(settings) as connection:
            return standing_alarms(connection, settings, now)
    except (ConfigurationError, LedgerUnreadable) as problem:
        return [unreadable(str(problem))]


def _told(context: dg.SensorEvaluationContext | dg.RunFailureSensorContext, tell: Notifier, notice: Notice) -> bool:
    """Tell the channels; false where none of them took it, or where there is none yet."""
    failures = tell.tell(notice.title, notice.body, is_over=notice.is_over)
    for failure in failures:
        context.log.warning("%s was not told: %s", failure.channel, failure.reason)
    return len(failures) < len(tell.channels)
