"""Reads documents each in a process of its own, under limits, and prints what became of them, one JSON object a line.

A program, so that nothing of the test's own process counts: every document is read in a fork of a process that has done
nothing but import the reader.
"""

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

from cxml_parsers.reader import read

_LONGEST_SECONDS = 30
_LARGEST_BYTES = 2 * 1024**3


def _read_alone(path: Path) -> None:
    # Whatever waits for a file that never answers, or eats all there is, ends by a signal and is seen.
    signal.alarm(_LONGEST_SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (_LARGEST_BYTES, _LARGEST_BYTES))
    data = path.read_bytes()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    parsed = read(data)
    spent, usage = time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF)
    said = {
        "file": path.name,
        "reason": None if parsed.reason is None else str(parsed.reason),
        "text": json.dumps([parsed.detail, parsed.where, [note.detail for note in parsed.notes]]),
        "cpu_seconds": spent,
        "peak_megabytes": usage.ru_maxrss / 1024,
        "grown_megabytes": (usage.ru_maxrss - before) / 1024,
    }
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def main(names: list[str]) -> None:
    """Read the files that are named, one after the other."""
    for name in names:
        child = os.fork()
        if child == 0:
            _read_alone(Path(name))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            sys.stdout.write(json.dumps({"file": Path(name).name, "status": status}) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
