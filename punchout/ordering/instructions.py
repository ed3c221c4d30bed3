"""What an order says beside its lines' parts, quantities and prices: who bears them, and what the cart said they cost.

All of it is off unless the policy asks for it: a supplier may not take account codes (domain.md 2.5), and what the cart
said of tax and shipping holds only for the cart as a whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from punchout.model.documents import Cart
from punchout.model.exact import round_to_currency, times
from punchout.model.order_documents import Segment
from punchout.model.orders import AccountShare, LineInstructions, OrderedLine, StatedCharge
from punchout.model.values import Money
from punchout.ordering.policy import Accounting, OrderingPolicy
from punchout.ordering.ties import LineTie

_ACCOUNT = "Account"  # the lineType of a purchase order line whose number is a general ledger account's
_SHIPPING, _TAX = "Shipping", "Tax"


def line_instructions(
    lines: Sequence[OrderedLine], ties: Sequence[LineTie], business_unit: str | None, policy: OrderingPolicy
) -> tuple[LineInstructions, ...]:
    """Return what there is to say of each line; a line of which there is nothing to say is left out.

    Args:
        lines: of the order.
        ties: the same lines from all sides, in the same order.
        business_unit: of the requester.
        policy: says what is stated at all.
    """
    made = []
    for line, tie in zip(lines, ties, strict=True):
        nothing = LineInstructions(line_number=line.line_number)
        beside = nothing
        if policy.accounting is not None:
            beside = replace(beside, distributions=_distributions(line, tie, business_unit, policy.accounting))
        if policy.states_charges and tie.cart is not None and tie.cart.quantity.value == line.quantity:
            shipping = _charge(tie.cart.shipping, line.currency, _SHIPPING)
            beside = replace(beside, shipping=shipping, tax=_charge(tie.cart.tax, line.currency, _TAX))
        if beside != nothing:
            made.append(beside)
    return tuple(made)


def header_charges(
    cart: Cart | None, lines: Sequence[OrderedLine], currency: str, policy: OrderingPolicy
) -> tuple[StatedCharge | None, StatedCharge | None]:
    """Return shipping and tax as the cart states them, if the order is the whole cart in its quantities."""
    if cart is None or not policy.states_charges:
        return None, None
    ordered = {line.cart_position: line.quantity for line in lines}
    if ordered != {item.ordinal: item.quantity.value for item in cart.lines}:
        return None, None
    return _charge(cart.shipping, currency, _SHIPPING), _charge(cart.tax, currency, _TAX)


def _charge(money: Money | None, currency: str, description: str) -> StatedCharge | None:
    if money is None or money.amount < 0 or money.currency not in {None, currency}:
        return None
    return StatedCharge(money.amount, description)


def _distributions(
    line: OrderedLine, tie: LineTie, business_unit: str | None, accounting: Accounting
) -> tuple[AccountShare, ...]:
    """Charge the whole line to its account and cost centre; nothing where neither is known."""
    segments = tuple(_segments(tie, business_unit, accounting))
    if not segments:
        return ()
    charge = round_to_currency(times(line.quantity, line.unit_price), line.currency)
    return (AccountShare(accounting.name, charge, segments),)


def _segments(tie: LineTie, business_unit: str | None, accounting: Accounting) -> Iterator[Segment]:
    account = tie.order.line_object_number if tie.order.line_type == _ACCOUNT else None
    center = dict(accounting.cost_centers).get(business_unit or "")
    for kind, number in ((accounting.account_segment, account), (accounting.cost_center_segment, center)):
        if number:
            # The DTD wants a description, and neither the export nor the settings has another.
            yield Segment(type=kind, id=number, description=f"{kind} {number}")
