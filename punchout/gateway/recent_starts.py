"""Sessions that were started a moment ago: a start that is repeated leads to the same page, not to a second session.

A browser repeats a GET when its user presses a key twice. Kept in memory alone, because a StartPage's address lets
anybody go on with the session: another process opens a second one, which harms nobody.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from punchout.gateway.links import Link


@dataclass(slots=True)
class _Recent:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    inside: int = 0
    url: str | None = None
    until: float = 0.0


class RecentStarts:
    """The latest start of each link's request and user. Used from the event loop alone.

    Args:
        seconds: how long a start is recent.
        monotonic: seconds that never run backwards.
    """

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._recent: dict[tuple[str, str | None], _Recent] = {}

    @asynccontextmanager
    async def turn(self, link: Link) -> AsyncIterator["Turn"]:
        """Wait until no other start of the same request and user is under way."""
        name = (link.key.request_no, link.user)
        found = self._recent.setdefault(name, _Recent())
        found.inside += 1
        try:
            async with found.turn:
                if self._monotonic() >= found.until:
                    found.url = None
                turn = Turn(found.url)
                yield turn
                if turn.started is not None:
                    found.url, found.until = turn.started, self._monotonic() + self._seconds
        finally:
            found.inside -= 1
            self._forget()

    def _forget(self) -> None:
        now = self._monotonic()
        for name in [name for name, one in self._recent.items() if not one.inside and one.until <= now]:
            del self._recent[name]


@dataclass(slots=True)
class Turn:
    """A start under way: the page of the one just before it, and the page it leads to itself."""

    recent: str | None
    started: str | None = None
