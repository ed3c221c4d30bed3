"""The HTTP door of the sandbox: the stand-in Amazon's order address and the control addresses. Nothing is done here.

It listens on the loopback interface only and says so in one JSON line on standard output when it is ready.
"""

import json
import socket
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from punchout.sandbox.posting import PostingError
from punchout.sandbox.rounds import Sandbox
from punchout.sandbox.shop import SETUP_PATH

ORDER_PATH = "/amazon/orders"
_HOST = "127.0.0.1"
_LARGEST_BODY = 5_000_000


class _Handler(BaseHTTPRequestHandler):
    sandbox: ClassVar[Sandbox]
    timeout = 30

    def do_GET(self) -> None:
        reads: dict[str, Callable[[], dict[str, object]]] = {
            "/healthz": self.sandbox.health,
            "/control/expected": self.sandbox.expected,
            "/control/business-central": self.sandbox.business_central,
            "/control/orders": self.sandbox.orders,
            "/control/scenarios": self.sandbox.scenarios,
        }
        if self.path in reads:
            self._reply_json(HTTPStatus.OK, reads[self.path]())
        elif (page := self.sandbox.shop.page(self.path)) is not None:
            self._reply(HTTPStatus.OK, "text/html; charset=UTF-8", page)
        else:
            self._reply_json(HTTPStatus.NOT_FOUND, {"error": f"no {self.path}"})

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _LARGEST_BODY:
            self._reply_json(HTTPStatus.LENGTH_REQUIRED, {"error": "a body of known and modest length is wanted"})
            return
        body = self.rfile.read(int(length))
        if self.path == ORDER_PATH:
            self._take_order(body)
        elif self.path == SETUP_PATH:
            base = f"http://{_HOST}:{self.connection.getsockname()[1]}"
            self._reply(HTTPStatus.OK, "text/xml; charset=UTF-8", self.sandbox.shop.open(body, base))
        elif self.path == "/control/request":
            self._reply_json(HTTPStatus.OK, self.sandbox.make_request())
        elif self.path == "/control/import":
            self._reply_json(HTTPStatus.OK, self.sandbox.take_updates())
        elif self.path == "/control/advance":
            self._advance(body)
        elif self.path == "/control/redeliver":
            self._redeliver()
        else:
            self._reply_json(HTTPStatus.NOT_FOUND, {"error": f"no {self.path}"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name http.server gives it
        """Keep quiet: standard output is one JSON line, and a log would hold what was posted."""

    def _advance(self, body: bytes) -> None:
        try:
            wanted = json.loads(body or b"{}").get("round")
            outcome = self.sandbox.advance(wanted)
        except (ValueError, AttributeError) as error:
            self._reply_json(HTTPStatus.CONFLICT, {"error": str(error)})
        except PostingError as error:
            self._reply_json(HTTPStatus.BAD_GATEWAY, {"error": str(error)})
        else:
            self._reply_json(HTTPStatus.OK, outcome)

    def _redeliver(self) -> None:
        try:
            outcome = self.sandbox.redeliver()
        except PostingError as error:
            self._reply_json(HTTPStatus.BAD_GATEWAY, {"error": str(error)})
        else:
            self._reply_json(HTTPStatus.OK, outcome)

    def _take_order(self, body: bytes) -> None:
        answer = self.sandbox.receive_order(body)
        if answer.body is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._reply(HTTPStatus.OK, "text/xml; charset=UTF-8", answer.body)

    def _reply_json(self, status: HTTPStatus, value: dict[str, object]) -> None:
        self._reply(status, "application/json", json.dumps(value).encode())

    def _reply(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def make_server(sandbox: Sandbox, port: int) -> ThreadingHTTPServer:
    """Bind the door of a sandbox; port 0 takes any free one."""
    handler = type("Handler", (_Handler,), {"sandbox": sandbox})
    return ThreadingHTTPServer((_HOST, port), handler)


def addresses(server: ThreadingHTTPServer) -> dict[str, object]:
    """Return what a caller needs to know of a bound server."""
    port = server.server_address[1]
    base = f"http://{_HOST}:{port}"
    doors = {"order_url": base + ORDER_PATH, "setup_url": base + SETUP_PATH}
    return {"port": port, **doors, "control_url": base + "/control"}
