"""Whether others kept the processors busy while something was timed by the clock on the wall.

Processor time is the same however busy the machine is; the time that passes is not. Around every round two processes
spin for a moment side by side: where that takes much longer than the processor time they get, the round is not
counted.
"""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

T = TypeVar("T")

_PROCESSORS: Final = 2
_SPIN_SECONDS: Final = 0.05
_CALM: Final = 1.2
"""As many times its processor time may spinning take where a round counts."""


@dataclass
class Canary(Generic[T]):
    """Does rounds, and knows which of them were disturbed. To be used in a `with` block.

    Attributes:
        rounds: what each came to, and how disturbed it was.
    """

    rounds: list[tuple[float, T]] = field(default_factory=list)
    _spinning: ProcessPoolExecutor = field(
        default_factory=lambda: ProcessPoolExecutor(_PROCESSORS, mp_context=multiprocessing.get_context("spawn"))
    )

    def __enter__(self) -> Self:
        self._disturbance()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spinning.shutdown()

    def round(self, work: Callable[[], T]) -> None:
        """Do a round."""
        before = self._disturbance()
        done = work()
        self.rounds.append((max(before, self._disturbance()), done))

    def counted(self) -> Sequence[T]:
        """Return what the calm rounds came to; the calmer half where fewer were calm."""
        by_calm = sorted(self.rounds, key=lambda one: one[0])
        calm = [one for one in by_calm if one[0] <= _CALM]
        return [done for _, done in (calm if 2 * len(calm) >= len(by_calm) else by_calm[: -(-len(by_calm) // 2)])]

    def figures(self) -> dict[str, Any]:
        """Return how many rounds there were, and how many of them were disturbed."""
        return {"rounds": len(self.rounds), "disturbed_rounds": sum(one[0] > _CALM for one in self.rounds)}

    def _disturbance(self) -> float:
        return max(self._spinning.map(_spin, [_SPIN_SECONDS] * _PROCESSORS))


def _spin(seconds: float) -> float:
    """Spin for so much processor time; returns how many times as long it took."""
    start, own = time.perf_counter(), time.process_time()
    while time.process_time() - own < seconds:
        pass
    return (time.perf_counter() - start) / (time.process_time() - own)
