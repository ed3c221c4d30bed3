"""What `punchout doctor` finds out about punchout sessions: whether the gateway can open them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from punchout.cli.check import Check
from punchout.cli.errors import understood

if TYPE_CHECKING:
    from resources.settings import Settings

_DOCS = "see docs/punchout.md"


def of_sessions(settings: "Settings") -> Iterator[Check]:
    """Look at what opening a session depends on; where none is opened here there is nothing to look at."""
    if settings.supplier.setup_url is None and not settings.gateway.link_secrets:
        yield Check.okay("sessions", "not set up: punch-out is not opened here")
        return
    if settings.cart.received_by != "pipeline":
        yield Check.warn(
            "sessions",
            f"cart.received_by is {settings.cart.received_by or 'not set'}, so none is opened here",
            'set cart.received_by = "pipeline", or remove supplier.setup_url and gateway.link_secrets',
        )
        return
    yield _opening(settings)
    yield _return_address(settings)


def _opening(settings: "Settings") -> Check:
    """Open everything that a start needs, and ask nobody for a session."""
    from punchout.gateway.starting import link_secrets
    from resources import policies
    from resources.setup_channel import setup_channel

    try:
        channel = setup_channel(settings)
        channel.secret.reveal()
        link_secrets(settings)
        policies.letterhead(settings)
    except Exception as error:
        answer = understood(error)
        if answer is None:
            raise
        return Check.fail("sessions", answer[1], f"complete the settings that are named: {_DOCS}")
    return Check.okay("sessions", f"can be opened; users are sent to {', '.join(channel.hosts)}")


def _return_address(settings: "Settings") -> Check:
    public = settings.gateway.public_url
    if public is None:
        return Check.fail(
            "session return",
            "gateway.public_url is not set",
            "set it: users' browsers bring their carts back to it, and links begin with it",
        )
    if not public.startswith("https:"):
        return Check.warn(
            "session return",
            f"{public} is this machine alone, and browsers warn where a shop's page posts to plain http",
            "set gateway.public_url to an https address that users' browsers reach",
        )
    return Check.okay("session return", f"{public.rstrip('/')}/punchout/return")
