"""Unit of work: parse. A received cXML document becomes a verdict, facts and references, all in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from punchout.ledger.documents.judging import AcceptanceRules, judge
from punchout.ledger.documents.receive import CXML
from punchout.ledger.documents.verdicts import Verdict, claim_received
from punchout.ledger.draining import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseCounts(Tally):
    """How many documents were judged, by verdict; quarantined ones by reason."""

    accepted: int = 0
    duplicate: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)


def parse(connection: sa.Connection, rules: AcceptanceRules, limit: int, only: int | None = None) -> ParseCounts:
    """Judge up to `limit` received documents, or `only` one, in the caller's transaction."""
    waiting = claim_received(connection, CXML, limit, None if only is None else (only,))
    return counted(judge(connection, waiting, rules))


def counted(verdicts: Sequence[Verdict]) -> ParseCounts:
    """Count verdicts by kind."""
    quarantined: dict[str, int] = {}
    for verdict in verdicts:
        if verdict.state == "quarantined" and verdict.reason is not None:
            quarantined[verdict.reason] = quarantined.get(verdict.reason, 0) + 1
    accepted = sum(verdict.state == "accepted" for verdict in verdicts)
    duplicate = sum(verdict.state == "duplicate" for verdict in verdicts)
    return ParseCounts(total=len(verdicts), accepted=accepted, duplicate=duplicate, quarantined=quarantined)
