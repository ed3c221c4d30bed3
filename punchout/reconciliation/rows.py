"""Which rows of Business Central and which cart a request is read from: the versions that stand.

What is one row's version order is `punchout.model.versions`; reading lines off the rows is `line_map`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from punchout.model.business_central import BcOrder, BcRequest
from punchout.model.documents import Cart, CartLine
from punchout.model.history import RequestHistory, Stated
from punchout.model.orders import OrderQueued
from punchout.model.versions import carts_of_sessions, current

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The current version of each of the request's rows, and its cart."""

    request: Stated[BcRequest] | None
    order: Stated[BcOrder] | None
    cart: Stated[Cart] | None

    @property
    def order_id(self) -> str | None:
        """The purchase order's number, from its own row or from the request's."""
        if self.order is not None:
            return self.order.body.number
        return self.request.body.purchase_order_number if self.request is not None else None

    @property
    def cart_lines(self) -> dict[int, CartLine]:
        """The cart's lines by position, in order."""
        lines = self.cart.body.lines if self.cart is not None else ()
        return {line.ordinal: line for line in sorted(lines, key=lambda line: line.ordinal)}


def current_rows(history: RequestHistory, queued: OrderQueued | None) -> Rows:
    """Choose the current version of each row, and the cart."""
    request = _standing(history.requests)
    return Rows(
        request=request,
        order=_purchase_order(history, request.body if request is not None else None, queued),
        cart=_cart(history, request.body if request is not None else None),
    )


def _purchase_order(
    history: RequestHistory, request: BcRequest | None, queued: OrderQueued | None
) -> Stated[BcOrder] | None:
    """Return the row of the order that was queued, else of the one the request names, else of the first known."""
    named = request.purchase_order_number if request is not None else None
    number = queued.order_id if queued is not None else named
    if number is None:
        number = min((row.body.number for row in history.orders), default=None)
    return _standing(row for row in history.orders if row.body.number == number)


def _cart(history: RequestHistory, request: BcRequest | None) -> Stated[Cart] | None:
    """Return the cart of the request's sessions; a cart of an earlier session of Business Central's counts no more."""
    return _standing(carts_of_sessions(history, request))


def _standing(versions: Iterable[Stated[T]]) -> Stated[T] | None:
    """Return the version that stands, as it was first received: the same content may have been delivered again."""
    known = list(versions)
    last = current(known)
    if last is None:
        return None
    same = [one for one in known if one.source.body_sha256 == last.source.body_sha256]
    return min(same, key=lambda one: (-one.source.version, one.source.received, one.source.document_id))
