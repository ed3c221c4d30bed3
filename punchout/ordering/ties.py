"""Which lines belong together: a request's line, its purchase order line, and the cart's item.

A line is never guessed: what is not stated is taken from the sequence only where every witness agrees, and is then
marked as inferred. What the tied lines must say is checked in `punchout.ordering.lines`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from punchout.model.business_central import BcOrder, BcOrderLine, BcRequest, BcRequestLine
from punchout.model.documents import Cart, CartLine
from punchout.ordering.refusals import Findings

_STEP = 10_000  # Business Central numbers lines 10000, 20000, ...

Pair: TypeAlias = tuple[BcRequestLine, BcOrderLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTie:
    """One line of an order from all three sides. `cart` is None where no cart is known."""

    request: BcRequestLine
    order: BcOrderLine
    cart: CartLine | None
    inferred: bool


def place(line: BcRequestLine) -> str:
    """Name a request's line for a person."""
    return f"line {line.line_number}"


def tie_lines(request: BcRequest, order: BcOrder, cart: Cart | None, findings: Findings) -> tuple[LineTie, ...]:
    """Tie every request line to exactly one purchase order line and, where a cart is known, to one of its items.

    Returns the ties in order of Business Central's line number. Lines that could not be tied are left out, and stand
    in `findings`.
    """
    lines = sorted(request.lines, key=lambda line: line.line_number)
    if not lines:
        findings.refuse("request", "has no lines")
        return ()
    numbers = [line.line_number for line in lines]
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        findings.refuse(f"line {number}", "is there more than once")
    # Comment lines carry text and order nothing.
    bought = sorted((line for line in order.lines if line.line_type != "Comment"), key=lambda line: line.sequence)
    stated = any(line.punchout_line_number is not None for line in bought)
    pairs = _by_number(lines, bought, findings) if stated else _by_sequence(lines, bought, findings)
    items = _cart_items(lines, cart, findings)
    return tuple(
        LineTie(request=line, order=order_line, cart=items.get(line.line_number), inferred=not stated)
        for line, order_line in pairs
    )


def _by_number(lines: Sequence[BcRequestLine], bought: Sequence[BcOrderLine], findings: Findings) -> list[Pair]:
    known = {line.line_number for line in lines}
    for order_line in bought:
        if order_line.punchout_line_number not in known:
            findings.refuse(f"purchase order line {order_line.sequence}", "names no line of the request")
    pairs = []
    for line in lines:
        found = [order_line for order_line in bought if order_line.punchout_line_number == line.line_number]
        if len(found) == 1:
            pairs.append((line, found[0]))
        else:
            findings.refuse(place(line), f"has {len(found)} purchase order lines and needs one")
    return pairs


def _by_sequence(lines: Sequence[BcRequestLine], bought: Sequence[BcOrderLine], findings: Findings) -> list[Pair]:
    if len(lines) != len(bought):
        counts = f"the request has {len(lines)} lines and the purchase order {len(bought)}"
        findings.refuse("purchase order", f"{counts}, and its lines do not name the request's")
        return []
    pairs = list(zip(lines, bought, strict=True))
    for line, order_line in pairs:
        if not _same(line, order_line):
            unlike = f"purchase order line {order_line.sequence} is unlike it and does not name it"
            findings.refuse(place(line), unlike)
    return pairs


def _same(line: BcRequestLine, order_line: BcOrderLine) -> bool:
    """Tell whether two lines in the same place say the same."""
    if _value(line.quantity) != _value(order_line.quantity):
        return False
    if order_line.line_type == "Account" or order_line.line_object_number is None:
        # The number of an account names no part; the price is the witness then.
        return line.unit_price is None or _value(line.unit_price) == _value(order_line.direct_unit_cost)
    return order_line.line_object_number == line.supplier_part_id


def _value(number: object) -> int | None:
    return getattr(number, "value", None)


_Key: TypeAlias = tuple[str | int | None, ...]
_Facts: TypeAlias = tuple[str | None, str | None, int]

# Most telling first: a cart may hold one part twice, and only the position tells those two items apart.
_WITNESSES: tuple[Callable[[_Facts], _Key], ...] = (
    lambda facts: facts,
    lambda facts: facts[:2],
    lambda facts: (facts[0], facts[2]),
    lambda facts: facts[:1],
)


def _cart_items(lines: Iterable[BcRequestLine], cart: Cart | None, findings: Findings) -> dict[int, CartLine]:
    """Tie request lines to the items of the cart, each item once; keyed by Business Central's line number."""
    if cart is None:
        return {}
    tied: dict[int, CartLine] = {}
    open_lines = list(lines)
    free = sorted(cart.lines, key=lambda item: item.ordinal)
    for witness in _WITNESSES:
        for line in tuple(open_lines):
            wanted = witness(_facts_of_line(line))
            item = next((item for item in free if witness(_facts_of_item(item)) == wanted), None)
            if item is not None:
                tied[line.line_number] = item
                free.remove(item)
                open_lines.remove(line)
    for line in open_lines:
        findings.refuse(place(line), "is no item of the cart")
    return tied


def _facts_of_line(line: BcRequestLine) -> _Facts:
    position, rest = divmod(line.line_number, _STEP)
    return line.supplier_part_id, line.supplier_part_auxiliary_id, 0 if rest else position


def _facts_of_item(item: CartLine) -> _Facts:
    return item.part.supplier_part_id, item.part.supplier_part_aux_id, item.ordinal
