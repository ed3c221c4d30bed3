"""Purchases by the hundred, each with its own numbers: what Business Central exports, and what the supplier says.

Every identifier of a block of purchases holds the block's mark, which occurs nowhere else; so a block's rows become
those of another block when the mark is exchanged (`history`).
"""

from collections.abc import Iterator
from typing import Final

from tests.support.deliveries import Delivery
from tests.support.purchases import (
    Item,
    Purchase,
    orders_export,
    requests_export,
)

PURCHASES_A_BLOCK: Final = 100
LINES_A_PURCHASE: Final = 10
LINES_A_BLOCK: Final = PURCHASES_A_BLOCK * LINES_A_PURCHASE


def mark(block: int) -> str:
    """Return the mark of a block, as long as that of every other."""
    return f"Q{block:06}"


def purchases(block: int, count: int = PURCHASES_A_BLOCK) -> list[Purchase]:
    """Return the purchases of a block, or the first of them."""
    return [_purchase(f"{mark(block)}-{number:03}") for number in range(count)]


def _purchase(name: str) -> Purchase:
    items = (Item(f"B{name}-{line}", f"{name},{line}", str(1 + line % 3), "10.00") for line in range(LINES_A_PURCHASE))
    return Purchase(number=f"PR-{name}", order_id=f"PO-{name}", items=tuple(items))


def story(block: int, count: int = PURCHASES_A_BLOCK) -> Iterator[list[Delivery]]:
    """Yield what arrives sync by sync about the purchases of a block, from the empty requests to the invoices."""
    many = purchases(block, count)
    name = mark(block)
    yield [requests_export(*(one.new_row() for one in many), name=f"{name}-new.json"), *(one.cart() for one in many)]
    yield [
        requests_export(*(one.row() for one in many), name=f"{name}-requests.json"),
        orders_export(*(one.order_row() for one in many), name=f"{name}-orders.json"),
    ]
    yield [confirmation(one) for one in many]
    yield [one.ship_notice(f"S-{one.number}", *_everything(one)) for one in many]
    yield [invoice(one) for one in many]


def confirmation(purchase: Purchase) -> Delivery:
    """Return the confirmation of everything in a purchase."""
    accepted = ((line, "detail", quantity) for line, quantity in _everything(purchase))
    return purchase.confirmation(f"111-{purchase.number}", *accepted)


def invoice(purchase: Purchase) -> Delivery:
    """Return the invoice over everything in a purchase."""
    return purchase.invoice(f"I-{purchase.number}", *_everything(purchase))


def _everything(purchase: Purchase) -> list[tuple[int, str]]:
    return [(line, item.quantity) for line, item in enumerate(purchase.items, 1)]
