"""A cart before it is ordered."""

from dataclasses import replace

import pytest

from punchout.model.codes import Code
from punchout.model.documents import CartLine
from punchout.model.exact import ONE
from punchout.model.history import RequestHistory
from punchout.model.moments import DAY
from punchout.reconciliation.reconcile import reconcile
from tests.reconciliation.histories import (
    MUCH_LATER,
    POLICY,
    SENT_AT,
    accept,
    cart,
    cart_line,
    codes,
    confirmation,
    history,
    item,
    mark,
    now,
    only,
    purchase_order,
    queued,
    request,
    resolved,
    result,
    sent,
    stated,
    usd,
)

WAITING = history(request(3, status="pendingApproval", purchase_order_number=None), cart(3))
SOON = SENT_AT + DAY


def test_a_cart_without_items_is_reported() -> None:
    assert only(history(request(), cart()), "CART_EMPTY").detail == "the cart holds no items"


@pytest.mark.parametrize(("total", "fires"), [(30, False), (30.01, True), (29.99, True)])
def test_the_total_of_a_cart_is_the_sum_of_its_goods(total: float, fires: bool) -> None:  # noqa: FBT001 - a column
    facts = history(request(3, purchase_order_number=None), replace(cart(3), total=usd(total), shipping=usd(5)))
    assert ("CART_TOTAL_MISMATCH" in codes(facts)) is fires


def test_a_wrong_total_says_by_how_much() -> None:
    facts = history(request(3, purchase_order_number=None), replace(cart(3), total=usd(33)))
    found = only(facts, "CART_TOTAL_MISMATCH")
    assert (found.detail, found.amount_at_risk) == ("the cart says 33, its lines sum to 30", 3 * ONE)


@pytest.mark.parametrize("others", [(), (cart_line(2, 1),)], ids=["alone", "beside one that can"])
@pytest.mark.parametrize(
    "line",
    [cart_line(1, 3, unit_price=None), cart_line(1, 3, unit_price=replace(usd(10), currency="EUR"))],
    ids=["no price", "other currency"],
)
def test_what_cannot_be_summed_is_not(line: CartLine, others: tuple[CartLine, ...]) -> None:
    facts = history(request(3, purchase_order_number=None), replace(cart(3), lines=(line, *others), total=usd(33)))
    assert "CART_TOTAL_MISMATCH" not in codes(facts)


def test_the_total_of_a_cart_that_was_ordered_is_history() -> None:
    ordered = sent(3)
    assert codes(replace(ordered, carts=(stated(replace(cart(3), total=usd(33))),))) == codes(ordered)


def test_a_cart_is_worth_a_warning_after_five_days_and_another_word_after_seven() -> None:
    warned, lapsed = SENT_AT + 5 * DAY, SENT_AT + 7 * DAY
    assert ("CART_AGEING" in codes(WAITING, warned - 1), now(WAITING, SOON).next_due_at) == (False, warned)
    assert only(WAITING, "CART_AGEING", warned).detail == "the cart is 5 days old or more"
    assert only(WAITING, "CART_AGEING", warned).since == warned
    assert now(WAITING, warned).next_due_at == lapsed
    assert only(WAITING, "CART_AGEING", lapsed).detail == "the cart is 7 days old or more"
    assert now(WAITING, lapsed).next_due_at is None


def test_a_draft_that_waits_for_a_person_ages_too() -> None:
    facts = history(request(3), cart(3), queued(3, release_mode="manual"))
    assert "CART_AGEING" in codes(facts, MUCH_LATER)


@pytest.mark.parametrize(
    "facts",
    [
        sent(3),
        history(request(3), cart(3), queued(3), mark(), result("in_doubt")),
        history(request(3), cart(3), queued(3), mark(), result("refused")),
        history(request(3), cart(3), queued(3), mark(), result("in_doubt"), resolved("cancelled", SENT_AT + 1)),
        history(request(3), cart(3), purchase_order(3), confirmation(item(1, accept(3)))),
        history(request(3, order_confirmation_id="111-1"), cart(3), purchase_order(3)),
        history(request(3)),
        history(request(3), cart()),
    ],
    ids=["sent", "in doubt", "refused", "cancelled", "answered", "confirmed in BC", "no cart", "empty cart"],
)
def test_a_cart_that_waits_for_nothing_does_not_age(facts: RequestHistory) -> None:
    assert "CART_AGEING" not in codes(facts, MUCH_LATER)


def test_where_business_central_sends_a_purchase_order_ends_the_wait() -> None:
    policy = replace(POLICY, sent_by="bc")
    ordered = history(request(3), cart(3))
    assert "CART_AGEING" not in codes(now(ordered, MUCH_LATER, policy))
    assert "CART_AGEING" in codes(now(WAITING, MUCH_LATER, policy))


def test_a_cart_that_ordering_refuses_for_its_age_is_expired_and_no_longer_ageing() -> None:
    facts = history(request(3), cart(3), purchase_order(3))
    found = reconcile(facts, POLICY, MUCH_LATER, ((Code.CART_EXPIRED, "cart is 15 days old"),))
    assert codes(found) == ["CART_EXPIRED"]


def test_an_adopted_order_has_no_cart_that_ages() -> None:
    policy = replace(POLICY, cutover_at=SENT_AT)
    found = now(history(request(3), cart(3), purchase_order(3)), MUCH_LATER, policy)
    assert codes(found) == ["ORDER_ADOPTED"]
