"""The schedules: when a sync starts by the clock. All are off until somebody turns them on."""

import dagster as dg

from pipelines.jobs import SYNC

HOURLY_SYNC = dg.ScheduleDefinition(
    name="hourly_sync",
    job=SYNC,
    cron_schedule="0 * * * *",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="One batch sync at the start of every hour.",
)
SCHEDULES = (HOURLY_SYNC,)
