"""Numbers and times in the form nearly all of them have, read by table and arithmetic; all others as the model reads.

What is accepted, and what it means, is decided in `punchout.model.exact` and `punchout.model.moments` alone: here only
what they would read in the same way is read faster. The tables are bounded; they hold parts of numbers and dates, never
documents.
"""

import re
from datetime import UTC, date, datetime
from typing import Final

from punchout.model.exact import ONE, Millionths, parse_decimal
from punchout.model.making import maker
from punchout.model.moments import HOUR, Clock, Micros, Moment, to_micros

_SCALE: Final[tuple[int, ...]] = tuple(10 ** (6 - decimals) for decimals in range(7))
_MOST_DIGITS, _MOST_DECIMALS = 12, 6
# What most prices are made of.
_UNITS: Final[dict[str, Millionths]] = {str(units): units * ONE for units in range(1000)}
_CENTS: Final[dict[str, Millionths]] = {f"{cents:02}": cents * ONE // 100 for cents in range(100)}
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SECOND: Micros = 1_000_000
_moment = maker(Moment)


def plain(text: str) -> Millionths | None:
    """Read digits with a point and a minus sign at most; None where there is anything else to say about the text."""
    whole, point, fraction = text.partition(".")
    units, cents = _UNITS.get(whole), _CENTS.get(fraction)
    if units is not None and cents is not None:
        return units + cents
    digits = whole + fraction
    if digits.isdigit() and text.isascii():
        if 0 < len(whole) <= _MOST_DIGITS and (0 < len(fraction) <= _MOST_DECIMALS or not point):
            return int(digits) * _SCALE[len(fraction)]
    elif text[:1] == "-" and text[1:2] != "-":
        value = plain(text[1:])
        return None if value is None else -value
    return None


def decimal(text: str) -> Millionths:
    """Read plain decimal text as `parse_decimal` does, and raise what it raises."""
    value = plain(text)
    return parse_decimal(text) if value is None else value


def usual_moment(text: str, clock: Clock) -> Moment | None:
    """Read `yyyy-mm-ddThh:mm:ss` with an offset behind it as `parse_moment` does; None where it is anything else."""
    offset = _OFFSETS.get(text[19:]) if clock.self_offset is None else None
    if offset is None:
        return None
    midnight, second = _DAYS.get(text[:10]) or _midnight(text[:10]), _clock_time(text[10:19])
    if midnight is None or second is None:
        return None
    minutes, repair = offset
    value: Moment = _moment(text, midnight + second - minutes * 60 * _SECOND, None, repair)
    return value


def _clock_time(text: str) -> Micros | None:
    """Return the microseconds since midnight of `Thh:mm:ss`, None where it is anything else."""
    hour, minute, second = _HOURS.get(text[1:3]), _MINUTES.get(text[4:6]), _SECONDS.get(text[7:9])
    if hour is None or minute is None or second is None or text[0] != "T" or text[3] != ":" or text[6] != ":":
        return None
    return hour + minute + second


def _known_offsets() -> dict[str, tuple[int, str | None]]:
    table: dict[str, tuple[int, str | None]] = {"Z": (0, "z")}
    for quarters in range(-14 * 4, 14 * 4 + 1):
        sign, hours, minutes = "-" if quarters < 0 else "+", abs(quarters) // 4, abs(quarters) % 4 * 15
        for written in {sign, "-" if quarters == 0 else sign}:
            table[f"{written}{hours:02}:{minutes:02}"] = (quarters * 15, None)
            table[f"{written}{hours:02}{minutes:02}"] = (quarters * 15, "no_colon")
    return table


def _midnight(text: str) -> Micros | None:
    """Return the first microsecond of `yyyy-mm-dd` in UTC, None where it is anything else or out of range."""
    if _DAY.fullmatch(text) is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return None
    # At most as many entries as those years have days.
    known = _DAYS[text] = to_micros(datetime(day.year, day.month, day.day, tzinfo=UTC))
    return known


_OFFSETS: Final = _known_offsets()
_DAYS: Final[dict[str, Micros]] = {}
_HOURS: Final[dict[str, Micros]] = {f"{hour:02}": hour * HOUR for hour in range(24)}
_MINUTES: Final[dict[str, Micros]] = {f"{minute:02}": minute * 60 * _SECOND for minute in range(60)}
_SECONDS: Final[dict[str, Micros]] = {f"{second:02}": second * _SECOND for second in range(60)}
