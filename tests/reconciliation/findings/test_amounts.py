"""What an invoice charges that it should not."""

from dataclasses import replace
from typing import Any

import pytest

from punchout.model.codes import Severity
from punchout.model.documents import ShipPortion
from punchout.model.exact import ONE
from tests.reconciliation.histories import (
    REFERENCE,
    accept,
    add,
    billing,
    cart,
    cart_line,
    codes,
    confirmation,
    history,
    invoice,
    invoice_line,
    item,
    mark,
    only,
    queued,
    reject,
    request,
    result,
    sent,
    shipment,
    stated,
    usd,
)

SHIPPED = add(sent(3), shipment((1, 3)))
CONFIRMED = add(SHIPPED, confirmation(item(1, accept(3, unit_price=usd(11)))))


def billed_at(price: float, quantity: int = 3, **more: Any) -> object:  # noqa: ANN401 - any field
    return billing(invoice_line(1, 1, quantity, unit_price=usd(price), subtotal=usd(price * quantity)), **more)


@pytest.mark.parametrize(
    ("price", "severity", "risk"),
    [(11.5, Severity.WARNING, 1_500_000), (12, Severity.ERROR, 3_000_000), (9, Severity.INFO, 0)],
)
def test_a_billed_price_is_measured_against_the_confirmed_one(price: float, severity: Severity, risk: int) -> None:
    found = only(add(CONFIRMED, billed_at(price)), "INV_PRICE_VARIANCE")
    assert (found.subject_key, found.severity, found.amount_at_risk) == ("PR1/10000", severity, risk)
    assert found.detail == f"billed at {price} for 11"


def test_without_a_confirmed_price_the_ordered_one_counts() -> None:
    assert only(add(SHIPPED, billed_at(12)), "INV_PRICE_VARIANCE").detail == "billed at 12 for 10"
    agreed = confirmation(item(1, accept(3)))
    assert only(add(SHIPPED, agreed, billed_at(12)), "INV_PRICE_VARIANCE").detail == "billed at 12 for 10"


def test_each_of_several_confirmed_prices_may_be_billed() -> None:
    split = confirmation(item(1, accept(1, unit_price=usd(10.2)), accept(2, 2, unit_price=usd(12))))
    bills = [billed_at(10.2, 1), billed_at(12, 2, invoice_id="I2")]
    assert "INV_PRICE_VARIANCE" not in codes(add(SHIPPED, split, *bills))


def test_a_price_that_is_not_stated_is_computed_from_the_amount() -> None:
    bare = billing(invoice_line(1, 1, 3, unit_price=None, subtotal=usd(36)))
    assert only(add(SHIPPED, bare), "INV_PRICE_VARIANCE").detail == "billed at 12 for 10"


@pytest.mark.parametrize(
    "line",
    [
        invoice_line(1, 1, 3, unit_price=None, subtotal=None),
        invoice_line(1, 1, 0, unit_price=None, subtotal=usd(0)),
        invoice_line(1, 1, 3, unit_price=replace(usd(12), currency="EUR"), subtotal=None),
        invoice_line(1, 1, -3, unit_price=usd(12), subtotal=usd(-36)),
    ],
    ids=["no price", "no quantity", "other currency", "credit"],
)
def test_what_cannot_be_compared_is_not(line: Any) -> None:  # noqa: ANN401 - a line
    assert "INV_PRICE_VARIANCE" not in codes(add(SHIPPED, billing(line)))


def test_a_confirmed_price_in_another_currency_is_no_measure() -> None:
    euros = confirmation(item(1, accept(3, unit_price=replace(usd(12), currency="EUR"))))
    assert only(add(SHIPPED, euros, billed_at(12)), "INV_PRICE_VARIANCE").detail == "billed at 12 for 10"


def test_the_tax_of_a_line_is_measured_against_its_share_of_the_confirmed_tax() -> None:
    agreed = confirmation(item(1, accept(3, tax=usd(3))))
    fair = billing(invoice_line(1, 1, 1, tax=usd(1)))
    assert "INV_TAX_VARIANCE" not in codes(add(SHIPPED, agreed, fair))
    found = only(add(SHIPPED, agreed, billing(invoice_line(1, 1, 1, tax=usd(2)))), "INV_TAX_VARIANCE")
    assert (found.subject_key, found.detail, found.amount_at_risk) == ("PR1/10000", "2 billed, 1 confirmed", ONE)


