"""One sync, step by step in the order of the assets, and how long each step takes. Without Dagster and the report."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from benchmarks.measuring import must_be
from resources.exchange import Exchange
from tests.support.deliveries import Delivery

T = TypeVar("T")


@dataclass
class Stopwatch:
    """Adds up the seconds of each step, of processor time unless told otherwise."""

    clock: Callable[[], float] = time.process_time
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def time(self, step: str, work: Callable[[], T]) -> T:
        """Do some work of a step; returns what it returns."""
        start = self.clock()
        try:
            return work()
        finally:
            self.seconds[step] += self.clock() - start

    @property
    def total(self) -> float:
        """The seconds of all steps together."""
        return sum(self.seconds.values())


def dropped(folder: Path, deliveries: Iterable[Delivery]) -> int:
    """Put files into a folder; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    return sum((folder / one.name).write_bytes(one.data) > 0 for one in deliveries)


def synced(exchange: Exchange, documents: int, watch: Stopwatch) -> None:
    """Take in what lies in the feeds and bring everything up to date, timed; all documents must be accepted."""
    taken = watch.time("receive", exchange.receive)
    must_be(taken["cxml"].new, documents, "documents received")
    parsed = watch.time("parse", exchange.parse)
    must_be((parsed.accepted, parsed.quarantined), (documents, {}), "documents accepted, and refused")
    for content in ("bc_requests", "bc_orders"):
        watch.time("import", partial(exchange.import_exports, content))
    watch.time("look_again", exchange.touch_due)
    _settled(exchange, watch)
    watch.time("order", exchange.queue_orders)
    _settled(exchange, watch)
    watch.time("dispatch", exchange.dispatch)
    watch.time("look_again", exchange.recheck_waiting)
    _settled(exchange, watch)
    watch.time("update", exchange.update_business_central)


def _settled(exchange: Exchange, watch: Stopwatch) -> None:
    watch.time("resolve", exchange.resolve)
    watch.time("reconcile", exchange.reconcile)
