"""Invoices and credit memos (`InvoiceDetailRequest`) as frozen records, in the signs they state.

Everything else that is sent is in `documents`, which names these records as its own.
"""

from dataclasses import dataclass

from punchout.model.moments import Moment
from punchout.model.taxes import TaxDetail
from punchout.model.values import Comment, Extrinsic, Money, Number, OrderReference, PartId


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """`InvoiceDetailItem`; `line_number` is the order line it bills (`InvoiceDetailItemReference`).

    `ship_notice_id` and `ship_notice_line_number` name what it bills the shipment of; `is_ad_hoc` says that it is on no
    order at all.
    """

    ordinal: int
    invoice_line_number: int | None
    line_number: int | None
    quantity: Number
    unit: str | None = None
    unit_price: Money | None = None
    part: PartId | None = None
    buyer_part_id: str | None = None
    classification: str | None = None
    classification_domain: str | None = None
    manufacturer_name: str | None = None
    manufacturer_part_id: str | None = None
    description: str | None = None
    reason: str | None = None
    subtotal: Money | None = None
    tax: Money | None = None
    shipping: Money | None = None
    handling: Money | None = None
    discount: Money | None = None
    discount_percentage: Number | None = None
    gross: Money | None = None
    net: Money | None = None
    price_basis_quantity: Number | None = None
    price_basis_factor: Number | None = None
    price_basis_unit: str | None = None
    ship_notice_id: str | None = None
    ship_notice_line_number: int | None = None
    is_ad_hoc: bool = False
    tax_details: tuple[TaxDetail, ...] = ()
    comments: tuple[Comment, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceService:
    """`InvoiceDetailServiceItem`: work or a fee; a quantity need not be stated."""

    ordinal: int
    invoice_line_number: int | None
    line_number: int | None
    quantity: Number | None = None
    unit: str | None = None
    unit_price: Money | None = None
    part: PartId | None = None
    buyer_part_id: str | None = None
    classification: str | None = None
    classification_domain: str | None = None
    manufacturer_name: str | None = None
    manufacturer_part_id: str | None = None
    description: str | None = None
    reference_date: Moment | None = None
    subtotal: Money | None = None
    tax: Money | None = None
    discount: Money | None = None
    discount_percentage: Number | None = None
    gross: Money | None = None
    net: Money | None = None
    tax_details: tuple[TaxDetail, ...] = ()
    comments: tuple[Comment, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceOrder:
    """`InvoiceDetailOrder` or `InvoiceDetailHeaderOrder`: one order's part of an invoice.

    The amounts are those of a header invoice's order (`InvoiceDetailOrderSummary`); other orders state none.
    """

    ordinal: int
    order: OrderReference
    supplier_order_id: str | None = None
    agreement_id: str | None = None
    agreement_payload_id: str | None = None
    invoice_line_number: int | None = None
    subtotal: Money | None = None
    tax: Money | None = None
    shipping: Money | None = None
    handling: Money | None = None
    discount: Money | None = None
    discount_percentage: Number | None = None
    gross: Money | None = None
    net: Money | None = None
    tax_details: tuple[TaxDetail, ...] = ()
    comments: tuple[Comment, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    services: tuple[InvoiceService, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePartner:
    """`InvoicePartner`: who takes part in an invoice; `role` says as what."""

    role: str | None = None
    name: str | None = None
    id_domain: str | None = None
    identifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """`InvoiceDetailRequest`, in its own signs."""

    invoice_id: str | None
    purpose: str
    operation: str
    invoice_date: Moment
    is_header_invoice: bool = False
    is_information_only: bool = False
    is_tax_in_line: bool = False
    is_handling_in_line: bool = False
    is_shipping_in_line: bool = False
    is_discount_in_line: bool = False
    is_accounting_in_line: bool = False
    payment_days: int | None = None
    original_invoice_date: Moment | None = None
    original_invoice_id: str | None = None
    original_payload_id: str | None = None
    subtotal: Money | None = None
    tax: Money | None = None
    shipping: Money | None = None
    handling: Money | None = None
    discount: Money | None = None
    discount_percentage: Number | None = None
    charges: Money | None = None
    allowances: Money | None = None
    without_tax: Money | None = None
    gross: Money | None = None
    net: Money | None = None
    deposit: Money | None = None
    due: Money | None = None
    tax_details: tuple[TaxDetail, ...] = ()
    partners: tuple[InvoicePartner, ...] = ()
    comments: tuple[Comment, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    orders: tuple[InvoiceOrder, ...] = ()
