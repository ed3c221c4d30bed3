"""`OrderRequest` as frozen records: an order that somebody else wrote, as Business Central does where it sends.

Our own orders on their way are `punchout.model.orders`; other kinds of document are `punchout.model.documents`.
"""

from dataclasses import dataclass

from punchout.model.moments import Moment
from punchout.model.taxes import TaxDetail
from punchout.model.values import Comment, Extrinsic, Money, Number, PartId


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """`ShipTo` or `BillTo`, as far as it is stated. `country` is the ISO code of the postal address."""

    address_id: str | None = None
    address_country: str | None = None
    name: str | None = None
    deliver_to: tuple[str, ...] = ()
    street: tuple[str, ...] = ()
    city: str | None = None
    state: str | None = None
    post_code: str | None = None
    country: str | None = None
    country_name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """`AccountingSegment` or `Segment`: a part of an account, such as a general ledger account or a cost centre."""

    type: str | None = None
    id: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """`Distribution`: what share of a line an account bears."""

    ordinal: int
    name: str | None = None
    charge: Money | None = None
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequestLine:
    """`ItemOut`; `line_number` is what every answer refers to."""

    ordinal: int
    line_number: int | None = None
    quantity: Number
    requested_delivery: Moment | None = None
    requisition_id: str | None = None
    part: PartId
    buyer_part_id: str | None = None
    unit_price: Money | None = None
    unit: str | None = None
    price_basis_quantity: Number | None = None
    price_basis_factor: Number | None = None
    price_basis_unit: str | None = None
    description: str | None = None
    classification: str | None = None
    classification_domain: str | None = None
    manufacturer_name: str | None = None
    manufacturer_part_id: str | None = None
    ship_to: Location | None = None
    tax: Money | None = None
    shipping: Money | None = None
    tax_details: tuple[TaxDetail, ...] = ()
    comments: tuple[Comment, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    distributions: tuple[Distribution, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentId:
    """`IdReference` of a payment: by what it is known where it was made."""

    domain: str | None = None
    identifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """`PaymentReference`: how much of the order was paid for, and by what means. A `PCard` is never read."""

    ordinal: int
    method: str | None = None
    provider: str | None = None
    amount: Money | None = None
    ids: tuple[PaymentId, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequest:
    """`OrderRequest`. `type` is new, update or delete; `previous_payload_id` the version an update replaces."""

    order_id: str
    order_date: Moment
    type: str
    order_type: str | None = None
    order_version: int | None = None
    requisition_id: str | None = None
    requested_delivery: Moment | None = None
    previous_payload_id: str | None = None
    total: Money | None = None
    tax: Money | None = None
    shipping: Money | None = None
    ship_to: Location | None = None
    bill_to: Location | None = None
    tax_details: tuple[TaxDetail, ...] = ()
    comments: tuple[Comment, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    payments: tuple[Payment, ...] = ()
    lines: tuple[OrderRequestLine, ...] = ()

    @property
    def operation(self) -> str:
        """What other kinds of document call their `operation`: new, update or delete."""
        return self.type
