"""The sensors: what is started by an arrival, by what waits in the ledger, by the end of a sync, and by a failure.

They look and ask for runs, no more; what they decide is in `decisions`. All are off until somebody turns them on.
Loading them reads from the settings how the feeds are called; everything else is read in the tick.
"""

from collections.abc import Sequence

import dagster as dg

from pipelines.alert_sensors import alert_sensors
from pipelines.asking import SettingsReader
from pipelines.feed_sensors import feed_sensors
from pipelines.jobs import REPORT, SYNC
from pipelines.ledger_sensors import ledger_sensors
from resources.settings import load_settings

# Somebody waits for the report.
_REPORT_SECONDS = 10


def all_sensors(read_settings: SettingsReader = load_settings) -> Sequence[dg.SensorDefinition]:
    """Return every sensor; settings are read when one ticks, and now for the names of the feeds."""
    return [
        *feed_sensors(read_settings),
        *ledger_sensors(read_settings),
        *report_sensors(),
        *alert_sensors(read_settings),
    ]


def report_sensors() -> list[dg.SensorDefinition]:
    """Return the sensors that write the report at the end of every sync, also of one that failed."""
    ends = {"report_after_sync": dg.DagsterRunStatus.SUCCESS, "report_after_failed_sync": dg.DagsterRunStatus.FAILURE}
    return [_report_sensor(name, status) for name, status in ends.items()]


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