def test_the_tax_of_a_credit_comes_back() -> None:
    agreed = confirmation(item(1, accept(3, tax=usd(3))))
    credit = billing(
        invoice_line(1, 1, 3, tax=usd(3)), invoice_id="C1", purpose="lineLevelCreditMemo", original_invoice_id="I1"
    )
    facts = add(SHIPPED, agreed, billing(invoice_line(1, 1, 3, tax=usd(3))), credit)
    assert codes(facts) == []


def test_tax_that_only_some_acceptances_state_is_no_measure() -> None:
    agreed = confirmation(item(1, accept(2, tax=usd(2)), accept(1, 2)))
    assert "INV_TAX_VARIANCE" not in codes(add(SHIPPED, agreed, billing(invoice_line(1, 1, 3, tax=usd(9)))))


def test_without_tax_in_lines_the_sums_of_the_order_are_compared() -> None:
    agreed = confirmation(item(1, accept(3)), tax=usd(3))
    found = only(add(SHIPPED, agreed, invoice((1, 1), tax=usd(5))), "INV_TAX_VARIANCE")
    assert (found.subject_key, found.detail, found.amount_at_risk) == ("PR1", "5 billed, 3 confirmed", 2 * ONE)


@pytest.mark.parametrize(("quantity", "tax", "fires"), [(1, 1, False), (3, 1, True), (3, 3, False)])
def test_less_tax_than_confirmed_says_nothing_before_everything_is_billed(
    quantity: int,
    tax: int,
    fires: bool,  # noqa: FBT001 - a column
) -> None:
    agreed = confirmation(item(1, accept(3)), tax=usd(3))
    found = codes(add(SHIPPED, agreed, invoice((1, quantity), tax=usd(tax))))
    assert ("INV_TAX_VARIANCE" in found) is fires


def test_the_tax_of_a_credit_lowers_the_sum() -> None:
    agreed = confirmation(item(1, accept(3)), tax=usd(3))
    credit = invoice((1, 3), invoice_id="C1", purpose="lineLevelCreditMemo", tax=usd(2))
    facts = add(SHIPPED, agreed, invoice((1, 3), tax=usd(5)), credit)
    assert "INV_TAX_VARIANCE" not in codes(facts)


@pytest.mark.parametrize(
    "known",
    [
        [confirmation(item(1, accept(3)), shipping=usd(4))],
        [confirmation(item(1, accept(1, shipping=usd(1)), accept(2, 2, shipping=usd(3))))],
        [confirmation(item(1, accept(3)), shipping=usd(3)), confirmation(confirm_id="111-2", shipping=usd(1))],
    ],
    ids=["in the header", "in statuses", "in two confirmations"],
)
def test_shipping_is_expected_as_confirmed_and_not_a_cent_more(known: list[object]) -> None:
    assert "INV_CHARGE_UNEXPECTED" not in codes(add(SHIPPED, *known, invoice((1, 3), shipping=usd(4))))
    found = only(add(SHIPPED, *known, invoice((1, 3), shipping=usd(4.01))), "INV_CHARGE_UNEXPECTED")
    assert (found.detail, found.amount_at_risk) == ("4.01 billed, 4 known before", 10_000)


def test_where_no_confirmation_states_shipping_the_carts_counts() -> None:
    whole = shipment(portions=(ShipPortion(ordinal=1, order=REFERENCE),))
    rest = (request(3), queued(3), mark(), result("sent"), whole, invoice((1, 3), shipping=usd(4)))
    by_header = history(replace(cart(3), shipping=usd(4)), *rest)
    by_line = history(replace(cart(3), lines=(cart_line(1, 3, shipping=usd(4)),)), *rest)
    for facts in (by_header, by_line):
        assert "INV_CHARGE_UNEXPECTED" not in codes(facts)
    assert "INV_CHARGE_UNEXPECTED" in codes(history(*rest))


