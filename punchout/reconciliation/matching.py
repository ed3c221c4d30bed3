"""The ladder: how a line of an inbound document finds its line of the order.

The rules are data, tried from the top; the first with exactly one candidate wins and is recorded with its confidence.
The frozen line number comes first with the part id as a witness; ship notices often carry nothing else. Where number
and part id point at different lines and no substitute is declared, nothing is tied: a person decides. Only inside one
order: which order a document belongs to is `punchout.ledger`. Walking whole documents is `placing`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from punchout.model.codes import Code
from punchout.model.values import PartId
from punchout.reconciliation.line_map import MappedLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """What an inbound line says of the order line it means. `substituted`: it declares another part (cXML `ItemIn`)."""

    line_number: int | None
    part: PartId | None
    substituted: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """The line that was found, the rule and its confidence in thousandths."""

    line: MappedLine
    rule: str
    confidence: int


@dataclass(frozen=True, slots=True)
class Miss:
    """Why no line was found, and the line that is likely meant, if any."""

    code: Code
    likely: Match | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The order's lines, indexed for the rules.

    `substitutes` are the parts that confirmations declared instead of a line's own, by line key.
    """

    by_number: dict[int, list[MappedLine]]
    by_part: dict[str, list[MappedLine]]
    by_aux: dict[str, list[MappedLine]]
    substitutes: Mapping[str, frozenset[str]] = field(default_factory=dict)


Candidates = Callable[[Clue, Ladder], list[MappedLine]]


@dataclass(frozen=True, slots=True)
class LineRule:
    """One rung: its code, its confidence in thousandths, what it says, and the lines it points at."""

    code: str
    confidence: int
    meaning: str
    candidates: Candidates


def _same_number_and_part(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    return [line for line in _numbered(clue, ladder) if line.supplier_part_id == _part(clue) is not None]


def _same_number_no_part(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    return [line for line in _numbered(clue, ladder) if _part(clue) is None or line.supplier_part_id is None]


def _same_number_substituted(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    part = _part(clue)
    known = ladder.substitutes
    return [line for line in _numbered(clue, ladder) if clue.substituted or part in known.get(line.key, ())]


def _same_auxiliary_id(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    aux_id = _spaced_once(clue.part.supplier_part_aux_id) if clue.part is not None else ""
    return ladder.by_aux.get(aux_id, []) if aux_id else []


def _same_part(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    return ladder.by_part.get(_part(clue) or "", [])


RULES: tuple[LineRule, ...] = (
    LineRule("L1", 1000, "line number and part id agree", _same_number_and_part),
    LineRule("L1", 970, "line number agrees, and there is no part id to compare", _same_number_no_part),
    LineRule("L2", 900, "line number agrees, and another part is declared as a substitute", _same_number_substituted),
    LineRule("L3", 950, "auxiliary part id agrees and is unique in the order", _same_auxiliary_id),
    LineRule("L4", 930, "part id agrees and is unique in the order", _same_part),
)

MEANINGS: dict[str, str] = {
    **{f"{rule.code}/{rule.confidence}": rule.meaning for rule in RULES},
    "HEADER/1000": "a confirmation without items decides every line that no other confirmation decides",
    "WHOLE/1000": "a ship notice without items ships every live line's open quantity",
    "ORDER/1000": "speaks of the order as a whole",
}
"""What each rule a link can carry says, by `rule/confidence`."""


def ladder_of(lines: Iterable[MappedLine]) -> Ladder:
    """Index the order's lines."""
    ladder = Ladder({}, {}, {})
    for line in lines:
        if line.order_line_number is not None:
            ladder.by_number.setdefault(line.order_line_number, []).append(line)
        if line.supplier_part_id is not None:
            ladder.by_part.setdefault(line.supplier_part_id, []).append(line)
        if aux_id := _spaced_once(line.supplier_part_aux_id):
            ladder.by_aux.setdefault(aux_id, []).append(line)
    return ladder


def match(clue: Clue, ladder: Ladder) -> Match | Miss:
    """Return the line by the first rule that points at exactly one, else why there is none."""
    numbered = _numbered(clue, ladder)
    several = False
    for rule in RULES:
        candidates = rule.candidates(clue, ladder)
        if len(candidates) == 1:
            found = Match(candidates[0], rule.code, rule.confidence)
            return found if not numbered or found.line in numbered else Miss(Code.LINE_PART_CONFLICT, found)
        several = several or len(candidates) > 1
    if numbered:
        return Miss(Code.LINE_PART_CONFLICT)
    return Miss(Code.MATCH_AMBIGUOUS if several else Code.LINE_NOT_FOUND)


def _numbered(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    return ladder.by_number.get(clue.line_number, []) if clue.line_number is not None else []


def _part(clue: Clue) -> str | None:
    return clue.part.supplier_part_id if clue.part is not None else None


def _spaced_once(text: str | None) -> str:
    """Auxiliary ids come back with their spaces changed; nothing else about them may differ."""
    return " ".join((text or "").split())
