"""Moments: what a document or an export says about time, with the text it said it in.

An instant is whole microseconds since 1970 in UTC. A value that names only a day keeps the day and never becomes an
instant. Reading is tolerant where genuine documents deviate, and every repair is named; it never guesses a missing
part. Which offset a suspect document gets is decided in `cxml_parsers`; this module applies it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo

from punchout.model.codes import Code
from punchout.model.unreadable import Unreadable, excerpt

Micros: TypeAlias = Annotated[int, "microseconds UTC"]
"""Microseconds since 1970-01-01T00:00:00Z."""

HOUR: Micros = 3_600_000_000
DAY: Micros = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_ONLY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?\s?(Z|[+-]\d{1,2}:?[0-5]\d)?", re.ASCII
)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_LEAP_SECOND = 60
_WIDEST_OFFSET = 14 * 60


@dataclass(frozen=True, slots=True)
class Moment:
    """A stated time.

    Attributes:
        text: as received.
        utc: microseconds UTC, or None where only a day is stated.
        day: ISO date, only where no time of day is stated.
        repair: None, or what had to be done to read it: `z`, `no_colon`, `naive`, `bogus_offset`.
    """

    text: str
    utc: Micros | None
    day: str | None = None
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """How the times of one document are to be read.

    Attributes:
        naive_zone: the zone of a time without an offset.
        self_offset: minutes to use instead of an offset that merely repeats the clock's HH:MM; None reads it as stated.
    """

    naive_zone: tzinfo = UTC
    self_offset: int | None = None


def parse_moment(text: str, clock: Clock = Clock()) -> Moment:
    """Read the W3C profile of ISO 8601 that cXML prescribes, and the deviations genuine senders use.

    Raises:
        Unreadable: `TS_INVALID` where a part is missing, impossible or outside the years 2000 to 2100.
    """
    stripped = text.strip(" \t\r\n")
    if _DAY_ONLY.fullmatch(stripped):
        return Moment(text, None, day=_checked_day(stripped).isoformat())
    found = _INSTANT.fullmatch(stripped)
    if found is None:
        raise Unreadable(Code.TS_INVALID, f"not a date and time: {excerpt(text)}")
    wall = _wall_clock(found, text)
    stated = found.group(8)
    if stated is None:
        return Moment(text, to_micros(wall.replace(tzinfo=clock.naive_zone)), repair="naive")
    if stated == "Z":
        return Moment(text, to_micros(wall.replace(tzinfo=UTC)), repair="z")
    minutes = offset_minutes(stated)
    if clock.self_offset is not None and repeats_clock(wall, minutes):
        zone = timezone(timedelta(minutes=clock.self_offset))
        return Moment(text, to_micros(wall.replace(tzinfo=zone)), repair="bogus_offset")
    if abs(minutes) > _WIDEST_OFFSET:
        raise Unreadable(Code.TS_INVALID, f"offset beyond 14 hours: {excerpt(text)}")
    zone = timezone(timedelta(minutes=minutes))
    return Moment(text, to_micros(wall.replace(tzinfo=zone)), repair=None if stated[-3] == ":" else "no_colon")


def stated_wall_clock(text: str) -> tuple[datetime, int | None] | None:
    """Return the wall clock (naive) and the stated offset in minutes of an instant's text, None if it is none."""
    found = _INSTANT.fullmatch(text.strip(" \t\r\n"))
    if found is None:
        return None
    stated = found.group(8)
    return _wall_clock(found, text), (0 if stated == "Z" else offset_minutes(stated)) if stated else None


def repeats_clock(wall: datetime, minutes: int) -> bool:
    """Tell whether a positive offset is the clock's own HH:MM, the mark of the sender's defect."""
    return minutes > 0 and minutes == wall.hour * 60 + wall.minute


def offset_minutes(stated: str) -> int:
    """Return the signed minutes of `+hh:mm`, `+hhmm` or `+h:mm`."""
    digits = stated[1:].replace(":", "").rjust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if stated[0] == "-" else minutes


def to_micros(moment: datetime) -> Micros:
    """Convert an aware datetime to microseconds UTC, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_micros(micros: Micros) -> datetime:
    """Convert microseconds UTC to an aware datetime in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def iso_utc(micros: Micros) -> str:
    """Write an instant as ISO 8601 with the numeric offset that cXML wants; fractions only where there are any."""
    return from_micros(micros).isoformat()


def day_in_zone(moment: Moment, zone: ZoneInfo) -> str | None:
    """Cut a moment to the calendar day it falls on in `zone`; a stated day stays what it says."""
    return moment.day if moment.utc is None else _day(moment.utc, zone)


@lru_cache(maxsize=4096)
def _day(utc: Micros, zone: ZoneInfo) -> str:
    """Return the day of an instant; the same few are asked for again and again while a request is computed."""
    return from_micros(utc).astimezone(zone).date().isoformat()


def _wall_clock(found: re.Match[str], text: str) -> datetime:
    year, month, day, hour, minute, second = (int(found.group(part)) for part in range(1, 7))
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Unreadable(Code.TS_INVALID, f"year outside 2000 to 2100: {excerpt(text)}")
    micros = int((found.group(7) or "0").ljust(6, "0")[:6])
    # A leap second has no place in the calendar of computers; it is the first moment of the next minute.
    leap = second == _LEAP_SECOND
    try:
        wall = datetime(year, month, day, hour, minute, second - leap, micros)  # noqa: DTZ001 - the caller decides
        return wall + timedelta(seconds=leap)
    except ValueError as impossible:
        raise Unreadable(Code.TS_INVALID, f"{impossible}: {excerpt(text)}") from None


def _checked_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as impossible:
        raise Unreadable(Code.TS_INVALID, f"{impossible}: {excerpt(text)}") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Unreadable(Code.TS_INVALID, f"year outside 2000 to 2100: {excerpt(text)}")
    return day
