"""What a report is made from: the ledger to read, the moment it speaks of, the zone of its times, and its folder.

Reporting never moves the ledger's clock.
"""

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from punchout.model.moments import Micros
from resources.exchange import open_ledger
from resources.settings import Settings


@dataclass(frozen=True, slots=True)
class Reporting:
    """What a report is made from.

    Attributes:
        engine: the ledger's database.
        out_dir: where reports go.
        zone: the company's, in which times are shown.
        as_of: the moment it speaks of; None stands for the last sync's at the time of writing.
    """

    engine: sa.Engine
    out_dir: Path
    zone: ZoneInfo
    as_of: Micros | None = None


def open_reporting(settings: Settings, as_of: Micros | None = None) -> Reporting:
    """Open the ledger to report from it; the caller disposes of the engine."""
    return reporting_on(open_ledger(settings), settings, as_of)


def reporting_on(engine: sa.Engine, settings: Settings, as_of: Micros | None = None) -> Reporting:
    """Report from a ledger that is open already."""
    return Reporting(engine, settings.report.out_dir, ZoneInfo(settings.company.zone), as_of)
