"""What a person does to the ledger, outside of a sync: dated by the ledger's one clock, and settled at once.

Such a step is logged as a run, so that no later sync can lie before it, and what follows from it is computed before the
command ends, so that the ledger never shows something that is not so any more.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.model.moments import Micros
    from resources.exchange import Exchange
    from resources.settings import Settings


@dataclass(frozen=True, slots=True)
class Act:
    """A step under way: the exchange as of its moment, and the name it is logged under."""

    exchange: "Exchange"
    name: str

    def finish(self, **counts: object) -> None:
        """Compute what follows from the step, and close it in the log."""
        from punchout.ledger.runs import close_run
        from resources.exchange import wall_clock

        self.exchange.touch_due()
        self.exchange.settle()
        with self.exchange.engine.begin() as connection:
            close_run(connection, self.name, counts, wall_clock())


def begin(
    settings: "Settings",
    engine: "sa.Engine",
    command: str,
    as_of: "Micros | None",
    step: "Callable[[sa.Connection, Micros], object]",
) -> Act:
    """Date a step, do it and log it in one transaction.

    Args:
        settings: how the exchange is set up.
        engine: the ledger's database.
        command: what was called, for the log.
        as_of: the step's moment; None takes the wall clock, or the last sync's moment where that lies ahead.
        step: what is to be done, with the transaction and the moment.

    Raises:
        ConfigurationError: what follows could not be computed; nothing was done.
        ClockRanBackwardsError: `as_of` lies before the last sync; nothing was done.
    """
    from punchout.ledger.runs import open_run
    from resources.exchange import Exchange, wall_clock
    from resources.policies import policies

    policies(settings)
    name = f"{command} {uuid.uuid4()}"
    with engine.begin() as connection:
        moment = open_run(connection, name, as_of, wall_clock())
        step(connection, moment)
    return Act(Exchange(settings, engine, moment), name)
