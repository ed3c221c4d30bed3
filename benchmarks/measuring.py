"""How parts measure: two sides in turns, a ratio a round, the median of the rounds with its spread beside it."""

import multiprocessing
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec

from punchout.cli.main import look_for_cycles_seldom

P = ParamSpec("P")
_KIB_A_UNIT = 1 / 1024 if sys.platform == "darwin" else 1


class SkippedWorkError(RuntimeError):
    """What was measured did not do what it should have done; no figure of it is worth anything."""


def must_be(found: object, expected: object, what: str) -> None:
    """Hold the work of a benchmark to what it should have come to.

    Raises:
        SkippedWorkError: it came to something else.
    """
    if found != expected:
        raise SkippedWorkError(f"{what}: {found!r} instead of {expected!r}")


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the processor time that work takes in this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def wall_seconds(work: Callable[[], object]) -> float:
    """Return the time that work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compared(name: str, above: Sequence[float], below: Sequence[float]) -> dict[str, Any]:
    """Return the median ratio of two sides, round by round, under a name, with its spread."""
    ratios = [one / other for one, other in zip(above, below, strict=True)]
    return {
        name: round(statistics.median(ratios), 2),
        f"{name}_spread": [round(min(ratios), 2), round(max(ratios), 2)],
    }


def median(seconds: Sequence[float], unit: float = 1, digits: int = 3) -> float:
    """Return the median of durations in a unit of so many seconds."""
    return round(statistics.median(seconds) / unit, digits)


def peak_megabytes(work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> float:
    """Return the most memory that work holds in a process of its own, that of the interpreter included."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(_peak, work, *args, **kwargs).result()


def _peak(work: Callable[..., object], *args: Any, **kwargs: Any) -> float:  # noqa: ANN401 - whatever the work takes
    look_for_cycles_seldom()  # as the command line does: what waits to be collected counts
    work(*args, **kwargs)
    return round(_peak_kibibytes() / 1024, 1)


def _peak_kibibytes() -> float:
    # Linux has a new process begin with the peak of its parent, in all but this file.
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(found[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB_A_UNIT


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that is gone afterwards, on a disk: what lies in memory has no pages to be read again."""
    with tempfile.TemporaryDirectory(prefix="benchmark-", ignore_cleanup_errors=True) as name:
        yield Path(name)
