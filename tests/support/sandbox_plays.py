"""Plays the sandbox's crowd in this process: real stand-ins over HTTP, the steps of a sync without Dagster."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa

from punchout.cli.sandbox_child import SandboxChild
from punchout.ledger import runs
from punchout.ledger.engine import reading
from punchout.ledger.ledger_hash import ledger_hash
from punchout.ledger.sending import outbox, switches
from punchout.ledger.tables.projections import LINE_POSITION
from punchout.ledger.views.status import status_report
from punchout.model.moments import Micros, to_micros
from punchout.sandbox.compare import Difference, differences
from resources.exchange import Exchange, open_ledger
from resources.settings import Settings, load_settings

SEED = 7

_LINE = re.compile(r" line (?:line_number|cart_position|lineNumber) (\d+)")
_SECRET = "EXCHANGE_TEST_SECRET"  # noqa: S105 - the name of a variable
_US, _AMAZON = "ContosoPunchout", {"domain": "NetworkId", "identity": "Amazon"}
_FOLDERS = {
    "cxml-drop": "inbox/cxml",
    "bc-requests": "inbox/bc-requests",
    "bc-orders": "inbox/bc-orders",
    "bc-updates": "outbox/bc-updates",
}


Key: TypeAlias = tuple[str, str | None]
"""A request, and one of its lines or none."""


@dataclass(slots=True)
class Played:
    """What a playing came to.

    Attributes:
        compared: how many values were compared, over all rounds.
        differences: those that differed, in the order of the rounds.
        scenarios: the scenario of each request.
        expected_keys, shown_keys: which requests and lines there were at the end, by the oracle and in the ledger.
        ordered: the lines that Amazon had received in OrderRequests at the end: orderID, and the part's auxiliary id.
        split: the lines that stood confirmed by several Amazon orders at the end: request, and place in the cart.
        hash: the ledger's, at the end.
        settings: it was played under; its stand-ins are gone.
    """

    compared: int = 0
    differences: list[Difference] = field(default_factory=list)
    scenarios: dict[str, str] = field(default_factory=dict)
    expected_keys: set[Key] = field(default_factory=set)
    shown_keys: set[Key] = field(default_factory=set)
    ordered: set[tuple[str, str]] = field(default_factory=set)
    split: set[tuple[str, int]] = field(default_factory=set)
    hash: str = ""
    settings: Settings | None = None

    def requests(self) -> set[str]:
        """Give the requests on which anything differed."""
        return {one.request for one in self.differences if one.request is not None}

    def lines(self) -> set[tuple[str, int]]:
        """Give the lines on which anything differed: request, and place in the cart."""
        found = ((one.request, _LINE.search(one.where)) for one in self.differences if one.request is not None)
        return {(request, _place(int(line[1]))) for request, line in found if line is not None}

    def elsewhere(self) -> set[str]:
        """Give what differed that is no request's."""
        return {one.where for one in self.differences if one.request is None}


def play(home: Path, scenario_set: str = "full", database_url: str | None = None, sent_by: str = "pipeline") -> Played:
    """Play a script to its end in an empty folder; `sent_by` says whose the orders are to send."""
    folders = {name: home / folder for name, folder in _FOLDERS.items()}
    for folder in folders.values():
        folder.mkdir(parents=True)
    arguments = [part for name, folder in folders.items() for part in (f"--{name}", str(folder))]
    arguments += ["--home", str(home / "sandbox"), "--seed", str(SEED), "--scenario-set", scenario_set]
    arguments += ["--orders-sent-by", sent_by]
    with SandboxChild(arguments, home / "stderr.log", {}) as child:
        settings = _settings(home, child.ready, database_url)
        engine = open_ledger(settings)
        try:
            return _play(child, settings, engine)
        finally:
            engine.dispose()


