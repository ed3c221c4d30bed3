"""One released request with its purchase order and cart, as facts; a test changes what it is about."""

from dataclasses import replace

from punchout.model.business_central import BcOrder, BcOrderLine, BcRequest, BcRequestLine
from punchout.model.documents import Cart, CartLine
from punchout.model.exact import parse_decimal
from punchout.model.history import RequestHistory, Source, Stated
from punchout.model.keys import RequestKey
from punchout.model.moments import DAY, Micros, parse_moment
from punchout.model.orders import Address
from punchout.model.values import Extrinsic, Money, Number, PartId
from punchout.ordering.policy import OrderingPolicy

RELEASED = "2026-03-03T16:00:00Z"
NOW: Micros = parse_moment("2026-03-03T17:00:00Z").utc or 0
CART_AT: Micros = NOW - DAY

BILL_TO = Address(
    address_id="HQ",
    name="Contoso",
    deliver_to=(),
    street=("1 Main St",),
    city="Seattle",
    state="WA",
    post_code="98109",
    country="US",
)
POLICY = OrderingPolicy(
    environment="test",
    payload_host="contoso.example",
    local_currency="USD",
    sent_by="pipeline",
    bill_to=BILL_TO,
)


def number(text: str) -> Number:
    return Number(text, parse_decimal(text))


def usd(text: str) -> Money:
    return Money(text, parse_decimal(text), "USD")


def source(body: str = "b", *, version: Micros = 0, received: Micros = CART_AT) -> Source:
    return Source(document_id=1, body_sha256=body, payload_id=None, received=received, version=version)


CART = Cart(
    buyer_cookie="cookie-1",
    lines=(
        CartLine(
            ordinal=1,
            quantity=number("3"),
            part=PartId("B0TEST0001", "135-1,1"),
            unit_price=usd("10.00"),
            unit="EA",
            description="Pens",
            classification="44121704",
            classification_domain="UNSPSC",
            manufacturer_name="Pen & Co",
            manufacturer_part_id="P-1",
            extrinsics=(Extrinsic("soldBy", "Example Seller"), Extrinsic("category", "NA")),
        ),
        CartLine(
            ordinal=2,
            quantity=number("1"),
            part=PartId("0596007973", "135-1,2"),
            unit_price=usd("20.00"),
            unit="EA",
            description="Stapler",
        ),
    ),
)
REQUEST = BcRequest(
    number="PR0001",
    status="released",
    release_mode="approval",
    released=parse_moment(RELEASED),
    buyer_cookie="cookie-1",
    requester_email="buyer@contoso.example",
    purchase_order_number="106001",
    lines=(
        BcRequestLine(
            ordinal=1,
            line_number=10000,
            supplier_part_id="B0TEST0001",
            supplier_part_auxiliary_id="135-1,1",
            quantity=number("3"),
            unit_of_measure_code="EA",
            unit_price=number("10"),
        ),
        BcRequestLine(
            ordinal=2,
            line_number=20000,
            supplier_part_id="0596007973",
            supplier_part_auxiliary_id="135-1,2",
            quantity=number("1"),
            unit_of_measure_code="EA",
            unit_price=number("20"),
        ),
    ),
)
ORDER = BcOrder(
    number="106001",
    punchout_request_number="PR0001",
    order_date=parse_moment("2026-03-03"),
    ship_to_name="Contoso Ltd",
    ship_to_contact="Receiving",
    ship_to_address_line1="1 Main Street",
    ship_to_city="Seattle",
    ship_to_state="WA",
    ship_to_post_code="98109",
    ship_to_country="US",
    status="Open",
    lines=(
        BcOrderLine(
            ordinal=1,
            sequence=10000,
            line_type="Account",
            line_object_number="61100",
            unit_of_measure_code="EA",
            quantity=number("3"),
            direct_unit_cost=number("10"),
            punchout_line_number=10000,
        ),
        BcOrderLine(
            ordinal=2,
            sequence=20000,
            line_type="Account",
            line_object_number="61100",
            unit_of_measure_code="EA",
            quantity=number("1"),
            direct_unit_cost=number("20"),
            punchout_line_number=20000,
        ),
    ),
)


def history(request: BcRequest = REQUEST, order: BcOrder | None = ORDER, cart: Cart | None = CART) -> RequestHistory:
    return RequestHistory(
        key=RequestKey("CONTOSO", "AMAZON", request.number),
        requests=(Stated(source("r"), request),),
        orders=() if order is None else (Stated(source("o"), order),),
        carts=() if cart is None else (Stated(source("c"), cart),),
    )


def with_request_line(position: int, **changes: object) -> BcRequest:
    lines = list(REQUEST.lines)
    lines[position] = replace(lines[position], **changes)  # type: ignore[arg-type]
    return replace(REQUEST, lines=tuple(lines))


def with_order_line(position: int, **changes: object) -> BcOrder:
    lines = list(ORDER.lines)
    lines[position] = replace(lines[position], **changes)  # type: ignore[arg-type]
    return replace(ORDER, lines=tuple(lines))


def with_cart_line(position: int, **changes: object) -> Cart:
    lines = list(CART.lines)
    lines[position] = replace(lines[position], **changes)  # type: ignore[arg-type]
    return replace(CART, lines=tuple(lines))
