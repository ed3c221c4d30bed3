"""What a report is made from: the ledger to read, the moment it speaks of, and the folder it goes to.

Reporting never moves the ledger's clock: without a moment of its own it speaks as of the last sync.
"""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from punchout.ledger.engine import reading
from punchout.ledger.runs import last_as_of
from punchout.model.moments import Micros
from resources.exchange import open_ledger, wall_clock
from resources.settings import Settings


@dataclass(frozen=True, slots=True)
class Reporting:
    """The ledger, the moment and the folder of a report."""

    engine: sa.Engine
    out_dir: Path
    as_of: Micros


def open_reporting(settings: Settings, as_of: Micros | None = None) -> Reporting:
    """Open the ledger to report from it; the caller disposes of the engine."""
    engine = open_ledger(settings)
    try:
        return reporting_on(engine, settings, as_of)
    except BaseException:
        engine.dispose()
        raise


def reporting_on(engine: sa.Engine, settings: Settings, as_of: Micros | None = None) -> Reporting:
    """Report from a ledger that is open already."""
    if as_of is None:
        with reading(engine) as connection:
            as_of = last_as_of(connection)
    return Reporting(engine, settings.report.out_dir, wall_clock() if as_of is None else as_of)