def test_a_discount_is_never_unexpected() -> None:
    assert codes(add(SHIPPED, invoice((1, 3), discount=usd(5)))) == []


SUMS = {"subtotal": usd(30), "tax": usd(2), "shipping": usd(0), "gross": usd(32), "discount": usd(1), "net": usd(31)}


def test_sums_that_add_up_raise_nothing() -> None:
    assert codes(add(SHIPPED, invoice((1, 3), **SUMS))) == []
    assert codes(add(SHIPPED, invoice((1, 3), **{**SUMS, "discount": usd(-1)}))) == []


@pytest.mark.parametrize(
    ("changed", "detail"),
    [
        ({"discount": None}, "the net amount is off by -1"),
        ({"gross": usd(33), "net": usd(32)}, "the gross amount is off by 1"),
        ({"subtotal": usd(29), "gross": usd(31), "net": usd(30)}, "the subtotal is off by -1"),
        ({"gross": None, "net": usd(30)}, "the net amount is off by -1"),
        ({"subtotal": None, "net": usd(30)}, "the net amount is off by -1"),
    ],
)
def test_sums_that_do_not_add_up_name_the_gap(changed: dict[str, Any], detail: str) -> None:
    bill = invoice((1, 3), **{**SUMS, **changed})
    found = only(add(SHIPPED, bill), "INV_TOTAL_MISMATCH")
    assert (found.detail, found.amount_at_risk, found.currency) == (detail, ONE, "USD")
    assert found.subject_key == f"{stated(bill).source.body_sha256}#1"


def test_sums_may_be_off_by_five_cents() -> None:
    assert codes(add(SHIPPED, invoice((1, 3), **{**SUMS, "net": usd(31.05)}))) == []


@pytest.mark.parametrize("absent", ["subtotal", "net", "gross"])
def test_what_is_not_stated_contradicts_nothing(absent: str) -> None:
    assert "INV_TOTAL_MISMATCH" not in codes(add(SHIPPED, invoice((1, 3), **{**SUMS, absent: None})))


def test_a_net_amount_alone_contradicts_nothing() -> None:
    assert codes(add(SHIPPED, invoice((1, 3), net=usd(31)))) == []


def test_the_sums_of_a_credit_may_be_negative() -> None:
    sums = {"subtotal": usd(-30), "gross": usd(-30), "discount": usd(1), "net": usd(-29)}
    credit = invoice((1, 3), invoice_id="C1", purpose="lineLevelCreditMemo", original_invoice_id="I1", **sums)
    assert codes(add(SHIPPED, invoice((1, 3)), credit)) == []


def test_the_sums_of_an_invoice_that_others_share_are_not_judged() -> None:
    bill = stated(invoice((1, 3), **{**SUMS, "subtotal": usd(99)}), is_partial=True)
    assert codes(add(SHIPPED, bill)) == []


def test_lines_that_do_not_all_state_an_amount_are_not_summed() -> None:
    bill = billing(invoice_line(1, 1, 3, subtotal=None), subtotal=usd(99))
    assert codes(add(SHIPPED, bill)) == []


def test_a_line_whose_amount_is_not_quantity_times_price_is_reported() -> None:
    bill = billing(invoice_line(1, 1, 3, subtotal=usd(31)))
    found = only(add(SHIPPED, bill), "INV_LINE_MATH")
    assert (found.detail, found.amount_at_risk) == ("31 stated, 30 computed", ONE)
    assert found.subject_key.endswith("#1.1")


def test_a_line_may_be_off_by_two_cents_a_piece() -> None:
    assert codes(add(SHIPPED, billing(invoice_line(1, 1, 3, subtotal=usd(30.06))))) == []


def test_a_rejection_promises_no_tax() -> None:
    rejected = confirmation(item(1, reject(3, tax=usd(3))))
    facts = add(sent(3), rejected, billing(invoice_line(1, 1, 3, tax=usd(9))))
    assert "INV_TAX_VARIANCE" not in codes(facts)
