"""Stories: what happens to purchases over some days, told to a play. They leave something in every table."""

from dataclasses import replace

from punchout.ledger.decisions.deciding import decide
from punchout.ledger.documents import quarantine
from punchout.ledger.sending import conformance, outbox
from punchout.ledger.sending.conformance import ConformanceCheck
from punchout.ledger.shopping import sessions, strays
from punchout.model.decisions import AnalystDecision
from punchout.model.moments import DAY
from punchout.model.sessions import SessionAnswered, SessionOpened
from tests.support.deliveries import Delivery, cxml, payload_of
from tests.support.later_words import status_update
from tests.support.plays import BUSY, FIRST_SYNC, LOST, TAKEN, Play, Supplier
from tests.support.purchases import (
    ACCOUNT,
    PENS,
    Purchase,
    document,
    orders_export,
    requests_export,
)

FIRST = Purchase()
SECOND = Purchase(number="PR0002", order_id="106002", items=(PENS,))
STRAY = Purchase(number="PR0003", order_id="106003", items=(PENS,))
"""A purchase order that no request claims."""
STRAY_PAYLOAD = "new-1-106003@bc.example"
"""The payloadID under which somebody else has ordered it."""
FOURTH = Purchase(number="PR0004", order_id="106004", items=(PENS,))
"""Its supplier is busy, and for long."""
UNKNOWN = Purchase(number="PR0009", order_id="999999", items=(PENS,))
"""Nothing but documents is known of it."""

HTML_PAGE = cxml("error.xml", b"<html><body><h1>502 Bad Gateway</h1></body></html>")
TAKEN_BY_SUPPLIER = document("answer", '<Response><Status code="200" text="OK"/></Response>')


KNOWN_OF = AnalystDecision(
    kind="acknowledge", subject="PR0001/10000", code="CONF_PARTIAL_QTY", by="ann", at=1, reason="the supplier called"
)


def confirmed(purchase: Purchase = FIRST) -> Delivery:
    """Give a confirmation of everything in a purchase."""
    accepted = [(line, "detail", item.quantity) for line, item in enumerate(purchase.items, 1)]
    return purchase.confirmation(f"111-{purchase.number}", *accepted)


def queued(play: Play) -> None:
    """Tell how the first purchase gets as far as an order that waits to be sent."""
    play.take_in(*FIRST.exported())
    play.exchange().queue_orders()
    play.exchange().settle()


def ordered(play: Play, purchase: Purchase = FIRST) -> Purchase:
    """Tell how a purchase gets from an empty request to an order that was sent."""
    play.sync(requests_export(purchase.new_row(), name=f"new-{purchase.number}.json"), purchase.cart())
    play.later(1)
    play.sync(*purchase.exported())
    return purchase


def invoiced(play: Play, purchase: Purchase = FIRST) -> Purchase:
    """Tell the plain story of one purchase, from the empty request to the invoice."""
    ordered(play, purchase)
    everything = [(line, item.quantity) for line, item in enumerate(purchase.items, 1)]
    play.later(20)
    play.sync(confirmed(purchase))
    play.later(24)
    play.sync(purchase.ship_notice(f"S-{purchase.number}", *everything))
    play.later(24)
    play.sync(purchase.invoice(f"I-{purchase.number}", *everything))
    return purchase


SERVICE = (
    '<InvoiceDetailServiceItem invoiceLineNumber="9" quantity="1"><InvoiceDetailServiceItemReference lineNumber="9">'
    "<Description>Assembly</Description></InvoiceDetailServiceItemReference>"
    '<SubtotalAmount><Money currency="USD">5.00</Money></SubtotalAmount></InvoiceDetailServiceItem>'
)


def documents_of_first() -> list[Delivery]:
    """Give what the supplier says about the first purchase, with updates, a withdrawal and a credit."""
    earlier = payload_of("PR0001-confirmation-111-1-new")
    return [
        FIRST.confirmation("111-1", (1, "detail", "2"), (2, "backordered", "1")),
        FIRST.confirmation("111-2", (1, "reject", "1"), notice="03T11:00"),
        FIRST.confirmation(
            "111-1", (1, "detail", "2"), (2, "detail", "1"), notice="04T10:00", operation="update", previous=earlier
        ),
        FIRST.ship_notice("S1", (1, "1")),
        FIRST.ship_notice("S1", (1, "2"), notice="04T12:00", operation="update", delivered="07T18:00"),
        FIRST.ship_notice("S2", (2, "1")),
        FIRST.ship_notice("S3", (2, "1"), shipped="05T08:00"),
        FIRST.ship_notice("S3", (2, "1"), notice="05T09:00", operation="delete", shipped="05T08:00"),
        FIRST.invoice("I1", (1, "2")),
        FIRST.invoice("I2", (2, "1"), dated="06T00:00").saying(
            f"</InvoiceDetailItem>{SERVICE}", instead_of="</InvoiceDetailItem>"
        ),
        FIRST.invoice("C1", (1, "-1"), dated="07T00:00", purpose="lineLevelCreditMemo"),
    ]


