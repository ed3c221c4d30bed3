"""What may be written back to Business Central: the lines of a cart, and what tracking found out.

Nothing else is ever written: an update never posts, receives, or changes a quantity or a price that Business Central
has, and it never blanks a value. When an update is due is decided in `punchout.ledger`; how it is written as a file is
`resources.business_central.updates`.
"""

from dataclasses import dataclass
from typing import TypeAlias

from punchout.model.exact import Millionths


@dataclass(frozen=True, slots=True, kw_only=True)
class CartUpdateLine:
    """A line to add to a request. `line_number` is Business Central's Line No.: 10000 times the cart position."""

    line_number: int
    supplier_part_id: str
    supplier_part_auxiliary_id: str | None
    description: str
    quantity: Millionths
    unit_of_measure_code: str
    unit_price: Millionths


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLinesUpdate:
    """The cart of one request. Business Central takes it only while the request is open and has no lines.

    `update_id` makes a repetition harmless; `currency_code` is None for Business Central's local currency.
    """

    update_id: str
    number: str
    currency_code: str | None
    lines: tuple[CartUpdateLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingUpdateLine:
    """What became known of one line. Dates are ISO days in the company's zone; None leaves the value as it is."""

    line_number: int
    shipping_date: str | None = None
    delivery_date: str | None = None
    invoice_id: str | None = None
    invoice_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingUpdate:
    """What became known of one request. None leaves the value as it is."""

    update_id: str
    number: str
    stage: str | None = None
    order_confirmation_id: str | None = None
    lines: tuple[TrackingUpdateLine, ...] = ()


Update: TypeAlias = CartLinesUpdate | TrackingUpdate
