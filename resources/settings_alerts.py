"""Who is told that something is wrong, and what counts as wrong. How it is told is `resources.notifier`."""

from pydantic import Field, NonNegativeInt, PositiveInt

from resources.secrets import SecretReference
from resources.settings_sections import Section


class AlertSettings(Section):
    """Alerts, told by the sensor `alerts` of the Dagster daemon."""

    channels: tuple[SecretReference, ...] = Field(
        default=(), description="addresses of chat, mail, pager or webhook, as Apprise writes them"
    )
    heartbeat: SecretReference | None = Field(
        default=None, description="an address that is asked for while the scheduler lives, watched by somebody else"
    )
    in_doubt_minutes: NonNegativeInt = Field(default=30, description="how long an order may be in doubt")
    sync_overdue_hours: PositiveInt | None = Field(default=None, description="how long no sync may have begun")
    free_gigabytes: NonNegativeInt = Field(default=2, description="how much of the home folder's disk must be free")
    repeat_hours: PositiveInt = Field(default=4, description="how soon what should wake somebody is told again")
