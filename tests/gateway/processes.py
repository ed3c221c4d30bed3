"""The gateway as a process of its own, called over real sockets. No tests live here."""

import json
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.support.purchases import ACCOUNT, HOST, SECRET

ROOT = Path(__file__).parents[2]
_PATIENCE = 60
_TOML = """\
environment = "production"
[company]
id = "{company}"
[supplier]
id = "{supplier}"
identities = [{{ domain = "NetworkId", identity = "Amazon" }}]
our_identity = {{ domain = "NetworkId", identity = "ContosoPunchout" }}
payload_host = "{host}"
[logging]
format = "json"
[gateway]
"""


def write_home(home: Path, **gateway: object) -> None:
    """Write a home folder with settings under which the supplier may come in by its secret."""
    home.mkdir(mode=0o700, exist_ok=True)
    secret = home / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    stated = {"port": 0, "secrets": [f"file:{secret}"], **gateway}
    lines = [f"{name} = {json.dumps(value)}" for name, value in stated.items()]
    text = _TOML.format(company=ACCOUNT.company, supplier=ACCOUNT.supplier, host=HOST)
    (home / "punchout.toml").write_text(text + "\n".join(lines) + "\n")


class GatewayProcess:
    """`punchout gateway` over a home folder, from when it is ready until it is stopped."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.home = home
        self.log = home / "gateway.log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PUNCHOUT_")}
        with self.log.open("ab") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "punchout", "gateway", *arguments],
                cwd=ROOT,
                env={**environment, "PUNCHOUT_HOME": str(home)},
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )

    def __enter__(self) -> Self:
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            assert selector.select(_PATIENCE), "the gateway says nothing"
        line = self.process.stdout.readline()
        assert line, self.log.read_text()
        self.ready: dict[str, object] = json.loads(line)
        self.address = str(self.ready["address"])
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()
        if self.process.stdout is not None:
            self.process.stdout.close()

    @property
    def place(self) -> tuple[str, int]:
        parts = urlsplit(self.address)
        return str(parts.hostname), parts.port or 0

    def connect(self, timeout: float = 10) -> socket.socket:
        return socket.create_connection(self.place, timeout=timeout)

    def resident_bytes(self) -> int:
        """Give how much memory the process has held at most."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.process.pid}/status").read_text())
        assert found is not None
        return int(found[1]) * 1024

    def is_reading(self) -> bool:
        """Tell whether it holds a part of a body that has not come to its end."""
        with self.connect() as connection:
            connection.sendall(request(b"", "Connection: close", method="GET", path="/metrics"))
            held = re.search(rb"^punchout_gateway_bytes_in_flight (\d+)", everything(connection), re.MULTILINE)
        assert held is not None
        return int(held[1]) > 0

    def is_closed(self) -> bool:
        """Tell whether it takes no more connections."""
        try:
            self.connect().close()
        except ConnectionRefusedError:
            return True
        return False

    def stop(self) -> int:
        """Ask it to end, and give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; a busy machine takes its time."""
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it was waited for in vain"
        time.sleep(0.02)


def request(body: bytes, *headers: str, method: str = "POST", path: str = "/cxml") -> bytes:
    """Give a request as it travels."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def everything(connection: socket.socket) -> bytes:
    """Read until the other end closes."""
    found = b""
    try:
        while piece := connection.recv(65_536):
            found += piece
    except ConnectionError:
        pass
    return found


def one_answer(connection: socket.socket) -> bytes:
    """Read one answer whose length is declared."""
    found = b""
    while True:
        head, ended, body = found.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if ended and length is not None and len(body) >= int(length[1]):
            return found
        piece = connection.recv(65_536)
        if not piece:
            return found
        found += piece


@contextmanager
def timed() -> Iterator[list[float]]:
    """Measure how long a block takes; the list holds it in seconds afterwards."""
    took: list[float] = []
    began = time.monotonic()
    yield took
    took.append(time.monotonic() - began)
