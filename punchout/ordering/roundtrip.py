"""Whether an order gives the supplier back what its cart said: ItemOut against ItemIn, line by line.

cXML Reference Guide, `ItemDetail`: what stood in the cart's item must not be dropped or changed in the order's. A
difference stops nothing: Business Central's price may well be the agreed one. It is told to a person (domain.md 3.3).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from punchout.model.documents import CartLine
from punchout.model.exact import Millionths, format_decimal, times
from punchout.model.history import RequestHistory
from punchout.model.orders import OrderDraft, OrderedLine
from punchout.model.values import Extrinsic
from punchout.model.versions import current
from punchout.ordering.draft import cart_of
from punchout.ordering.refusals import Refusals


@dataclass(frozen=True, slots=True)
class LineDifference:
    """What a line of the order says otherwise than the item of the cart it came from.

    Attributes:
        bc_line_number: the punchout request's Line No.
        detail: every difference in words for a person.
        amount: what the difference in price comes to over the line's quantity, never negative.
    """

    bc_line_number: int
    detail: str
    amount: Millionths


def order_differences(history: RequestHistory, draft: OrderDraft | Refusals | None) -> tuple[LineDifference, ...]:
    """Compare the order of a request with its cart: the order that was queued, else the one that could be.

    Returns nothing where there is no order of ours or no cart.
    """
    request = current(history.requests)
    cart = None if request is None else cart_of(history, request.body)
    lines = _order_lines(history, draft)
    if cart is None or not lines:
        return ()
    items = {item.ordinal: item for item in cart.body.lines}
    found = (
        _of_line(items[line.cart_position], line)
        for line in lines
        if line.bc_line_number is not None and line.cart_position in items
    )
    return tuple(each for each in found if each is not None)


def differences(item: CartLine, line: OrderedLine) -> tuple[str, ...]:
    """Return what an order's line says otherwise than the cart's item, one text a difference."""
    return (*_identity(item, line), *_price(item, line), *_extrinsics(item.extrinsics, line.extrinsics))


def _order_lines(history: RequestHistory, draft: OrderDraft | Refusals | None) -> tuple[OrderedLine, ...]:
    if history.queued:
        return max(history.queued, key=lambda queued: (queued.order_version, queued.at, queued.payload_id)).lines
    return draft.lines if isinstance(draft, OrderDraft) else ()


def _of_line(item: CartLine, line: OrderedLine) -> LineDifference | None:
    found = differences(item, line)
    if not found or line.bc_line_number is None:
        return None
    price = line.unit_price if item.unit_price is None else item.unit_price.amount
    return LineDifference(line.bc_line_number, "; ".join(found), times(line.quantity, abs(line.unit_price - price)))


def _identity(item: CartLine, line: OrderedLine) -> Iterator[str]:
    for name, ordered, stated in (
        ("part id", line.supplier_part_id, item.part.supplier_part_id),
        ("auxiliary part id", line.supplier_part_aux_id, item.part.supplier_part_aux_id),
        ("unit", line.unit, item.unit),
        ("classification", line.classification, item.classification),
        ("classification domain", line.classification_domain, item.classification_domain),
    ):
        # What the cart does not say may be said by Business Central.
        if stated is not None and ordered != stated:
            yield f"{name} {ordered or 'missing'}, the cart {stated}"


def _price(item: CartLine, line: OrderedLine) -> Iterator[str]:
    stated = item.unit_price
    if stated is None:
        return
    currency = stated.currency or line.currency
    if (stated.amount, currency) != (line.unit_price, line.currency):
        ordered = f"{format_decimal(line.unit_price)} {line.currency}"
        yield f"unit price {ordered}, the cart {format_decimal(stated.amount)} {currency}"


def _extrinsics(stated: Iterable[Extrinsic], ordered: Iterable[Extrinsic]) -> Iterator[str]:
    before, after = Counter(stated), Counter(ordered)
    lost, added = before - after, after - before
    for name in sorted({each.name for each in (*lost, *added)}):
        was = ", ".join(each.value for each in lost.elements() if each.name == name) or "not there"
        now = ", ".join(each.value for each in added.elements() if each.name == name) or "missing"
        yield f"Extrinsic {name} {now}, the cart {was}"
