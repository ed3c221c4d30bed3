"""A company's exchange with its supplier in a test: deliver files, let time pass, sync, and look.

The supplier is a stand-in that answers as it is told; the real channel is tested with `resources.supplier`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from punchout.ledger import runs
from punchout.ledger.documents import answering
from punchout.ledger.documents.parse import ParseCounts
from punchout.ledger.documents.receive import Arrival, Receipt, receive
from punchout.ledger.engine import reading
from punchout.ledger.ledger_hash import ledger_hash
from punchout.ledger.sending import switches
from punchout.ledger.sending.dispatch import send_one
from punchout.ledger.sending.outbox import OutboxOrder, one, orders
from punchout.ledger.views.status import status_report
from punchout.model.moments import HOUR, Micros
from punchout.ordering.answers import Answer, Verdict
from punchout.ordering.refusals import Refusal
from resources import policies as from_settings
from resources.exchange import Dispatched, Exchange
from resources.settings import Settings
from resources.verification import verify_ledger
from tests.support.deliveries import Delivery
from tests.support.purchases import (
    ACCOUNT,
    HOST,
    instant,
)

TAKEN = Answer(http_status=200, is_cxml=True, cxml_code=200, cxml_text="OK")
BUSY = Answer(http_status=200, is_cxml=True, cxml_code=560, cxml_text="Temporary server error")
LOST = Answer()
"""Nothing is known of what became of the order."""

FIRST_SYNC = instant("02T17:00")
_AMAZON = {"domain": "NetworkId", "identity": "Amazon"}


@dataclass
class Supplier:
    """Takes orders. `answers` are given one after the other, the last one for ever.

    `on_arrival` is called with each body before it is answered.
    """

    answers: Sequence[Answer] = (TAKEN,)
    on_arrival: Callable[[bytes], None] | None = None
    bodies: list[bytes] = field(default_factory=list)

    def send(self, stored_body: bytes) -> Answer:
        """Take an order."""
        self.bodies.append(stored_body)
        if self.on_arrival is not None:
            self.on_arrival(stored_body)
        return self.answers[min(len(self.bodies), len(self.answers)) - 1]


class PlayedExchange(Exchange):
    """An exchange whose orders go to the stand-in."""

    def __init__(self, settings: Settings, engine: sa.Engine, as_of: Micros, supplier: Supplier) -> None:
        super().__init__(settings, engine, as_of)
        self.supplier = supplier

    def send(self, payload_id: str) -> Verdict | Refusal | None:
        rules = from_settings.sending_rules(self.settings)
        return send_one(self.engine, payload_id, self.supplier, rules, self.clocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What one sync did."""

    parsed: ParseCounts
    queued: int
    dispatched: Dispatched
    updates: int
    files: int


