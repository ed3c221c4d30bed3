"""Purging a ledger as it is configured: what is over by this company's rules, and what its exports name."""

import uuid
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from punchout.ledger.retention.purge import Decided, PurgeOutcome, PurgeTerms, plan, purge
from punchout.ledger.retention.space import Space, give_back
from punchout.ledger.runs import ClockRanBackwardsError, close_run, last_as_of, open_run
from punchout.model.moments import Micros, iso_utc
from resources.business_central.csv_tables import is_manifest, manifest_files
from resources.business_central.errors import ExportInvalid
from resources.business_central.json_tables import load_object
from resources.exchange import wall_clock
from resources.policies import policies
from resources.settings import Settings


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a purge did, or would do.

    Attributes:
        as_of: when.
        before: what was received at this moment or later was left alone.
        space: None where nothing was to be changed.
    """

    as_of: Micros
    before: Micros
    outcome: PurgeOutcome
    space: Space | None = None


def foreseen(settings: Settings, connection: sa.Connection, older_than: Micros, as_of: Micros | None) -> PurgeReport:
    """Say what a purge would erase, and change nothing.

    Args:
        settings: the company's.
        connection: one consistent picture of the ledger.
        older_than: how long ago a document must have been received, in microseconds.
        as_of: the moment it would happen at; None takes the wall clock, or the last sync's where that lies ahead.

    Raises:
        ClockRanBackwardsError: `as_of` lies before the last sync.
        ConfigurationError: it cannot be computed what is over.
    """
    last = last_as_of(connection) or 0
    if as_of is not None and as_of < last:
        message = f"as of {iso_utc(as_of)} lies before the last sync, which was as of {iso_utc(last)}"
        raise ClockRanBackwardsError(message)
    moment = max(wall_clock(), last) if as_of is None else as_of
    terms = _terms(settings, older_than, moment)
    return PurgeReport(moment, terms.before, plan(connection, terms))


def purge_ledger(
    settings: Settings, engine: sa.Engine, older_than: Micros, as_of: Micros | None, decided: Decided
) -> PurgeReport:
    """Erase what is over, and have the database give back the room; see `foreseen` for what it takes and raises."""
    name = f"purge {uuid.uuid4()}"
    _terms(settings, older_than, 0)
    with engine.begin() as connection:
        moment = open_run(connection, name, as_of, wall_clock())
    terms = _terms(settings, older_than, moment)
    outcome = purge(engine, terms, decided)
    with engine.begin() as connection:
        close_run(connection, name, asdict(outcome.taken), wall_clock())
    return PurgeReport(moment, terms.before, outcome, give_back(engine))


def named_parts(data: bytes) -> frozenset[str]:
    """Return the sha256 of the files that an export names; none where it is no manifest, or none that can be read."""
    try:
        envelope = load_object(data)
        return frozenset(file.sha256 for file in manifest_files(envelope)) if is_manifest(envelope) else frozenset()
    except ExportInvalid:
        return frozenset()


def _terms(settings: Settings, older_than: Micros, moment: Micros) -> PurgeTerms:
    return PurgeTerms(policies(settings), named_parts, moment - older_than, moment)
