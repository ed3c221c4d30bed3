"""What a check found, and what later checks need not look at again.

One broken thing should turn one promise red: a request whose facts are damaged is not blamed for its projection too.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from punchout.model.keys import RequestKey

_SHOWN = 5


@dataclass
class Damage:
    """What an earlier check found broken: documents, requests by their facts, and requests by what they show."""

    documents: set[int] = field(default_factory=set)
    requests: set[RequestKey] = field(default_factory=set)
    shown: set[RequestKey] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check: ok, or what is wrong."""

    id: str
    title: str
    ok: bool
    detail: str | None = None


def finding(identity: str, title: str, wrong: Iterable[str]) -> Finding:
    """Return the outcome for a list of what is wrong; a long list is cut."""
    listed = sorted(wrong)
    if not listed:
        return Finding(identity, title, ok=True)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return Finding(identity, title, ok=False, detail="; ".join(listed[:_SHOWN]) + more)
