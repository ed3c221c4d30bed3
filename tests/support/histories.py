"""Histories for the laws: what happens around two purchases, as steps that can be taken in any order.

Some are files that are delivered, the others facts of our own sending, which the ledger's own units of work write down.
Between them anything may be resolved and reconciled; nothing else is queued or sent.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import sqlalchemy as sa
from hypothesis import strategies as st

from cxml_parsers.reader import read
from punchout.ledger.bodies import sha256
from punchout.ledger.resolving.resolve import Known, learn
from punchout.ledger.sending.dispatch import Marked, _write_mark, result
from punchout.ledger.sending.orders import WrittenOrder, _insert
from punchout.ledger.sending.rules import Clocks
from punchout.ledger.sending.waiting_order import waiting_order
from punchout.ledger.touches import touch
from punchout.model.decisions import AnalystDecision
from punchout.model.exact import ONE, parse_decimal
from punchout.model.orders import OrderedLine, OrderQueued
from punchout.ordering.answers import Answer, classify
from resources import policies as from_settings
from tests.support.deliveries import Delivery, payload_of
from tests.support.later_words import about, status_update, without_orders
from tests.support.plays import Play
from tests.support.purchases import (
    Item,
    Purchase,
    instant,
    orders_export,
    requests_export,
)
from tests.support.stories import UNKNOWN, confirmed

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

OWN = Purchase(number="PR0001", order_id="106001")
THEIRS = Purchase(number="PR0002", order_id="106002", items=(Item("B0TEST0002", "135-2,1", "4", "5.00"),))
"""Never sent from here: its request names no purchase order until late, and it is answered all the same."""
_CODES = st.sampled_from((200, 201, 400, 500))
_TIMES = ("03T10:00", "03T12:00", "04T10:00")
_OWN_TIMES = st.sampled_from(("03T11:00", "05T11:00"))
"""Times of notices that name no order: another than of those that do."""


@st.composite
def documents(draw: Draw) -> list[Delivery]:
    """Make ten and more documents about two purchases, no two of which contradict each other."""
    deliveries = [OWN.cart(), confirmed(UNKNOWN), *_exports(draw)]
    for purchase in (OWN, THEIRS):
        deliveries += _orders(draw, purchase)
        for kind in (_confirmations, _shipments, _invoices):
            deliveries += _by_payload_alone(draw, purchase, kind(draw, purchase))
    return [*deliveries, _shared(draw), *nameless(draw)]


def _orders(draw: Draw, purchase: Purchase) -> list[Delivery]:
    """Make copies of the order as somebody else sent it, in several versions, and what the supplier said of each."""
    first = f"new-1-{purchase.order_id}@bc.example"
    backwards = draw(st.booleans())
    found: dict[str, Delivery] = {}
    if draw(st.booleans()):
        found[first] = purchase.order_request(backwards=backwards)
    if draw(st.booleans()):
        # The same once more, under the payloadID of our own order or under one of nobody's.
        again = draw(st.sampled_from((purchase.payload_id, f"again-{purchase.order_id}@bc.example")))
        found[again] = purchase.order_request(backwards=backwards, payload_id=again)
    for version, operation in draw(st.sets(st.sampled_from(((2, "update"), (2, "delete"), (3, "update"))))):
        previous = draw(st.sampled_from((None, first)))
        ordered = draw(st.sampled_from(_TIMES))
        payload = f"{operation}-{version}-{purchase.order_id}@bc.example"
        found[payload] = purchase.order_request(
            operation=operation, version=version, previous=previous, ordered=ordered
        )
    words = draw(st.lists(st.tuples(st.sampled_from((first, *found)), _CODES, st.sampled_from(_TIMES)), max_size=3))
    return [*found.values(), *(status_update(*word[:2], said=word[2]) for word in dict.fromkeys(words))]


def _by_payload_alone(draw: Draw, purchase: Purchase, deliveries: list[Delivery]) -> list[Delivery]:
    """Have documents of one kind name the order by the payloadID of its copy, with or without its number, or as usual.

    All of them in the same way: a document that comes again says the same.
    """
    if draw(st.booleans()):
        return deliveries
    reference = f'<OrderReference orderID="{purchase.order_id}">'
    bare = draw(st.sampled_from(("<OrderReference>", reference)))
    copied = f"new-1-{purchase.order_id}@bc.example"
    return [
        replace(
            one,
            data=one.data.replace(reference.encode(), bare.encode()).replace(
                purchase.payload_id.encode(), copied.encode()
            ),
        )
        for one in deliveries
    ]


def _shared(draw: Draw) -> Delivery:
    """Make an invoice that bills both purchases."""
    other = THEIRS.billed((1, draw(st.sampled_from(("1", "2")))))
    invoice = OWN.invoice("I-both", (2, "1"), dated="07T00:00")
    return invoice.saying(f"</InvoiceDetailOrder>{other}", instead_of="</InvoiceDetailOrder>")


def nameless(draw: Draw) -> list[Delivery]:
    """Make some documents that do not name our order, and repetitions under another payloadID that others refer to."""
    every = [document for purchase in (OWN, THEIRS) for document in _nameless(draw, purchase)]
    chosen: list[Delivery] = draw(st.lists(st.sampled_from(every), unique_by=lambda one: one.name))
    return chosen


def _nameless(draw: Draw, purchase: Purchase) -> list[Delivery]:
    number, billed = purchase.number, f"I-{purchase.number}"
    line, quantity = _lines(draw, purchase)
    withdrawn = purchase.invoice(billed, (line, "1"), operation="delete")
    credit = purchase.invoice(f"C2-{number}", (line, "-1"), purpose="lineLevelCreditMemo")
    shipment = purchase.ship_notice(f"S-{number}", (line, "2"), notice=draw(_OWN_TIMES), operation="update")
    recalled = purchase.ship_notice(f"S-{number}", (line, "1"), notice=draw(_OWN_TIMES), operation="delete")
    found = [
        purchase.respelled(purchase.ship_notice(f"S3-{number}", (line, quantity))),
        _of_supplier_order(purchase, f"111-{number}-0"),
        purchase.nameless(shipment).named(f"{number}-update"),
        _of_shipment(purchase, f"S-{number}"),
        purchase.nameless(recalled).named(f"{number}-recalled"),
        about(purchase.nameless(credit), invoice_id=draw(st.sampled_from((billed, f"I3-{number}", f"I4-{number}")))),
        about(purchase.nameless(withdrawn), payload_id=payload_of(f"{number}-invoice-{billed}-standard")).named(
            f"{number}-withdrawn"
        ),
    ]
    whole = without_orders(purchase.invoice(f"C3-{number}", purpose="creditMemo"))
    found.append(about(whole, invoice_id=draw(st.sampled_from((billed, "I-both", "I-unknown")))))
    # Two that have each other's numbers find nothing by themselves.
    found.append(_of_shipment(purchase, f"S5-{number}", "I5"))
    found.append(purchase.nameless(purchase.ship_notice(f"S5-{number}", (line, "1"))))
    return found


def _of_supplier_order(purchase: Purchase, confirm_id: str) -> Delivery:
    invoice = purchase.invoice(f"I3-{purchase.number}", (1, "1"), dated="06T00:00")
    return purchase.nameless(invoice, in_place_of_order=f'<SupplierOrderInfo orderID="{confirm_id}"/>')


def _of_shipment(purchase: Purchase, shipment_id: str, invoice: str = "I4") -> Delivery:
    line = '<InvoiceDetailItemReference lineNumber="1"/>'
    whole = purchase.nameless(purchase.invoice(f"{invoice}-{purchase.number}", (1, "1"), dated="06T00:00"))
    return whole.saying(f'{line}<ShipNoticeIDInfo shipNoticeID="{shipment_id}"/>', instead_of=line)


@st.composite
def decisions(draw: Draw, deliveries: Sequence[Delivery]) -> list[AnalystDecision]:
    """Make some decisions about the lines of two purchases and about documents, several of them about one thing."""
    read_bodies = (read(one.data).body_sha256 for one in deliveries if one.content == "cxml")
    bodies = st.sampled_from([body for body in read_bodies if body is not None])
    lines = st.sampled_from(("PR0001/10000", "PR0001/20000", "PR0002/10000", "PO:106002/order:1", "PO:106002/order:2"))
    places = st.builds("{}#{}".format, bodies, st.sampled_from(("1", "1.1")))
    said = {"by": st.sampled_from(("ann", "bob")), "at": st.integers(1, 2), "reason": st.just("so it is")}
    one = st.one_of(
        st.builds(AnalystDecision, kind=st.just("close_line"), subject=lines, **said),
        st.builds(AnalystDecision, kind=st.just("accept_price"), subject=lines, price=st.integers(1, 20 * ONE), **said),
        st.builds(AnalystDecision, kind=st.just("ignore_doc"), subject=bodies, **said),
        st.builds(AnalystDecision, kind=st.just("unlink"), subject=places, **said),
        st.builds(
            AnalystDecision,
            kind=st.just("link"),
            subject=places,
            line_key=st.sampled_from(("10000", "20000", "order:1", "order:2")),
            **said,
        ),
        st.builds(
            AnalystDecision,
            kind=st.sampled_from(("waive", "acknowledge")),
            subject=lines,
            code=st.sampled_from(("CONF_PARTIAL_QTY", "INV_QTY_OVER", "INV_PRICE_VARIANCE")),
            **said,
        ),
    )
    decided: list[AnalystDecision] = draw(st.lists(one, max_size=6))
    return decided


def _exports(draw: Draw) -> list[Delivery]:
    """Make exports of several versions of the rows: a full one, and deltas."""
    stages = draw(st.sampled_from(("", "PO Sent")))
    return [
        requests_export(OWN.new_row(), THEIRS.new_row(), at="02T09:00", scope="full", name="new.json"),
        requests_export(OWN.row(stage=stages), name="delta.json"),
        requests_export(THEIRS.row(modified="02T17:00"), at="02T18:00", name="late.json"),
        orders_export(OWN.order_row(), name="order.json"),
        orders_export(THEIRS.order_row(punchoutRequestNumber=None), at="02T16:00", name="stray.json"),
        orders_export(THEIRS.order_row(modified="02T17:30", status="Draft"), at="02T18:00", name="tied.json"),
    ]


def _lines(draw: Draw, purchase: Purchase) -> tuple[int, str]:
    return draw(st.integers(1, len(purchase.items) + 1)), draw(st.sampled_from(("1", "2", "3")))


def _confirmations(draw: Draw, purchase: Purchase) -> list[Delivery]:
    found = []
    for place in range(draw(st.integers(1, 2))):
        line, quantity = _lines(draw, purchase)
        number = f"111-{purchase.number}-{place}"
        kind = draw(st.sampled_from(("detail", "reject", "backordered")))
        found.append(purchase.confirmation(number, (line, kind, quantity), notice=draw(st.sampled_from(_TIMES))))
        if draw(st.booleans()):
            earlier = payload_of(f"{purchase.number}-confirmation-{number}-new")
            found.append(
                purchase.confirmation(
                    number,
                    (line, "detail", quantity),
                    notice=draw(st.sampled_from(_TIMES)),
                    operation="update",
                    previous=draw(st.sampled_from((None, earlier))),
                )
            )
    return found + _repeated(draw, purchase, found[0])


def _repeated(draw: Draw, purchase: Purchase, first: Delivery) -> list[Delivery]:
    """Make a repetition under another payloadID, and an update that knows the content by that one only."""
    again = f"{purchase.number}-again"
    line, quantity = _lines(draw, purchase)
    update = purchase.confirmation(
        f"111-{purchase.number}-0",
        (line, "detail", quantity),
        notice=draw(st.sampled_from(_TIMES)),
        operation="update",
        previous=payload_of(again),
    )
    made = [first.named(again), update.named(f"{again}-update")]
    return made[: draw(st.integers(0, 2))]


def _shipments(draw: Draw, purchase: Purchase) -> list[Delivery]:
    line, quantity = _lines(draw, purchase)
    number = f"S-{purchase.number}"
    found = [purchase.ship_notice(number, (line, quantity), notice=draw(st.sampled_from(_TIMES)))]
    for operation in draw(st.sets(st.sampled_from(("update", "delete")))):
        notice = draw(st.sampled_from(_TIMES))
        found.append(purchase.ship_notice(number, (line, "1"), notice=notice, operation=operation))
    return found


def _invoices(draw: Draw, purchase: Purchase) -> list[Delivery]:
    line, quantity = _lines(draw, purchase)
    found = [purchase.invoice(f"I-{purchase.number}", (line, quantity))]
    if draw(st.booleans()):
        found.append(purchase.invoice(f"C-{purchase.number}", (line, "-1"), purpose="lineLevelCreditMemo"))
    return found


def own_order(play: Play, answer: Answer) -> list[Callable[[sa.Connection], object]]:
    """Give the units of work by which our order is written down, leaves, and is answered; to be done in this order."""
    clocks = Clocks(SENT_AT, play.exchange().clocks.wall)
    marked = Marked(OWN.key, QUEUED.payload_id, QUEUED.order_id, attempt=1, epoch=1, body=BODY)

    def queue(connection: sa.Connection) -> None:
        _insert(connection, [WrittenOrder(OWN.key, QUEUED, BODY)])
        learn(connection, [Known("payload", QUEUED.payload_id, OWN.key), Known("order", QUEUED.order_id, OWN.key)])
        touch(connection, [OWN.key])

    def leave(connection: sa.Connection) -> None:
        # Past the gates: the order left, whatever has come in meanwhile.
        order = waiting_order(connection, marked.payload_id)
        assert order is not None
        assert _write_mark(connection, order, 1, 1, from_settings.sending_rules(play.settings), clocks)
        touch(connection, [OWN.key])

    def be_answered(connection: sa.Connection) -> None:
        assert result(connection, marked, answer, classify(answer), clocks)

    return [queue, leave, be_answered]


SENT_AT = instant("02T18:00")
BODY = b"<cXML/>"
QUEUED = OrderQueued(
    order_id=OWN.order_id,
    order_version=1,
    payload_id=OWN.payload_id,
    environment="production",
    release_mode="approval",
    currency="USD",
    total=50 * ONE,
    body_sha256=sha256(BODY),
    at=SENT_AT,
    lines=tuple(
        OrderedLine(
            line_number=place,
            bc_line_number=10_000 * place,
            po_sequence=10_000 * place,
            cart_position=place,
            supplier_part_id=item.part,
            supplier_part_aux_id=item.aux,
            quantity=int(item.quantity) * ONE,
            unit="EA",
            unit_price=parse_decimal(item.price),
            currency="USD",
            description="",
        )
        for place, item in enumerate(OWN.items, 1)
    ),
)
