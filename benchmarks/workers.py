"""Two processes that drain the queues of a ledger on PostgreSQL against one, by the clock on the wall.

What waits is a day of traffic (`traffic`), received and not looked at; a round is over when every document is judged
and every request computed. Each round begins with a copy of the same ledger, in which Business Central has sent the
orders, so that it is made in less time. The workers know nothing of each other; the server shares two processors with
them, so that two cannot be twice as fast. However many there are, the ledger must have the same hash, every document be
judged once, and nothing be left to do. Beside the time stands how the work was shared out: the processor time of the
busier of two workers to that of the one.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.canary import Canary
from benchmarks.crew import Crew, Done, Work, crew
from benchmarks.history import begun
from benchmarks.measuring import compared, folder, median, must_be, wall_seconds
from benchmarks.traffic import FIRST_WHOLE_DAY, Traffic
from punchout.ledger import touches
from punchout.ledger.engine import reading
from tests.support.plays import Play
from tests.support.postgres import PostgresServer, running_server

_ROUNDS, _ROUNDS_QUICK = 5, 1
_DOCUMENTS, _DOCUMENTS_QUICK = 4_000, 1_000
_DATABASE: Final = "ledger"
_PRISTINE: Final = "pristine"
_MANY: Final = 2


@dataclass(frozen=True, slots=True)
class _Taken:
    """How long the queues took to be drained, and the processor time of the busiest worker; in seconds."""

    seconds: float
    busiest: float


def measure(quick: bool) -> dict[str, Any]:  # noqa: FBT001 - the one thing a part is told
    """Return the figures of this part."""
    return compare(_ROUNDS_QUICK, _DOCUMENTS_QUICK) if quick else compare(_ROUNDS, _DOCUMENTS)


def compare(rounds: int, documents: int) -> dict[str, Any]:
    """Return the figures of so many rounds in which so many documents wait."""
    with folder() as within, running_server(durable=True) as server, crew(_MANY) as workers:
        play = _waiting(within, server, workers, documents)
        with Canary[tuple[_Taken, _Taken]]() as canary:
            for _ in range(rounds):
                canary.round(partial(_round, server, play, workers, documents))
    one, two = zip(*canary.counted(), strict=True)
    seconds, baseline = [time.seconds for time in two], [time.seconds for time in one]
    return {
        "documents": documents,
        **canary.figures(),
        **compared("two_ratio", seconds, baseline),
        **compared("busier_cpu_ratio", [time.busiest for time in two], [time.busiest for time in one]),
        "documents_a_second": round(documents / median(seconds, digits=6)),
        "baseline_documents_a_second": round(documents / median(baseline, digits=6)),
        "seconds": median(seconds),
        "baseline_seconds": median(baseline),
    }


def _waiting(within: Path, server: PostgresServer, workers: Crew, documents: int) -> Play:
    """Return an exchange for which a day's documents wait; the days before, which the workers drained, warm them up."""
    traffic = Traffic(documents, seed=3)
    server.create(_DATABASE)
    play = begun(within, "home", server.url(_DATABASE), sent_by="bc")
    for day in range(FIRST_WHOLE_DAY + 1):
        if day:
            workers.prepare(_work(play), _MANY)
            workers.drain(_MANY)
            play.exchange().settle()
        play.now = traffic.evening(day)
        play.sync(*traffic.exports(day))
        play.deliver(*traffic.documents(day))
    play.engine.dispose()
    server.run(f"ALTER DATABASE {_DATABASE} RENAME TO {_PRISTINE}")
    return play


def _round(server: PostgresServer, play: Play, workers: Crew, documents: int) -> tuple[_Taken, _Taken]:
    one, alone = _drained(server, play, workers, documents, 1)
    two, together = _drained(server, play, workers, documents, _MANY)
    must_be(together, alone, "the hash of the ledger that two have worked at")
    return one, two


def _drained(server: PostgresServer, play: Play, workers: Crew, documents: int, number: int) -> tuple[_Taken, str]:
    """Return how long some workers took for a copy of the ledger, and the hash it had then."""
    server.create(_DATABASE, _PRISTINE)
    try:
        workers.prepare(_work(play), number)
        done: list[Done] = []
        seconds = wall_seconds(lambda: done.extend(workers.drain(number)))
        must_be(sum(one.parsed for one in done), documents, "documents judged")
        # One that is touched again while it is computed is computed again.
        must_be(min(documents, sum(one.reconciled for one in done)), documents, "requests computed")
        with reading(play.engine) as connection:
            must_be(touches.count(connection), 0, "requests that are left")
        return _Taken(seconds, max(one.cpu_seconds for one in done)), play.hash()
    finally:
        play.engine.dispose()
        server.drop(_DATABASE)


def _work(play: Play) -> Work:
    return Work(play.engine.url.render_as_string(hide_password=False), play.settings, play.now)
