"""Which alarms are told of, and when again: pure, without Dagster, ledger, network or clock.

An alarm is told when it is new; again when there is more of it, though not within the hour; and what should wake
somebody is repeated as long as it lasts. When it is over that is told too. What was told before travels as text in a
sensor's cursor: where that is lost everything is told once more, and nothing is kept quiet.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from punchout.ledger.views.alarms import Alarm
from punchout.model.moments import HOUR, Micros

_QUIET: Micros = HOUR


@dataclass(frozen=True, slots=True)
class Told:
    """When an alarm was last told of, with which weight, and its line."""

    at: Micros
    weight: int
    headline: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One message.

    Attributes:
        title: one line.
        body: how much, which, what to type, and where to read on.
        is_over: it tells of the end of an alarm.
    """

    title: str
    body: str
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Notices:
    """What is to be told now, each with the alarm's key, and what will have been told when that is done."""

    due: tuple[tuple[str, Notice], ...]
    told: Mapping[str, Told]


def decide_notices(
    alarms: Sequence[Alarm], told: Mapping[str, Told], now: Micros, repeat_after: Micros, place: str
) -> Notices:
    """Decide what is told.

    Args:
        alarms: everything that is wrong now.
        told: what was told before and was not over then, by the alarm's key.
        now: this moment.
        repeat_after: how soon what should wake somebody is repeated.
        place: which exchange this is, for whoever looks after several.
    """
    due: list[tuple[str, Notice]] = []
    after: dict[str, Told] = {}
    for alarm in alarms:
        before = told.get(alarm.key)
        if before is None or _again(alarm, before, now, repeat_after):
            due.append((alarm.key, notice_of(alarm, place)))
            after[alarm.key] = Told(now, alarm.weight, alarm.headline)
        else:
            # Less of it is no news, and more than there was at its lowest is.
            after[alarm.key] = Told(before.at, min(before.weight, alarm.weight), before.headline)
    due += [
        (key, Notice(f"{place}: over: {told[key].headline}", "Nothing is to be done.", is_over=True))
        for key in sorted(told.keys() - after.keys())
    ]
    return Notices(tuple(due), after)


def notice_of(alarm: Alarm, place: str) -> Notice:
    """Put an alarm into words: what and how much first, then what to type."""
    lines = [*alarm.details, f"Type: {alarm.command}", f"Read: docs/runbook.md, {alarm.kind}"]
    return Notice(f"{place}: {alarm.headline}", "\n".join(lines))


def to_cursor(told: Mapping[str, Told]) -> str:
    """Write what was told as text."""
    return json.dumps({key: [one.at, one.weight, one.headline] for key, one in sorted(told.items())})


def from_cursor(text: str | None) -> Mapping[str, Told]:
    """Read what was told; a text that is none of ours tells of nothing."""
    try:
        known = json.loads(text or "{}")
        return {str(key): Told(int(at), int(weight), str(line)) for key, (at, weight, line) in known.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _again(alarm: Alarm, before: Told, now: Micros, repeat_after: Micros) -> bool:
    if alarm.weight > before.weight and now >= before.at + _QUIET:
        return True
    return alarm.urgency == "page" and now >= before.at + repeat_after
