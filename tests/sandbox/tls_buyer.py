"""A buyer's address over TLS, which answers as it is told. No tests live here."""

import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from lxml import etree

from punchout.cli.sandbox_gateway import make_certificate


@dataclass
class Buyer:
    """What was posted, and how the next posts are answered.

    Attributes:
        url, certificate: where it is, and the file by which it is trusted.
        bodies: those that were posted, with the user and password of HTTP Basic as they were sent.
        plan: what to answer next: an HTTP status and a cXML code, or None to break off; when it is used up, `usual`.
        usual: the cXML code for a body.
    """

    url: str = ""
    certificate: Path = Path()
    bodies: list[tuple[bytes, str]] = field(default_factory=list)
    plan: deque[tuple[int, int] | None] = field(default_factory=deque)
    usual: Callable[[bytes], int] = lambda _body: 200


def judging() -> Callable[[bytes], int]:
    """Judge as little as a buyer must: what cannot be read, and a payloadID that comes with another body."""
    known: dict[str, bytes] = {}

    def judged(body: bytes) -> int:
        try:
            root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError:
            return 406
        if root.tag != "cXML" or b"<!ENTITY" in body:
            return 406
        return 200 if known.setdefault(root.get("payloadID", ""), body) == body else 409

    return judged


@contextmanager
def tls_buyer(folder: Path) -> Iterator[Buyer]:
    """Run a buyer until the end of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    buyer = Buyer(certificate=folder / "buyer.pem")
    make_certificate(buyer.certificate, folder / "buyer-key.pem")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body of an answer leave together.
        wbufsize = 64 * 1024

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            buyer.bodies.append((body, self.headers.get("Authorization", "")))
            answer = buyer.plan.popleft() if buyer.plan else (200, buyer.usual(body))
            if answer is None:
                self.close_connection = True
                return
            said = (
                '<?xml version="1.0"?><cXML payloadID="1@buyer" timestamp="2026-03-02T17:00:00+00:00">'
                f'<Response><Status code="{answer[1]}" text="said"/></Response></cXML>'
            ).encode()
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(buyer.certificate, folder / "buyer-key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.daemon_threads = True
        buyer.url = f"https://127.0.0.1:{server.server_port}/cxml"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield buyer
        finally:
            server.shutdown()
            thread.join()
