"""Histories for the laws: what happens around two purchases, as steps that can be taken in any order.

Some are files that are delivered, the others facts of our own sending, which the ledger's own units of work write down.
Between them anything may be resolved and reconciled; nothing else is queued or sent.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import sqlalchemy as sa
from hypothesis import strategies as st

from punchout.ledger.bodies import sha256
from punchout.ledger.dispatch import Marked, _write_mark, result
from punchout.ledger.orders import _insert
from punchout.ledger.resolve import Known, learn
from punchout.ledger.sending_rules import Clocks
from punchout.ledger.touches import touch
from punchout.model.exact import ONE, parse_decimal
from punchout.model.orders import OrderedLine, OrderQueued
from punchout.ordering.answers import Answer, classify
from resources import policies as from_settings
from tests.support.plays import Play
from tests.support.purchases import (
    Delivery,
    Item,
    Purchase,
    instant,
    orders_export,
    payload_of,
    requests_export,
)
from tests.support.stories import UNKNOWN, confirmed

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

OWN = Purchase(number="PR0001", order_id="106001")
THEIRS = Purchase(number="PR0002", order_id="106002", items=(Item("B0TEST0002", "135-2,1", "4", "5.00"),))
"""Never sent from here: its request names no purchase order until late, and it is answered all the same."""
_TIMES = ("03T10:00", "03T12:00", "04T10:00")


@st.composite
def documents(draw: Draw) -> list[Delivery]:
    """Make ten and more documents about two purchases, no two of which contradict each other."""
    deliveries = [OWN.cart(), confirmed(UNKNOWN), *_exports(draw)]
    for purchase in (OWN, THEIRS):
        deliveries += _confirmations(draw, purchase)
        deliveries += _shipments(draw, purchase)
        deliveries += _invoices(draw, purchase)
    return deliveries


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
    return found


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
        _insert(connection, OWN.key, QUEUED, BODY)
        learn(connection, [Known("payload", QUEUED.payload_id, OWN.key), Known("order", QUEUED.order_id, OWN.key)])
        touch(connection, [OWN.key])

    def leave(connection: sa.Connection) -> None:
        # Past the gates: the order left, whatever has come in meanwhile.
        _write_mark(connection, marked.payload_id, 1, 1, from_settings.sending_rules(play.settings), clocks)
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
