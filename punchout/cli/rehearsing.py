"""Dry runs: a step is done in a transaction that is taken back, so that what would refuse it refuses it here too.

Every command that changes the ledger foretells by this, and by the very step it would take. Nothing is sent, no file is
written, and no ledger is made or brought to another schema.
"""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from punchout.cli.opening import existing, to_read

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.model.moments import Micros
    from resources.settings import Settings

T = TypeVar("T")


def rehearsed(settings: "Settings", step: "Callable[[sa.Connection, Micros], T]", as_of: "Micros | None" = None) -> T:
    """Return what a step gives, and leave everything as it was.

    Args:
        settings: name the ledger.
        step: what would be done, with the transaction and the moment.
        as_of: the step's moment; None takes the wall clock, or the last sync's moment where that lies ahead.

    Raises:
        CommandError: there is no ledger yet, or it has another schema than this program's.
        ClockRanBackwardsError: `as_of` lies before the last sync.
    """
    from punchout.ledger.runs import open_run
    from resources.exchange import wall_clock

    with to_read(settings):
        pass
    engine = existing(settings)
    try:
        with engine.connect() as connection, connection.begin() as trial:
            moment = open_run(connection, f"rehearsal {uuid.uuid4()}", as_of, wall_clock())
            foretold = step(connection, moment)
            trial.rollback()
        return foretold
    finally:
        engine.dispose()
