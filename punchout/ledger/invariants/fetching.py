"""The promise that nothing is fetched because a document said so, kept under watch while documents are read again.

The interpreter reports every connection and every look-up of a name that is made through it. What the XML library could
fetch by itself is switched off where it is called, which the parsers' own tests hold.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import local

from punchout.ledger.invariants.finding import Finding, finding

_CALLS = frozenset(
    {
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyaddr",
        "socket.gethostbyname",
        "socket.sendmsg",
        "socket.sendto",
    }
)
_LONGEST = 100


class _Watch(local):
    """What was called in this thread since it is watched, and whether the interpreter reports to us yet."""

    seen: list[str] | None = None


_WATCH = _Watch()
_REPORTING: list[bool] = []


@contextmanager
def watched_network() -> Iterator[list[str]]:
    """Give a list that gets an entry for whatever this thread does to the network until the end of the block."""
    if not _REPORTING:
        # It cannot be taken away again, and does nothing while nobody watches.
        sys.addaudithook(_report)
        _REPORTING.append(True)
    before, _WATCH.seen = _WATCH.seen, []
    try:
        yield _WATCH.seen
    finally:
        _WATCH.seen = before


def nothing_was_fetched(seen: Iterable[str]) -> Finding:
    """I21: no connection was opened, and no name looked up, while stored documents were read again."""
    wrong = [f"reading documents used the network: {call}" for call in seen]
    return finding("I21", "Nothing is fetched because a document said so", wrong)


def _report(event: str, arguments: tuple[object, ...]) -> None:
    if event in _CALLS and _WATCH.seen is not None:
        where = [one for one in arguments if isinstance(one, str | bytes | tuple)]
        _WATCH.seen.append(f"{event} {where!r}"[:_LONGEST])
