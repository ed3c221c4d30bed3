"""The ledger's switch for sending orders, as a person or the sandbox sets it. What it means is in `punchout.ledger`."""

from typing import TYPE_CHECKING

from punchout.cli.errors import CommandError, Exit

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.model.moments import Micros
    from resources.settings import Settings


def set_channel(
    settings: "Settings", engine: "sa.Engine", *, on: bool, by: str, reason: str | None, as_of: "Micros | None"
) -> list[str]:
    """Switch sending on or off; returns what to tell.

    Raises:
        CommandError: sending cannot be switched on without a cut-over: old requests would be ordered again.
    """
    from punchout.ledger.runs import audit, last_as_of
    from punchout.ledger.switches import ORDERS, set_switch
    from resources.exchange import wall_clock

    if on and settings.orders.cutover_at is None:
        message = "orders.cutover_at is not set: without it, what was ordered before would be ordered again"
        raise CommandError(message, Exit.CONFIGURATION)
    with engine.begin() as connection:
        at = max(wall_clock(), last_as_of(connection) or 0) if as_of is None else as_of
        set_switch(connection, ORDERS, on=on, by=by, reason=reason, at=at)
        audit(connection, at, by, f"outbox {'release' if on else 'hold'}", "channel orders", reason)
    lines = [f"Sending orders is switched {'on' if on else 'off'} in the ledger, by {by}."]
    if on and not settings.orders.send_enabled:
        lines.append("It is still off in the settings (orders.send_enabled), so nothing leaves yet.")
    return lines
