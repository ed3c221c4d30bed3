"""Business Central's rows as frozen records: punchout requests and purchase orders, as an export states them.

Field names follow Business Central's API in Python spelling. Blank is None, never an empty text. Which of several
versions of a row is current is decided in `punchout.reconciliation`; reading and writing files is `resources`.
"""

from dataclasses import dataclass
from typing import TypeAlias

from punchout.model.documents import Note
from punchout.model.moments import Moment
from punchout.model.values import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class BcRequestLine:
    """A line of a punchout request. `line_number` is Business Central's Line No. (10000, 20000, ...)."""

    ordinal: int
    line_number: int
    supplier_part_id: str | None = None
    supplier_part_auxiliary_id: str | None = None
    description: str | None = None
    quantity: Number | None = None
    unit_of_measure_code: str | None = None
    unit_price: Number | None = None
    shipping_date: str | None = None
    delivery_date: str | None = None
    invoice_id: str | None = None
    invoice_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BcRequest:
    """A punchout request. `status` is open, pendingApproval or released; `release_mode` is approval or manual."""

    number: str
    status: str
    release_mode: str | None = None
    released: Moment | None = None
    buyer_cookie: str | None = None
    requester_email: str | None = None
    business_unit: str | None = None
    vendor_number: str | None = None
    purchase_order_number: str | None = None
    order_confirmation_id: str | None = None
    stage: str | None = None
    currency_code: str | None = None
    modified: Moment | None = None
    lines: tuple[BcRequestLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BcOrderLine:
    """A line of a purchase order. `punchout_line_number` is the request line it was made from, where known."""

    ordinal: int
    sequence: int
    line_type: str | None = None
    line_object_number: str | None = None
    description: str | None = None
    unit_of_measure_code: str | None = None
    quantity: Number | None = None
    direct_unit_cost: Number | None = None
    received_quantity: Number | None = None
    invoiced_quantity: Number | None = None
    punchout_line_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BcOrder:
    """A purchase order. `status` is the API's word: Draft, In Review or Open (which means released)."""

    number: str
    bc_id: str | None = None
    punchout_request_number: str | None = None
    order_date: Moment | None = None
    vendor_number: str | None = None
    vendor_name: str | None = None
    ship_to_name: str | None = None
    ship_to_contact: str | None = None
    ship_to_address_line1: str | None = None
    ship_to_address_line2: str | None = None
    ship_to_city: str | None = None
    ship_to_state: str | None = None
    ship_to_post_code: str | None = None
    ship_to_country: str | None = None
    currency_code: str | None = None
    status: str | None = None
    modified: Moment | None = None
    lines: tuple[BcOrderLine, ...] = ()


BcRow: TypeAlias = BcRequest | BcOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class BcExport:
    """One export: when it was made, whether it is everything (`full`) or changes (`delta`), and its rows in order.

    `notes` say what was read although it deviates: columns that are not used, times without an offset.
    """

    exported_at: Moment
    scope: str
    rows: tuple[BcRow, ...]
    notes: tuple[Note, ...] = ()
