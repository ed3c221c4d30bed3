"""Counters of the gateway, and their text for Prometheus (text format 0.0.4). What is counted is decided by routes."""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """What was counted since the start. Threads and the event loop count in it alike."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._verdicts: Counter[str] = Counter()
        self._buckets = [0] * (len(_BUCKETS) + 1)
        self._seconds = 0.0

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count a request by its route and HTTP status, and how long it took."""
        with self._lock:
            self._requests[route, status] += 1
            self._buckets[bisect_left(_BUCKETS, seconds)] += 1
            self._seconds += seconds

    def judged(self, verdict: str) -> None:
        """Count a document by what became of it."""
        with self._lock:
            self._verdicts[verdict] += 1

    def text(self, gauges: Mapping[str, float]) -> str:
        """Return everything as Prometheus reads it; `gauges` are measures of this moment, by name."""
        with self._lock:
            lines = [*self._counters(), *self._histogram()]
        for name, value in gauges.items():
            lines += [f"# TYPE punchout_gateway_{name} gauge", f"punchout_gateway_{name} {value:g}"]
        return "\n".join(lines) + "\n"

    def _counters(self) -> Iterator[str]:
        yield "# TYPE punchout_gateway_requests_total counter"
        for (route, status), count in sorted(self._requests.items()):
            yield f'punchout_gateway_requests_total{{route="{_label(route)}",status="{status}"}} {count}'
        yield "# TYPE punchout_gateway_documents_total counter"
        for verdict, count in sorted(self._verdicts.items()):
            yield f'punchout_gateway_documents_total{{verdict="{_label(verdict)}"}} {count}'

    def _histogram(self) -> Iterator[str]:
        yield "# TYPE punchout_gateway_request_seconds histogram"
        reached = 0
        for bound, count in zip((*(f"{bound:g}" for bound in _BUCKETS), "+Inf"), self._buckets, strict=True):
            reached += count
            yield f'punchout_gateway_request_seconds_bucket{{le="{bound}"}} {reached}'
        yield f"punchout_gateway_request_seconds_sum {self._seconds:.6f}"
        yield f"punchout_gateway_request_seconds_count {reached}"


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
