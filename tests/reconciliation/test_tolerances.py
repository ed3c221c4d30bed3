"""Where a difference begins: exactly at the tolerance nothing is said yet."""

import pytest

from punchout.model.codes import Severity
from punchout.model.exact import ONE, parse_decimal
from punchout.reconciliation.tolerances import Tolerances

USUAL = Tolerances()


@pytest.mark.parametrize(
    ("price", "base", "differs"),
    [
        ("1.01", "1", False),
        ("1.010001", "1", True),
        ("0.99", "1", False),
        ("0.989999", "1", True),
        ("100.5", "100", False),
        ("100.500001", "100", True),
        ("0.01", "0", False),
    ],
)
def test_a_price_may_be_off_by_a_cent_or_half_a_percent(price: str, base: str, differs: bool) -> None:  # noqa: FBT001 - a column
    assert USUAL.price_differs(parse_decimal(price), parse_decimal(base)) is differs


@pytest.mark.parametrize(
    ("price", "severity"),
    [("9", Severity.INFO), ("10.5", Severity.WARNING), ("10.500001", Severity.ERROR)],
)
def test_a_higher_price_is_an_error_above_five_percent(price: str, severity: Severity) -> None:
    assert USUAL.price_severity(parse_decimal(price), 10 * ONE) is severity


def test_a_lines_amount_may_be_off_by_two_cents_a_piece() -> None:
    assert not USUAL.line_amount_differs(10 * ONE + 60_000, 10 * ONE, -3 * ONE)
    assert USUAL.line_amount_differs(10 * ONE + 60_001, 10 * ONE, 3 * ONE)


def test_a_lines_amount_may_be_off_by_two_cents_however_little_it_is() -> None:
    assert not USUAL.line_amount_differs(ONE + 20_000, ONE, ONE // 10)


def test_tax_may_be_off_by_five_cents_and_one_percent_together() -> None:
    assert not USUAL.tax_differs(10 * ONE + 150_000, 10 * ONE)
    assert USUAL.tax_differs(10 * ONE + 150_001, 10 * ONE)
