"""The same sync on PostgreSQL and on SQLite, by the clock on the wall.

A round is a day of traffic (`traffic`) on either database, from files in a drop folder to the files for Business
Central: on SQLite first, then on PostgreSQL. Both lie on the same disk and wait for it at every commit. The server is
set up as its makers deliver it, on this machine, behind a socket; it shares the processors with the sync. After every
round both ledgers must have the same hash.
"""

import time
from functools import partial
from typing import Any, Final

from benchmarks.canary import Canary
from benchmarks.history import begun
from benchmarks.measuring import compared, folder, median, must_be
from benchmarks.syncing import Stopwatch, dropped, synced
from benchmarks.traffic import FIRST_WHOLE_DAY, Traffic
from tests.support.plays import Play
from tests.support.postgres import running_server

_ROUNDS, _ROUNDS_QUICK = 9, 3
_DOCUMENTS, _DOCUMENTS_QUICK = 1_000, 200
_DATABASE: Final = "ledger"


def measure(quick: bool) -> dict[str, Any]:  # noqa: FBT001 - the one thing a part is told
    """Return the figures of this part."""
    return compare(_ROUNDS_QUICK, _DOCUMENTS_QUICK) if quick else compare(_ROUNDS, _DOCUMENTS)


def compare(rounds: int, documents: int) -> dict[str, Any]:
    """Return the figures of so many rounds with so many documents each."""
    traffic = Traffic(documents, seed=2)
    with folder() as within, running_server(durable=True) as server, Canary[tuple[Stopwatch, Stopwatch]]() as canary:
        server.create(_DATABASE)
        sides = begun(within, "sqlite"), begun(within, "postgres", server.url(_DATABASE))
        for day in range(FIRST_WHOLE_DAY):  # warms up
            _round(sides, traffic, day)
        for day in range(FIRST_WHOLE_DAY, FIRST_WHOLE_DAY + rounds):
            canary.round(partial(_round, sides, traffic, day))
        for play in sides:
            play.engine.dispose()
    counted = canary.counted()
    sqlite, postgres = [one for one, _ in counted], [other for _, other in counted]
    seconds, baseline = [watch.total for watch in postgres], [watch.total for watch in sqlite]
    return {
        "documents": documents,
        **canary.figures(),
        **compared("sqlite_ratio", seconds, baseline),
        "documents_a_second": round(documents / median(seconds, digits=6)),
        "sqlite_documents_a_second": round(documents / median(baseline, digits=6)),
        "ms_a_document": median(seconds, documents * 1e-3, 2),
        "baseline_ms_a_document": median(baseline, documents * 1e-3, 2),
        "seconds_by_step": _by_step(postgres),
        "baseline_seconds_by_step": _by_step(sqlite),
    }


def _round(sides: tuple[Play, Play], traffic: Traffic, day: int) -> tuple[Stopwatch, Stopwatch]:
    coming = traffic.documents(day)
    watches = Stopwatch(time.perf_counter), Stopwatch(time.perf_counter)
    for play in sides:
        play.now = traffic.evening(day)
        play.sync(*traffic.exports(day))
        dropped(play.settings.feeds["cxml"].path, coming)
    for play, watch in zip(sides, watches, strict=True):
        synced(play.exchange(), len(coming), watch)
    must_be(sides[1].hash(), sides[0].hash(), "the hash of the ledger on PostgreSQL")
    return watches


def _by_step(watches: list[Stopwatch]) -> dict[str, float]:
    return {step: median([watch.seconds[step] for watch in watches]) for step in watches[0].seconds}
