"""Telling people that something is wrong, by whatever they read: chat, mail, a pager, a webhook; and the heartbeat.

The addresses are Apprise's (`slack://…`, `msteams://…`, `mailto://…`, `json://…`), and each holds a secret, so that the
settings only say where it is. Nothing here raises: a message that cannot be delivered must not fail what it is about.
What is told, and when, is decided by the caller.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from resources.errors import ConfigurationError
from resources.secrets import SecretReference

_HEARTBEAT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Failure:
    """A channel, by the reference to its address, and why nothing went there."""

    channel: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notifier:
    """Delivers messages to every channel.

    Attributes:
        channels: where their addresses are.
        heartbeat: where the address is that is asked for as long as all is well with the scheduler; somebody else
            watches it, since what has died can tell nobody.
    """

    channels: tuple[SecretReference, ...] = ()
    heartbeat: SecretReference | None = None

    def tell(self, title: str, body: str, *, is_over: bool = False) -> Sequence[Failure]:
        """Send a message to every channel; returns those that did not take it."""
        failures = (self._tell_one(channel, title, body, is_over=is_over) for channel in self.channels)
        return [one for one in failures if one is not None]

    def beat(self) -> Failure | None:
        """Show that the scheduler lives; returns why that failed."""
        if self.heartbeat is None:
            return None
        try:
            answer = httpx.get(self.heartbeat.reveal(), timeout=_HEARTBEAT_SECONDS, follow_redirects=False)
        except ConfigurationError as error:
            return Failure(str(self.heartbeat), str(error))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # Without its text, which holds the address.
            return Failure(str(self.heartbeat), type(error).__name__)
        return None if answer.is_success else Failure(str(self.heartbeat), f"HTTP {answer.status_code}")

    def _tell_one(self, channel: SecretReference, title: str, body: str, *, is_over: bool) -> Failure | None:
        import apprise

        try:
            address = channel.reveal()
        except ConfigurationError as error:
            return Failure(str(channel), str(error))
        # It logs an address that it does not know, and that may hold a secret; what matters of it is returned.
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        messenger = apprise.Apprise()
        if not messenger.add(address):
            return Failure(str(channel), "no address that Apprise knows")
        kind = apprise.NotifyType.SUCCESS if is_over else apprise.NotifyType.WARNING
        # Text as it is: what stands in it is nobody's markup.
        taken = messenger.notify(title=title, body=body, notify_type=kind, body_format=apprise.NotifyFormat.TEXT)
        return None if taken else Failure(str(channel), "the message was not taken")
