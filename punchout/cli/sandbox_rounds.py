"""The rounds of a sandbox run: move the stand-ins' clock, sync, do what their operator does, compare with their oracle.

How far it has come is noted after every step, so that a run that was cut short goes on where it was: a round's sync is
not repeated once the operator's part has begun, since by then its outcome would be another.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from punchout.cli.console import say
from punchout.cli.errors import CommandError, Exit, understood
from punchout.cli.sandbox_child import SandboxChild
from punchout.cli.sandbox_home import Progress, SandboxHome, Step
from punchout.cli.sending import SENDABLE, send_now
from punchout.cli.status import status_of_all

if TYPE_CHECKING:
    import sqlalchemy as sa

    from resources.settings import Settings

_OPERATOR = "sandbox"


@dataclass(frozen=True, slots=True)
class Counts:
    """What the ledger holds: documents, deliveries that brought nothing new, orders sent, updates delivered."""

    documents: int
    duplicates: int
    orders_sent: int
    bc_updates: int

    @classmethod
    def of(cls, engine: "sa.Engine") -> Self:
        """Count what a ledger holds now."""
        import sqlalchemy as sa

        from punchout.ledger.engine import reading
        from punchout.ledger.tables.control import DOCUMENT_STATE, OUTBOX
        from punchout.ledger.tables.facts import DOCUMENT, UPDATE_DELIVERED
        from punchout.ledger.tables.logs import DELIVERY

        def rows(connection: sa.Connection, table: sa.Table, *wanted: sa.ColumnElement[bool]) -> int:
            return connection.execute(sa.select(sa.func.count()).select_from(table).where(*wanted)).scalar_one()

        with reading(engine) as connection:
            return cls(
                documents=rows(connection, DOCUMENT),
                duplicates=rows(connection, DELIVERY, DELIVERY.c.is_first.is_(False))
                + rows(connection, DOCUMENT_STATE, DOCUMENT_STATE.c.state == "duplicate"),
                orders_sent=rows(connection, OUTBOX, OUTBOX.c.state == "sent"),
                bc_updates=rows(connection, UPDATE_DELIVERED),
            )

    def since(self, before: Self) -> Self:
        """Return how much was added."""
        return type(self)(*(getattr(self, one.name) - getattr(before, one.name) for one in fields(self)))


class Rounds:
    """One run of the sandbox over one home folder.

    Attributes:
        compared: how many values were compared, over all rounds of this run.
        differences: how many of them differed.
        report: where the last sync wrote the tracking report.
    """

    def __init__(self, home: SandboxHome, settings: "Settings", engine: "sa.Engine", child: SandboxChild) -> None:
        self._home = home
        self._settings = settings
        self._engine = engine
        self._child = child
        self.compared = 0
        self.differences = 0
        self.report: Path | None = None

    def play(self, progress: Progress) -> None:
        """Play every round that is left; where none is, have everything delivered again and sync once more.

        Raises:
            CommandError: a run failed, or the sandbox ended.
        """
        rounds = int(self._child.ready["rounds"])
        if progress.round == rounds and progress.step == "compared":
            self._play_again(rounds)
            return
        if progress.step == "compared":
            progress = replace(progress, round=progress.round + 1, step="begun")
        while True:
            before = Counts.of(self._engine)
            outcome = self._child.advance(progress.round)
            self._play_round(outcome, progress, before)
            if outcome["last"]:
                return
            progress = replace(progress, round=progress.round + 1, step="begun")

    def _play_round(self, outcome: Mapping[str, Any], progress: Progress, before: Counts) -> None:
        if progress.step == "begun":
            self._home.note(progress)
            self._sync(outcome["as_of"])
            progress = self._done(progress, "synced")
        if progress.step == "synced":
            for action in outcome["actions"]:
                self._send(action["send"], outcome["as_of"])
            progress = self._done(progress, "acted")
        self._compare(f"round {progress.round} of {outcome['rounds']}", outcome["as_of"], before)
        self._done(progress, "compared")

    def _play_again(self, rounds: int) -> None:
        before = Counts.of(self._engine)
        outcome = self._child.redeliver()
        self._sync(outcome["as_of"])
        self._compare(f"all {rounds} rounds delivered again", outcome["as_of"], before)

    def _done(self, progress: Progress, step: Step) -> Progress:
        noted = replace(progress, step=step)
        self._home.note(noted)
        return noted

    def _sync(self, as_of: str) -> None:
        from punchout.cli.opening import instant
        from punchout.cli.sync import synced

        outcome = synced(self._settings, instant(as_of))
        self.report = outcome.report or self.report
        if not outcome.success:
            message = f"the sync as of {as_of} failed (run {outcome.run_id}): {outcome.failure or 'see Dagster'}"
            raise CommandError(message, Exit.FAILED)

    def _send(self, request: str, as_of: str) -> None:
        """Do what the script's operator does; what comes of it is judged by the comparison."""
        from punchout.cli.opening import instant
        from punchout.ledger.engine import reading
        from punchout.ledger.sending.outbox import orders

        with reading(self._engine) as connection:
            states = [order.state for order in orders(connection, identifier=request)]
        if states and not SENDABLE.intersection(states):
            return
        try:
            sent = send_now(self._settings, self._engine, request, _OPERATOR, instant(as_of))
        except Exception as error:
            answer = understood(error)
            if answer is None:
                raise
            say(f"  {request} was not sent: {answer[1]}")
        else:
            say(f"  {request}: order {sent.order_id} is {sent.state}")
            if sent.interrupted:
                raise KeyboardInterrupt

    def _compare(self, what: str, as_of: str, before: Counts) -> None:
        from punchout.ledger.engine import reading
        from punchout.sandbox.compare import differences

        with reading(self._engine) as connection:
            # As a script would read it from the command's output.
            status = json.loads(json.dumps(status_of_all(connection)))
        compared, found = differences(
            self._child.told("expected"), status, self._child.told("business-central"), self._child.told("orders")
        )
        self.compared += compared
        self.differences += len(found)
        counts = Counts.of(self._engine).since(before)
        say(
            f"{what}, as of {as_of}: {counts.documents} documents, {counts.duplicates} duplicates, "
            f"{counts.orders_sent} orders sent, {counts.bc_updates} updates, "
            f"{compared} compared, {len(found)} differences"
        )
        say(*(f"  {one.where}: expected {one.expected!r}, actual {one.actual!r}" for one in found))
