"""A program of ours that runs beside a command: its start, its first line, and its certain end.

It says in one line of JSON on stdout that it is ready; whatever else it says goes to a log. It ends as soon as whoever
started it is gone, so that none is left behind: its standard input is a pipe that ends then.
"""

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from punchout.cli.errors import CommandError, Exit

_HOST = "127.0.0.1"
_SECONDS_TO_END = 10
_STARTS = 3
_LAST_LINES = 5


class ChildProcess:
    """A running program; leaving the `with` block ends it.

    Args:
        name: what it is called where something is wrong with it.
        command: how it is started, but for its ports.
        environment: what it is started with.
        log: where its stderr goes.
        ports: by option, the ports it should listen on; others where these are taken.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        ports: Mapping[str, int],
    ) -> None:
        self._name = name
        self._command = command
        self._environment = environment
        self._log = log
        self._ports = ports
        self._process: subprocess.Popen[str] | None = None
        self.ready: Mapping[str, Any] = {}

    def __enter__(self) -> Self:
        for attempt in range(1, _STARTS + 1):
            self._start()
            if self.ready:
                return self
            self._end()
            if attempt < _STARTS:
                # The one before it may need a moment to let go of what it holds.
                time.sleep(0.5)
        raise CommandError(f"{self._name} does not start: {self._said()}", Exit.FAILED)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def silence(self, error: Exception) -> CommandError:
        """Return what is said when it does not answer: how it ended, if it has."""
        ended = None if self._process is None else self._process.poll()
        why = f"it ended with {ended}: {self._said()}" if ended is not None else str(error)
        return CommandError(f"{self._name} does not answer: {why}", Exit.FAILED)

    def _start(self) -> None:
        command = list(self._command)
        for option, port in self._ports.items():
            if _is_free(port):
                command += [option, str(port)]
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=dict(self._environment),
                # Ctrl-C is for whoever started it.
                start_new_session=True,
            )
        if self._process.stdout is not None:
            line = self._process.stdout.readline()
            self.ready = json.loads(line) if line else {}

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()

    def _said(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return " / ".join(lines[-_LAST_LINES:]) or "it said nothing"


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def finding_this_package(environment: Mapping[str, str]) -> dict[str, str]:
    """Let a child find this very package."""
    root = str(Path(__file__).parents[2])
    before = environment.get("PYTHONPATH")
    return {**environment, "PYTHONPATH": root if before is None else os.pathsep.join((root, before))}


def end_with_parent(end: Callable[[], None]) -> None:
    """Do something at the end of standard input, which is when the parent is gone."""

    def wait() -> None:
        # Past Python's own buffer, whose lock would be held when the child ends by itself.
        while os.read(0, 1):
            pass
        end()

    threading.Thread(target=wait, daemon=True).start()


def stop_orderly() -> None:
    """Have this process told to stop, as a service manager does."""
    os.kill(os.getpid(), signal.SIGTERM)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            return False
    return True