def everything(play: Play) -> None:
    """Tell a story in which every kind of fact, decision, refusal and update occurs."""
    play.supplier = Supplier((TAKEN, LOST, TAKEN))
    ordered(play)
    play.later(1)
    play.sync(
        requests_export(SECOND.row(releaseMode="manual"), name="second.json"),
        orders_export(SECOND.order_row(), STRAY.order_row(punchoutRequestNumber=None), name="two.json"),
        confirmed(UNKNOWN),
        HTML_PAGE,
        TAKEN_BY_SUPPLIER,
        STRAY.order_request(),
        status_update(STRAY_PAYLOAD, 200),
    )
    shopped(play)
    _send_twice(play)
    _repeat_in_vain(play)
    play.later(20)
    play.sync(*documents_of_first(), documents_of_first()[0].again("once-more.xml"))
    play.later(20)
    play.sync(FIRST.invoice("I1", (1, "3")), FIRST.confirmation("111-1", (1, "detail", "3"), payload_id="other@x"))
    with play.engine.begin() as connection:
        first, *_, last = quarantine.listed(connection)
        quarantine.redrive(connection, first.document_id, "ann", play.now)
        quarantine.dismiss(connection, last.document_id, "ann", "a test", play.now)
        decide(connection, ACCOUNT, [KNOWN_OF], "ann", play.now)
    play.post(confirmed(UNKNOWN))
    play.later(1)
    play.sync()


def shopped(play: Play, purchase: Purchase = SECOND) -> str:
    """Tell how a cart comes back from a session that was opened here, and another from nobody; gives the cookie."""
    cookie = f"session-of-{purchase.number}"
    opened = SessionOpened(
        buyer_cookie=cookie, payload_id=f"setup-{purchase.number}@contoso.example", at=play.now, expires=play.now + DAY
    )
    with play.engine.begin() as connection:
        sessions.open_session(connection, purchase.key, opened)
        sessions.note_answer(
            connection, SessionAnswered(buyer_cookie=cookie, at=play.now, outcome="started", start_host="shop.example")
        )
        strays.note_kept(connection, "0" * 64, 1_000, play.now)
    play.sync(of_session(purchase, cookie))
    return cookie


def of_session(purchase: Purchase, cookie: str, *, empty: bool = False) -> Delivery:
    """Give the cart of a purchase as it comes back from a session with another cookie."""
    filled = replace(purchase, items=()) if empty else purchase
    cart = filled.cart(payload_id=f"{cookie}@amazon.example")
    return replace(cart.saying(cookie, instead_of=purchase.cookie), name=f"{cookie}.xml")


def _send_twice(play: Play) -> None:
    """Tell how a draft is sent by hand, its answer is lost, and a person has it sent again."""
    with play.engine.begin() as connection:
        outbox.send_draft(connection, play.order("PR0002"), "ann", play.now)
    play.later(1)
    play.sync()
    with play.engine.begin() as connection:
        outbox.settle(connection, play.order("PR0002"), "pending", "ann", "the supplier has no such order", play.now)
    play.later(1)
    play.sync()


ONE_SEEN = ConformanceCheck(
    payload_id="conformance-1@contoso.example",
    site="https://test.amazon.example/orders",
    answers=("HTTP 200, cXML 200 OK", "HTTP 200, cXML 200 OK"),
    orders_seen=1,
    by="ann",
    evidence="order list of the test site",
    at=FIRST_SYNC,
)
"""The supplier was shown to take repeats for one order."""


def _repeat_in_vain(play: Play) -> None:
    """Tell how an order is kept here, held, let go, and repeated to a busy supplier until it is too late for that."""
    with play.engine.begin() as connection:
        conformance.record(connection, ACCOUNT, ONE_SEEN)
    repeating = play.under(supplier={"dedupes_payload_id": True})
    repeating.supplier = Supplier((BUSY,))
    repeating.settings.orders.kill_switch.touch()
    repeating.sync(*(one.again(f"fourth-{one.name}") for one in FOURTH.exported()))
    for step in ("hold", "release"):
        with play.engine.begin() as connection:
            outbox.move(connection, repeating.order("PR0004"), step, "ann", repeating.now, "to ask")
    repeating.settings.orders.kill_switch.unlink()
    repeating.sync()
    repeating.later(21)
    repeating.sync()
    play.now = repeating.now
