"""cXML documents as frozen records: what a reader produces, the ledger keeps, and reconciliation reads.

One record a kind (the orders of others are in `order_documents`, short answers in `answers`), in the terms of the
cXML DTD. Ordinals count from 1 in document order and are all that is kept of a place; `cxml_parsers.paths` turns them
back into a path. Nothing here reads XML, and nothing here knows a database. Tuples of records become child rows in
the ledger; every other field becomes columns.
"""

from dataclasses import dataclass
from typing import TypeAlias

from punchout.model.answers import ProfileResponse, SetupResponse, StatusUpdate
from punchout.model.invoice_documents import Invoice, InvoiceLine, InvoiceOrder, InvoicePartner, InvoiceService
from punchout.model.moments import Moment
from punchout.model.order_documents import OrderRequest
from punchout.model.taxes import TaxDetail
from punchout.model.values import Comment, Credential, Extrinsic, Money, Number, OrderReference, PartId

__all__ = [
    "Body",
    "Carrier",
    "Cart",
    "CartLine",
    "Confirmation",
    "ConfirmationItem",
    "ConfirmationStatus",
    "Envelope",
    "Invoice",
    "InvoiceLine",
    "InvoiceOrder",
    "InvoicePartner",
    "InvoiceService",
    "Note",
    "Response",
    "ShipItem",
    "ShipNotice",
    "ShipPortion",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The outer part every cXML document shares.

    `kind` is the element name of the request, message or response; None where the document is not cXML. The status is
    the one that stands beside that element in a message or response.
    """

    kind: str | None
    payload_id: str | None = None
    timestamp: Moment | None = None
    version: str | None = None
    deployment_mode: str | None = None
    sent_from: tuple[Credential, ...] = ()
    sent_to: tuple[Credential, ...] = ()
    sender: tuple[Credential, ...] = ()
    user_agent: str | None = None
    in_reply_to: str | None = None
    status_code: int | None = None
    status_text: str | None = None
    status_message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """`ItemIn` of a PunchOutOrderMessage; identified by its position, since carts carry no line numbers."""

    ordinal: int
    line_number: int | None = None
    quantity: Number
    part: PartId
    buyer_part_id: str | None = None
    parent_line_number: int | None = None
    item_type: str | None = None
    open_quantity: Number | None = None
    promised_quantity: Number | None = None
    lead_time: str | None = None
    unit_price: Money | None = None
    unit: str | None = None
    description: str | None = None
    classification: str | None = None
    classification_domain: str | None = None
    manufacturer_name: str | None = None
    manufacturer_part_id: str | None = None
    tax: Money | None = None
    shipping: Money | None = None
    price_basis_quantity: Number | None = None
    price_basis_factor: Number | None = None
    price_basis_unit: str | None = None
    tax_details: tuple[TaxDetail, ...] = ()
    comments: tuple[Comment, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """`PunchOutOrderMessage`. `total` is goods only; tax and shipping stand beside it."""

    buyer_cookie: str | None
    operation_allowed: str | None = None
    quote_status: str | None = None
    supplier_order_id: str | None = None
    supplier_order_date: Moment | None = None
    total: Money | None = None
    tax: Money | None = None
    shipping: Money | None = None
    tax_details: tuple[TaxDetail, ...] = ()
    comments: tuple[Comment, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    lines: tuple[CartLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationStatus:
    """`ConfirmationStatus`: what happened to a part of a line's quantity.

    `confirm_id` is the `Comments type="confirmID"` by which one line is split over several of the supplier's orders.
    """

    ordinal: int
    type: str
    quantity: Number
    unit: str | None = None
    confirm_id: str | None = None
    unit_price: Money | None = None
    tax: Money | None = None
    shipping: Money | None = None
    shipment_date: Moment | None = None
    delivery_date: Moment | None = None
    error_code: str | None = None
    substitute: PartId | None = None
    substitute_quantity: Number | None = None
    substitute_price: Money | None = None
    substitute_unit: str | None = None
    substitute_description: str | None = None
    tax_details: tuple[TaxDetail, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationItem:
    """`ConfirmationItem`: one order line and its statuses, whose quantities should sum to `quantity`."""

    ordinal: int
    line_number: int | None
    quantity: Number
    unit: str | None = None
    part: PartId | None = None
    buyer_part_id: str | None = None
    statuses: tuple[ConfirmationStatus, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """`ConfirmationRequest`. `previous_payload_id` is the version an update replaces."""

    confirm_id: str | None
    type: str
    operation: str
    notice: Moment
    order: OrderReference
    previous_payload_id: str | None = None
    invoice_id: str | None = None
    total: Money | None = None
    tax: Money | None = None
    shipping: Money | None = None
    tax_details: tuple[TaxDetail, ...] = ()
    error_code: str | None = None
    comments: tuple[Comment, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    items: tuple[ConfirmationItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipItem:
    """`ShipNoticeItem`; the line number is often the only key."""

    ordinal: int
    line_number: int | None
    quantity: Number
    unit: str | None = None
    part: PartId | None = None
    buyer_part_id: str | None = None
    description: str | None = None
    ship_notice_line_number: int | None = None
    extrinsics: tuple[Extrinsic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipPortion:
    """`ShipNoticePortion`: one order's part of a shipment. Without items it means the entire order."""

    ordinal: int
    order: OrderReference
    comments: tuple[Comment, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    items: tuple[ShipItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Carrier:
    """`CarrierIdentifier`: a name or code, and the domain that says which."""

    domain: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipNotice:
    """`ShipNoticeRequest`: one shipment."""

    shipment_id: str | None
    operation: str
    type: str | None
    notice: Moment | None
    shipment_date: Moment | None = None
    delivery_date: Moment | None = None
    reason: str | None = None
    fulfillment_type: str | None = None
    service_level: str | None = None
    previous_payload_id: str | None = None
    packages_from: str | None = None
    packages_to: str | None = None
    carriers: tuple[Carrier, ...] = ()
    tracking: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    portions: tuple[ShipPortion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """`Response`: the status of an answer. `code` is what decides; HTTP's own code never does."""

    code: int
    text: str | None = None
    message: str | None = None


Body: TypeAlias = (
    Cart
    | Confirmation
    | ShipNotice
    | Invoice
    | Response
    | StatusUpdate
    | SetupResponse
    | ProfileResponse
    | OrderRequest
)


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth saying about a document that was read: a code, the place and a line for a person."""

    code: str
    where: str
    detail: str
