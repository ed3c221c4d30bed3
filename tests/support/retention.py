"""A purchase that names a person wherever it can, brought to its end; and a purge of what is over."""

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa

from punchout.ledger.documents import quarantine
from punchout.ledger.engine import reading
from punchout.ledger.retention.purge import Decided, PurgeOutcome, PurgeTerms, plan, purge
from punchout.ledger.shopping import sessions
from punchout.ledger.tables.base import METADATA
from punchout.model.moments import DAY
from punchout.model.sessions import SessionAnswered, SessionOpened
from resources import policies as from_settings
from resources.retention import named_parts
from tests.support.deliveries import Delivery
from tests.support.plays import Play
from tests.support.purchases import PENS, Purchase, orders_export, requests_export
from tests.support.stories import HTML_PAGE, TAKEN_BY_SUPPLIER, everything, of_session

OVER = Purchase(number="PR0005", order_id="106005", items=(PENS,))
"""A purchase that comes to its end, and in which Jane Doe is named everywhere."""
PERSONAL = ("Jane", "jane.doe", "Secret Lane")
ANN = Decided("ann", "retention of 400 days")

_EMAIL = {"requesterEmail": "jane.doe@example.com"}
_SHIP_TO = {"shipToName": "Jane Doe", "shipToContact": "Jane", "shipToAddressLine1": "7 Secret Lane"}
_NOTE = "<Comments>ask Jane Doe</Comments>"
_CODES = '<Extrinsic name="UPC">012345678905</Extrinsic><Extrinsic name="Requester">Jane Doe</Extrinsic>'


def documents_of(purchase: Purchase = OVER) -> list[Delivery]:
    """Give what the supplier says about a purchase of one line, up to its invoice."""
    (item,) = purchase.items
    answers = [
        purchase.confirmation(f"111-{purchase.number}", (1, "detail", item.quantity)),
        purchase.ship_notice(f"S-{purchase.number}", (1, item.quantity)),
        purchase.invoice(f"I-{purchase.number}", (1, item.quantity)),
    ]
    ends = ("</ConfirmationHeader>", "</ShipNoticeHeader>", "</InvoiceDetailRequestHeader>")
    named = [one.saying(f"{_NOTE}{end}", instead_of=end) for one, end in zip(answers, ends, strict=True)]
    return [replace(one, name=f"{purchase.number}-{place}.xml") for place, one in enumerate(named)]


def over(play: Play, *purchases: Purchase) -> None:
    """Tell of purchases from the session to the invoice, and of what was said twice and was no document at all."""
    told = purchases or (OVER,)
    news = (requests_export({**one.new_row(), **_EMAIL}, name=f"new-{one.number}.json") for one in told)
    play.sync(*news)
    for one in told:
        _shop(play, one)
    play.sync(*(cart_of(one) for one in told))
    play.later(1)
    play.sync(*(export for one in told for export in exports_of(one)))
    answers = [documents_of(one) for one in told]
    play.later(20)
    play.post(*(confirmation for confirmation, _, _ in answers))
    play.later(24)
    play.sync(*(notice for _, notice, _ in answers), *(notice.named(f"{notice.name}-2") for _, notice, _ in answers))
    play.later(24)
    play.sync(*(invoice for _, _, invoice in answers), TAKEN_BY_SUPPLIER)


def exports_of(purchase: Purchase = OVER) -> tuple[Delivery, Delivery]:
    """Give what Business Central exports of a purchase that was released and ordered."""
    return (
        requests_export(purchase.row(**_EMAIL), name=f"{purchase.number}.json"),
        orders_export(purchase.order_row(**_SHIP_TO), name=f"{purchase.order_id}.json"),
    )


def _shop(play: Play, purchase: Purchase) -> None:
    cookie = f"session-of-{purchase.number}"
    opened = SessionOpened(
        buyer_cookie=cookie, payload_id=f"{cookie}@us", at=play.now, expires=play.now + DAY, user="Jane Doe"
    )
    answered = SessionAnswered(buyer_cookie=cookie, at=play.now, outcome="started", start_host="shop.example")
    with play.engine.begin() as connection:
        sessions.open_session(connection, purchase.key, opened)
        sessions.note_answer(connection, answered)


def cart_of(purchase: Purchase = OVER) -> Delivery:
    """Give the cart of the purchase's session."""
    end = "</ItemDetail></ItemIn>"
    said = of_session(purchase, f"session-of-{purchase.number}").saying(f"{_CODES}</ItemDetail>{_NOTE}</ItemIn>", end)
    return replace(said, name=f"{purchase.number}-cart.xml")


def aged(play: Play) -> None:
    """Tell how a purchase comes to its end, and years go by."""
    over(play)
    pass_years(play)


def everything_aged(play: Play) -> None:
    """Tell everything, and of a purchase that comes to its end; years go by."""
    over(play)
    everything(play)
    play.sync(HTML_PAGE.saying("404", "502"))
    with play.engine.begin() as connection:
        *_, last = quarantine.listed(connection)
        quarantine.dismiss(connection, last.document_id, "ann", "nobody's", play.now)
    pass_years(play)


def purged(play: Play) -> None:
    """Tell everything, let years go by, and purge."""
    everything_aged(play)
    purge_now(play)


def pass_years(play: Play) -> None:
    """Let some years go by."""
    play.later(24 * 900)
    play.sync()


def terms(play: Play, days: int = 400) -> PurgeTerms:
    """Give what a purge of now depends on."""
    return PurgeTerms(from_settings.policies(play.settings), named_parts, play.now - days * DAY, play.now)


def purge_now(play: Play, days: int = 400) -> PurgeOutcome:
    """Purge what is over."""
    return purge(play.engine, terms(play, days), ANN)


def foreseen(play: Play, days: int = 400) -> PurgeOutcome:
    """Say what a purge would do."""
    with reading(play.engine) as connection:
        return plan(connection, terms(play, days))


def holding(engine: sa.Engine, words: Iterable[str] = PERSONAL) -> set[str]:
    """Give the tables in which one of some words stands in plain text."""
    sought = tuple(words)
    with reading(engine) as connection:
        return {
            table.name
            for table in METADATA.sorted_tables
            for row in connection.execute(sa.select(table))
            if any(word in str(value) for value in row for word in sought)
        }
