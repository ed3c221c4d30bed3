"""Moments: what is read and with which repair, what is refused, and how instants are written and cut to days."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchout.model.codes import Code
from punchout.model.moments import (
    DAY,
    HOUR,
    Clock,
    Micros,
    day_in_zone,
    from_micros,
    iso_utc,
    offset_minutes,
    parse_moment,
    repeats_clock,
    stated_wall_clock,
    to_micros,
)
from punchout.model.unreadable import Unreadable

PACIFIC = ZoneInfo("America/Los_Angeles")
# The years that are taken, less a day at each end for the offset.
instants = st.datetimes(datetime(2000, 1, 2), datetime(2100, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
offsets = st.integers(-14 * 60, 14 * 60)


@given(instants)
def test_an_instant_that_is_written_reads_back_as_it_was(instant: datetime) -> None:
    moment = parse_moment(iso_utc(to_micros(instant)))
    assert moment.utc == to_micros(instant)
    assert (moment.day, moment.repair) == (None, None)


@given(instants)
def test_micros_hold_an_instant_exactly(instant: datetime) -> None:
    assert from_micros(to_micros(instant)) == instant


@given(instants, offsets)
def test_every_offset_up_to_fourteen_hours_is_read_as_the_standard_library_does(
    instant: datetime, minutes: int
) -> None:
    text = instant.astimezone(timezone(timedelta(minutes=minutes))).isoformat()
    assert parse_moment(text).utc == to_micros(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("text", "utc", "repair"),
    [
        ("2026-03-02T10:00:00+00:00", "2026-03-02T10:00:00+00:00", None),
        ("2026-03-02T10:00:00.5-08:00", "2026-03-02T18:00:00.500000+00:00", None),
        ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00+00:00", "z"),
        ("2026-03-02T10:00:00+0900", "2026-03-02T01:00:00+00:00", "no_colon"),
        ("2026-03-02T10:00:00+900", "2026-03-02T01:00:00+00:00", "no_colon"),
        ("2026-03-02T10:00:00 +6:00", "2026-03-02T04:00:00+00:00", None),
        ("2026-03-02T10:00:00", "2026-03-02T10:00:00+00:00", "naive"),
        (" 2026-03-02 10:00:00+00:00\n", "2026-03-02T10:00:00+00:00", None),
    ],
)
def test_a_text_is_read_with_the_repair_it_needs(text: str, utc: str, repair: str | None) -> None:
    moment = parse_moment(text)
    assert moment.utc is not None
    assert (iso_utc(moment.utc), moment.repair, moment.text) == (utc, repair, text)


def test_a_day_stays_a_day() -> None:
    moment = parse_moment("2024-02-29")
    assert (moment.utc, moment.day) == (None, "2024-02-29")


@pytest.mark.parametrize(
    "text",
    ["", "invalid", "2026-02-30", "2025-02-29T00:00:00Z", "2026-03-02T24:00:00Z", "2026-03-02T10:60:00Z",
     "2026-03-02T10:00Z", "2026-03-02T10:00:00+14:01", "2026-03-02T10:00:00-23:00", "1999-12-31T23:59:59Z",
     "2101-01-01", "1999-12-31", "20260302T100000Z", "2026-W10-1", "2026-3-2", "\uff12026-03-02", "1763805600"],
)  # fmt: skip
def test_a_text_that_lacks_a_part_or_is_impossible_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_moment(text)
    assert caught.value.code is Code.TS_INVALID


def test_a_long_text_is_not_quoted_in_full() -> None:
    with pytest.raises(Unreadable) as caught:
        parse_moment("x" * 10_000)
    assert len(caught.value.detail) < 200


def test_a_time_without_offset_follows_the_zone_s_summer_time() -> None:
    clock = Clock(PACIFIC)
    winter, summer = parse_moment("2026-01-15T12:00:00", clock).utc, parse_moment("2026-07-15T12:00:00", clock).utc
    assert winter == to_micros(datetime(2026, 1, 15, 20, tzinfo=UTC))
    assert summer == to_micros(datetime(2026, 7, 15, 19, tzinfo=UTC))


def test_an_offset_that_repeats_the_clock_is_replaced_only_where_the_clock_says_so() -> None:
    text = "2014-03-14T03:00:00+03:00"
    believed, repaired = parse_moment(text), parse_moment(text, Clock(UTC, -7 * 60))
    assert (believed.utc, believed.repair) == (to_micros(datetime(2014, 3, 14, tzinfo=UTC)), None)
    assert (repaired.utc, repaired.repair) == (to_micros(datetime(2014, 3, 14, 10, tzinfo=UTC)), "bogus_offset")
    sound = parse_moment("2014-03-14T03:00:00+04:00", Clock(UTC, -7 * 60))
    assert sound.repair is None


@pytest.mark.parametrize(
    ("wall", "minutes", "repeats"),
    [
        ("13:04:24", 13 * 60 + 4, True),
        ("13:04:24", 13 * 60 + 5, False),
        ("00:00:00", 0, False),
        ("01:00:00", -60, False),
    ],
)
def test_only_a_positive_offset_can_repeat_the_clock(wall: str, minutes: int, repeats: bool) -> None:  # noqa: FBT001
    assert repeats_clock(datetime.fromisoformat(f"2026-03-02T{wall}"), minutes) is repeats


@pytest.mark.parametrize(
    ("stated", "minutes"),
    [("+00:00", 0), ("-00:30", -30), ("+0530", 330), ("-8:00", -480), ("+530", 330), ("+17:37", 1057)],
)
def test_an_offset_is_read_in_minutes(stated: str, minutes: int) -> None:
    assert offset_minutes(stated) == minutes


def test_the_stated_clock_is_told_apart_from_its_offset() -> None:
    wall = datetime.fromisoformat("2026-03-02T17:37:27")
    assert stated_wall_clock("2026-03-02T17:37:27+17:37") == (wall, 1057)
    assert stated_wall_clock("2026-03-02T17:37:27Z") == (wall, 0)
    assert stated_wall_clock("2026-03-02T17:37:27") == (wall, None)
    assert stated_wall_clock("2026-03-02") is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-05T07:59:59+00:00", "2026-03-04"),
        ("2026-03-05T08:00:00+00:00", "2026-03-05"),
        ("2026-03-05", "2026-03-05"),
    ],
)
def test_an_instant_is_cut_to_the_day_of_the_zone(text: str, day: str) -> None:
    assert day_in_zone(parse_moment(text), PACIFIC) == day


@given(st.integers(0, 4 * 10**15))
def test_an_instant_is_written_with_a_numeric_offset(micros: Micros) -> None:
    assert iso_utc(micros).endswith("+00:00")


def test_a_day_has_twenty_four_hours() -> None:
    assert DAY == 24 * HOUR == to_micros(datetime(1970, 1, 2, tzinfo=UTC))


def test_a_leap_second_is_the_first_moment_of_the_next_minute() -> None:
    assert parse_moment("2016-12-31T23:59:60Z").utc == parse_moment("2017-01-01T00:00:00Z").utc


def test_an_offset_with_ninety_nine_minutes_is_refused() -> None:
    with pytest.raises(Unreadable):
        parse_moment("2026-03-02T10:00:00+05:99")
