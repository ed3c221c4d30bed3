"""`python -m benchmarks [PART...] [--quick] --json`: measure some parts, or all, and print their figures.

A ratio's name ends in `_ratio`, and its baseline stands beside it. How a part measures is its own module's.
"""

import argparse
import json
from collections.abc import Callable
from typing import Any, Final

from benchmarks import end_to_end, gateway, growth, idle, incremental, parse, postgres, reconcile, sftp, workers
from punchout.cli.main import look_for_cycles_seldom

PARTS: Final[dict[str, Callable[[bool], dict[str, Any]]]] = {
    "parse": parse.measure,
    "reconcile": reconcile.measure,
    "incremental": incremental.measure,
    "end_to_end": end_to_end.measure,
    "growth": growth.measure,
    "postgres": postgres.measure,
    "workers": workers.measure,
    "idle": idle.measure,
    "sftp": sftp.measure,
    "gateway": gateway.measure,
}


def main() -> None:
    """Measure what the command line names."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without one")
    arguments.add_argument("--quick", action="store_true", help="fewer rounds; each part ends within a minute")
    arguments.add_argument("--json", action="store_true", help="print one JSON object")
    given = arguments.parse_args()
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        arguments.error(f"no such part: {', '.join(sorted(unknown))}")
    look_for_cycles_seldom()  # as the command line does, which is what is measured
    measured = {name: PARTS[name](given.quick) for name in given.parts or PARTS}
    if given.json:
        print(json.dumps(measured, indent=2))
        return
    for name, figures in measured.items():
        for metric, value in figures.items():
            print(f"{name}.{metric}: {value}")


if __name__ == "__main__":
    main()
