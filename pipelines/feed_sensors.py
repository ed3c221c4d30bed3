"""One sensor a feed, which starts a sync when files arrive there. Each looks into its own feed and no other.

So a feed that cannot be reached, or that answers slowly, keeps no other waiting. A sync takes in every feed, whichever
asked for it.
"""

import hashlib
import re
from collections.abc import Sequence
from contextlib import closing
from itertools import islice

import dagster as dg

from pipelines.asking import SECONDS_BETWEEN_TICKS, SettingsReader, asked_for
from pipelines.decisions import Batch
from pipelines.jobs import SYNC
from resources.errors import ConfigurationError
from resources.mailbox import Entry, MailboxUnavailable
from resources.mailboxes import feed_mailbox
from resources.settings import DEFAULT_FEEDS, Settings
from resources.settings_sections import FeedSettings

# A tick must end soon; a batch with more files is as good as any.
_MOST_FILES = 2_000
# A tick that does not end is ended after a minute, and while it lasts it takes the place of another sensor's.
_SECONDS_FOR_A_SERVER = 10
_PLAIN = re.compile(r"[A-Za-z0-9_]+", re.ASCII)
_DIGEST_LENGTH = 6


def feed_sensors(read_settings: SettingsReader) -> list[dg.SensorDefinition]:
    """Return a sensor for each feed that the settings name, or for the feeds there are without any.

    Settings that cannot be read now may be mended later: they must not keep everything else from being loaded. What is
    wrong with them is said by every tick.
    """
    return [_feed_sensor(feed, read_settings) for feed in sorted(_names(read_settings))]


def sensor_name(feed: str) -> str:
    """Return what the sensor of a feed is called: always the same, and never like another's.

    Dagster takes letters, digits and `_`. A feed with anything else in its name keeps what it can of it, and is told
    from others by a digest.
    """
    if _PLAIN.fullmatch(feed):
        return f"feed_{feed}"
    digest = hashlib.sha256(feed.encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"feed_{re.sub('[^A-Za-z0-9]', '_', feed)}_{digest}"


def _names(read_settings: SettingsReader) -> Sequence[str]:
    try:
        return list(read_settings().feeds)
    except (ConfigurationError, OSError):
        return DEFAULT_FEEDS


def _feed_sensor(feed: str, read_settings: SettingsReader) -> dg.SensorDefinition:
    name = sensor_name(feed)

    @dg.sensor(
        name=name,
        job=SYNC,
        minimum_interval_seconds=SECONDS_BETWEEN_TICKS,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description=f"Starts one sync for whatever lies in the feed {feed}.",
    )
    def arrivals(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        try:
            settings = read_settings()
            if feed not in settings.feeds:
                return dg.SensorResult(skip_reason=f"the settings name no feed {feed} any more")
            entries = _listed(settings, settings.feeds[feed])
        except (ConfigurationError, MailboxUnavailable) as problem:
            return dg.SensorResult(skip_reason=f"the feed cannot be listed: {problem}")
        return asked_for(context, Batch.of_files(name, entries))

    return arrivals


def _listed(settings: Settings, feed: FeedSettings) -> list[Entry]:
    # How long files must stay as they are is for the sync to see to: a tick has no time to wait.
    with closing(feed_mailbox(settings, _impatient(feed), settle_seconds=0)) as mailbox:
        return list(islice(mailbox.settled(), _MOST_FILES))


def _impatient(feed: FeedSettings) -> FeedSettings:
    if feed.sftp is None:
        return feed
    seconds = min(feed.sftp.timeout_seconds, _SECONDS_FOR_A_SERVER)
    return feed.model_copy(update={"sftp": feed.sftp.model_copy(update={"timeout_seconds": seconds})})
