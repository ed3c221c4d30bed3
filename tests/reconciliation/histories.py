"""Histories in a few words: an order that was sent and what the supplier says of it. Quantities are whole pieces."""

from dataclasses import replace
from typing import Any

from punchout.model import orders
from punchout.model.answers import StatusUpdate
from punchout.model.business_central import BcOrder, BcOrderLine, BcRequest, BcRequestLine
from punchout.model.decisions import AnalystDecision
from punchout.model.documents import (
    Cart,
    CartLine,
    Confirmation,
    ConfirmationItem,
    ConfirmationStatus,
    Invoice,
    InvoiceLine,
    InvoiceOrder,
    ShipItem,
    ShipNotice,
    ShipPortion,
)
from punchout.model.exact import ONE, format_decimal, parse_decimal
from punchout.model.history import RequestHistory, Source, Stated
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros, Moment, parse_moment
from punchout.model.order_documents import OrderRequest
from punchout.model.orders import OrderedLine, OrderQueued, SendMarked, SendReleased, SendResolved, SendResult
from punchout.model.values import Money, Number, OrderReference, PartId
from punchout.reconciliation.policy import ReconciliationPolicy
from punchout.reconciliation.reconcile import reconcile
from punchout.reconciliation.results import ExceptionFound, LinePosition, Reconciled
from tests.reconciliation.hashes import sha_of

KEY = RequestKey("CRONUS", "amazon", "PR1")
ORDER_ID = "PO1"
PAYLOAD = "order-1@buyer.example"
POLICY = ReconciliationPolicy(zone="America/Los_Angeles", sent_by="pipeline", received_by="pipeline")
PRICE = 10
REFERENCE = OrderReference(ORDER_ID, PAYLOAD)
_STAYING: dict[type, str] = {orders.SendHeld: "holds", orders.SendWithheld: "withheld", orders.SendLapsed: "lapses"}
_FIELDS: dict[type, str] = _STAYING | {
    BcRequest: "requests",
    BcOrder: "orders",
    Cart: "carts",
    OrderRequest: "order_requests",
    StatusUpdate: "status_updates",
    Confirmation: "confirmations",
    ShipNotice: "ship_notices",
    Invoice: "invoices",
    OrderQueued: "queued",
    SendReleased: "releases",
    SendMarked: "marks",
    SendResult: "results",
    SendResolved: "resolutions",
    AnalystDecision: "decisions",
}
_BARE = (*(kind for kind in _FIELDS if kind.__module__ == orders.__name__), AnalystDecision)


def at(text: str) -> Moment:
    return parse_moment(text)


def micros(text: str) -> Micros:
    moment = at(text).utc
    assert moment is not None
    return moment


SENT_AT = micros("2026-03-04T17:00:00Z")
NOW = micros("2026-03-05T16:00:00Z")
MUCH_LATER = micros("2026-03-20T16:00:00Z")


def number(quantity: float) -> Number:
    text = str(quantity)
    return Number(text, parse_decimal(text))


def usd(amount: float) -> Money:
    text = str(amount)
    return Money(text, parse_decimal(text), "USD")


def part_of(line: int) -> PartId:
    return PartId(f"B0PART{line:04d}", f"135-{line},{line}")


# What Business Central and the cart say.


def request_line(line: int, quantity: int, **changes: Any) -> BcRequestLine:  # noqa: ANN401 - any field
    made = BcRequestLine(
        ordinal=line,
        line_number=10_000 * line,
        supplier_part_id=part_of(line).supplier_part_id,
        supplier_part_auxiliary_id=part_of(line).supplier_part_aux_id,
        description=f"Thing {line}",
        quantity=number(quantity),
        unit_of_measure_code="EA",
        unit_price=number(PRICE),
    )
    return replace(made, **changes)


def request(*quantities: int, **changes: Any) -> BcRequest:  # noqa: ANN401 - any field
    made = BcRequest(
        number=KEY.request_no,
        status="released",
        release_mode="approval",
        released=at("2026-03-03T16:00:00Z"),
        buyer_cookie="cookie-1",
        purchase_order_number=ORDER_ID,
        lines=tuple(request_line(line, quantity) for line, quantity in enumerate(quantities, 1)),
    )
    return replace(made, **changes)


