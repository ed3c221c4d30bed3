"""What a company decides about reconciliation: zone, deadlines, who sends and who receives.

Only values that change a result live here. Where they come from (environment, file) is `resources.settings`.
"""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from punchout.model.moments import Micros


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationPolicy:
    """The decisions that reconciliation needs beside the facts.

    Attributes:
        zone: IANA name of the company's zone; dates are cut in it.
        sent_by: who sends the OrderRequest; under `bc` nothing is ever queued here and the purchase order is the order.
        received_by: who receives carts; under `bc` lines on the request mean that a cart has come.
        cutover_at: requests released before it are tracked and never sent; None where no cut-over is set.
        confirmation_hours: hours from sending after which a missing confirmation is a warning.
        confirmation_error_hours: hours after which it is an error.
        invoice_wait_days: days an invoice may wait for its ship notice.
        receipts_in_scope: whether Business Central's receipts are needed before a request is closed.
    """

    zone: str
    sent_by: Literal["pipeline", "bc"]
    received_by: Literal["pipeline", "bc"]
    cutover_at: Micros | None = None
    confirmation_hours: int = 24
    confirmation_error_hours: int = 48
    invoice_wait_days: int = 3
    receipts_in_scope: bool = False

    @property
    def zone_info(self) -> ZoneInfo:
        """The company's zone; `zoneinfo` keeps one object a name."""
        return ZoneInfo(self.zone)
