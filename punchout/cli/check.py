"""One finding of `punchout doctor`. What is looked at is decided by the modules of checks."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


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