def order_line(line: int, quantity: int, **changes: Any) -> BcOrderLine:  # noqa: ANN401 - any field
    made = BcOrderLine(
        ordinal=line,
        sequence=10_000 * line,
        line_type="Item",
        line_object_number=part_of(line).supplier_part_id,
        description=f"Thing {line}",
        unit_of_measure_code="EA",
        quantity=number(quantity),
        direct_unit_cost=number(PRICE),
        punchout_line_number=10_000 * line,
    )
    return replace(made, **changes)


def purchase_order(*quantities: int, **changes: Any) -> BcOrder:  # noqa: ANN401 - any field
    made = BcOrder(
        number=ORDER_ID,
        punchout_request_number=KEY.request_no,
        currency_code="USD",
        status="Open",
        lines=tuple(order_line(line, quantity) for line, quantity in enumerate(quantities, 1)),
    )
    return replace(made, **changes)


def cart_line(line: int, quantity: int, **changes: Any) -> CartLine:  # noqa: ANN401 - any field
    made = CartLine(
        ordinal=line,
        quantity=number(quantity),
        part=part_of(line),
        unit_price=usd(PRICE),
        unit="EA",
        description=f"Thing {line}",
    )
    return replace(made, **changes)


def cart(*quantities: int, cookie: str = "cookie-1") -> Cart:
    return Cart(buyer_cookie=cookie, lines=tuple(cart_line(*pair) for pair in enumerate(quantities, 1)))


# What we did.


def ordered_line(line: int, quantity: int) -> OrderedLine:
    return OrderedLine(
        line_number=line,
        bc_line_number=10_000 * line,
        po_sequence=10_000 * line,
        cart_position=line,
        supplier_part_id=part_of(line).supplier_part_id or "",
        supplier_part_aux_id=part_of(line).supplier_part_aux_id,
        quantity=quantity * ONE,
        unit="EA",
        unit_price=PRICE * ONE,
        currency="USD",
        description=f"Thing {line}",
    )


def queued(*quantities: int, **changes: Any) -> OrderQueued:  # noqa: ANN401 - any field
    made = OrderQueued(
        order_id=ORDER_ID,
        order_version=1,
        payload_id=PAYLOAD,
        environment="test",
        release_mode="approval",
        currency="USD",
        total=sum(quantities) * PRICE * ONE,
        body_sha256="order",
        at=SENT_AT,
        lines=tuple(ordered_line(line, quantity) for line, quantity in enumerate(quantities, 1)),
    )
    return replace(made, **changes)


def mark(attempt: int = 1, when: Micros = SENT_AT) -> SendMarked:
    return SendMarked(payload_id=PAYLOAD, attempt=attempt, at=when)


def result(outcome: str, attempt: int = 1, when: Micros = SENT_AT, **more: Any) -> SendResult:  # noqa: ANN401 - any field
    return SendResult(payload_id=PAYLOAD, attempt=attempt, at=when, outcome=outcome, **more)


def resolved(outcome: str, when: Micros) -> SendResolved:
    return SendResolved(payload_id=PAYLOAD, outcome=outcome, by="ann", evidence="seen in the account", at=when)


# What the supplier says.


def status(kind: str, quantity: int, ordinal: int = 1, **more: Any) -> ConfirmationStatus:  # noqa: ANN401 - any field
    return ConfirmationStatus(ordinal=ordinal, type=kind, quantity=number(quantity), **more)


def accept(quantity: int, ordinal: int = 1, **more: Any) -> ConfirmationStatus:  # noqa: ANN401 - any field
    return status("accept", quantity, ordinal, **more)


def reject(quantity: int, ordinal: int = 1, **more: Any) -> ConfirmationStatus:  # noqa: ANN401 - any field
    return status("reject", quantity, ordinal, **more)


def backorder(quantity: int, ordinal: int = 1, **more: Any) -> ConfirmationStatus:  # noqa: ANN401 - any field
    return status("backordered", quantity, ordinal, **more)


def item(line: int | None, *statuses: ConfirmationStatus, part: PartId | None = None) -> ConfirmationItem:
    total = sum(one.quantity.value for one in statuses)
    return ConfirmationItem(
        ordinal=line or 1,
        line_number=line,
        quantity=Number(format_decimal(total), total),
        part=part,
        statuses=statuses,
    )


def confirmation(*items: ConfirmationItem, **changes: Any) -> Confirmation:  # noqa: ANN401 - any field
    made = Confirmation(
        confirm_id="111-1",
        type="detail",
        operation="new",
        notice=at("2026-03-04T10:00:00Z"),
        order=REFERENCE,
        items=tuple(replace(one, ordinal=place) for place, one in enumerate(items, 1)),
    )
    return replace(made, **changes)


