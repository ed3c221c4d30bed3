"""The ladder: how a line of an inbound document finds its line of the order.

The rules are data, tried from the top; the first with exactly one candidate wins and is recorded with its confidence.
The frozen line number comes first with the part id as a witness; ship notices often carry nothing else. Where number
and part id point at different lines and no substitute is declared, nothing is tied: a person decides. Only inside one
order: which order a document belongs to is `punchout.ledger`. Walking whole documents is `placing`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from punchout.model.codes import Code
from punchout.reconciliation.clues import Clue, Ladder
from punchout.reconciliation.line_map import MappedLine

_BC_STEP = 10_000
_THOUSAND = 1000


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


class Turn(Enum):
    """When a rule is asked."""

    FIRST = 1  # by what the line says alone
    THEN = 2  # when all others have their lines, since it asks what is still open
    NEVER_APPLIED = 3  # only to suggest a line to a person


Candidates = Callable[[Clue, Ladder], list[MappedLine]]


@dataclass(frozen=True, slots=True)
class LineRule:
    """One rung: its code, its confidence in thousandths, what it says, the lines it points at, and its turn."""

    code: str
    confidence: int
    meaning: str
    candidates: Candidates
    turn: Turn = Turn.FIRST


def _same_number_and_part(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    return [line for line in ladder.numbered(clue.line_number) if line.supplier_part_id == clue.part_id is not None]


def _same_number_no_part(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    numbered = ladder.numbered(clue.line_number)
    return [line for line in numbered if clue.part_id is None or line.supplier_part_id is None]


def _same_number_substituted(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    numbered, known = ladder.numbered(clue.line_number), ladder.substitutes
    return [line for line in numbered if clue.substituted or clue.part_id in known.get(line.key, ())]


def _same_auxiliary_id(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    return list(ladder.by_aux.get(clue.aux_id, ()))


def _same_part(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    return list(ladder.by_part.get(clue.part_id or "", ()))


def _same_part_open(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    return [line for line in _same_part(clue, ladder) if _fits(line, clue, ladder)]


def _other_numbering(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    """Business Central's Line No., steps of 10000, and counting from 0; each only with a witness."""
    number = clue.line_number
    if number is None:
        return []
    numbered = [
        line
        for line in ladder.lines
        if number == line.bc_line_number
        or (
            line.order_line_number is not None
            and number in {line.order_line_number * _BC_STEP, line.order_line_number - 1}
        )
    ]
    return [line for line in numbered if _is_witnessed(line, clue, ladder)]


def _same_code(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    return [line for line in ladder.lines if clue.codes & line.codes]


def _of_the_shipment(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    return [line for line in ladder.lines if line.key in clue.shipped_lines]


def _last_open(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    left = [line for line in ladder.lines if ladder.room.get(line.key, 0) > 0]
    return left if len(left) == 1 and _fits(left[0], clue, ladder) else []


def _alike(clue: Clue, ladder: Ladder) -> list[MappedLine]:
    return [line for line in ladder.lines if _reads_alike(line, clue, ladder) and _fits(line, clue, ladder)]


# fmt: off
RULES: tuple[LineRule, ...] = (
    LineRule("L1", 1000, "line number and part id agree", _same_number_and_part),
    LineRule("L1", 970, "line number agrees, and there is no part id to compare", _same_number_no_part),
    LineRule("L2", 900, "line number agrees, and another part is declared as a substitute", _same_number_substituted),
    LineRule("L3", 950, "auxiliary part id agrees and is unique in the order", _same_auxiliary_id),
    LineRule("L4", 930, "part id agrees and is unique in the order", _same_part),
    LineRule("L5", 880, "part id agrees, and only one of its lines has the price and room", _same_part_open, Turn.THEN),
    LineRule("L6", 850, "line number agrees in another numbering, with a witness", _other_numbering),
    LineRule("L7", 850, "EAN, UPC, manufacturer's or buyer's part number is unique in the order", _same_code),
    LineRule("L8", 900, "the ship notice it refers to shipped this line only", _of_the_shipment),
    LineRule("L9", 750, "the only line that is still open, and price and quantity fit", _last_open, Turn.THEN),
    LineRule("L10", 600, "the description is alike, and price and quantity fit", _alike, Turn.NEVER_APPLIED),
)
# fmt: on

MEANINGS: dict[str, str] = {
    **{f"{rule.code}/{rule.confidence}": rule.meaning for rule in RULES},
    "HEADER/1000": "a confirmation without items decides every line that no other confirmation decides",
    "WHOLE/1000": "a ship notice without items ships every live line's open quantity",
    "ORDER/1000": "speaks of the order as a whole",
    "DECISION/1000": "a person put it there",
    "CHARGE/1000": "charges something that is no line of the order",
}
"""What each rule a link can carry says, by `rule/confidence`."""


def match(clue: Clue, ladder: Ladder, rules: Iterable[LineRule]) -> Match | Miss:
    """Return the line by the first rule that points at exactly one, else why there is none."""
    numbered = ladder.numbered(clue.line_number)
    several = False
    for rule in rules:
        candidates = rule.candidates(clue, ladder)
        if len(candidates) == 1:
            found = Match(candidates[0], rule.code, rule.confidence)
            return found if not numbered or found.line in numbered else Miss(Code.LINE_PART_CONFLICT, found)
        several = several or len(candidates) > 1
    if numbered:
        return Miss(Code.LINE_PART_CONFLICT)
    return Miss(Code.MATCH_AMBIGUOUS if several else Code.LINE_NOT_FOUND)


def _fits(line: MappedLine, clue: Clue, ladder: Ladder) -> bool:
    return ladder.has_price(line, clue.price) and ladder.has_room(line, clue.quantity)


def _is_witnessed(line: MappedLine, clue: Clue, ladder: Ladder) -> bool:
    if clue.part_id is not None:
        return line.supplier_part_id == clue.part_id
    return _reads_alike(line, clue, ladder) and ladder.has_price(line, clue.price)


def _reads_alike(line: MappedLine, clue: Clue, ladder: Ladder) -> bool:
    ours, theirs = (" ".join((text or "").casefold().split()) for text in (line.description, clue.description))
    if not ours or not theirs:
        return False
    alike = SequenceMatcher(None, ours, theirs, autojunk=False).ratio()
    return alike * _THOUSAND >= ladder.tolerances.similarity
