"""The form that all spellings of a purchase order's number share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchout.reconciliation.order_numbers import order_number_form

SPELLINGS = ("106001", " 106001 ", "0106001", "PO106001", "po-106001", "PO# 106001", "Order No. 00106001", "106.001")


@pytest.mark.parametrize("text", SPELLINGS)
def test_spellings_of_one_number_have_one_form(text: str) -> None:
    assert order_number_form(text) == "106001"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("PO0012", "PO0012"),
        ("PO0123", "123"),
        ("POLAR7700", "POLAR7700"),
        ("NL-106001", "NL106001"),
        ("#", ""),
        ("", ""),
    ],
)
def test_a_prefix_goes_only_where_enough_of_a_number_is_left(text: str, form: str) -> None:
    assert order_number_form(text) == form


@given(st.text())
def test_blanks_and_marks_around_a_number_never_matter(text: str) -> None:
    assert order_number_form(f" #{text}/ ") == order_number_form(text)


@given(st.integers(100, 10**9), st.sampled_from(("", "PO", "po-", "Order ", "No. ")), st.integers(0, 4))
def test_words_before_a_number_and_zeros_never_matter(number: int, word: str, zeros: int) -> None:
    assert order_number_form(f"{word}{'0' * zeros}{number}") == str(number)
