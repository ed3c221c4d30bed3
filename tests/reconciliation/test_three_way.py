"""Every line against what was ordered, confirmed, shipped, received and billed, in one word and in numbers."""

from dataclasses import replace

from punchout.model.exact import ONE
from punchout.model.history import RequestHistory
from punchout.model.values import Number
from punchout.reconciliation.accounts import ThreeWay
from punchout.reconciliation.policy import ReconciliationPolicy
from tests.reconciliation.histories import (
    POLICY,
    accept,
    add,
    billing,
    confirmation,
    history,
    invoice,
    invoice_line,
    item,
    now,
    number,
    order_line,
    purchase_order,
    reject,
    request,
    sent,
    shipment,
    stated,
    usd,
)

CONFIRMED = add(sent(3), confirmation(item(1, accept(3, unit_price=usd(11), tax=usd(3)))), shipment((1, 3)))
IN_SCOPE = replace(POLICY, receipts_in_scope=True)


def compared(facts: RequestHistory, policy: ReconciliationPolicy = POLICY) -> ThreeWay:
    (line,) = now(facts, policy=policy).three_way
    return line


def words(facts: RequestHistory, policy: ReconciliationPolicy = POLICY) -> list[str]:
    return [word.value for word in compared(facts, policy).words]


def billed(price: float, quantity: int = 3) -> object:
    line = invoice_line(
        1, 1, quantity, unit_price=usd(price), subtotal=usd(price * quantity), tax=usd(3), shipping=usd(1)
    )
    return billing(line)


def test_the_numbers_stand_side_by_side() -> None:
    found = compared(add(CONFIRMED, billed(12)))
    quantities = (found.ordered, found.confirmed, found.effective, found.shipped, found.invoiced, found.received)
    assert quantities == (*[3 * ONE] * 5, None)
    assert (found.price_expected, found.price_invoiced) == (11 * ONE, 12 * ONE)
    assert (found.amount_invoiced, found.amount_at_variance, found.charges) == (36 * ONE, 3 * ONE, ONE)
    assert (found.tax_expected, found.tax_invoiced, found.currency) == (3 * ONE, 3 * ONE, "USD")
    assert (found.word, found.words, found.line_key) == ("price", ("price",), "10000")


def test_what_is_billed_as_confirmed_matches() -> None:
    assert words(add(CONFIRMED, billed(11))) == ["matched"]


def test_a_price_within_tolerance_and_a_lower_one_are_fine() -> None:
    assert words(add(CONFIRMED, billed(11.01))) == ["within tolerance"]
    assert words(add(CONFIRMED, billed(9))) == ["within tolerance"]


def test_more_less_and_nothing_billed_have_their_words() -> None:
    assert words(add(CONFIRMED, billed(11, 4))) == ["qty over"]
    assert words(add(CONFIRMED, billed(11, 1))) == ["qty short"]
    assert words(CONFIRMED) == ["not invoiced"]


def test_the_smallest_quantity_billed_is_short_and_not_nothing() -> None:
    least = replace(invoice_line(1, 1, 1, unit_price=usd(11), subtotal=None), quantity=Number("0.000001", 1))
    assert words(add(CONFIRMED, billing(least))) == ["qty short"]


def test_a_rejected_line_that_is_not_billed_matches() -> None:
    assert words(add(sent(3), confirmation(item(1, reject(3))))) == ["matched"]


def test_a_receipt_counts_where_receipts_are_in_scope() -> None:
    order = stated(purchase_order(lines=(order_line(1, 3, received_quantity=number(2)),)), version=5)
    facts = add(CONFIRMED, order, billed(11))
    assert (words(facts), compared(facts).received) == (["matched"], None)
    assert (words(facts, IN_SCOPE), compared(facts, IN_SCOPE).received) == (["not received"], 2 * ONE)


def test_another_currency_is_the_worst_that_can_be_said_of_an_ordered_line() -> None:
    euros = replace(usd(48), currency="EUR")
    bill = billing(invoice_line(1, 1, 4, unit_price=None, subtotal=euros))
    assert words(add(CONFIRMED, bill)) == ["currency", "qty over"]


def test_another_unit_is_said_of_the_line_it_was_meant_for() -> None:
    assert words(add(CONFIRMED, billing(invoice_line(1, 1, 3, unit="BX")))) == ["UoM", "not invoiced"]


def test_before_there_is_an_order_there_is_nothing_to_match() -> None:
    assert words(history(request(3))) == ["no PO"]


def test_a_credit_lowers_the_amount_and_not_the_price() -> None:
    credit = invoice((1, 1), invoice_id="C1", purpose="lineLevelCreditMemo")
    found = compared(add(CONFIRMED, billed(11), credit))
    assert (found.invoiced, found.amount_invoiced, found.price_invoiced) == (2 * ONE, 23 * ONE, 11 * ONE)


def test_an_amount_that_is_not_stated_is_computed() -> None:
    found = compared(add(CONFIRMED, billing(invoice_line(1, 1, 3, subtotal=None))))
    assert found.amount_invoiced == 30 * ONE


def test_a_line_without_any_price_is_compared_by_quantity_alone() -> None:
    found = compared(add(CONFIRMED, billing(invoice_line(1, 1, 3, unit_price=None, subtotal=None))))
    assert (found.word, found.price_invoiced, found.amount_invoiced) == ("matched", None, 0)


def test_a_line_whose_price_nobody_knows_expects_none() -> None:
    order = purchase_order(lines=(order_line(1, 3, direct_unit_cost=None),))
    unpriced = request(3, lines=(replace(request(3).lines[0], unit_price=None),))
    facts = history(unpriced, order, invoice((1, 3)))
    found = compared(facts, replace(POLICY, sent_by="bc"))
    assert (found.price_expected, found.price_invoiced, found.amount_at_variance) == (None, 10 * ONE, 0)
