"""From scenarios to requests: who plays what, with which quantities and at which times. Everything is drawn here.

The draws are functions of the seed and a name, so the same seed gives the same crowd.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import (
    Accident,
    Confirmation,
    Document,
    Invoice,
    Kind,
    Request,
    Script,
    Shipment,
    Status,
    Verdict,
)
from punchout.sandbox.repertoire import ACCIDENTS, CUTOVER, FORGED, LEGACY_RELEASE, ROUNDS, SCENARIOS, Scenario
from punchout.sandbox.scenarios import UNKNOWN_LINE
from punchout.sandbox.words import (
    ALL,
    EVERY,
    FIRST,
    ONE,
    PART,
    REST,
    STRANGE,
    Bills,
    Confirms,
    Goods,
    Share,
    Ships,
    Spoils,
    Tale,
)

_FIRST_NUMBER, _FIRST_ORDER = 2001, 108001
_BOOK, _TWINS, _BACKWARDS = 1, 3, 2  # which of four, five and three plays have such goods or such a purchase order
_VERDICTS: dict[Kind, Verdict] = {
    "truncated": "XML_REJECTED",
    "twice": "duplicate",
    "rewritten": "duplicate",
    "conflict": "DOC_CONFLICT",
    "rehearsal": "ENV_MISMATCH",
    "forged": "PAYLOAD_REUSED",
}


def full(ids: Identifiers) -> Script:
    """Cast the crowd of a seed."""
    roles = [(scenario, play) for scenario in SCENARIOS for play in range(scenario.plays)]
    roles.sort(key=lambda role: ids.hexadecimal("role", role[0].name, role[1]))
    parts = [_Part(ids, scenario, play, place) for place, (scenario, play) in enumerate(roles)]
    return Script(
        name="full",
        rounds=ROUNDS,
        requests=tuple(part.request() for part in parts),
        accidents=(*ACCIDENTS, *(accident for part in parts for accident in part.accidents())),
        csv_rounds=(3, 8),
        delta_rounds=(5, 9),
        cutover=CUTOVER,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One play of a scenario, by the request at a place."""

    ids: Identifiers
    scenario: Scenario
    play: int
    place: int

    @property
    def number(self) -> str:
        return f"PR{_FIRST_NUMBER + self.place}"

    @property
    def tale(self) -> Tale:
        return self.scenario.tales[self.play % len(self.scenario.tales)]

    @property
    def wave(self) -> tuple[int, int]:
        return self.scenario.waves[self.play % len(self.scenario.waves)]

    def request(self) -> Request:
        """Draw the request."""
        scenario, (cart, ordered) = self.scenario, self.wave
        quantities = self._quantities()
        several = len(quantities) > 1 and not scenario.legacy
        released = 1 if scenario.legacy else ordered - 1 if scenario.approved_early else ordered
        return Request(
            number=self.number,
            order=str(_FIRST_ORDER + self.place),
            about=scenario.name,
            lines=quantities,
            book=1 if self.play % 4 == _BOOK else None,
            twins=(1, len(quantities)) if several and self.play % 5 == _TWINS else None,
            backwards=several and self.play % 3 == _BACKWARDS,
            exported=max(1, cart - 1) if scenario.unordered else cart,
            cart=None if scenario.legacy else cart,
            submitted=None if scenario.manual else released,
            released=None if scenario.unordered else released,
            released_at=LEGACY_RELEASE if scenario.legacy else None,
            ordered=None if scenario.unordered else ordered,
            emailed=cart if scenario.emailed is None else ordered + scenario.emailed,
            manual=scenario.manual,
            send=None if scenario.send is None else ordered + scenario.send,
            cancelled=None if scenario.cancelled is None else ordered + scenario.cancelled,
            confirmed_before=scenario.legacy and self.play % 2 == 0,
            answer=scenario.answer,
            documents=tuple(self._document(word, index) for index, word in enumerate(self._words())),
        )

    def accidents(self) -> list[Accident]:
        """Return what goes wrong with this request's documents."""
        last, ordered = len(ROUNDS), self.wave[1]
        spoilt: list[tuple[Kind, int, int]] = [
            (word.kind, ordered + word.at, word.of) for word in self.tale if isinstance(word, Spoils)
        ]
        forged: list[tuple[Kind, int, int]] = (
            [("forged", ordered + 3, 1)] if (self.scenario.name, self.play) in FORGED else []
        )
        return [
            Accident(
                round=at, kind=kind, verdict=_VERDICTS[kind], of=(self.number, of), name=f"{kind} {self.number}/{of}"
            )
            for kind, at, of in (*spoilt, *forged)
            if at <= last
        ]

    def _words(self) -> list[Confirms | Ships | Bills]:
        return [word for word in self.tale if not isinstance(word, Spoils)]

    def _quantities(self) -> tuple[int, ...]:
        """Draw 1 to 5 pieces of each line, 2 to 6 of the first so that it can be split.

        So few that a day's orders stay below 50 000 USD, a cap that a careful buyer may have set.
        """
        fewest, most = self.scenario.lines
        count = fewest + self.ids.number(most - fewest + 1, "lines", self.number)
        drawn = [1 + self.ids.number(5, "quantity", self.number, line) for line in range(1, count + 1)]
        return (1 + drawn[0], *drawn[1:])

    def _document(self, word: Confirms | Ships | Bills, index: int) -> Document:
        round_number = self.wave[1] + word.at
        if isinstance(word, Confirms):
            return Confirmation(round_number, self._statuses(word), word.updates, word.late, word.clock)
        if isinstance(word, Ships):
            return self._shipment(word, index, round_number)
        goods = word.goods
        dated = self._left(index, round_number, close=word.clock.startswith("bogus"))
        if word.deletes is not None:
            original = self._words()[word.deletes]
            goods = original.goods if isinstance(original, Bills) else ()
            dated = self._left(word.deletes, self.wave[1] + original.at)
        return Invoice(
            round_number, self._items(goods), _text(dated), word.deletes, word.credits, word.late, word.clock
        )

    def _shipment(self, word: Ships, index: int, round_number: int) -> Shipment:
        goods = word.goods
        if word.deletes:
            original = self._words()[word.replaces or 0]
            goods = original.goods if isinstance(original, Ships) else ()
        left = self._left(index, round_number, close=word.clock.startswith("bogus"))
        arrives = left + timedelta(days=1 + self.ids.number(5, "days", self.number, index))
        if not word.clock.startswith("bogus"):
            arrives += timedelta(minutes=self.ids.number(900, "arrival", self.number, index))
        return Shipment(
            round=round_number,
            items=self._items(goods),
            ships=_text(left),
            arrives=_text(arrives)[:10] if word.day_only else _text(arrives),
            carrier=word.carrier,
            replaces=word.replaces,
            deletes=word.deletes,
            late=word.late,
            clock=word.clock,
        )

    def _left(self, index: int, round_number: int, *, close: bool = False) -> datetime:
        """Draw when goods left or an invoice was written: 5 to 16 hours before its round's sync, or `close` to it.

        Close means 5 to 8 hours: morning in Los Angeles and in UTC, so that a bogus offset is another day.
        """
        minutes = self.ids.number(180 if close else 660, "left", self.number, index)
        return datetime.fromisoformat(ROUNDS[min(round_number, len(ROUNDS)) - 1]) - timedelta(minutes=300 + minutes)

    def _statuses(self, word: Confirms) -> tuple[Status, ...]:
        found = [
            Status(
                line,
                quantity,
                saying.kind,
                via=saying.via,
                percent=saying.percent,
                substituted=saying.substituted,
            )
            for saying in word.sayings
            for line, quantity in self._amounts(saying.goods)
        ]
        return tuple(sorted(found, key=lambda status: status.line))

    def _items(self, goods: tuple[Goods, ...]) -> tuple[tuple[int, int], ...]:
        return tuple(pair for some in goods for pair in self._amounts(some))

    def _amounts(self, goods: Goods) -> list[tuple[int, int]]:
        quantities = self._quantities()
        if goods.which is STRANGE:
            return [(UNKNOWN_LINE, 1)]
        lines = range(1, len(quantities) + 1)
        wanted = lines if goods.which is EVERY else lines[:1] if goods.which is FIRST else lines[1:]
        sign = -1 if goods.back else 1
        return [(line, sign * self._amount(line, quantities[line - 1], goods.share)) for line in wanted]

    def _amount(self, line: int, quantity: int, share: Share) -> int:
        part = 1 + self.ids.number(max(quantity - 1, 1), "part", self.number, line)
        amounts = {ALL: quantity, PART: part, REST: quantity - part, ONE: 1}
        return amounts.get(share, quantity + 1)


def _text(moment: datetime) -> str:
    """Write an instant as the script does: UTC, to the minute."""
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")
