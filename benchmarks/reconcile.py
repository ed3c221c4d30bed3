"""Reconciling 1,000 touched lines in a long history against the same in a short one.

The lines are touched as new facts touch them, and their last result is forgotten, so that every projection is computed
and written again. They are once those of the latest requests and once scattered over the whole history.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.history import deviations, grown, projected, told
from benchmarks.measuring import compared, cpu_seconds, folder, median, must_be, peak_megabytes
from benchmarks.purchases import LINES_A_BLOCK, PURCHASES_A_BLOCK, purchases
from punchout.ledger.engine import open_engine
from punchout.ledger.sql import key_in
from punchout.ledger.tables.control import REQUEST_WORK
from punchout.ledger.touches import touch
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros
from tests.support.plays import Play

_LONG, _LONG_QUICK = 1_000_000, 50_000


def measure(quick: bool) -> dict[str, Any]:  # noqa: FBT001 - the one thing a part is told
    """Return the figures of this part."""
    rounds, lines = (3, _LONG_QUICK) if quick else (9, _LONG)
    with folder() as within:
        short = told(within, 0)
        must_be(deviations(within, short), [], "tables that copying does not give as the product does")
        long = grown(within, short, lines)
        return {"lines": LINES_A_BLOCK, "history": lines, "baseline_history": LINES_A_BLOCK} | _measured(
            short, long, lines // LINES_A_BLOCK, rounds
        )


def _measured(short: Play, long: Play, blocks: int, rounds: int) -> dict[str, Any]:
    few, latest, scattered = _keys([0]), _keys([blocks - 1]), _keys(range(0, blocks, max(1, blocks // 100)))
    spent: tuple[list[float], list[float], list[float]] = ([], [], [])
    for number in range(-1, rounds):
        for seconds, play, keys in zip(spent, (short, long, long), (few, latest, scattered), strict=True):
            taken = _round(play, keys)
            if number >= 0:  # the first one warms up
                seconds.append(taken)
    sides = [(short, few), (long, latest), (long, scattered)]
    peaks = [peak_megabytes(_alone, str(play.engine.url), play.settings.home, play.now, keys) for play, keys in sides]
    return {
        **compared("history_ratio", spent[1], spent[0]),
        **compared("scattered_ratio", spent[2], spent[0]),
        "us_a_line": median(spent[1], LINES_A_BLOCK * 1e-6, 1),
        "baseline_us_a_line": median(spent[0], LINES_A_BLOCK * 1e-6, 1),
        "memory_ratio": round(peaks[1] / peaks[0], 2),
        "peak_megabytes": dict(zip(("baseline", "latest", "scattered"), peaks, strict=True)),
    }


def _keys(blocks: Sequence[int]) -> list[RequestKey]:
    """Return as many requests as a block has, from some blocks in turn."""
    each = -(-PURCHASES_A_BLOCK // len(blocks))
    return [one.key for block in blocks for one in purchases(block)[:each]][:PURCHASES_A_BLOCK]


def _round(play: Play, keys: Sequence[RequestKey]) -> float:
    _forget(play.engine, keys)
    before = projected(play.engine, keys)
    exchange = play.exchange()
    counts: list[Any] = []
    seconds = cpu_seconds(lambda: counts.extend(exchange.settle()))
    must_be((counts[1].total, counts[1].changed), (len(keys), len(keys)), "requests reconciled, and written again")
    must_be(projected(play.engine, keys), before, "the projections")
    return seconds


def _forget(engine: sa.Engine, keys: Sequence[RequestKey]) -> None:
    work = REQUEST_WORK.c
    those = key_in(
        (work.company, work.supplier, work.request_no), [(k.company, k.supplier, k.request_no) for k in keys]
    )
    with engine.begin() as connection:
        connection.execute(sa.update(REQUEST_WORK).where(those).values(result_sha256=None))
        touch(connection, keys)


def _alone(url: str, home: Path, now: Micros, keys: Sequence[RequestKey]) -> None:
    play = Play(open_engine(url), home)
    play.now = now
    _round(play, keys)
