"""Exact numbers: what is read, what is refused, and the only rounding there is."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchout.model.codes import Code
from punchout.model.exact import (
    ONE,
    Millionths,
    format_decimal,
    minor_units,
    parse_decimal,
    round_to_currency,
    times,
)
from punchout.model.unreadable import Unreadable

in_range = st.integers(-(10**18) + 1, 10**18 - 1)


@given(in_range)
def test_what_is_written_reads_back_as_it_was(value: Millionths) -> None:
    assert parse_decimal(format_decimal(value)) == value


@given(in_range, st.integers(0, 6))
def test_padding_with_zeros_changes_no_value(value: Millionths, decimals: int) -> None:
    written = format_decimal(value, decimals=decimals)
    assert parse_decimal(written) == value
    assert len(written.partition(".")[2]) >= decimals


@given(in_range)
def test_a_number_is_written_as_the_standard_library_would(value: Millionths) -> None:
    assert Decimal(format_decimal(value)) == Decimal(value).scaleb(-6)


@given(in_range)
def test_nothing_superfluous_is_written(value: Millionths) -> None:
    written = format_decimal(value)
    assert not written.startswith(("+", ".", "-0" if value == 0 else "+"))
    assert "." not in written or not written.endswith(("0", "."))


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("-0", 0), ("007", 7 * ONE), ("+5", 5 * ONE), (" \t\r\n12.50 ", 12_500_000), ("0.000001", 1),
     ("-0.000001", -1), ("1.2300000000", 1_230_000), ("000000000000001.5", 1_500_000), ("9" * 12, (10**12 - 1) * ONE)],
)  # fmt: skip
def test_a_plain_decimal_is_read(text: str, value: Millionths) -> None:
    assert parse_decimal(text) == value


@pytest.mark.parametrize(
    "text",
    ["", " ", ".", "-", "12.", ".5", "1,000.00", "1.000,00", "1e5", "1E+3000000", "NaN", "sNaN", "Infinity", "1_000",
     "0x10", "--1", "+ 5", "1 000", "1\u00a0000", "\uff11\uff12\uff13", "\u0663", "\u00b2", "1;5", "1.2.3", "\u00a01"],
)  # fmt: skip
def test_anything_but_a_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_decimal(text)
    assert caught.value.code is Code.STRUCT_INVALID


@pytest.mark.parametrize("text", ["1" + "0" * 12, "-1000000000000.5", "0.0000001", "1.1234567", "9" * 5000])
def test_a_number_out_of_range_is_refused_and_not_rounded(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_decimal(text)
    assert caught.value.code is Code.NUMBER_RANGE
    assert len(caught.value.detail) < 200


@given(in_range, st.sampled_from(["USD", "usd", "JPY", "KWD", "XXX", None]))
def test_rounding_is_half_up_at_the_currency_s_own_decimals(value: Millionths, currency: str | None) -> None:
    step = Decimal(1).scaleb(-minor_units(currency))
    expected = Decimal(value).scaleb(-6).quantize(step, rounding=ROUND_HALF_UP)
    assert Decimal(round_to_currency(value, currency)).scaleb(-6) == expected


@pytest.mark.parametrize(
    ("text", "currency", "rounded"),
    [("0.005", "USD", "0.01"), ("-0.005", "USD", "-0.01"), ("0.004999", "USD", "0"), ("2.5", "JPY", "3"),
     ("1.2345", "KWD", "1.235"), ("10.075", None, "10.08")],
)  # fmt: skip
def test_half_a_minor_unit_goes_away_from_zero(text: str, currency: str | None, rounded: str) -> None:
    assert format_decimal(round_to_currency(parse_decimal(text), currency)) == rounded


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_a_product_is_exact_to_the_sixth_decimal_half_up(quantity: Millionths, price: Millionths) -> None:
    exact = Decimal(quantity).scaleb(-6) * Decimal(price).scaleb(-6)
    assert Decimal(times(quantity, price)).scaleb(-6) == exact.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)
