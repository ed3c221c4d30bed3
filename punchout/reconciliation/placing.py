"""Putting the places of documents on the lines of the order, or saying why a place is on none.

A place whose quantity is in a unit that cannot be compared is held: it is on no line until a person or the unit map
says how to read it. The rules are `matching`; what a place then adds to its line is `confirming`, `shipping` and
`invoicing`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from punchout.model.codes import Code
from punchout.model.exact import Millionths
from punchout.model.moments import Micros
from punchout.reconciliation.matching import Clue, Ladder, Match, Miss, match
from punchout.reconciliation.results import DocumentKind, Link
from punchout.reconciliation.units import UnitMap, unit_trouble

PlaceKey = tuple[str, tuple[int, ...]]
"""Content of the document, ordinals in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place of a document that speaks of a line. Attributes as in `results.Link`; `amount` is what it charges."""

    kind: DocumentKind
    body_sha256: str
    ordinals: tuple[int, ...]
    clue: Clue
    quantity: Millionths
    unit: str | None = None
    amount: Millionths = 0
    currency: str | None = None
    since: Micros | None = None

    @property
    def key(self) -> PlaceKey:
        """What tells it from every other place."""
        return self.body_sha256, self.ordinals


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A place that is on no line, why, and the line that is likely meant."""

    mention: Mention
    code: Code
    likely_key: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where every place went."""

    lines: dict[PlaceKey, str]
    links: tuple[Link, ...]
    unmatched: tuple[Unmatched, ...]


def place(mentions: Iterable[Mention], ladder: Ladder, unit_map: UnitMap) -> Placed:
    """Put each place on its line; links and misses come in the order of the places."""
    lines: dict[PlaceKey, str] = {}
    links: list[Link] = []
    unmatched: list[Unmatched] = []
    for mention in mentions:
        found = match(mention.clue, ladder)
        if isinstance(found, Miss):
            likely = found.likely.line.key if found.likely is not None else None
            unmatched.append(Unmatched(mention=mention, code=found.code, likely_key=likely))
            continue
        trouble = unit_trouble(mention.unit, found.line.unit, unit_map)
        if trouble is not None:
            unmatched.append(Unmatched(mention=mention, code=trouble, likely_key=found.line.key))
            continue
        lines[mention.key] = found.line.key
        links.append(_link(mention, found))
    return Placed(lines, tuple(links), tuple(unmatched))


def _link(mention: Mention, found: Match) -> Link:
    return Link(
        kind=mention.kind,
        body_sha256=mention.body_sha256,
        ordinals=mention.ordinals,
        line_key=found.line.key,
        rule=found.rule,
        confidence=found.confidence,
        quantity=mention.quantity,
    )
