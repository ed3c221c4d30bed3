"""Putting the places of documents on the lines of the order, or saying why a place is on none.

What a person put on a line or took off it stays so. Every other place first finds its line by what it says alone; then
those that are left, oldest first, by what is still open. A rule below the policy's confidence never applies: it makes a
suggestion. A place whose quantity is in a unit that cannot be compared is held: it is on no line until a person or the
unit map says how to read it. The rules are `matching`; what a place then adds to its line is `confirming`, `shipping`
and `invoicing`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from punchout.model.codes import Code
from punchout.model.exact import Millionths
from punchout.model.moments import Micros
from punchout.reconciliation.accounts import DocumentKind, Suggestion
from punchout.reconciliation.clues import Clue, Ladder
from punchout.reconciliation.matching import RULES, Match, Miss, Turn, match
from punchout.reconciliation.policy import ReconciliationPolicy
from punchout.reconciliation.results import Link
from punchout.reconciliation.rulings import Rulings, place_key
from punchout.reconciliation.units import unit_trouble

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
class Terms:
    """What placing goes by beside the clues: units and confidence of the policy, and what people decided."""

    policy: ReconciliationPolicy
    rulings: Rulings


@dataclass(frozen=True, slots=True)
class Placed:
    """Where every place went; links and misses come in the order of the places."""

    lines: dict[PlaceKey, str]
    links: tuple[Link, ...]
    unmatched: tuple[Unmatched, ...]
    suggestions: tuple[Suggestion, ...]


_CERTAIN = 1000
_FIRST = tuple(rule for rule in RULES if rule.turn is Turn.FIRST)


def place(mentions: Sequence[Mention], ladder: Ladder, room: Mapping[str, Millionths], terms: Terms) -> Placed:
    """Put each place on its line.

    Args:
        mentions: the places, oldest first.
        ladder: the order's lines.
        room: what each line is open for, before any of these places.
        terms: the company's policy, and what people decided.
    """
    policy, ruled = terms.policy, _ruled(mentions, ladder, terms.rulings)
    found = {one.key: ruled.get(one.key) or match(one.clue, ladder, _FIRST) for one in mentions}
    free = [one for one in mentions if one.key not in ruled]
    applied = [rule for rule in RULES if rule.turn is not Turn.NEVER_APPLIED and rule.confidence >= policy.link_from]
    for mention in free:
        if _needs_room(found[mention.key]):
            found[mention.key] = match(mention.clue, _open(ladder, room, _used(mentions, found)), applied)
    suggestions = _suggestions(free, found, _open(ladder, room, _used(mentions, found)), policy)
    final = found | {mention.key: _held(mention, found[mention.key], policy) for mention in free}
    links, unmatched = [], []
    for mention in mentions:
        one = final[mention.key]
        if isinstance(one, Match):
            links.append(_link(mention, one))
        else:
            likely_key = one.likely.line.key if one.likely is not None else None
            unmatched.append(Unmatched(mention=mention, code=one.code, likely_key=likely_key))
    lines = {(link.body_sha256, link.ordinals): link.line_key for link in links}
    return Placed(lines, tuple(links), tuple(unmatched), suggestions)


def _ruled(mentions: Sequence[Mention], ladder: Ladder, rulings: Rulings) -> dict[PlaceKey, Match | Miss]:
    """Return what people decided; a line that is not in the order decides nothing."""
    lines = {line.key: line for line in ladder.lines}
    ruled: dict[PlaceKey, Match | Miss] = {}
    for mention in mentions:
        name = place_key(*mention.key)
        if name in rulings.links:
            line_key = rulings.links[name]
            if line_key is None:
                ruled[mention.key] = Miss(Code.LINE_NOT_FOUND)
            elif line_key in lines:
                ruled[mention.key] = Match(lines[line_key], "DECISION", _CERTAIN)
    return ruled


def _held(mention: Mention, found: Match | Miss, policy: ReconciliationPolicy) -> Match | Miss:
    """Hold a place that found its line but states a unit that cannot be compared."""
    if isinstance(found, Match):
        trouble = unit_trouble(mention.unit, found.line.unit, policy.unit_map)
        return found if trouble is None else Miss(trouble, found)
    return found


def _needs_room(found: Match | Miss) -> bool:
    return isinstance(found, Miss) and found.code is not Code.LINE_PART_CONFLICT


def _used(mentions: Sequence[Mention], found: Mapping[PlaceKey, Match | Miss]) -> Counter[str]:
    used: Counter[str] = Counter()
    for mention in mentions:
        one = found[mention.key]
        if isinstance(one, Match):
            used[one.line.key] += mention.clue.quantity
    return used


def _open(ladder: Ladder, room: Mapping[str, Millionths], used: Counter[str]) -> Ladder:
    return replace(ladder, room={key: limit - used[key] for key, limit in room.items()}, taken=used)


def _suggestions(
    mentions: Sequence[Mention], found: Mapping[PlaceKey, Match | Miss], ladder: Ladder, policy: ReconciliationPolicy
) -> tuple[Suggestion, ...]:
    """Return the lines that are likely meant: by a conflicting clue, else by a rule that does not apply."""
    rules = [rule for rule in RULES if rule.turn is Turn.NEVER_APPLIED or rule.confidence < policy.link_from]
    suggested = []
    for mention in mentions:
        missed = found[mention.key]
        if isinstance(missed, Miss):
            is_conflict = missed.code is Code.LINE_PART_CONFLICT
            weak = missed.likely if is_conflict else match(mention.clue, ladder, rules)
            suggested += [_suggestion(mention, weak)] if isinstance(weak, Match) else []
    return tuple(suggested)


def _suggestion(mention: Mention, likely: Match) -> Suggestion:
    return Suggestion(
        kind=mention.kind,
        body_sha256=mention.body_sha256,
        ordinals=mention.ordinals,
        line_key=likely.line.key,
        rule=likely.rule,
        confidence=likely.confidence,
    )


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
