"""The sandbox as a child process, and its control addresses. Run as a module it is that child.

What the sandbox does is in `punchout.sandbox`.
"""

import os
import ssl
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from punchout.cli.child_process import ChildProcess, end_with_parent, finding_this_package
from punchout.cli.errors import CommandError, Exit

# Everything that was ever delivered may be posted before it answers.
_SECONDS_TO_ANSWER = 300


class SandboxChild(ChildProcess):
    """A running sandbox; leaving the `with` block ends it.

    Args:
        arguments: those of `python -m punchout.sandbox serve`, without the ports.
        log: where its stderr goes.
        ports: by option, the ports it should listen on; others where these are taken.
    """

    def __init__(self, arguments: Sequence[str], log: Path, ports: Mapping[str, int]) -> None:
        command = [sys.executable, "-m", "punchout.cli.sandbox_child", "serve", *arguments]
        super().__init__("the sandbox", command, child_environment(), log, ports)

    def advance(self, round_number: int) -> dict[str, Any]:
        """Have the sandbox play a round; asking for the current one repeats its answer."""
        return self._call("POST", "advance", {"round": round_number})

    def redeliver(self) -> dict[str, Any]:
        """Have everything that was ever delivered delivered again."""
        return self._call("POST", "redeliver", {})

    def told(self, name: str) -> dict[str, Any]:
        """Return `expected`, `business-central` or `orders`."""
        return self._call("GET", name, None)

    def _call(self, method: str, name: str, body: Mapping[str, object] | None) -> dict[str, Any]:
        import httpx

        url = f"{self.ready['control_url']}/{name}"
        try:
            answer = httpx.request(
                method, url, json=body, timeout=_SECONDS_TO_ANSWER, trust_env=False, verify=_no_authorities()
            )
        except httpx.HTTPError as error:
            raise self.silence(error) from None
        if answer.status_code == httpx.codes.BAD_GATEWAY:
            raise CommandError(f"the sandbox could not deliver: {answer.text.strip()}", Exit.FAILED)
        if answer.status_code != httpx.codes.OK:
            raise CommandError(f"the sandbox refuses: {answer.text.strip()}; --fresh starts over", Exit.FAILED)
        return dict(answer.json())


@cache
def _no_authorities() -> ssl.SSLContext:
    # The control is plain HTTP on this machine; by default each request would read the certificates of all authorities.
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def child_environment() -> dict[str, str]:
    """Let the child find this very package, and none of the product's settings."""
    return finding_this_package({name: value for name, value in os.environ.items() if not name.startswith("PUNCHOUT_")})


if __name__ == "__main__":
    from punchout.sandbox.__main__ import main

    # What the sandbox keeps is durable: it needs no orderly end.
    end_with_parent(lambda: os._exit(0))
    sys.exit(main())
