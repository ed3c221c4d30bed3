"""What an invoice bills beside the lines of the order."""

from dataclasses import replace
from typing import Any

import pytest

from punchout.model.exact import ONE
from punchout.model.values import PartId
from tests.reconciliation.histories import add, billing, codes, invoice, invoice_line, now, sent, shipment, stated, usd


def charged(*bodies: Any) -> list[tuple[str, int, str]]:  # noqa: ANN401 - any fact
    return [(one.kind, one.amount // ONE, one.line_key) for one in now(add(sent(3), *bodies)).charges]


FREIGHT = invoice_line(2, None, 1, description="Freight and packing", unit_price=usd(7), subtotal=usd(7))


@pytest.mark.parametrize("number", [None, 0])
def test_a_line_without_part_and_number_that_names_a_charge_is_one(number: int | None) -> None:
    bill = billing(invoice_line(1, 1, 3), replace(FREIGHT, line_number=number))
    assert charged(bill) == [("shipping", 7, "")]
    assert codes(add(sent(3), bill, shipment((1, 3)))) == ["INV_CHARGE_UNEXPECTED"]


@pytest.mark.parametrize(
    "line",
    [
        replace(FREIGHT, part=PartId("B0OTHER")),
        replace(FREIGHT, part=PartId(None, "135-9,9")),
        replace(FREIGHT, line_number=97),
        replace(FREIGHT, description="Freightliner, toy truck"),
        replace(FREIGHT, description=None),
    ],
    ids=["part", "auxiliary part", "number", "other word", "no word"],
)
def test_whatever_may_be_a_line_of_the_order_is_none(line: Any) -> None:  # noqa: ANN401 - a line
    assert charged(billing(line)) == []
    assert "LINE_NOT_FOUND" in codes(add(sent(3), billing(line)))


def test_a_line_that_says_so_is_a_charge_whatever_it_names() -> None:
    line = replace(FREIGHT, line_number=1, description="Something", is_ad_hoc=True)
    assert charged(billing(line)) == [("other", 7, "")]
    assert charged(billing(replace(line, description="Gift wrap", subtotal=None))) == [("other", 7, "")]


def test_what_lines_charge_belongs_to_their_line() -> None:
    line = invoice_line(1, 1, 3, shipping=usd(4), discount=usd(1))
    assert charged(billing(line)) == [("discount", -1, "10000"), ("shipping", 4, "10000")]


def test_what_the_summary_charges_is_counted_once() -> None:
    line = invoice_line(1, 1, 3, shipping=usd(4))
    found = charged(billing(line, shipping=usd(4), handling=usd(2), discount=usd(-1)))
    assert found == [("discount", -1, ""), ("handling", 2, ""), ("shipping", 4, "")]


def test_the_summary_of_an_invoice_that_others_share_is_left_to_a_person() -> None:
    assert charged(stated(invoice((1, 3), shipping=usd(4)), is_partial=True)) == []


def test_a_credit_gives_charges_back_in_whichever_sign_it_is_written() -> None:
    for amount in (4, -4):
        credit = invoice((1, 3), purpose="lineLevelCreditMemo", shipping=usd(amount), discount=usd(1))
        assert charged(credit) == [("discount", 1, ""), ("shipping", -4, "")]


def test_an_invoice_for_information_charges_nothing() -> None:
    assert charged(invoice((1, 3), shipping=usd(4), is_information_only=True)) == []


def test_a_charge_of_nothing_is_none() -> None:
    assert charged(invoice((1, 3), shipping=usd(0))) == []


def test_a_charge_on_a_line_that_is_not_found_is_kept_without_a_line() -> None:
    assert charged(billing(invoice_line(1, 97, 3, shipping=usd(4)))) == [("shipping", 4, "")]
