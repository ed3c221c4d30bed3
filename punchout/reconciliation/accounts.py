"""Results that only people and reports read: suggestions, charges, allocations and the three-way match.

Nothing is decided by them later on. The other results are in `results`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from punchout.model.exact import Millionths

DocumentKind = Literal["order_request", "confirmation", "ship_notice", "invoice"]
ChargeKind = Literal["shipping", "handling", "discount", "tax", "other"]
AllocationBase = Literal["order", "shipment", "invoice", "excess"]
PriceBase = Literal["confirmed", "ordered", "agreed"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Suggestion:
    """A line that a place is likely to mean, but not surely enough to be put there. Attributes as in `Link`."""

    kind: DocumentKind
    body_sha256: str
    ordinals: tuple[int, ...]
    line_key: str
    rule: str
    confidence: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Charge:
    """Something an invoice bills beside the lines of the order.

    Attributes:
        ordinals: place of the line; empty for the summary.
        line_key: the line whose goods it comes with, empty where it comes with none.
        amount: negative where it lowers the bill.
        currency: empty where none is stated.
    """

    body_sha256: str
    ordinals: tuple[int, ...]
    kind: ChargeKind
    line_key: str
    amount: Millionths
    currency: str


class MatchWord(StrEnum):
    """How a line stands in the three-way match, the worst first."""

    NO_ORDER = "no PO"
    CURRENCY = "currency"
    UNIT = "UoM"
    QUANTITY_OVER = "qty over"
    PRICE = "price"
    NOT_RECEIVED = "not received"
    QUANTITY_SHORT = "qty short"
    NOT_INVOICED = "not invoiced"
    WITHIN_TOLERANCE = "within tolerance"
    MATCHED = "matched"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeWay:
    """One line in the three-way match. Quantities, prices and amounts are millionths.

    Attributes:
        word: the worst of `words`.
        received: None where receipts are not in scope.
        invoiced: net of credits; `credited` stands beside it.
        price_expected: the highest price that a bill may state: confirmed, else ordered.
        price_base: whether that was confirmed, ordered, or agreed to by a person; None where no price is known.
        price_tolerance: how far a billed price may be off from it.
        price_invoiced: average over what is billed, credits left out.
        amount_invoiced: goods only, net of credits.
        amount_at_variance: what prices beyond tolerance cost more.
        tax_tolerance: how far billed tax may be off from the expected.
        charges: what came with the line beside its goods.
        charges_expected: what confirmations state for its shipping; None where they state nothing.
        charges_tolerance: how far charges may be above what was confirmed.
    """

    line_key: str
    word: MatchWord
    words: tuple[MatchWord, ...]
    ordered: Millionths
    confirmed: Millionths
    effective: Millionths
    shipped: Millionths
    received: Millionths | None
    invoiced: Millionths
    credited: Millionths
    price_expected: Millionths | None
    price_base: PriceBase | None
    price_tolerance: Millionths | None
    price_invoiced: Millionths | None
    amount_invoiced: Millionths
    amount_at_variance: Millionths
    tax_expected: Millionths | None
    tax_tolerance: Millionths | None
    tax_invoiced: Millionths | None
    charges: Millionths
    charges_expected: Millionths | None
    charges_tolerance: Millionths
    currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Allocation:
    """A part of a stated quantity, and what it fills.

    Attributes:
        kind: which kind of document states it.
        base: the open quantity of the order, a shipment, an invoice (for a credit), or nothing: `excess`.
        base_sha256: the shipment's or invoice's content, with its place; empty otherwise.
        quantity: never negative.
    """

    kind: DocumentKind
    body_sha256: str
    ordinals: tuple[int, ...]
    line_key: str
    base: AllocationBase
    base_sha256: str
    base_ordinals: tuple[int, ...]
    quantity: Millionths
