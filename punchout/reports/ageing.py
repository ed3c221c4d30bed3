"""How long requests have stood where they stand: in working days since the last thing that happened to them.

Only requests that still want something have an age; what is invoiced, closed or cancelled has none. Holidays are no
company's own here: a working day is a day from Monday to Friday in the company's zone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from punchout.reports.phases import Look, look_of, rank_of

_BUCKETS: Final = ((2, "0 to 2"), (5, "3 to 5"), (10, "6 to 10"), (20, "11 to 20"))
_OLDEST: Final = ("more", "over 20")
AGES: Final[Mapping[str, str]] = {**{str(most): text for most, text in _BUCKETS}, _OLDEST[0]: _OLDEST[1]}
"""The buckets by the name they have in the page's address, as people read them, in working days."""

_WANTS_SOMETHING: Final = frozenset({"open", "failed"})
_WEEK, _WORKING_DAYS = 7, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StageAges:
    """The ages at one stage: how many requests in each bucket of `AGES`, and in working days the middle and the tail.

    Attributes:
        p90: nine of ten are not older.
    """

    stage: str
    look: Look
    counts: Mapping[str, int]
    median: int
    p90: int


def age_of(request: Mapping[str, Any], as_of: str | None, zone: tzinfo) -> int | None:
    """Return a request's age in working days; None where it wants nothing, or nothing with a time happened to it."""
    moments = [moment for event in request.get("timeline", ()) if (moment := _instant(event["at"])) is not None]
    now = _instant(as_of)
    if now is None or not moments or look_of(request["stage"]).style not in _WANTS_SOMETHING:
        return None
    return working_days(max(moments).astimezone(zone).date(), now.astimezone(zone).date())


def bucket_of(age: int | None) -> str:
    """Return the name of an age's bucket, nothing for no age."""
    if age is None:
        return ""
    return next((str(most) for most, _ in _BUCKETS if age <= most), _OLDEST[0])


def ageing(requests: Sequence[Mapping[str, Any]], as_of: str | None, zone: tzinfo) -> list[StageAges]:
    """Return the ages by stage, in the order in which a request passes them; stages without any are left out."""
    ages: dict[str, list[int]] = defaultdict(list)
    for request in requests:
        age = age_of(request, as_of, zone)
        if age is not None:
            ages[request["stage"]].append(age)
    return [_stage_ages(stage, sorted(ages[stage])) for stage in sorted(ages, key=rank_of)]


def working_days(start: date, end: date) -> int:
    """Count the days from Monday to Friday after `start`, up to and with `end`; none where `end` is not later."""
    weeks, rest = divmod(max((end - start).days, 0), _WEEK)
    days = (start + timedelta(days=place) for place in range(1, rest + 1))
    return weeks * _WORKING_DAYS + sum(day.weekday() < _WORKING_DAYS for day in days)


def _instant(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment


def _stage_ages(stage: str, ages: Sequence[int]) -> StageAges:
    buckets = [bucket_of(age) for age in ages]
    return StageAges(
        stage=stage,
        look=look_of(stage),
        counts={name: buckets.count(name) for name in AGES},
        median=ages[(len(ages) - 1) // 2],
        p90=ages[-(-9 * len(ages) // 10) - 1],
    )
