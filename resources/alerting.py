"""Everything that is wrong with an exchange at one moment: what its ledger says, and whether its disk is full."""

import shutil

import sqlalchemy as sa

from punchout.ledger.views.alarms import Alarm, AlarmPolicy, alarms
from punchout.model.moments import HOUR, Micros
from resources import policies
from resources.notifier import Notifier
from resources.settings import Settings

_MINUTE: Micros = HOUR // 60
_GIGABYTE = 1024**3


def standing_alarms(connection: sa.Connection, settings: Settings, now: Micros) -> list[Alarm]:
    """Return all that is wrong at `now`, the most urgent first."""
    stated = settings.alerts
    overdue = stated.sync_overdue_hours
    policy = AlarmPolicy(
        in_doubt_after=stated.in_doubt_minutes * _MINUTE,
        sync_overdue_after=None if overdue is None else overdue * HOUR,
    )
    return [*_disk(settings), *alarms(connection, policies.account(settings), policy, now)]


def unreadable(problem: str) -> Alarm:
    """Return the alarm that nothing else can be told, with the reason why."""
    return Alarm(
        kind="ledger-unreadable",
        urgency="page",
        headline="the ledger cannot be read",
        details=(problem,),
        command="punchout doctor",
    )


def notifier(settings: Settings) -> Notifier:
    """Return what tells people, as the settings say."""
    return Notifier(settings.alerts.channels, settings.alerts.heartbeat)


def place(settings: Settings) -> str:
    """Name the exchange, for whoever looks after several."""
    return f"punchout {settings.company.id}/{settings.supplier.id}"


def _disk(settings: Settings) -> list[Alarm]:
    try:
        free = shutil.disk_usage(settings.home).free
    except OSError as error:
        return [Alarm(kind="disk-full", urgency="page", headline=f"the home folder: {error.strerror}", command="df -h")]
    if free >= settings.alerts.free_gigabytes * _GIGABYTE:
        return []
    headline = f"{free / _GIGABYTE:.1f} GB are free on the disk of the home folder"
    return [Alarm(kind="disk-full", urgency="page", headline=headline, command="df -h")]