class Play:
    """One exchange over time.

    Args:
        engine: of a ledger at this program's schema.
        home: a folder of its own.
        changes: to the settings, by section.
    """

    def __init__(self, engine: sa.Engine, home: Path, **changes: Mapping[str, Any] | str) -> None:
        self.engine = engine
        self.settings = settings_for(home, **changes)
        self.supplier = Supplier()
        self.now: Micros = FIRST_SYNC
        self._syncs = 0

    def under(self, **changes: Mapping[str, Any] | str) -> "Play":
        """Give the same exchange, with the same supplier, under other settings."""
        changed = Play(self.engine, self.settings.home, **changes)
        changed.now, changed.supplier, changed._syncs = self.now, self.supplier, self._syncs + 100
        return changed

    def exchange(self) -> PlayedExchange:
        """Give the exchange as of now."""
        return PlayedExchange(self.settings, self.engine, self.now, self.supplier)

    def switch_on(self) -> None:
        """Let orders leave, as far as the ledger is concerned."""
        with self.engine.begin() as connection:
            switches.set_switch(connection, switches.ORDERS, on=True, by="ann", reason=None, at=self.now)

    def later(self, hours: float) -> None:
        """Let time pass."""
        self.now += int(hours * HOUR)

    def deliver(self, *deliveries: Delivery) -> Receipt:
        """Receive files."""
        arrivals = [Arrival(ACCOUNT, one.content, one.content, one.name, one.data) for one in deliveries]
        with self.engine.begin() as connection:
            return receive(connection, arrivals, self.now)

    def post(self, *deliveries: Delivery) -> list[answering.Answered]:
        """Hand documents in as they come over HTTP; the answers say in plain words what became of each."""
        arrivals = [Arrival(ACCOUNT, one.content, "gateway", one.name, one.data) for one in deliveries]
        rules = from_settings.acceptance_rules(self.settings)
        with self.engine.begin() as connection:
            return answering.answer(connection, arrivals, rules, self.now, _in_plain_words)

    def take_in(self, *deliveries: Delivery) -> ParseCounts:
        """Receive files and work them off, up to where orders would be queued."""
        self.deliver(*deliveries)
        exchange = self.exchange()
        parsed = exchange.parse()
        exchange.import_exports("bc_requests")
        exchange.import_exports("bc_orders")
        exchange.touch_due()
        exchange.settle()
        return parsed

    def sync(self, *deliveries: Delivery) -> Synced:
        """Receive files and run a whole sync as of now."""
        self._syncs += 1
        with self.engine.begin() as connection:
            runs.open_run(connection, f"sync {self._syncs} as of {self.now}", self.now, self.now)
        parsed = self.take_in(*deliveries)
        exchange = self.exchange()
        queued = exchange.queue_orders()
        exchange.settle()
        dispatched = exchange.dispatch()
        exchange.recheck_waiting()
        exchange.settle()
        updates, files = exchange.update_business_central()
        return Synced(parsed=parsed, queued=queued.queued, dispatched=dispatched, updates=updates.queued, files=files)

    def status(self) -> dict[str, Any]:
        """Give the status of everything."""
        with reading(self.engine) as connection:
            return status_report(connection)

    def request(self, number: str = "PR0001") -> dict[str, Any]:
        """Give the status of one request, which must be known."""
        found = [request for request in self.status()["requests"] if request["request_no"] == number]
        assert len(found) == 1, f"{number} is there {len(found)} times"
        return dict(found[0])

    def order(self, identifier: str = "PR0001") -> OutboxOrder:
        """Give one order of the outbox."""
        with reading(self.engine) as connection:
            return one(orders(connection, identifier=identifier), identifier)

    def hash(self) -> str:
        """Give the ledger's hash."""
        with reading(self.engine) as connection:
            return ledger_hash(connection)

    def broken_promises(self) -> dict[str, str]:
        """Verify the ledger; give what is red with its detail."""
        found = verify_ledger(self.settings, self.engine)["invariants"]
        return {one["id"]: one["detail"] for one in found if one["ok"] is False}

    def update_files(self) -> list[Path]:
        """Give the update files that lie ready for Business Central, without their manifests."""
        folder = self.settings.business_central.updates_dir
        return sorted(path for path in folder.glob("*.json") if not path.name.endswith(".manifest.json"))


def _in_plain_words(standing: answering.Standing) -> answering.Answer:
    code = 400 if standing.state in {"quarantined", "dismissed"} else 200
    return answering.Answer(code, f"{standing.state} {standing.reason or ''}".strip().encode())


def settings_for(home: Path, **changes: Mapping[str, Any] | str) -> Settings:
    """Give settings under which the pipeline receives carts and sends orders."""
    values: dict[str, Any] = {
        "home": home,
        "environment": "production",
        "company": {"id": ACCOUNT.company, "zone": "America/Los_Angeles"},
        "supplier": {
            "id": ACCOUNT.supplier,
            "identities": [_AMAZON],
            "our_identity": {"domain": "NetworkId", "identity": "ContosoPunchout"},
            "supplier_identity": _AMAZON,
            "payload_host": HOST,
        },
        "orders": {
            "sent_by": "pipeline",
            "send_enabled": True,
            "cutover_at": "2026-01-01T00:00:00Z",
            "bill_to": {"name": "Contoso", "street": ["1 Main St"], "city": "Seattle", "country": "US"},
        },
        "cart": {"received_by": "pipeline"},
    }
    for name, change in changes.items():
        values[name] = change if isinstance(change, str) else {**values.get(name, {}), **change}
    settings = Settings.model_validate(values)
    for folder in (settings.business_central.updates_dir, *(feed.path for feed in settings.feeds.values())):
        folder.mkdir(parents=True, exist_ok=True)
    return settings
