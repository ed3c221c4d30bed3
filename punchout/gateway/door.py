"""What every route of the gateway is given: settings, ledger, clock, workers and bounds. Decides nothing by itself."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import sqlalchemy as sa

from punchout.gateway.admission import Admission
from punchout.gateway.metrics import Metrics
from punchout.gateway.workers import Workers
from punchout.ledger.documents.judging import AcceptanceRules
from punchout.model.keys import Account
from punchout.model.moments import Micros
from resources import policies
from resources.exchange import wall_clock
from resources.settings import Settings

_NO_HOST = "punchout.invalid"


@dataclass(slots=True)
class Standing:
    """Whether the gateway takes requests still, and where it is reached once it listens."""

    is_stopping: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """One company's door for one supplier.

    Attributes:
        settings: as they were read at the start; secrets are read at every use.
        engine: the ledger's database, at this program's schema.
        clock: the moment that a request comes in at.
        workers: threads, so that neither parsing nor the database stops the event loop.
        admission: what is let in at once, and from whom how often.
        metrics: what was counted.
        standing: what changes while it runs.
    """

    settings: Settings
    engine: sa.Engine
    clock: Callable[[], Micros]
    workers: Workers
    admission: Admission
    metrics: Metrics = field(default_factory=Metrics)
    standing: Standing = field(default_factory=Standing)

    @property
    def account(self) -> Account:
        """Whose books these are, and which supplier's documents."""
        return policies.account(self.settings)

    @property
    def rules(self) -> AcceptanceRules:
        """What a document must say to count."""
        return policies.acceptance_rules(self.settings)

    @property
    def url(self) -> str:
        """The address that others call, without a slash at its end."""
        return (self.settings.gateway.public_url or self.standing.address).rstrip("/")

    @property
    def payload_host(self) -> str:
        """What stands behind the @ of the payloadIDs of answers."""
        return self.settings.supplier.payload_host or urlsplit(self.url).hostname or _NO_HOST

    def new_payload_id(self, at: Micros) -> str:
        """Return a payloadID for an answer (cXML: unique in space and time)."""
        return f"{at}.{secrets.token_hex(8)}@{self.payload_host}"


def open_door(settings: Settings, engine: sa.Engine, clock: Callable[[], Micros] | None = None) -> Door:
    """Make a door over an open ledger; whoever opens it closes its workers."""
    return Door(settings, engine, clock or wall_clock, Workers(engine), Admission(settings.gateway, time.monotonic))