def _settings(home: Path, ready: Mapping[str, Any], database_url: str | None) -> Settings:
    os.environ.setdefault(_SECRET, "hush")
    overrides: dict[str, Any] = {
        "environment": "production",
        "company": {"id": "CONTOSO", "zone": "America/Los_Angeles"},
        "supplier": {
            "identities": [_AMAZON],
            "our_identity": {"domain": "NetworkId", "identity": _US},
            "supplier_identity": _AMAZON,
            "shared_secret": f"env:{_SECRET}",
            "order_url": ready["order_url"],
            "payload_host": "contoso.example",
        },
        "orders": {
            "sent_by": ready["orders_sent_by"],
            "send_enabled": True,
            "cutover_at": ready["cutover_at"],
            "bill_to": {"name": "Contoso", "street": ["1 Main St"], "city": "Seattle", "country": "US"},
            "read_timeout_seconds": 5,
        },
        "cart": {"received_by": "pipeline"},
    }
    if database_url is not None:
        overrides["database"] = {"url": database_url}
    return load_settings(home=home, overrides=overrides)


def _play(child: SandboxChild, settings: Settings, engine: sa.Engine) -> Played:
    with engine.begin() as connection:
        switches.set_switch(connection, switches.ORDERS, on=True, by="test", reason=None, at=0)
    played = Played(settings=settings)
    for number in range(1, int(child.ready["rounds"]) + 1):
        outcome = child.advance(number)
        exchange = Exchange(settings, engine, to_micros(datetime.fromisoformat(outcome["as_of"])))
        _sync(exchange, number)
        for action in outcome["actions"]:
            _send(exchange, action["send"])
        _compare(child, engine, played)
    with reading(engine) as connection:
        played.hash = ledger_hash(connection)
        played.split = _split_lines(connection)
    return played


def _sync(exchange: Exchange, number: int) -> None:
    wall: Micros = exchange.clocks.wall
    with exchange.engine.begin() as connection:
        runs.open_run(connection, f"round {number}", exchange.as_of, wall)
    exchange.receive()
    exchange.parse()
    exchange.import_exports("bc_requests")
    exchange.import_exports("bc_orders")
    exchange.touch_due()
    exchange.settle()
    exchange.queue_orders()
    exchange.settle()
    exchange.dispatch()
    exchange.recheck_waiting()
    exchange.settle()
    exchange.update_business_central()


def _send(exchange: Exchange, request: str) -> None:
    """Send what was released by hand, as the operator does; a broken product may have nothing to send."""
    with exchange.engine.begin() as connection:
        found = [order for order in outbox.orders(connection, identifier=request) if order.state == "draft"]
        for order in found:
            outbox.send_draft(connection, order, "test", exchange.as_of)
    for order in found:
        exchange.send(order.payload_id)
    exchange.settle()


def _compare(child: SandboxChild, engine: sa.Engine, played: Played) -> None:
    with reading(engine) as connection:
        status = status_report(connection)
    expected, orders = child.told("expected"), child.told("orders")
    compared, found = differences(expected, status, child.told("business-central"), orders)
    played.ordered = {(o["orderID"], line["supplierPartAuxiliaryId"]) for o in orders["orders"] for line in o["lines"]}
    played.compared += compared
    played.differences.extend(found)
    played.expected_keys, played.shown_keys = _keys(expected["requests"]), _keys(status["requests"])
    played.scenarios.update({row["request_no"]: row["scenario"] for row in expected["requests"]})


def _split_lines(connection: sa.Connection) -> set[tuple[str, int]]:
    line = LINE_POSITION.c
    several = sa.select(line.request_no, line.line_number, line.cart_position).where(line.amazon_orders > 1)
    return {(request, _place(number or position)) for request, number, position in connection.execute(several)}


def _place(number: int) -> int:
    """Give a line's place in the cart: Business Central's Line No. is 10000 times that."""
    return number // 10_000 or number


def _keys(requests: Sequence[Mapping[str, Any]]) -> set[Key]:
    lines = {
        (row["request_no"], f"line {line['line_number']}" if line["line_number"] else f"cart {line['cart_position']}")
        for row in requests
        for line in row["lines"]
    }
    return lines | {(row["request_no"], None) for row in requests}
