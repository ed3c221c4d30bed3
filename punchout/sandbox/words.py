"""The vocabulary of the tales: what Amazon says about an order whose quantities are not drawn yet. No data.

`at` counts rounds from the one in which the order is placed; `of` names a document by its place in its tale, from 0.
A line is EVERY line, the FIRST one, the OTHERS, or a STRANGE one that the order does not have. A quantity is ALL of the
line's, PART of it, the REST, ONE piece, or ONE_MORE than all. `casting` makes requests of tales.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

from punchout.sandbox.plan import Stamp


class Which(Enum):
    """Lines of an order."""

    EVERY = auto()
    FIRST = auto()
    OTHERS = auto()
    STRANGE = auto()


class Share(Enum):
    """A quantity of a line."""

    ALL = auto()
    PART = auto()
    REST = auto()
    ONE = auto()
    ONE_MORE = auto()


EVERY, FIRST, OTHERS, STRANGE = Which
ALL, PART, REST, ONE, ONE_MORE = Share


@dataclass(frozen=True, slots=True)
class Goods:
    """A quantity of some lines; `back` where it comes off again."""

    which: Which
    share: Share = ALL
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a confirmation says of some goods."""

    goods: Goods
    kind: Literal["accept", "reject", "backordered"]
    via: int = 1
    percent: int = 0
    substituted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirms:
    """A confirmation, or a new version of one."""

    at: int
    sayings: tuple[Saying, ...]
    updates: int | None = None
    late: int = 0
    clock: Stamp = "basic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ships:
    """A ship notice, a new version of one, or its deletion; `whole` is one without items."""

    at: int
    goods: tuple[Goods, ...] = ()
    whole: bool = False
    replaces: int | None = None
    deletes: bool = False
    carrier: str = "UPS"
    day_only: bool = False
    late: int = 0
    clock: Stamp = "basic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bills:
    """An invoice, its deletion, or a credit memo for it."""

    at: int
    goods: tuple[Goods, ...] = ()
    deletes: int | None = None
    credits: int | None = None
    late: int = 0
    clock: Stamp = "pacific"


@dataclass(frozen=True, slots=True)
class Spoils:
    """An accident that is made from a document of the tale."""

    kind: Literal["truncated", "twice", "rewritten", "conflict", "rehearsal"]
    at: int
    of: int


Word = Confirms | Ships | Bills | Spoils
Tale = tuple[Word, ...]


def accept(which: Which = EVERY, share: Share = ALL, *, via: int = 1, percent: int = 0) -> Saying:
    """Accept a quantity, at another price if `percent` says so; `via` counts the Amazon orders."""
    return Saying(goods=Goods(which, share), kind="accept", via=via, percent=percent)


def substitute(which: Which) -> Saying:
    """Accept, but send another part."""
    return Saying(goods=Goods(which), kind="accept", substituted=True)


def reject(which: Which = EVERY, share: Share = ALL) -> Saying:
    """Refuse a quantity."""
    return Saying(goods=Goods(which, share), kind="reject")


def backorder(which: Which = EVERY, share: Share = ALL) -> Saying:
    """Announce a quantity for later."""
    return Saying(goods=Goods(which, share), kind="backordered")


def some(which: Which, share: Share = ALL) -> Goods:
    """Name goods."""
    return Goods(which, share)


def back(which: Which, share: Share = ALL) -> Goods:
    """Name goods whose money comes back."""
    return Goods(which, share, back=True)


def confirm(at: int, *sayings: Saying, late: int = 0, clock: Stamp = "basic") -> Confirms:
    """Confirm; everything is accepted unless something else is said."""
    return Confirms(at=at, sayings=sayings or (accept(),), late=late, clock=clock)


def update(at: int, *sayings: Saying, of: int) -> Confirms:
    """Replace a confirmation."""
    return Confirms(at=at, sayings=sayings or (accept(),), updates=of)


def ship(
    at: int, *goods: Goods, late: int = 0, carrier: str = "UPS", clock: Stamp = "basic", day_only: bool = False
) -> Ships:
    """Ship goods, everything unless some are named; `day_only` tells the day of delivery and no time."""
    return Ships(at=at, goods=goods or (some(EVERY),), late=late, carrier=carrier, clock=clock, day_only=day_only)


def ship_whole(at: int) -> Ships:
    """Ship what is open, without naming any of it."""
    return Ships(at=at, whole=True)


def replace_shipment(at: int, *goods: Goods, of: int) -> Ships:
    """Replace a ship notice, completely."""
    return Ships(at=at, goods=goods or (some(EVERY),), replaces=of)


def delete_shipment(at: int, of: int) -> Ships:
    """Take a ship notice back."""
    return Ships(at=at, replaces=of, deletes=True)


def invoice(at: int, *goods: Goods, late: int = 0, clock: Stamp = "pacific") -> Bills:
    """Bill goods, everything unless some are named."""
    return Bills(at=at, goods=goods or (some(EVERY),), late=late, clock=clock)


def delete_invoice(at: int, of: int) -> Bills:
    """Take an invoice back."""
    return Bills(at=at, deletes=of)


def credit(at: int, *goods: Goods, of: int) -> Bills:
    """Give money back by a credit memo for an invoice."""
    return Bills(at=at, goods=goods, credits=of)


def broken(at: int, of: int) -> Spoils:
    """Deliver the first two thirds of a document."""
    return Spoils("truncated", at, of)


def again(at: int, of: int) -> Spoils:
    """Deliver the same bytes under another name."""
    return Spoils("twice", at, of)


def rewritten(at: int, of: int) -> Spoils:
    """Deliver the same document in other bytes."""
    return Spoils("rewritten", at, of)


def conflict(at: int, of: int) -> Spoils:
    """Use the number of a shipment for another one."""
    return Spoils("conflict", at, of)


def rehearse(at: int, of: int) -> Spoils:
    """Deliver a ship notice that states the other deployment mode."""
    return Spoils("rehearsal", at, of)
