"""Sums are exact, whatever their length, and are never made of floats."""

import pytest

from punchout.reports.amounts import by_currency, millionths, money, money_in, total, worth


def test_amounts_add_up_where_floats_would_not() -> None:
    assert total(["0.1"] * 10) == "1"
    assert total(["999999999999.999999", "0.000001", "-1000000000000"]) == "0"


def test_a_sum_may_be_longer_than_any_number_in_it() -> None:
    assert total(["999999999999.999999"] * 1_000_000) == "999999999999999999"


def test_each_currency_is_summed_by_itself_and_a_blank_one_is_the_local_currency() -> None:
    sums = by_currency([("1.5", "USD"), ("2", "EUR"), ("0.25", "USD"), ("3", ""), ("4", None), (None, "GBP")])
    assert sums == {"EUR": 2_000_000, "LCY": 7_000_000, "USD": 1_750_000}


def test_a_currency_in_which_nothing_is_at_risk_is_not_named() -> None:
    assert by_currency([("0", "USD"), ("5", "EUR"), ("-5", "EUR")]) == {}


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("1234567.5", "USD", "1,234,567.50"),
        ("-1234.5", "USD", "-1,234.50"),
        ("-0.5", "USD", "-0.50"),
        ("1234", "JPY", "1,234"),
        ("0.1234", "USD", "0.1234"),
        ("0", "KWD", "0.000"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency_and_loses_none(amount: str, currency: str, expected: str) -> None:
    assert money(millionths(amount), currency) == expected


def test_an_amount_without_a_currency_is_in_the_local_one() -> None:
    assert money_in(millionths("5"), None) == "5.00 LCY"


def test_worth_is_rounded_half_up_at_the_minor_unit() -> None:
    assert worth("3", "0.335", "USD") == 1_010_000
    assert worth("3", "0.5", "JPY") == 2_000_000
    assert worth(None, "5", "USD") == 0
