"""A home folder for a whole exchange: its settings, and files dropped into its feeds."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

from punchout.ledger.sending import switches
from punchout.model.moments import Micros, parse_moment
from resources.exchange import Exchange, open_ledger
from resources.settings import Settings, load_settings
from tests.support.bc_exports import ORDER, REQUEST, Row

KEY_VARIABLE = "EXCHANGE_TEST_SECRET"
ADDRESS = {"name": "Main", "street": ["1 Street"], "city": "Seattle", "state": "WA", "post_code": "1", "country": "US"}
OVERRIDES: Mapping[str, Any] = {
    "cart": {"received_by": "bc"},
    "orders": {"sent_by": "pipeline", "cutover_at": "2026-01-01T00:00:00Z", "bill_to": ADDRESS},
    "supplier": {
        "our_identity": {"domain": "NetworkId", "identity": "us"},
        "supplier_identity": {"domain": "NetworkId", "identity": "them"},
        "payload_host": "example.com",
        # Nothing listens there.
        "order_url": "http://127.0.0.1:9/",
        "shared_secret": f"env:{KEY_VARIABLE}",
    },
}


def at(text: str) -> Micros:
    """Gives the instant that a text names."""
    moment = parse_moment(text).utc
    assert moment is not None
    return moment


def home_settings(home: Path, **changes: Mapping[str, Any]) -> Settings:
    """Gives settings under a home folder that miss nothing; a change adds to its section or replaces in it."""
    names = {*OVERRIDES, *changes}
    overrides = {name: {**OVERRIDES.get(name, {}), **changes.get(name, {})} for name in names}
    return load_settings(home=home, overrides=overrides)


def drop(settings: Settings, feed: str, name: str, data: bytes) -> None:
    """Puts a file into a feed as a writer does."""
    folder = settings.feeds[feed].path
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{name}.part"
    unfinished.write_bytes(data)
    unfinished.rename(folder / name)


def request(number: str = "PR0001", **changes: object) -> Row:
    """Gives a released request of one line, its purchase order named as its own number."""
    lines = [{**line, "requestNumber": number} for line in REQUEST["lines"]]
    order = number.replace("PR", "PO")
    return {
        **REQUEST,
        "number": number,
        "buyerCookie": f"c-{number}",
        "purchaseOrderNumber": order,
        "lines": lines,
        **changes,
    }


def purchase_order(number: str = "PO0001", **changes: object) -> Row:
    """Gives the released purchase order of a request."""
    return {**ORDER, "number": number, "punchoutRequestNumber": number.replace("PO", "PR"), **changes}


@contextmanager
def opened(settings: Settings, as_of: Micros) -> Iterator[Exchange]:
    """Opens an exchange outside any run."""
    engine = open_ledger(settings)
    try:
        yield Exchange(settings, engine, as_of)
    finally:
        engine.dispose()


def switch_on(exchange: Exchange) -> None:
    """Lets orders leave."""
    with exchange.engine.begin() as connection:
        switches.set_switch(connection, switches.ORDERS, on=True, by="test", reason=None, at=exchange.as_of)


class _Supplier(BaseHTTPRequestHandler):
    received: ClassVar[list[bytes]] = []
    answer = (
        b'<?xml version="1.0" encoding="UTF-8"?><cXML payloadID="1@x" timestamp="2026-03-02T17:00:00+00:00">'
        b'<Response><Status code="200" text="OK"/></Response></cXML>'
    )

    def do_POST(self) -> None:
        self.received.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=UTF-8")
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Says nothing."""


@contextmanager
def supplier() -> Iterator[tuple[str, list[bytes]]]:
    """Runs a supplier that takes every order; gives its address and the orders it received."""
    received: list[bytes] = []
    handler = type("Supplier", (_Supplier,), {"received": received})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", received
        finally:
            server.shutdown()
            thread.join()
