"""Our own orders: the frozen line map, and the facts of sending.

An order is frozen when it is queued: its line numbers, part ids, quantities and prices never change afterwards, and
every inbound line number is resolved against it and nowhere else. How an order is built is `punchout.ordering`; how it
is written as cXML is `cxml_parsers.order_request`; how it is stored and sent is `punchout.ledger`.
"""

from dataclasses import dataclass

from punchout.model.exact import Millionths
from punchout.model.moments import Micros
from punchout.model.order_documents import Segment
from punchout.model.values import Comment, Extrinsic


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedLine:
    """One line of the frozen map: cXML lineNumber on one side, Business Central's line numbers on the other.

    Attributes:
        line_number: `ItemOut/@lineNumber`, 1..n.
        bc_line_number: the punchout request's Line No.; None for an order without a request.
        po_sequence: the purchase order line's sequence.
        cart_position: position of the cart's ItemIn, None where no cart is known.
        inferred: the mapping was not stated by any document or row but follows from sequence.
    """

    line_number: int
    bc_line_number: int | None
    po_sequence: int | None
    cart_position: int | None
    supplier_part_id: str
    supplier_part_aux_id: str | None
    quantity: Millionths
    unit: str
    unit_price: Millionths
    currency: str
    description: str
    classification: str | None = None
    classification_domain: str | None = None
    manufacturer_name: str | None = None
    manufacturer_part_id: str | None = None
    inferred: bool = False
    extrinsics: tuple[Extrinsic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """cXML `Address`: a postal address of ShipTo or BillTo. `country` is ISO 3166-1 alpha-2."""

    address_id: str | None
    name: str
    deliver_to: tuple[str, ...]
    street: tuple[str, ...]
    city: str
    state: str | None
    post_code: str | None
    country: str
    country_name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class StatedCharge:
    """`Shipping` or `Tax` of an order or a line: what it comes to, and the description that cXML wants beside it."""

    amount: Millionths
    description: str


@dataclass(frozen=True, slots=True)
class AccountShare:
    """`Distribution`: what share of a line an account bears, by its segments (general ledger account, cost centre)."""

    name: str
    charge: Millionths
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineInstructions:
    """What a line of an order says beside the frozen map: where it goes, what it costs besides, and who bears it.

    Nothing that comes in is measured against these, so they are written and not frozen.
    """

    line_number: int
    requested_delivery: Micros | None = None
    ship_to: Address | None = None
    shipping: StatedCharge | None = None
    tax: StatedCharge | None = None
    distributions: tuple[AccountShare, ...] = ()
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """An order that may be written: everything its OrderRequest says that does not depend on when it is queued.

    Attributes:
        type: `new`, `update` or `delete`; the latter two name the version they follow by `previous_payload_id`.
        extrinsics: of the header, beside those of the requester.
        instructions: at most one for each line.
    """

    order_id: str
    order_version: int
    order_date: Micros
    release_mode: str
    currency: str
    total: Millionths
    requester_email: str
    business_unit: str | None
    ship_to: Address
    bill_to: Address
    type: str = "new"
    previous_payload_id: str | None = None
    shipping: StatedCharge | None = None
    tax: StatedCharge | None = None
    comments: tuple[Comment, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    lines: tuple[OrderedLine, ...]
    instructions: tuple[LineInstructions, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQueued:
    """Fact: an OrderRequest was written down, with its identity and exact content, before any byte left."""

    order_id: str
    order_version: int
    payload_id: str
    environment: str
    release_mode: str
    currency: str
    total: Millionths
    body_sha256: str
    at: Micros
    lines: tuple[OrderedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReleased:
    """Fact: a person let a drafted order go (Business Central guide: Send Purchase Order cXML)."""

    payload_id: str
    by: str
    at: Micros


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMarked:
    """Fact: from here on the order may have left."""

    payload_id: str
    attempt: int
    at: Micros


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """Fact: what an attempt ended with.

    `outcome` is the outbox state it leads to: sent, pending (provably not sent), refused, in_doubt or blocked.
    `may_have_left` marks the one pending that is not provably unsent: the supplier was shown to take a repeated
    payloadID for the same order, so the same bytes may go once more.
    """

    payload_id: str
    attempt: int
    at: Micros
    outcome: str
    http_status: int | None = None
    cxml_code: int | None = None
    detail: str | None = None
    may_have_left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendHeld:
    """Fact: a person kept an order that had not left from leaving (`is_held`), or let it go again."""

    payload_id: str
    is_held: bool
    by: str
    at: Micros
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendWithheld:
    """Fact: an order wanted to leave, and a switch, a cap or a failed check kept it here.

    Written when the reason is another than before, not at every try.
    """

    payload_id: str
    at: Micros
    gate: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLapsed:
    """Fact: an attempt was to be repeated, and now must not be: what remains is a doubt."""

    payload_id: str
    attempt: int
    at: Micros
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResolved:
    """Fact: a named person settled an order in doubt. `outcome` is sent, pending or cancelled."""

    payload_id: str
    outcome: str
    by: str
    evidence: str
    at: Micros
