"""The ledger's switch for sending orders and its gates, as a person or the sandbox sets them.

What they mean is in `punchout.ledger`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from punchout.cli.errors import CommandError, Exit

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.ledger.sending.epochs import Epoch
    from punchout.model.moments import Micros
    from resources.settings import Settings


_OPENED = "The gate {gate} is open, by {by}: full exports are compared with the last one from here on."


def set_channel(
    settings: "Settings", engine: "sa.Engine", *, on: bool, by: str, reason: str | None, as_of: "Micros | None"
) -> list[str]:
    """Switch sending on or off; returns what to tell.

    Who switches it on says too that this ledger may send, where it is an older copy than the last one that did.

    Raises:
        CommandError: sending cannot be switched on without a cut-over: old requests would be ordered again.
        ClockRanBackwardsError: `as_of` lies before the last sync.
    """
    from punchout.ledger.runs import moment_of
    from resources.exchange import wall_clock
    from resources.policies import epoch_note

    step = channel_step(settings, on=on, by=by, reason=reason)
    with engine.begin() as connection:
        lines, accepted = step(connection, moment_of(connection, as_of, wall_clock()))
    if accepted is not None:
        epoch_note(settings).write(accepted)
    return lines


def channel_step(
    settings: "Settings", *, on: bool, by: str, reason: str | None
) -> "Callable[[sa.Connection, Micros], tuple[list[str], Epoch | None]]":
    """Return what switches sending in a transaction: it gives what to tell, and the epoch to note beside the ledger.

    Raises:
        CommandError: as `set_channel`.
    """
    from punchout.ledger.runs import audit
    from punchout.ledger.sending import epochs
    from punchout.ledger.sending.switches import ORDERS, set_switch
    from resources.policies import epoch_note

    if on and settings.orders.cutover_at is None:
        message = "orders.cutover_at is not set: without it, what was ordered before would be ordered again"
        raise CommandError(message, Exit.CONFIGURATION)
    note = epoch_note(settings)

    def step(connection: "sa.Connection", at: "Micros") -> "tuple[list[str], Epoch | None]":
        set_switch(connection, ORDERS, on=on, by=by, reason=reason, at=at)
        older = epochs.older_than_noted(connection, note) if on else None
        accepted = None if older is None else epochs.accept(connection, note)
        said = "; ".join(filter(None, (reason, older and f"accepted although {older}")))
        audit(connection, at, by, f"outbox {'release' if on else 'hold'}", "channel orders", said or None)
        lines = [f"Sending orders is switched {'on' if on else 'off'} in the ledger, by {by}."]
        if accepted is not None:
            lines.append(f"This ledger may send again although {older}: what waits in it may have left already.")
        if on and not settings.orders.send_enabled:
            lines.append("It is still off in the settings (orders.send_enabled), so nothing leaves yet.")
        return lines, accepted

    return step


def open_gate(
    settings: "Settings", engine: "sa.Engine", gate: str, *, by: str, reason: str | None, as_of: "Micros | None"
) -> str:
    """Accept the last full export, small as it is; returns what to tell.

    Raises:
        CommandError: the gate is open.
        ClockRanBackwardsError: `as_of` lies before the last sync.
    """
    from punchout.ledger.runs import moment_of
    from resources.exchange import wall_clock

    step = gate_step(settings, gate, by=by, reason=reason)
    with engine.begin() as connection:
        return step(connection, moment_of(connection, as_of, wall_clock()))


def gate_step(
    settings: "Settings", gate: str, *, by: str, reason: str | None
) -> "Callable[[sa.Connection, Micros], str]":
    """Return what opens a gate in a transaction, and gives what to tell."""
    from punchout.ledger.runs import audit
    from punchout.ledger.sending.switches import accept_snapshot
    from resources.policies import account

    def step(connection: "sa.Connection", at: "Micros") -> str:
        if not accept_snapshot(connection, account(settings), gate, at):
            message = f"the gate {gate} is open"
            raise CommandError(message)
        audit(connection, at, by, "outbox release", f"gate {gate}", reason)
        return _OPENED.format(gate=gate, by=by)

    return step
