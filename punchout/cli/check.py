"""One finding of `punchout doctor`. What is looked at is decided by the modules of checks."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self

_SOON = timedelta(days=30)


class State(StrEnum):
    """How a check ended; a failed one keeps a sync from doing its work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, what was found, and what to do where that is not as it should be."""

    name: str
    state: State
    found: str
    fix: str | None = None

    @classmethod
    def okay(cls, name: str, found: str) -> Self:
        """All is well."""
        return cls(name, State.OK, found)

    @classmethod
    def warn(cls, name: str, found: str, fix: str) -> Self:
        """Something to know or to change, that does not stop a sync."""
        return cls(name, State.WARN, found, fix)

    @classmethod
    def fail(cls, name: str, found: str, fix: str) -> Self:
        """Something that stops a sync or is not safe."""
        return cls(name, State.FAIL, found.replace("\n", "; "), fix)


def until(name: str, what: str, ends: datetime, fix: str) -> Check:
    """Judge until when something holds: less than 30 days is something to know, and the past is a failure."""
    left = ends - datetime.now(UTC)
    day = ends.date().isoformat()
    if left < timedelta():
        return Check.fail(name, f"{what} has ended on {day}", fix)
    if left < _SOON:
        return Check.warn(name, f"{what} ends on {day}, in {_days(left)}", fix)
    return Check.okay(name, f"{what}, until {day}")


def _days(left: timedelta) -> str:
    return "a day" if left.days == 1 else f"{left.days} days"
