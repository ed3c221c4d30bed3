"""What a line of an inbound document says of the order line it means, and the order's lines indexed to look it up.

Which clue decides, and how surely, is `matching`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from punchout.model.exact import Millionths
from punchout.model.values import PartId
from punchout.reconciliation.line_map import MappedLine
from punchout.reconciliation.part_codes import PartCode
from punchout.reconciliation.tolerances import Tolerances


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """What an inbound line says.

    Attributes:
        line_number: as stated.
        part: as stated.
        substituted: it declares another part than was ordered (cXML `ItemIn`).
        quantity: negative where it takes something back.
        price: of one piece.
        description: as stated.
        codes: EAN, manufacturer's and other codes of the part.
        shipped_lines: the lines that the ship notice it refers to was put on.
    """

    line_number: int | None
    part: PartId | None
    substituted: bool = False
    quantity: Millionths = 0
    price: Millionths | None = None
    description: str | None = None
    codes: frozenset[PartCode] = frozenset()
    shipped_lines: frozenset[str] = frozenset()

    @property
    def part_id(self) -> str | None:
        """The supplier's part id."""
        return self.part.supplier_part_id if self.part is not None else None

    @property
    def aux_id(self) -> str:
        """The auxiliary part id, as it is compared; empty where there is none."""
        return spaced_once(self.part.supplier_part_aux_id) if self.part is not None else ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The order's lines, indexed, and what is known of them by now.

    Attributes:
        lines: all of them, in order.
        by_number, by_part, by_aux: the same, by cXML lineNumber, part id and auxiliary id.
        tolerances: when a price is the same price.
        substitutes: the parts that confirmations declared instead of a line's own, by line key.
        prices: the prices that confirmations state, by line key.
        room: how much a line is still open for, by line key.
        taken: how much was put on a line, by line key.
    """

    lines: tuple[MappedLine, ...]
    by_number: Mapping[int, list[MappedLine]]
    by_part: Mapping[str, list[MappedLine]]
    by_aux: Mapping[str, list[MappedLine]]
    tolerances: Tolerances
    substitutes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    prices: Mapping[str, frozenset[Millionths]] = field(default_factory=dict)
    room: Mapping[str, Millionths] = field(default_factory=dict)
    taken: Mapping[str, Millionths] = field(default_factory=dict)

    def numbered(self, number: int | None) -> list[MappedLine]:
        """Return the lines of a number."""
        return list(self.by_number.get(number, ())) if number is not None else []

    def has_price(self, line: MappedLine, price: Millionths | None) -> bool:
        """Tell whether a stated price is one that the line was ordered or confirmed at."""
        known = {*self.prices.get(line.key, ()), *([] if line.unit_price is None else [line.unit_price])}
        return price is not None and any(not self.tolerances.price_differs(price, one) for one in known)

    def has_room(self, line: MappedLine, quantity: Millionths) -> bool:
        """Tell whether a line is open for a quantity; what is taken back must have been put there."""
        if quantity < 0:
            return self.taken.get(line.key, 0) >= -quantity
        return self.room.get(line.key, 0) >= quantity


def ladder_of(lines: Iterable[MappedLine], tolerances: Tolerances) -> Ladder:
    """Index the order's lines."""
    known = tuple(lines)
    by_number: dict[int, list[MappedLine]] = {}
    by_part: dict[str, list[MappedLine]] = {}
    by_aux: dict[str, list[MappedLine]] = {}
    for line in known:
        if line.order_line_number is not None:
            by_number.setdefault(line.order_line_number, []).append(line)
        if line.supplier_part_id is not None:
            by_part.setdefault(line.supplier_part_id, []).append(line)
        if aux_id := spaced_once(line.supplier_part_aux_id):
            by_aux.setdefault(aux_id, []).append(line)
    return Ladder(known, by_number, by_part, by_aux, tolerances)


def spaced_once(text: str | None) -> str:
    """Auxiliary ids come back with their spaces changed; nothing else about them may differ."""
    return " ".join((text or "").split())
