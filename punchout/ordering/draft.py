"""From a released request with its purchase order to an order draft, or to every reason why not.

Pure: the same facts give the same draft, whenever they arrived. Nothing here depends on the moment of queueing except
the age of the cart. How a draft becomes bytes is `cxml_parsers.order_request`; when it may leave is
`punchout.ordering.gates`.
"""

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from functools import cache

from punchout.model.adoption import adoption
from punchout.model.business_central import BcOrder, BcRequest
from punchout.model.codes import Code
from punchout.model.documents import Cart
from punchout.model.exact import ONE, Millionths, round_to_currency, times
from punchout.model.history import RequestHistory, Stated
from punchout.model.moments import DAY, Micros
from punchout.model.orders import Address, OrderDraft, OrderedLine
from punchout.model.text import unwritable
from punchout.model.versions import carts_of_sessions, current
from punchout.ordering.instructions import header_charges, line_instructions
from punchout.ordering.lines import ordered_line
from punchout.ordering.parties import country, email_address, ship_to
from punchout.ordering.policy import OrderingPolicy
from punchout.ordering.refusals import Findings, Refusals
from punchout.ordering.ties import tie_lines

_FIRST_VERSION = 1  # the supplier takes new orders only; a change is another purchase order
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_TOO_LARGE: Millionths = 10**12 * ONE
_NOWHERE = Address(
    address_id=None, name="", deliver_to=(), street=(), city="", state=None, post_code=None, country=""
)  # fmt: skip


def draft_order(history: RequestHistory, policy: OrderingPolicy, as_of: Micros) -> OrderDraft | Refusals | None:
    """Draft the order of one request.

    Args:
        history: everything known of the request.
        policy: of the company towards the supplier.
        as_of: the moment the order would be queued; the cart's age counts up to it.

    Returns:
        None where no order is due: not released, without a purchase order, queued before, adopted, or sent by others.
    """
    request = current(history.requests)
    if policy.sent_by != "pipeline" or history.queued or request is None or request.body.status != "released":
        return None
    orders = _purchase_orders(history, request.body)
    if not orders or adoption(history, policy.cutover_at) is not None:
        return None
    findings = Findings()
    if len(orders) > 1:
        findings.refuse("request", f"has {len(orders)} purchase orders: {', '.join(order.number for order in orders)}")
    cart = cart_of(history, request.body)
    if cart is not None and as_of - cart.source.received >= policy.cart_max_age_days * DAY:
        # The same words every day, so that nothing has to be computed anew for the sake of a number.
        findings.refuse("cart", f"is {policy.cart_max_age_days} days old or more", Code.CART_EXPIRED)
    draft = _build(request.body, orders[0], cart.body if cart else None, policy, findings)
    for where, character in _unwritable_places(draft):
        findings.refuse(f"order{where}", f"holds a character that XML cannot carry: {character}")
    return findings.refusals() or draft


def _purchase_orders(history: RequestHistory, request: BcRequest) -> list[BcOrder]:
    """Return the purchase orders that are the request's, by its own word or theirs; the one it names comes first."""
    named = request.purchase_order_number
    numbers = sorted({stated.body.number for stated in history.orders}, key=lambda number: (number != named, number))
    rows = [current(stated for stated in history.orders if stated.body.number == number) for number in numbers]
    orders = [row.body for row in rows if row is not None]
    found = [order for order in orders if order.number == named or order.punchout_request_number == request.number]
    if named is not None and all(order.number != named for order in found):
        return []  # the one it names is not exported yet
    return found


def cart_of(history: RequestHistory, request: BcRequest) -> Stated[Cart] | None:
    """Return the cart of the request's sessions; where no session is known, none is a cart of one."""
    if request.buyer_cookie is None and not history.sessions:
        return None
    return current(carts_of_sessions(history, request))


