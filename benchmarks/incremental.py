"""A sync with 100 new documents on top of a long history against the same sync on top of a short one.

From the bytes to the files for Business Central: received, read, resolved, reconciled, and everything re-checked that a
sync re-checks. Both ledgers take the same documents about the same new purchases, and must conclude the same of them.
"""

from collections.abc import Sequence
from typing import Any

from benchmarks.history import grown, projected, told
from benchmarks.measuring import compared, cpu_seconds, folder, median, must_be
from benchmarks.purchases import LINES_A_BLOCK, PURCHASES_A_BLOCK, purchases, story
from tests.support.deliveries import Delivery
from tests.support.plays import Play, Synced

_LONG, _LONG_QUICK = 1_000_000, 50_000
_FIRST_NEW_BLOCK = 900_000
_BEFORE_THE_ANSWERS = 2


def measure(quick: bool) -> dict[str, Any]:  # noqa: FBT001 - the one thing a part is told
    """Return the figures of this part; a round is one kind of document about one block of purchases."""
    blocks, lines = (1, _LONG_QUICK) if quick else (3, _LONG)
    with folder() as within:
        short = told(within, 0)
        long = grown(within, short, lines)
        spent: tuple[list[float], list[float]] = ([], [])
        for block in range(_FIRST_NEW_BLOCK, _FIRST_NEW_BLOCK + blocks):
            for place, arriving in enumerate(story(block)):
                sides = [_sync(play, arriving) for play in (short, long)]
                keys = [one.key for one in purchases(block)]
                must_be(projected(long.engine, keys), projected(short.engine, keys), "what the long ledger concludes")
                if place >= _BEFORE_THE_ANSWERS:
                    for seconds, taken in zip(spent, sides, strict=True):
                        seconds.append(taken)
    return {
        "documents": PURCHASES_A_BLOCK,
        "history": lines,
        "baseline_history": LINES_A_BLOCK,
        **compared("history_ratio", spent[1], spent[0]),
        "ms_a_document": median(spent[1], PURCHASES_A_BLOCK * 1e-3, 2),
        "baseline_ms_a_document": median(spent[0], PURCHASES_A_BLOCK * 1e-3, 2),
    }


def _sync(play: Play, arriving: Sequence[Delivery]) -> float:
    play.later(20)
    done: list[Synced] = []
    seconds = cpu_seconds(lambda: done.append(play.sync(*arriving)))
    must_be(done[0].parsed.accepted, sum(one.content == "cxml" for one in arriving), "documents accepted")
    return seconds
