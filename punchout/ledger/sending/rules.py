"""What sending depends on beside the ledger: the rules, the clocks, and the way to the supplier."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from punchout.ledger.sending.epochs import EpochNote
from punchout.model.moments import Micros
from punchout.ordering.answers import Answer
from punchout.ordering.policy import OrderingPolicy


class Channel(Protocol):
    """The way an order goes to the supplier. Never raises for what the network does: that is in the answer."""

    def send(self, stored_body: bytes) -> Answer:
        """Send the stored bytes, with the secret put in, once."""
        ...


@dataclass(frozen=True, slots=True)
class SendingRules:
    """What sending depends on beside the ledger.

    Attributes:
        config_switch: sending is enabled in the settings.
        kill_switch: tells whether everything is stopped; asked before every order.
        epoch_note: where the last epoch of sending is noted outside the database.
        zone: whose calendar day the caps count.
        lease_seconds: how long an attempt may take before it is given up as in doubt.
    """

    policy: OrderingPolicy
    config_switch: bool
    kill_switch: Callable[[], bool]
    epoch_note: EpochNote
    zone: ZoneInfo
    lease_seconds: int = 300


@dataclass(frozen=True, slots=True)
class Clocks:
    """The two clocks: `as_of` is what the ledger reads, `wall` measures leases and attempts."""

    as_of: Micros
    wall: Micros
