"""Which mailbox the settings speak of: a folder of this machine, or one of an SFTP server."""

from pathlib import Path
from typing import TYPE_CHECKING

from resources.local_folder import LocalFolder
from resources.mailbox import Mailbox
from resources.settings import Settings
from resources.settings_sections import FeedSettings, SftpSettings

if TYPE_CHECKING:
    from resources.sftp.connection import SftpServer


def feed_mailbox(settings: Settings, feed: FeedSettings, settle_seconds: float | None = None) -> Mailbox:
    """Return the mailbox of a feed; `settle_seconds` stands in for that of the feed."""
    seconds = feed.settle_seconds if settle_seconds is None else settle_seconds
    return _mailbox(settings, feed.path, feed.sftp, seconds)


def updates_mailbox(settings: Settings) -> Mailbox:
    """Return the mailbox that Business Central's updates are delivered to."""
    return _mailbox(settings, settings.business_central.updates_dir, settings.business_central.sftp, 0)


def local_folders(settings: Settings) -> dict[str, Path]:
    """Return the mailboxes that are folders of this machine, by what they are for."""
    named = {f"feed {name}": feed.path for name, feed in sorted(settings.feeds.items()) if feed.sftp is None}
    if settings.business_central.sftp is None:
        named["bc updates"] = settings.business_central.updates_dir
    return named


def sftp_folders(settings: Settings) -> "dict[SftpServer, list[str]]":
    """Return the SFTP servers that mailboxes are on, each with the folders there."""
    bc = settings.business_central
    named = [(feed.sftp, feed.path) for _, feed in sorted(settings.feeds.items())] + [(bc.sftp, bc.updates_dir)]
    found: dict[SftpServer, list[str]] = {}
    for sftp, path in named:
        if sftp is not None:
            found.setdefault(_server(settings, sftp), []).append(path.as_posix())
    return found


def _mailbox(settings: Settings, path: Path, sftp: SftpSettings | None, settle_seconds: float) -> Mailbox:
    if sftp is None:
        return LocalFolder(path, settle_seconds)
    # SSH is not loaded where nothing is far away.
    from resources.sftp.folder import SftpFolder

    return SftpFolder(_server(settings, sftp), path.as_posix(), settle_seconds, sftp.window)


def _server(settings: Settings, sftp: SftpSettings) -> "SftpServer":
    from resources.sftp.connection import SftpServer

    return SftpServer(
        host=sftp.host,
        port=sftp.port,
        user=sftp.user,
        known_hosts=None if sftp.known_hosts is None else settings.home / sftp.known_hosts.expanduser(),
        fingerprint=sftp.fingerprint,
        password=sftp.password,
        private_key=sftp.private_key,
        passphrase=sftp.passphrase,
        timeout=sftp.timeout_seconds,
    )