def _build(
    request: BcRequest, order: BcOrder, cart: Cart | None, policy: OrderingPolicy, findings: Findings
) -> OrderDraft:
    if order.status != "Open":
        findings.refuse("purchase order", f"is not released: its status is {order.status or 'missing'}, not Open")
    if order.punchout_request_number not in {None, request.number}:
        findings.refuse("purchase order", f"belongs to another request: {order.punchout_request_number}")
    if request.release_mode not in {"approval", "manual"}:
        findings.refuse("request", "does not say whether it was released by approval or by hand")
    currency = _currency(request, order, cart, policy, findings)
    ties = tie_lines(request, order, cart, findings)
    lines = tuple(ordered_line(number, tie, currency, policy, findings) for number, tie in enumerate(ties, 1))
    email = email_address(request.requester_email, findings)
    business_unit = request.business_unit or policy.business_unit
    shipping, tax = header_charges(cart, lines, currency, policy)
    return OrderDraft(
        order_id=findings.need(order.number, "purchase order number"),
        order_version=_FIRST_VERSION,
        order_date=_order_date(request, order, findings),
        release_mode=request.release_mode or "",
        currency=currency,
        total=_total(lines, currency, findings),
        requester_email=email,
        business_unit=business_unit,
        ship_to=ship_to(order, email, findings),
        bill_to=_bill_to(policy, findings),
        shipping=shipping,
        tax=tax,
        lines=lines,
        instructions=line_instructions(lines, ties, business_unit, policy),
    )


def _currency(request: BcRequest, order: BcOrder, cart: Cart | None, policy: OrderingPolicy, findings: Findings) -> str:
    """Return the purchase order's currency; every other side that states one must agree."""
    totals = [] if cart is None else [cart.total, *(line.unit_price for line in cart.lines)]
    in_cart = sorted({money.currency for money in totals if money and money.currency})
    chosen = order.currency_code or request.currency_code or (in_cart[0] if in_cart else policy.local_currency)
    # Blank in Business Central is the local currency, so prices there are in it whatever the cart says.
    meant = {order.currency_code or policy.local_currency, request.currency_code or chosen, *in_cart}
    if meant != {chosen}:
        findings.refuse("currency", f"is not the same everywhere: {', '.join(sorted(meant | {chosen}))}")
    if _CURRENCY.fullmatch(chosen) is None:
        findings.refuse("currency", f"is no ISO 4217 code: {chosen[:80]!r}")
    return chosen


def _order_date(request: BcRequest, order: BcOrder, findings: Findings) -> Micros:
    """Return when the order was made: a day alone is no instant, so the release stands in for it."""
    released = request.released.utc if request.released else None
    if released is None:
        findings.refuse("request", "does not say when it was released")
    stated = order.order_date.utc if order.order_date else None
    return stated or released or 0


def _total(lines: tuple[OrderedLine, ...], currency: str, findings: Findings) -> Millionths:
    total = sum(round_to_currency(times(line.quantity, line.unit_price), currency) for line in lines)
    if total >= _TOO_LARGE:
        findings.refuse("total", "has more than 12 integer digits")
    return total


def _bill_to(policy: OrderingPolicy, findings: Findings) -> Address:
    if policy.bill_to is None:
        findings.refuse("billTo", "is not set")
        return _NOWHERE
    findings.need(policy.bill_to.name, "billTo.name")
    country(policy.bill_to.country, "billTo.country", findings)
    return policy.bill_to


def _unwritable_places(value: object) -> list[tuple[str, str]]:
    """Return every text of a record that XML cannot hold, with the names of the fields that lead to it."""
    if isinstance(value, str):
        character = unwritable(value)
        return [("", character)] if character else []
    return [
        (f" {name}{where}", character)
        for name, part in _parts(value)
        if part is not None and not isinstance(part, int)
        for where, character in _unwritable_places(part)
    ]


def _parts(value: object) -> Iterable[tuple[object, object]]:
    if isinstance(value, tuple):
        return enumerate(value, 1)
    kind: type = type(value)
    return [(name, getattr(value, name)) for name in _field_names(kind)]


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
