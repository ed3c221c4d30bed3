"""A headless Chromium that a test drives through its own debugging protocol, over a pipe: no driver, no network.

See https://chromedevtools.github.io/devtools-protocol/ for the methods. Messages are JSON, ended by a zero byte.
"""

import base64
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

Json = dict[str, Any]

# Chromium reads the protocol at descriptor 3 and writes it at 4.
_START = 'exec "$@" 3</proc/self/fd/{} 4>/proc/self/fd/{}'
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-extensions",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip


@dataclass(slots=True)
class Page:
    """One tab. `requested` are the addresses it asked for, `complaints` what it had to say about the page."""

    commands: BinaryIO
    answers: BinaryIO
    session: str = ""
    number: int = 0
    events: list[Json] = field(default_factory=list)

    @property
    def requested(self) -> list[str]:
        sent = (event for event in self.events if event["method"] == "Network.requestWillBeSent")
        return [event["params"]["request"]["url"] for event in sent]

    @property
    def complaints(self) -> list[str]:
        said = ("Log.entryAdded", "Runtime.exceptionThrown")
        return [json.dumps(event["params"]) for event in self.events if event["method"] in said]

    def call(self, method: str, **parameters: Any) -> Json:  # noqa: ANN401 - whatever the method takes
        """Call a method of the protocol and return its result."""
        self.number += 1
        message: Json = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.commands.write(json.dumps(message).encode() + b"\0")
        self.commands.flush()
        while (answer := self._next()).get("id") != self.number:
            self.events.append(answer)
        assert "error" not in answer, answer
        result: Json = answer["result"]
        return result

    def open(self, address: str) -> None:
        """Go to an address and wait until the page is loaded."""
        self.arrive(lambda: self.call("Page.navigate", url=address))

    def arrive(self, cause: Callable[[], object]) -> None:
        """Do what leads to another page, and wait until that is loaded."""
        seen = len(self.events)
        cause()
        while not any(event["method"] == "Page.loadEventFired" for event in self.events[seen:]):
            self.events.append(self._next())

    def run(self, expression: str) -> Any:  # noqa: ANN401 - whatever it evaluates to
        """Return the value of a JavaScript expression in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            text = {"text": key} if len(key) == 1 else {}
            self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def look(self, width: int, height: int, *, dark: bool = False) -> None:
        """Give the page a size and a colour scheme."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def picture(self, path: Path) -> None:
        """Save what the window shows."""
        shot = self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))

    def _next(self) -> Json:
        message = bytearray()
        while (byte := self.answers.read(1)) != b"\0":
            assert byte, "the browser has gone"
            message += byte
        answer: Json = json.loads(message)
        return answer


@contextmanager
def browse(program: str, profile: Path) -> Iterator[Page]:
    """Start Chromium with a new profile and give one tab."""
    reads, commands = os.pipe()
    answers, writes = os.pipe()
    process = subprocess.Popen(
        ["sh", "-c", _START.format(reads, writes), "sh", program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
        pass_fds=(reads, writes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(profile)},
    )
    os.close(reads)
    os.close(writes)
    try:
        with os.fdopen(commands, "wb") as into, os.fdopen(answers, "rb") as out:
            page = Page(into, out)
            target = page.call("Target.createTarget", url="about:blank")["targetId"]
            page.session = page.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Network", "Runtime", "Log"):
                page.call(f"{domain}.enable")
            yield page
            page.session = ""
            page.call("Browser.close")
    finally:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
