"""What reconciliation returns: frozen records with codes and numbers, ready to be stored as they are.

Nothing here depends on document ids or on the order of arrival. How the values come about is in the other modules of
this package; which statement gave a value is `evidence`.
"""

from dataclasses import dataclass
from typing import Literal

from punchout.model.codes import Code, Severity
from punchout.model.exact import Millionths
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros
from punchout.reconciliation.accounts import Allocation, Charge, DocumentKind, Suggestion, ThreeWay
from punchout.reconciliation.stages import InvoiceAxis, MoveAxis, OrderAxis, Stage

SubjectKind = Literal["request", "line", "document"]
Standing = Literal["current", "replaced", "deleted", "deletes", "ignored", "refused", "superseded"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Link:
    """One place of an inbound document, and the line it was found to speak of.

    Attributes:
        kind: which kind of document.
        body_sha256: its content.
        ordinals: place in it: (item,), (portion, item) or (order, line); shorter where the part has no items.
        line_key: the line; empty where the place speaks of the order as a whole.
        rule: code of the rule of `matching`, or HEADER, WHOLE, ORDER, CHARGE, DECISION.
        confidence: thousandths.
        quantity: as stated, invoices signed.
    """

    kind: DocumentKind
    body_sha256: str
    ordinals: tuple[int, ...]
    line_key: str
    rule: str
    confidence: int
    quantity: Millionths


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionFound:
    """Something a person should know of, as long as its rule holds.

    Attributes:
        subject_key: the request number, `request number/line key`, or `body hash#ordinals`; with code and kind unique.
        amount_at_risk: money in question, millionths of `currency`; 0 where it cannot be told.
        since: the moment from which it holds, as far as a document or fact states one.
        acknowledged_by: who knows of it, as they said; it holds all the same.
    """

    code: Code
    severity: Severity
    subject_kind: SubjectKind
    subject_key: str
    amount_at_risk: Millionths
    currency: str | None
    detail: str
    since: Micros | None
    acknowledged_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TimelineEvent:
    """Something that happened, at the time its fact states. `source` is a body hash or one of our payloadIDs."""

    at: Micros
    what: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class VersionState:
    """Whether a document counts: `current`, `replaced` or `deleted` by another, or itself a deletion (`deletes`).

    What a person decided to ignore (`ignored`) counts for nothing: it replaces and deletes nothing. Nor does a version
    of somebody else's order that the supplier refused (`refused`), as long as another version of it stands.
    A confirmation is `superseded` by another that is no version of it where the policy is `strict_cxml`.
    """

    kind: DocumentKind
    body_sha256: str
    standing: Standing
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePosition:
    """Where one line stands. Quantities and prices are millionths, dates ISO in the company's zone.

    Attributes:
        key: unique in the request: Business Central's Line No. as text, else `order:n`, `copy:n` or `cart:n`.
        line_number: Business Central's Line No.; None for a cart preview and for an order without a request.
        order_line_number: cXML lineNumber in the order.
        requested: what request or cart ask for; `ordered` stays 0 until an order exists.
        shipped: net of returns; `returned` stands beside it.
        invoiced: net of credits, negative where more was credited; `credited` stands beside it.
        named: whether a confirmation decides anything about the line.
        effective: what deliveries and invoices are measured against: accepted if named, else ordered.
        shipping_dates, delivery_dates, invoice_ids, invoice_dates: how many distinct values were folded into the one.
    """

    key: str
    line_number: int | None
    order_line_number: int | None
    po_sequence: int | None
    cart_position: int | None
    inferred: bool
    supplier_part_id: str | None
    supplier_part_aux_id: str | None
    description: str | None
    unit: str | None
    currency: str | None
    requested: Millionths | None
    ordered: Millionths
    accepted: Millionths
    rejected: Millionths
    backordered: Millionths
    shipped: Millionths
    returned: Millionths
    received: Millionths
    invoiced: Millionths
    credited: Millionths
    named: bool
    effective: Millionths
    price_ordered: Millionths | None
    price_confirmed: Millionths | None
    order_axis: OrderAxis
    ship_axis: MoveAxis
    receipt_axis: MoveAxis
    invoice_axis: InvoiceAxis
    shipping_date: str | None
    delivery_date: str | None
    invoice_id: str | None
    invoice_date: str | None
    shipping_dates: int
    delivery_dates: int
    invoice_ids: int
    invoice_dates: int
    amazon_orders: int
    shipments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """Everything that follows from the facts of one request at one moment; every tuple is sorted.

    Attributes:
        waived: exceptions whose rule holds and that a person decided to let be; they stand in nobody's way.
        suggestions: lines for places that are on none; a person decides.
        charges: what invoices bill beside the lines.
        three_way: ordered, confirmed, shipped, received and invoiced against each other, line by line.
        allocations: which shipment fills the order, which invoice a shipment, which credit an invoice.
        next_due_at: the earliest later moment at which a time rule changes the result; None if none does.
    """

    key: RequestKey
    stage: Stage
    order_id: str | None
    outbox_state: str | None
    adopted: bool
    order_confirmation_id: str | None
    order_confirmation_ids: tuple[str, ...]
    lines: tuple[LinePosition, ...]
    links: tuple[Link, ...]
    versions: tuple[VersionState, ...]
    exceptions: tuple[ExceptionFound, ...]
    timeline: tuple[TimelineEvent, ...]
    next_due_at: Micros | None
    waived: tuple[ExceptionFound, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    charges: tuple[Charge, ...] = ()
    three_way: tuple[ThreeWay, ...] = ()
    allocations: tuple[Allocation, ...] = ()
