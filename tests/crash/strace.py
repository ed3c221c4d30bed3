"""Watching a worker's system calls, and interfering with one of them: strace attached to a process that stands still.

strace numbers the calls of each name by themselves, so a place in a run is a pair: a name, and the how-manieth call.
"""

import os
import re
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SYSCALLS = (
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "fallocate",
    "openat",
    "mkdir",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "sendto",
)
"""Every call by which the product changes a file or says something to the supplier."""

_CALL = re.compile(r"^(?P<pid>\d+) +(?P<name>\w+)\((?P<rest>.*)$")
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Call:
    """A system call of a worker's log: its number among those of its name, its arguments and result as text."""

    name: str
    number: int
    text: str

    @property
    def changes(self) -> bool:
        """Whether anything is different after it: most files are opened to be read, most folders are there already."""
        if self.name == "openat":
            return "O_CREAT" in self.text
        return self.name != "mkdir" or self.text.endswith("= 0")


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A place in a run: just before the call of this number among those of its name."""

    name: str
    number: int

    def __str__(self) -> str:
        return f"{self.name}#{self.number}"


def killed_at(point: Point) -> str:
    """Give the fault of a process that is killed before a call."""
    return f"{point.name}:signal=SIGKILL:when={point.number}"


def failing_from(point: Point, error: str) -> str:
    """Give the fault of a call that fails from some time on; of opening, only the one, for reading still works."""
    return f"{point.name}:error={error}:when={point.number}{'' if point.name == 'openat' else '+'}"


def may_trace(strace: str) -> bool:
    """Tell whether this machine lets a process be traced at all; some containers do not."""
    command = [strace, "-o", os.devnull, "true"]
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


def watched(pid: int, log: Path, *inject: str) -> None:
    """Let a stopped worker go on under strace, and wait for strace to end, as it does with the worker."""
    command = ["strace", "-f", "-qq", "-y", "-o", str(log), "-e", f"trace={','.join(SYSCALLS)}", "-e", "signal=none"]
    for expression in inject:
        command += ["-e", f"inject={expression}"]
    with subprocess.Popen([*command, "-p", str(pid)], stderr=subprocess.PIPE) as strace:
        deadline = time.monotonic() + _PATIENCE
        while not _is_traced(pid):
            if strace.poll() is not None or time.monotonic() > deadline:
                strace.kill()
                os.kill(pid, signal.SIGKILL)
                _, said = strace.communicate()
                message = f"strace did not attach: {said.decode()}"
                raise RuntimeError(message)
            time.sleep(0.001)
        os.kill(pid, signal.SIGCONT)
        strace.communicate()


def calls(log: Path, pid: int) -> list[Call]:
    """Read the calls that a worker's first thread made; helper threads write nothing."""
    found = []
    numbers: dict[str, int] = defaultdict(int)
    for line in log.read_text(errors="replace").splitlines():
        match = _CALL.match(line)
        if match and int(match["pid"]) == pid:
            numbers[match["name"]] += 1
            found.append(Call(match["name"], numbers[match["name"]], match["rest"]))
    return found


def points(made: Iterable[Call]) -> list[Point]:
    """Give every place where a run could be cut, in the order of the run."""
    return [Point(call.name, call.number) for call in made if call.changes]


def spread(wanted: Sequence[Point], count: int) -> list[Point]:
    """Choose `count` points evenly over the run, every kind of call among them as far as there is room.

    Rare calls are where files change hands, so each kind gets the same share, and what it does not need goes to the
    others.
    """
    by_name: dict[str, list[Point]] = defaultdict(list)
    for point in wanted:
        by_name[point.name].append(point)
    chosen: set[Point] = set()
    left = count
    kinds = sorted(by_name.values(), key=len)
    for index, kind in enumerate(kinds):
        share = min(len(kind), left // (len(kinds) - index))
        chosen.update(_evenly(kind, share))
        left -= share
    return [point for point in wanted if point in chosen]


def _evenly(kind: Sequence[Point], count: int) -> Iterator[Point]:
    for step in range(count):
        yield kind[step * len(kind) // count]


def _is_traced(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    return re.search(r"^TracerPid:\s*[1-9]", status, re.MULTILINE) is not None
