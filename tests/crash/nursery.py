"""Where workers come from: a process that has everything imported and forks one for each job, stopped at its start.

A worker that started by itself would spend most of its time importing. The stop is where strace attaches.

As a program it reads a line for each command from stdin and answers with a line: a job is answered with the process id
of a worker that stands still until it gets SIGCONT, a process id with its exit status once it has ended.
"""

import ctypes
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Self

from tests.crash.jobs import SECRET_VARIABLE, Job
from tests.support.purchases import SECRET

ROOT = Path(__file__).parents[2]
# From linux/prctl.h: PR_SET_PTRACER and PR_SET_PTRACER_ANY.
_SET_TRACER = 0x59616D61
_ANYBODY = 2**64 - 1


class Nursery:
    """A running nursery; one caller at a time.

    Args:
        home: where its workers will work; nothing is left there by its own practice.
    """

    def __init__(self, home: Path) -> None:
        environment = {**os.environ, SECRET_VARIABLE: SECRET, "PYTHONWARNINGS": "ignore"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery", str(home)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        # It answers when it has practised.
        self._ask(json.dumps(None))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # The end of its input is the end of it.
        self._process.communicate(timeout=30)

    def start(self, job: Job) -> int:
        """Give the process id of a worker that stands before its job."""
        return self._ask(job.as_line())

    def ended(self, pid: int) -> int:
        """Wait for the end of a worker; gives its exit code, or the signal that killed it as a negative number."""
        return self._ask(json.dumps(pid))

    def run(self, job: Job) -> int:
        """Have a job done undisturbed; gives the exit code."""
        pid = self.start(job)
        os.kill(pid, signal.SIGCONT)
        return self.ended(pid)

    def run_together(self, jobs: list[Job]) -> list[int]:
        """Have jobs done side by side, let go at one moment; gives their exit codes."""
        pids = [self.start(job) for job in jobs]
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        return [self.ended(pid) for pid in pids]

    def _ask(self, line: str) -> int:
        if self._process.stdin is None or self._process.stdout is None:
            message = "the nursery has no pipes"
            raise RuntimeError(message)
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            message = "the nursery has died"
            raise RuntimeError(message)
        return int(answer)


def main(home: Path) -> None:
    """Serve until stdin ends."""
    _practise(home)
    for line in sys.stdin:
        command = json.loads(line)
        sys.stdout.write(f"{_answer(command)}\n")
        sys.stdout.flush()


def _answer(command: Any) -> int:  # noqa: ANN401 - what JSON holds
    if command is None:
        return 0
    return _end_of(command) if isinstance(command, int) else _born(Job.from_values(command))


def _practise(home: Path) -> None:
    """Do everything once: what a first run reads, compiles and keeps need not be done again by every worker."""
    from punchout.ledger import engine
    from resources import exchange
    from tests.crash.scenes import SCENES, deliver
    from tests.crash.worker import work

    # An engine keeps the statements it has compiled; it holds no connection when a worker is born.
    vars(exchange)["open_engine"] = cache(engine.open_engine)
    nobody = "http://127.0.0.1:9/"
    home.mkdir()
    for scene in SCENES:
        deliver(scene, home)
        work(Job(home=str(home), as_of=scene.as_of, supplier_url=nobody, steps=scene.steps, talk=os.devnull))
    shutil.rmtree(home)
    gc.collect()
    gc.freeze()
    # No worker lives long enough to leave any garbage worth looking for.
    gc.disable()


def _born(job: Job) -> int:
    pid = os.fork()
    if pid == 0:
        os._exit(_live(job))
    os.waitpid(pid, os.WUNTRACED)
    return pid


def _live(job: Job) -> int:
    from tests.crash.worker import work

    talk = os.open(job.talk, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor, target in ((silence, 0), (silence, 1), (talk, 2)):
        os.dup2(descriptor, target)
    # Where only parents may trace, strace would be refused. Other systems do not know the call and need none.
    ctypes.CDLL(None).prctl(_SET_TRACER, ctypes.c_ulong(_ANYBODY))
    os.kill(os.getpid(), signal.SIGSTOP)
    return work(job)


def _end_of(pid: int) -> int:
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
