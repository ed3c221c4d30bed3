"""A home whose gateway runs as a process of its own, before the sandbox's stand-ins. No tests live here."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from punchout.cli.child_process import free_port
from tests.gateway.sessions.shopper import LINK_SECRET
from tests.sandbox.buyer import CLIENT, ROOT, RunningSandbox
from tests.sandbox.order_requests import SECRET

_COMMAND = (sys.executable, "-m", "punchout")


@dataclass
class WholeWay:
    """Everything that a cart passes: Business Central, the gateway, the shop, and Business Central again.

    Attributes:
        sandbox: the stand-ins.
        environment: of every command.
        url: of the gateway.
    """

    sandbox: RunningSandbox
    environment: dict[str, str]
    url: str

    def punchout(self, *arguments: str) -> str:
        """Run a command, which must go well; give what it prints."""
        ran = subprocess.run(
            [*_COMMAND, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def new_request(self) -> str:
        """Have Business Central make a request and export it, and take it in; give its number."""
        number = str(self._control("request")["number"])
        self.punchout("sync")
        return number

    def lines(self, number: str) -> list[dict[str, Any]]:
        """Give the lines of a request as they stand in Business Central once it has taken every update."""
        self._control("import")
        tables = self.sandbox.get("business-central")
        assert tables["refused_updates"] == []
        return next(list(row["lines"]) for row in tables["requests"] if row["number"] == number)

    def _control(self, name: str) -> dict[str, Any]:
        return dict(CLIENT.post(f"{self.sandbox.ready['control_url']}/{name}").raise_for_status().json())


@contextmanager
def whole_way(folder: Path) -> Iterator[WholeWay]:
    """Run the stand-ins and the gateway."""
    port = free_port()
    with RunningSandbox(folder / "sandbox") as sandbox:
        url = f"http://127.0.0.1:{port}"
        environment = _environment(folder, sandbox, url)
        with subprocess.Popen(
            [*_COMMAND, "gateway", "--port", str(port)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        ) as gateway:
            try:
                assert gateway.stdout is not None
                assert json.loads(gateway.stdout.readline())["ready"] is True
                yield WholeWay(sandbox, environment, url)
            finally:
                gateway.send_signal(signal.SIGTERM)
                gateway.wait(30)


def _environment(folder: Path, sandbox: RunningSandbox, url: str) -> dict[str, str]:
    home = folder / "home"
    home.mkdir(mode=0o700)
    amazon = '{domain = "NetworkId", identity = "Amazon"}'
    folders = {feed: sandbox.folder / feed for feed in ("cxml-drop", "bc-requests", "bc-orders", "bc-updates")}
    (home / "punchout.toml").write_text(
        f"""
        environment = "production"
        company = {{id = "CONTOSO"}}
        orders = {{sent_by = "bc"}}
        cart = {{received_by = "pipeline"}}
        business_central = {{updates_dir = "{folders["bc-updates"]}"}}

        [supplier]
        identities = [{amazon}]
        our_identity = {{domain = "NetworkId", identity = "ContosoPunchout"}}
        supplier_identity = {amazon}
        payload_host = "contoso.example"
        shared_secret = "env:TEST_SECRET"
        setup_url = "{sandbox.ready["setup_url"]}"

        [gateway]
        public_url = "{url}"
        secrets = ["env:TEST_SECRET"]
        link_secrets = ["env:TEST_LINKS"]

        [feeds]
        cxml = {{path = "{folders["cxml-drop"]}", content = "cxml"}}
        bc_requests = {{path = "{folders["bc-requests"]}", content = "bc_requests"}}
        bc_orders = {{path = "{folders["bc-orders"]}", content = "bc_orders"}}
        """
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PUNCHOUT_", "DAGSTER_"))}
    return {**kept, "PUNCHOUT_HOME": str(home), "TEST_SECRET": SECRET, "TEST_LINKS": LINK_SECRET}
