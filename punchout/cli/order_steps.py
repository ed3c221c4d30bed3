"""The steps of `punchout outbox` that hold orders, let them go and settle them: rehearsed, or done and told.

Which options there are is `outbox`; what a step means is `punchout.ledger.sending`.
"""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import typer

from punchout.cli import acting
from punchout.cli.console import say
from punchout.cli.errors import CommandError
from punchout.cli.opening import ask_first, settings, to_read, to_write
from punchout.cli.order_view import in_words, tell
from punchout.cli.rehearsing import rehearsed

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.ledger.sending.outbox import OutboxOrder
    from punchout.model.moments import Micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a person says: who, when, why, whether they need not be asked, and whether it is only to be foretold."""

    by: str
    at: "Micros | None"
    reason: str | None
    yes: bool = False
    dry_run: bool = False


def move_order(step: Literal["hold", "release"], order: str, word: Word) -> None:
    """Hold one order that has not left, or let it go.

    Raises:
        NotPossibleError: there is no such order, or its state does not allow it.
    """
    from punchout.ledger.sending.outbox import move, one, orders

    def moved(connection: "sa.Connection", at: "Micros") -> "OutboxOrder":
        found = one(orders(connection, identifier=order), order)
        move(connection, found, step, word.by, at, word.reason)
        return one(orders(connection, identifier=found.payload_id), found.payload_id)

    configured = settings()
    if word.dry_run:
        then = rehearsed(configured, moved, word.at)
        say(f"Would {step} order {in_words(then)}, by {word.by}: it would be {then.state}.")
        return
    with to_write(configured) as engine:
        acting.begin(configured, engine, f"outbox {step}", word.at, moved).finish(order=order)
        with engine.begin() as connection:
            now = one(orders(connection, identifier=order), order)
    tell(now.order_id, now.state, now.reason)


def switch_channel(step: Literal["hold", "release"], word: Word) -> None:
    """Switch the sending of all orders off or on.

    Raises:
        CommandError: it cannot be switched on without a cut-over, or whoever was asked said no.
    """
    from punchout.cli.channel import channel_step, set_channel

    configured, is_on = settings(), step == "release"
    if word.dry_run:
        lines, _ = rehearsed(configured, channel_step(configured, on=is_on, by=word.by, reason=word.reason), word.at)
        say(f"Would {step} all orders (the switch of the channel), by {word.by}.", *lines[1:])
        return
    if is_on:
        ask_first(lambda: "This lets every order leave that is ready.", yes=word.yes)
    with to_write(configured) as engine:
        say(*set_channel(configured, engine, on=is_on, by=word.by, reason=word.reason, as_of=word.at))


def accept_export(gate: str, word: Word) -> None:
    """Open a gate that an export has shut.

    Raises:
        CommandError: it is open, or whoever was asked said no.
    """
    from punchout.cli.channel import gate_step, open_gate

    configured = settings()
    if word.dry_run:
        rehearsed(configured, gate_step(configured, gate, by=word.by, reason=word.reason), word.at)
        say(f"Would accept the last full export and open the gate {gate}, by {word.by}.")
        return
    ask_first(lambda: f"This accepts the last full export as it is, and opens the gate {gate}.", yes=word.yes)
    with to_write(configured) as engine:
        say(open_gate(configured, engine, gate, by=word.by, reason=word.reason, as_of=word.at))


def settle_order(order: str, outcome: Literal["sent", "pending", "cancelled"], word: Word, *, sure: bool) -> None:
    """Settle an order in doubt.

    Raises:
        NotPossibleError: there is no such order, or it is not in doubt.
        CommandError: whoever was asked did not confirm it.
    """
    from punchout.ledger.errors import NotPossibleError
    from punchout.ledger.sending.outbox import one, orders, settle

    evidence = word.reason or ""

    def settled(connection: "sa.Connection", at: "Micros") -> "OutboxOrder":
        found = one(orders(connection, identifier=order), order)
        settle(connection, found, outcome, word.by, evidence, at)
        return found

    configured = settings()
    if word.dry_run:
        found = rehearsed(configured, settled, word.at)
        say(f"Would settle order {in_words(found)} as {outcome}, by {word.by}: {evidence}")
        return
    with to_read(configured) as connection:
        found = one(orders(connection, identifier=order), order)
    if found.state != "in_doubt":
        raise NotPossibleError(f"order {found.order_id} is {found.state}; only an order in doubt can be resolved")
    # What can make the order leave a second time is asked with its number.
    if outcome == "pending":
        confirm(found, "send again", sure=sure)
    elif outcome == "cancelled":
        ask_first(lambda: f"This gives up order {in_words(found)} for good.", yes=word.yes)
    with to_write(configured) as engine:
        acting.begin(configured, engine, "outbox resolve", word.at, settled).finish(order=order)
    tell(found.order_id, outcome, f"{word.by}: {evidence}")


def confirm(found: "OutboxOrder", what: str, *, sure: bool) -> None:
    """Have the purchase order's number typed.

    Raises:
        CommandError: it was not typed, or nobody is there to type it.
    """
    if sure:
        return
    if not sys.stdin.isatty():
        raise CommandError(f"nobody is there to confirm; --yes-really-order would {what} order {found.order_id}")
    say(f"This would {what} order {in_words(found)}.")
    typed: str = typer.prompt("Type the purchase order's number", default="", show_default=False, err=True)
    if typed.strip() != found.order_id:
        raise CommandError("that is another number; nothing was done")