def shipment(*pairs: tuple[int | None, int], **changes: Any) -> ShipNotice:  # noqa: ANN401 - any field
    items = tuple(
        ShipItem(ordinal=place, line_number=line, quantity=number(quantity))
        for place, (line, quantity) in enumerate(pairs, 1)
    )
    made = ShipNotice(
        shipment_id="S1",
        operation="new",
        type="actual",
        notice=at("2026-03-05T10:00:00Z"),
        shipment_date=at("2026-03-05T09:00:00Z"),
        delivery_date=at("2026-03-08T20:00:00Z"),
        tracking=("1Z999",),
        portions=(ShipPortion(ordinal=1, order=REFERENCE, items=items),),
    )
    return replace(made, **changes)


def invoice_line(place: int, line: int | None, quantity: int, **changes: Any) -> InvoiceLine:  # noqa: ANN401 - any field
    made = InvoiceLine(
        ordinal=place,
        invoice_line_number=place,
        line_number=line,
        quantity=number(quantity),
        unit_price=usd(PRICE),
        subtotal=usd(PRICE * quantity),
    )
    return replace(made, **changes)


def invoice(*pairs: tuple[int | None, int], **changes: Any) -> Invoice:  # noqa: ANN401 - any field
    lines = tuple(invoice_line(place, line, quantity) for place, (line, quantity) in enumerate(pairs, 1))
    made = Invoice(
        invoice_id="I1",
        purpose="standard",
        operation="new",
        invoice_date=at("2026-03-06T12:00:00Z"),
        orders=(InvoiceOrder(ordinal=1, order=REFERENCE, lines=lines),),
    )
    return replace(made, **changes)


def billing(*lines: InvoiceLine, **changes: Any) -> Invoice:  # noqa: ANN401 - any field
    return invoice(orders=(InvoiceOrder(ordinal=1, order=REFERENCE, lines=lines),), **changes)


def stated(body: Any, document_id: int = 1, **changes: Any) -> Stated[Any]:  # noqa: ANN401 - any body
    """A body under its content's hash; its envelope's payloadID is that hash with `@`, unless changed."""
    sha = sha_of(body)
    source = Source(document_id=document_id, body_sha256=sha, payload_id=payload_of(body), received=SENT_AT)
    return Stated(replace(source, **changes), body)


def payload_of(body: object) -> str:
    return sha_of(body)[:8] + "@supplier.example"


def history(*facts: Any, key: RequestKey = KEY) -> RequestHistory:  # noqa: ANN401 - any fact
    return add(RequestHistory(key=key), *facts)


def add(before: RequestHistory, *facts: Any) -> RequestHistory:  # noqa: ANN401 - any fact
    """Add documents and rows (bare, or with a source of their own) and outbound facts."""
    parts: dict[str, Any] = {}
    for place, fact in enumerate(facts):
        body = fact.body if isinstance(fact, Stated) else fact
        kept = fact if isinstance(fact, (*_BARE, Stated)) else stated(fact, document_id=100 + place)
        parts.setdefault(_FIELDS[type(body)], []).append(kept)
    grown: dict[str, Any] = {name: (*getattr(before, name), *more) for name, more in parts.items()}
    return replace(before, **grown)


def sent(*quantities: int) -> RequestHistory:
    """A request whose order was sent and taken."""
    rows = (request(*quantities), purchase_order(*quantities), cart(*quantities))
    return history(*rows, queued(*quantities), mark(), result("sent", http_status=200, cxml_code=200))


def now(facts: RequestHistory, when: Micros = NOW, policy: ReconciliationPolicy = POLICY) -> Reconciled:
    return reconcile(facts, policy, when)


def only_line(facts: RequestHistory, when: Micros = NOW, policy: ReconciliationPolicy = POLICY) -> LinePosition:
    (line,) = now(facts, when, policy).lines
    return line


def codes(found: Reconciled | RequestHistory, when: Micros = NOW) -> list[str]:
    made = now(found, when) if isinstance(found, RequestHistory) else found
    return [one.code.value for one in made.exceptions]


def only(facts: RequestHistory, code: str, when: Micros = NOW, policy: ReconciliationPolicy = POLICY) -> ExceptionFound:
    (found,) = [one for one in now(facts, when, policy).exceptions if one.code == code]
    return found
