"""What a company decides about reconciliation: zone, deadlines, tolerances, who sends and who receives.

Only values that change a result live here. Where they come from (environment, file) is `resources.settings`.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from punchout.model.moments import Micros
from punchout.reconciliation.accounts import ChargeKind
from punchout.reconciliation.tolerances import Tolerances
from punchout.reconciliation.units import UnitMap

ConfirmationPolicy: TypeAlias = Literal["amazon", "strict_cxml"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationPolicy:
    """The decisions that reconciliation needs beside the facts.

    Attributes:
        zone: IANA name of the company's zone; dates are cut in it.
        sent_by: who sends the OrderRequest; under `bc` nothing is ever queued here and the purchase order is the order.
        received_by: who receives carts; under `bc` lines on the request mean that a cart has come.
        local_currency: what a blank currency code in Business Central means; None leaves it unknown.
        cutover_at: requests released before it are tracked and never sent; None where no cut-over is set.
        confirmation_hours: hours from sending after which a missing confirmation is a warning.
        confirmation_error_hours: hours after which it is an error.
        confirmation_policy: which confirmations of one order stand together. `amazon`: all, each for the lines it
            mentions, since one purchase order becomes several of Amazon's orders (case 1). `strict_cxml`: the rule of
            cXML's ConfirmationRequest (Fulfill.dtd), by which one of type accept, except or reject discards all
            confirmations before it.
        invoice_wait_days: days an invoice may wait for its ship notice.
        cart_warn_age_days: days from its receipt after which a cart that is not ordered is worth a warning.
        cart_max_age_days: days after which the supplier no longer holds its prices.
        shipment_grace_days: days after the promised date after which nothing shipped is a warning.
        receipt_grace_days: days from delivery after which what is billed and not received is a warning.
        receipt_error_days: days after which it is an error.
        duplicate_days: days within which two invoices for the same may be one.
        receipts_in_scope: whether Business Central's receipts are needed before a request is closed.
        tolerances: how far prices, amounts and dates may differ.
        unit_map: words for units, and the units they stand for.
        link_from: confidence in thousandths from which on a rule puts a place on a line; below it only suggests one.
        charge_words: words in the description of an invoice line that stand for a charge, and which.
    """

    zone: str
    sent_by: Literal["pipeline", "bc"]
    received_by: Literal["pipeline", "bc"]
    local_currency: str | None = None
    cutover_at: Micros | None = None
    confirmation_hours: int = 24
    confirmation_error_hours: int = 48
    confirmation_policy: ConfirmationPolicy = "amazon"
    invoice_wait_days: int = 3
    cart_warn_age_days: int = 5
    cart_max_age_days: int = 7
    shipment_grace_days: int = 2
    receipt_grace_days: int = 5
    receipt_error_days: int = 10
    duplicate_days: int = 30
    receipts_in_scope: bool = False
    tolerances: Tolerances = field(default_factory=Tolerances)
    unit_map: UnitMap = ()
    link_from: int = 800
    charge_words: tuple[tuple[str, ChargeKind], ...] = (
        ("shipping", "shipping"),
        ("freight", "shipping"),
        ("delivery", "shipping"),
        ("postage", "shipping"),
        ("handling", "handling"),
        ("discount", "discount"),
        ("promotion", "discount"),
        ("wrap", "other"),
        ("surcharge", "other"),
        ("fee", "other"),
    )

    @property
    def zone_info(self) -> ZoneInfo:
        """The company's zone; `zoneinfo` keeps one object a name."""
        return ZoneInfo(self.zone)
