"""A `punchout sync` with nothing new, as a process of its own: on a ledger with a history, and on a short one.

From the start of the interpreter to its end: Dagster is imported, the run recorded, every feed listed, every queue
found empty, the checks made, and the tracking report brought up to date. Both ledgers are of the same kind of purchases
and synced in turns, at a moment at which no deadline passes. `seconds` pass on the clock; the ratio is of processor
time, which others on the machine do not change.
"""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.history import grown, told
from benchmarks.measuring import compared, folder, median, must_be
from benchmarks.purchases import LINES_A_BLOCK
from punchout.model.moments import iso_utc
from tests.support.plays import Play

_ROUNDS, _ROUNDS_QUICK = 5, 2
_LONG, _LONG_QUICK = 100_000, 5_000
_ROOT: Final = Path(__file__).parents[1]
_SECTIONS: Final = ("company", "supplier", "orders", "cart")


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a process took, in seconds."""

    wall: float
    cpu: float


def measure(quick: bool) -> dict[str, Any]:  # noqa: FBT001 - the one thing a part is told
    """Return the figures of this part."""
    return compare(_ROUNDS_QUICK, _LONG_QUICK) if quick else compare(_ROUNDS, _LONG)


def compare(rounds: int, lines: int) -> dict[str, Any]:
    """Return the figures of so many syncs of a ledger with so many lines."""
    with folder() as within:
        short = told(within, 0)
        long = grown(within, short, lines)
        taken: tuple[list[_Taken], list[_Taken]] = ([], [])
        for number in range(-1, rounds):
            for side, play in zip(taken, (long, short), strict=True):
                one = _synced(play)
                if number >= 0:  # the first one makes Dagster's own storage
                    side.append(one)
    of_long, of_short = taken
    return {
        "history": lines,
        "baseline_history": LINES_A_BLOCK,
        "seconds": median([one.wall for one in of_long], digits=2),
        "baseline_seconds": median([one.wall for one in of_short], digits=2),
        "cpu_seconds": median([one.cpu for one in of_long], digits=2),
        "baseline_cpu_seconds": median([one.cpu for one in of_short], digits=2),
        **compared("history_ratio", [one.cpu for one in of_long], [one.cpu for one in of_short]),
    }


def _synced(play: Play) -> _Taken:
    before, used = play.hash(), resource.getrusage(resource.RUSAGE_CHILDREN)
    play.engine.dispose()
    start = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-m", "punchout", "sync", "--as-of", iso_utc(play.now), "--json"],
        cwd=_ROOT,
        env=_environment(play),
        capture_output=True,
        text=True,
        check=False,
    )
    wall, now_used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    must_be((ended.returncode, ended.stderr if ended.returncode else ""), (0, ""), "how the command ended")
    said = json.loads(ended.stdout)
    done = {name: said["counts"].get(name, 0) for name in ("documents_seen", "requests_reconciled", "bc_updates")}
    must_be(done, dict.fromkeys(done, 0), "what was new")
    must_be(Path(said["report"]).stat().st_size > 0, True, "that there is a report")  # noqa: FBT003 - what is expected
    must_be(play.hash(), before, "the ledger's hash")
    return _Taken(wall, now_used.ru_utime + now_used.ru_stime - used.ru_utime - used.ru_stime)


def _environment(play: Play) -> dict[str, str]:
    """Return the environment in which the command finds the settings of an exchange, and none but those."""
    stated = play.settings.model_dump(mode="json", exclude_none=True)
    variables = {f"{section}__{name}": value for section in _SECTIONS for name, value in stated[section].items()}
    variables |= {"home": stated["home"], "environment": stated["environment"]}
    others = {name: value for name, value in os.environ.items() if not name.startswith("PUNCHOUT_")}
    return others | {
        f"PUNCHOUT_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in variables.items()
    }
