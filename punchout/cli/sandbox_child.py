"""The sandbox as a child process: its start, its control addresses, and its certain end.

Run as a module it is that child: the sandbox, ended as soon as whoever started it is gone, so that none is left behind
that holds the home folder. What the sandbox does is in `punchout.sandbox`.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from punchout.cli.errors import CommandError, Exit

_HOST = "127.0.0.1"
_SECONDS_TO_END = 10
_SECONDS_TO_ANSWER = 60
_STARTS = 3
_LAST_LINES = 5


class SandboxChild:
    """A running sandbox; leaving the `with` block ends it.

    Args:
        arguments: those of `python -m punchout.sandbox serve`, without the port.
        log: where its stderr goes.
        ports: by option, the ports it should listen on; others where these are taken.
    """

    def __init__(self, arguments: Sequence[str], log: Path, ports: Mapping[str, int]) -> None:
        self._arguments = arguments
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
                # The one before it may need a moment to let go of the home folder.
                time.sleep(0.5)
        raise CommandError(f"the sandbox does not start: {self._said()}", Exit.FAILED)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def advance(self, round_number: int) -> dict[str, Any]:
        """Have the sandbox play a round; asking for the current one repeats its answer."""
        return self._call("POST", "advance", {"round": round_number})

    def redeliver(self) -> dict[str, Any]:
        """Have everything that was ever delivered put into the folders again."""
        return self._call("POST", "redeliver", {})

    def told(self, name: str) -> dict[str, Any]:
        """Return `expected`, `business-central` or `orders`."""
        return self._call("GET", name, None)

    def _call(self, method: str, name: str, body: Mapping[str, object] | None) -> dict[str, Any]:
        import httpx

        url = f"{self.ready['control_url']}/{name}"
        try:
            answer = httpx.request(method, url, json=body, timeout=_SECONDS_TO_ANSWER, trust_env=False)
        except httpx.HTTPError as error:
            ended = None if self._process is None else self._process.poll()
            why = f"it ended with {ended}: {self._said()}" if ended is not None else str(error)
            raise CommandError(f"the sandbox does not answer: {why}", Exit.FAILED) from None
        if answer.status_code != httpx.codes.OK:
            raise CommandError(f"the sandbox refuses: {answer.text.strip()}; --fresh starts over", Exit.FAILED)
        return dict(answer.json())

    def _start(self) -> None:
        command = [sys.executable, "-m", "punchout.cli.sandbox_child", "serve", *self._arguments]
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
                env=child_environment(),
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


def child_environment() -> dict[str, str]:
    """Let the child find this very package, and none of the product's settings."""
    root = str(Path(__file__).parents[2])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PUNCHOUT_")}
    before = kept.get("PYTHONPATH")
    return {**kept, "PYTHONPATH": root if before is None else os.pathsep.join((root, before))}


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            return False
    return True


def _end_with_parent() -> None:
    """Wait for the end of standard input, which is when the parent is gone. What the sandbox keeps is durable."""
    # Past Python's own buffer, whose lock would be held when the child ends by itself.
    while os.read(0, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    from punchout.sandbox.__main__ import main

    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.exit(main())
