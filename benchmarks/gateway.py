"""Documents posted over sockets to a gateway of its own process, against the bare unit of work in this one.

The baseline takes the same documents, each in a transaction of its own, on the same disk; the gateway has senders that
wait for each answer before they post the next document, and share its two processors with it.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measuring import compared, folder, median, must_be, wall_seconds
from punchout.ledger.engine import open_engine
from punchout.ledger.schema import upgrade
from tests.gateway.crowd import Crowd, Reply
from tests.gateway.processes import GatewayProcess, write_home
from tests.support.deliveries import Delivery
from tests.support.plays import Play
from tests.support.purchases import Purchase
from tests.support.stories import confirmed

_SENDERS = 16
_FIRST_ORDER = 200_000
_WARMING = 50


def measure(quick: bool) -> dict[str, Any]:  # noqa: FBT001 - the one thing a part is told
    """Return the figures of this part; a round posts some documents to a new ledger, by one sender and by many."""
    rounds, count = (1, 300) if quick else (3, 1_500)
    served, bare, waits, waits_alone = [], [], [], []
    with folder() as within:
        for number in range(rounds):
            documents = [_document(one) for one in range(count)]
            with folder() as beside:
                bare.append(_bare(beside, documents) / count)
            seconds, many, alone = _served(within / f"home-{number}", documents)
            served.append(seconds / count)
            waits += many
            waits_alone += alone
    return {
        "documents": count,
        "senders": _SENDERS,
        "documents_a_second": round(1 / (sum(served) / rounds)),
        "p50_ms": _percentile(waits, 50),
        "p99_ms": _percentile(waits, 99),
        "alone_p50_ms": _percentile(waits_alone, 50),
        "alone_p99_ms": _percentile(waits_alone, 99),
        **compared("bare_ratio", served, bare),
        "ms_a_document": median(served, 1e-3, 2),
        "baseline_ms_a_document": median(bare, 1e-3, 2),
    }


def _document(number: int) -> Delivery:
    return confirmed(Purchase(number=f"PR{number:06}", order_id=f"{number + _FIRST_ORDER}"))


def _bare(home: Path, documents: Sequence[Delivery]) -> float:
    engine = open_engine(f"sqlite:///{home / 'bare.sqlite3'}")
    upgrade(engine)
    play = Play(engine, home)
    states: set[str] = set()

    def work() -> None:
        for one in documents:
            states.update(answered.standing.state for answered in play.post(one))

    seconds = wall_seconds(work)
    engine.dispose()
    must_be(states, {"accepted"}, "what the bare unit of work makes of the documents")
    return seconds


def _served(home: Path, documents: Sequence[Delivery]) -> tuple[float, list[float], list[float]]:
    """Return how long all took, how long each waited among many senders, and how long each of a lone one."""
    write_home(home, request_burst=1_000_000)
    with GatewayProcess(home) as gateway:
        many, alone = Crowd(gateway.place, _SENDERS), Crowd(gateway.place, 1)
        list(many.send(_document(number) for number in range(-_WARMING, 0)))
        waited: list[float] = []
        seconds = wall_seconds(lambda: waited.extend(_posted(many, documents)))
        lonely = _posted(alone, [_document(number + len(documents)) for number in range(len(documents) // 5)])
        must_be(gateway.stop(), 0, "how the gateway ended")
    return seconds, waited, lonely


def _posted(crowd: Crowd, documents: Sequence[Delivery]) -> list[float]:
    waited: list[float] = []

    def post(one: Delivery) -> Reply:
        began = time.perf_counter()
        reply = crowd.post(one)
        waited.append(time.perf_counter() - began)
        return reply

    replies = list(crowd.each(post, documents))
    must_be({reply.status for reply in replies}, {200}, "what the senders were answered")
    must_be({b'<Status code="200"' in reply.body for reply in replies}, {True}, "what the answers say")
    return waited


def _percentile(seconds: Sequence[float], percent: int) -> float:
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1e3, 1)
