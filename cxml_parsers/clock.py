"""The clock of one document: which offset its times really have.

A known sender writes the clock's own HH:MM where the offset belongs (`17:37:27+17:37`). Read as stated, every event
would move to midnight UTC. The rule for telling such a document, and what is used instead, lives here; applying it to
single times is `punchout.model.moments`.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from punchout.model.moments import Clock, Micros, repeats_clock, stated_wall_clock, to_micros
from punchout.model.unreadable import Unreadable

_MINUTE: Micros = 60_000_000
_WIDEST_OFFSET = 14 * 60
_DISAGREEMENT = 5 * _MINUTE
_QUARTER = 15 * _MINUTE
_NEAR_A_QUARTER = 90_000_000

# Without an offset, in UTC, or behind it: no offset that could repeat the clock.
_CANNOT_REPEAT = re.compile(r"[0-9T:.-]{10,29}(?:Z|[+-]00:?00|-\d\d:?\d\d)?", re.ASCII)
# cXML Reference Guide, payloadID: `datetime.processid.random@host`; genuine senders put epoch milliseconds first.
_LEADING_EPOCH = re.compile(r"(\d{13})(?!\d)", re.ASCII)


def clock_of(timestamp: str | None, payload_id: str | None, naive_zone: tzinfo) -> Clock:
    """Return how the times of a document are read, from the envelope's own two statements about its time.

    A document is suspect if its timestamp has a positive offset equal to its own HH:MM and that offset is beyond
    +14:00 or the payloadID's epoch disagrees with the stated instant by more than five minutes. A suspect document's
    offset is its wall clock minus that epoch, if that is at most 14 hours and near a quarter hour; else the configured
    zone's at that wall time.
    """
    if timestamp is None or _CANNOT_REPEAT.fullmatch(timestamp) is not None:
        return _plain_clock(naive_zone)
    stated = _stated(timestamp)
    if stated is None:
        return _plain_clock(naive_zone)
    wall, minutes = stated
    epoch = leading_epoch(payload_id)
    if not _is_suspect(wall, minutes, epoch):
        return _plain_clock(naive_zone)
    offset = None if epoch is None else _offset_from_epoch(wall, epoch)
    if offset is None:
        zone_offset = naive_zone.utcoffset(wall) or timedelta()
        offset = zone_offset // timedelta(minutes=1)
    return Clock(naive_zone, offset)


@lru_cache(maxsize=16)
def _plain_clock(naive_zone: tzinfo) -> Clock:
    return Clock(naive_zone)


def leading_epoch(payload_id: str | None) -> Micros | None:
    """Return the instant that a payloadID begins with as epoch milliseconds, None where it does not."""
    found = None if payload_id is None else _LEADING_EPOCH.match(payload_id)
    return None if found is None else int(found.group(1)) * 1000


def _stated(timestamp: str | None) -> tuple[datetime, int] | None:
    if timestamp is None:
        return None
    try:
        stated = stated_wall_clock(timestamp)
    except Unreadable:
        # The reader of the timestamp itself says so.
        return None
    if stated is None or stated[1] is None:
        return None
    return stated[0], stated[1]


def _is_suspect(wall: datetime, minutes: int, epoch: Micros | None) -> bool:
    if not repeats_clock(wall, minutes):
        return False
    if minutes > _WIDEST_OFFSET:
        return True
    instant = to_micros(wall.replace(tzinfo=timezone(timedelta(minutes=minutes))))
    return epoch is not None and abs(epoch - instant) > _DISAGREEMENT


def _offset_from_epoch(wall: datetime, epoch: Micros) -> int | None:
    delta = to_micros(wall.replace(tzinfo=UTC)) - epoch
    rounded = (delta + _QUARTER // 2) // _QUARTER * _QUARTER
    if abs(delta) > _WIDEST_OFFSET * _MINUTE or abs(delta - rounded) > _NEAR_A_QUARTER:
        return None
    return rounded // _MINUTE
