"""What goes wrong in practice, told through the public path: bytes and exports go in, the ledger's status comes out.

A case orders some lines of ten dollars a piece, lets documents arrive, and looks. What documents say is written as cXML
here, so that a case can say anything a supplier might.
"""

from collections.abc import Sequence
from typing import Any

from tests.support.deliveries import Delivery
from tests.support.plays import Play
from tests.support.purchases import (
    Item,
    Purchase,
    instant,
)
from tests.support.stories import ordered

PRICE = "10.00"
Told = tuple[str, list[str], list[str]]
"""Stage, `accepted/shipped/invoiced` a line, and the codes of open exceptions."""


def purchase_of(
    *quantities: int, number: str = "PR0001", order_id: str = "106001", part: str = "B0TEST000"
) -> Purchase:
    """Give a purchase of some lines, each of a part of its own at the same price."""
    lines = enumerate(quantities, 1)
    items = tuple(Item(f"{part}{place}", f"135-{number[-1]},{place}", str(many), PRICE) for place, many in lines)
    return Purchase(number=number, order_id=order_id, items=items)


class Case:
    """One purchase whose order was sent, unless told otherwise."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.purchase = purchase_of(3)

    def order(self, *quantities: int, **changes: str) -> Purchase:
        """Have lines of these quantities ordered, and the order taken by the supplier."""
        self.purchase = purchase_of(*quantities, **changes)
        return ordered(self.play, self.purchase)

    def arrive(self, *deliveries: Delivery, at: str = "07T12:00") -> None:
        """Let documents and exports arrive, and sync, at a moment in March 2026."""
        self.play.now = max(self.play.now, instant(at))
        self.play.sync(*deliveries)

    def wait(self, until: str) -> None:
        """Let time pass, and sync."""
        self.arrive(at=until)

    def told(self, number: str = "PR0001") -> Told:
        """Give where the purchase stands."""
        request = self.request(number)
        lines = [f"{line['accepted']}/{line['shipped']}/{line['invoiced']}" for line in request["lines"]]
        return request["stage"], lines, request["exceptions"]

    def request(self, number: str = "PR0001") -> dict[str, Any]:
        """Give the purchase's status."""
        return self.play.request(number)

    def documents(self) -> list[str]:
        """Give the codes of documents that need a person."""
        return [str(one["code"]) for one in self.play.status()["document_exceptions"]]

    def at_risk(self, code: str) -> str | None:
        """Give the money at risk of one exception."""
        (found,) = [one for one in self.request()["exception_details"] if one["code"] == code]
        risk: str | None = found["amount_at_risk"]
        return risk

    # What the supplier says of the purchase.

    def confirm(self, confirm_id: str, *items: str, **header: Any) -> Delivery:  # noqa: ANN401 - as Purchase.confirmation
        """Give a confirmation of items, each made by `item`."""
        end = "</ConfirmationRequest>"
        document = self.purchase.confirmation(confirm_id, **header)
        return document.saying("".join(items) + end, instead_of=end) if items else document

    def ship(self, shipment_id: str, *items: tuple[int, int], **header: Any) -> Delivery:  # noqa: ANN401 - likewise
        """Give a ship notice of (line, quantity)."""
        return self.purchase.ship_notice(shipment_id, *((line, str(many)) for line, many in items), **header)

    def bill(self, invoice_id: str, *lines: str, summary: str = "", **header: Any) -> Delivery:  # noqa: ANN401 - likewise
        """Give an invoice of lines, each made by `billed`, and of what its summary says."""
        end, blank = "</InvoiceDetailOrder>", "<InvoiceDetailSummary/>"
        document = self.purchase.invoice(invoice_id, **header)
        if lines:
            document = document.saying("".join(lines) + end, instead_of=end)
        said = f"<InvoiceDetailSummary>{summary}</InvoiceDetailSummary>"
        return document.saying(said, instead_of=blank) if summary else document


def money(tag: str, amount: str, currency: str = "USD", more: str = "") -> str:
    """Write an amount under a name of cXML."""
    return f'<{tag}><Money currency="{currency}">{amount}</Money>{more}</{tag}>'


def tax(amount: str) -> str:
    """Write tax, with the description that cXML wants."""
    return money("Tax", amount, more='<Description xml:lang="en">tax</Description>')


def status(kind: str, quantity: int, more: str = "") -> str:
    """Write what becomes of a part of a line."""
    unit = "<UnitOfMeasure>EA</UnitOfMeasure>"
    return f'<ConfirmationStatus quantity="{quantity}" type="{kind}">{unit}{more}</ConfirmationStatus>'


def item(line: int, quantity: int, *statuses: str) -> str:
    """Write a confirmed line; without statuses all of it is accepted."""
    unit = "<UnitOfMeasure>EA</UnitOfMeasure>"
    said = "".join(statuses) or status("accept", quantity)
    return f'<ConfirmationItem quantity="{quantity}" lineNumber="{line}">{unit}{said}</ConfirmationItem>'


def items(*quantities: int) -> Sequence[str]:
    """Write that lines are accepted as they were ordered, from the first on."""
    return [item(line, quantity) for line, quantity in enumerate(quantities, 1)]


def billed(
    line: int | str,
    quantity: int,
    *,
    place: int = 1,
    price: str = PRICE,
    currency: str = "USD",
    about: str = "",
    more: str = "",
) -> str:
    """Write a billed line; `about` says of which order line and part, `more` what else is billed with it."""
    reference = f'<InvoiceDetailItemReference lineNumber="{line}">{about}</InvoiceDetailItemReference>'
    return (
        f'<InvoiceDetailItem invoiceLineNumber="{place}" quantity="{quantity}"><UnitOfMeasure>EA</UnitOfMeasure>'
        f"{money('UnitPrice', price, currency)}{reference}{more}</InvoiceDetailItem>"
    )


def part(part_id: str) -> str:
    """Write a part's id."""
    return f"<ItemID><SupplierPartID>{part_id}</SupplierPartID></ItemID>"
