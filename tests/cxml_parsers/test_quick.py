"""The quick way reads what the model reads, and raises what the model raises."""

from collections.abc import Callable
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxml_parsers import quick
from punchout.model.exact import parse_decimal
from punchout.model.moments import Clock, parse_moment
from punchout.model.unreadable import Unreadable

CLOCKS = (Clock(UTC), Clock(ZoneInfo("America/Los_Angeles")), Clock(UTC, -420))
_DIGITS = st.text("0123456789+-.,eE \u0661", max_size=16)
_MOMENTS = st.from_regex(
    r"\A(19|20|21)[0-9]{2}-[01][0-9]-[0-3][0-9][T ]?[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,3})?"
    r"(Z|[+-][01][0-9]:?[0-5][05]|[+-]00:?00)?\Z"
)


def outcome(read: Callable[[], object]) -> object:
    try:
        return read()
    except Unreadable as error:
        return error.code, error.detail


@given(_DIGITS)
def test_a_number_is_read_as_the_model_reads_it(text: str) -> None:
    assert outcome(lambda: quick.decimal(text)) == outcome(lambda: parse_decimal(text))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**13), max_value=10**13, places=4).map(str))
def test_a_decimal_is_read_as_the_model_reads_it(text: str) -> None:
    assert outcome(lambda: quick.decimal(text)) == outcome(lambda: parse_decimal(text))


@given(_MOMENTS, st.sampled_from(CLOCKS))
def test_a_time_is_read_as_the_model_reads_it(text: str, clock: Clock) -> None:
    assert outcome(lambda: quick.usual_moment(text, clock) or parse_moment(text, clock)) == outcome(
        lambda: parse_moment(text, clock)
    )


@pytest.mark.parametrize(
    "offset", ["Z", "+00:00", "-00:00", "+0000", "+14:00", "-14:00", "+14:15", "+5:30", " +00:00", ""]
)
@pytest.mark.parametrize("day", ["2026-02-28", "2026-02-29", "1999-12-31", "2100-12-31", "2101-01-01", "2026-2-8"])
@pytest.mark.parametrize(
    "time", ["T00:00:00", "T23:59:59", "T23:59:60", "T24:00:00", "T1:00:00", " 10:00:00", "T10:00:0\u0661"]
)
def test_the_edges_of_times_are_the_models(day: str, time: str, offset: str) -> None:
    text = day + time + offset
    usual = quick.usual_moment(text, Clock(UTC))
    assert usual is None or usual == parse_moment(text, Clock(UTC))
