"""What an order says of accounts and of the cart's charges, and that it says nothing of them unless it is asked to."""

from dataclasses import replace

import pytest

from punchout.model.documents import Cart
from punchout.model.exact import parse_decimal
from punchout.model.history import RequestHistory
from punchout.model.order_documents import Segment
from punchout.model.orders import AccountShare, OrderDraft, StatedCharge
from punchout.ordering.draft import draft_order
from punchout.ordering.policy import Accounting, OrderingPolicy
from punchout.ordering.refusals import Refusals
from tests.ordering.examples import CART, NOW, POLICY, REQUEST, history, usd, with_order_line

ACCOUNTING = replace(POLICY, accounting=Accounting(cost_centers=(("Office", "CC1"),)))
CHARGES = replace(POLICY, states_charges=True)
CHARGED = replace(
    CART,
    shipping=usd("2.99"),
    tax=usd("4.00"),
    lines=(replace(CART.lines[0], tax=usd("3.00"), shipping=usd("0.00")), CART.lines[1]),
)


def drafted(facts: RequestHistory, policy: OrderingPolicy) -> OrderDraft:
    made = draft_order(facts, policy, NOW)
    assert isinstance(made, OrderDraft), made
    return made


def test_nothing_is_said_of_accounts_and_charges_unless_asked() -> None:
    draft = drafted(history(cart=CHARGED), POLICY)
    assert (draft.instructions, draft.shipping, draft.tax) == ((), None, None)


def test_a_line_is_charged_to_its_account_and_to_the_cost_centre_of_the_business_unit() -> None:
    draft = drafted(history(request=replace(REQUEST, business_unit="Office")), ACCOUNTING)
    account = Segment(type="G/L Account", id="61100", description="G/L Account 61100")
    center = Segment(type="Cost Center", id="CC1", description="Cost Center CC1")
    assert [(each.line_number, each.distributions) for each in draft.instructions] == [
        (1, (AccountShare("DistributionCharge", parse_decimal("30"), (account, center)),)),
        (2, (AccountShare("DistributionCharge", parse_decimal("20"), (account, center)),)),
    ]


def test_without_a_cost_centre_for_the_business_unit_the_account_stands_alone() -> None:
    shares = drafted(history(), ACCOUNTING).instructions[0].distributions
    assert [segment.id for segment in shares[0].segments] == ["61100"]


def test_a_line_of_an_item_has_no_account_and_nothing_is_invented_for_it() -> None:
    order = with_order_line(0, line_type="Item", line_object_number="B0TEST0001")
    assert [each.line_number for each in drafted(history(order=order), ACCOUNTING).instructions] == [2]


def test_what_the_cart_says_of_shipping_and_tax_is_repeated() -> None:
    draft = drafted(history(cart=CHARGED), CHARGES)
    assert draft.shipping == StatedCharge(parse_decimal("2.99"), "Shipping")
    assert draft.tax == StatedCharge(parse_decimal("4"), "Tax")
    (beside,) = draft.instructions
    assert (beside.line_number, beside.tax, beside.shipping) == (
        1,
        StatedCharge(parse_decimal("3"), "Tax"),
        StatedCharge(0, "Shipping"),
    )


@pytest.mark.parametrize(
    "cart",
    [
        replace(CHARGED, lines=(*CHARGED.lines, replace(CART.lines[0], ordinal=3))),
        replace(CHARGED, lines=(replace(CHARGED.lines[0], quantity=CART.lines[1].quantity), CHARGED.lines[1])),
    ],
    ids=["a part of the cart", "another quantity"],
)
def test_of_an_order_that_is_not_the_whole_cart_the_carts_charges_say_nothing(cart: Cart) -> None:
    draft = drafted(history(cart=cart), CHARGES)
    assert (draft.shipping, draft.tax) == (None, None)


def test_a_charge_in_another_currency_or_below_zero_is_not_repeated() -> None:
    cart = replace(CHARGED, shipping=replace(usd("2.99"), currency="EUR"), tax=usd("-1"))
    draft = drafted(history(cart=cart), CHARGES)
    assert (draft.shipping, draft.tax) == (None, None)


def test_an_account_that_xml_cannot_carry_refuses_the_order() -> None:
    refused = draft_order(history(order=with_order_line(0, line_object_number="61\x0700")), ACCOUNTING, NOW)
    assert isinstance(refused, Refusals)
    assert any("cannot carry: U+0007" in reason.detail for reason in refused.reasons)
