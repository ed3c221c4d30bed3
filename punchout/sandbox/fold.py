"""The arithmetic of the oracle: what the script says of each line, summed up to a round, and the three axes.

O is ordered, A accepted, R rejected, B backordered, S shipped, I invoiced. It is written from the rules of the exchange
and shares nothing with the product, so that the two can disagree.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from punchout.sandbox.plan import Confirmation, Document, Invoice, Request, Shipment, document_key


@dataclass(slots=True, kw_only=True)
class LineFold:
    """One line after a round. `ships` and `arrives` are instants, `invoices` pairs of document key and date."""

    QUANTITIES: ClassVar = ("ordered", "accepted", "rejected", "backordered", "shipped", "invoiced")

    position: int
    ordered: int = 0
    accepted: int = 0
    rejected: int = 0
    backordered: int = 0
    shipped: int = 0
    invoiced: int = 0
    confirmed: bool = False
    ships: list[str] = field(default_factory=list)
    arrives: list[str] = field(default_factory=list)
    invoices: list[tuple[str, str]] = field(default_factory=list)

    @property
    def order_axis(self) -> str:
        """Where the line stands between us and Amazon; the first rule that holds."""
        rules = (
            ("none", self.ordered == 0),
            ("over", self.accepted + self.rejected + self.backordered > self.ordered),
            ("rejected", self.rejected == self.ordered),
            ("confirmed", self.accepted == self.ordered),
            ("settled", self.accepted + self.rejected == self.ordered),
            ("backordered", self.backordered > 0 and self.accepted == 0),
            ("sent", self.accepted + self.rejected + self.backordered == 0),
        )
        return next((name for name, holds in rules if holds), "partial")

    @property
    def ship_axis(self) -> str:
        """How much of what is to come was shipped."""
        return self._progress(self.shipped)

    @property
    def invoice_axis(self) -> str:
        """How much of what is to come was invoiced. The script has no credits."""
        return self._progress(self.invoiced)

    def _progress(self, quantity: int) -> str:
        to_come = self.accepted if self.confirmed else self.ordered - self.rejected
        if quantity <= 0:
            return "none"
        if quantity > to_come:
            return "over"
        return "full" if quantity == to_come else "partial"


def said(request: Request, round_number: int) -> list[Document]:
    """Return what has been said of a request up to a round, without confirmations that another one replaced."""
    return [document for _, document in _current(request, round_number)]


def _current(request: Request, round_number: int) -> list[tuple[str, Document]]:
    arrived = [(index, item) for index, item in enumerate(request.documents) if item.round <= round_number]
    replaced = {item.updates for _, item in arrived if isinstance(item, Confirmation)}
    return [(document_key(request.number, index), item) for index, item in arrived if index not in replaced]


def fold(request: Request, round_number: int, *, ordered: bool) -> list[LineFold]:
    """Sum up every line of a request; `ordered` says whether its OrderRequest has been built."""
    lines = {
        position: LineFold(position=position, ordered=quantity if ordered else 0)
        for position, quantity in enumerate(request.lines, 1)
    }
    for key, document in _current(request, round_number):
        if isinstance(document, Confirmation):
            _confirm(lines, document)
        elif isinstance(document, Shipment):
            _ship(lines, document)
        else:
            _bill(lines, key, document)
    return list(lines.values())


def _confirm(lines: dict[int, LineFold], document: Confirmation) -> None:
    for status in document.statuses:
        line = lines[status.line]
        line.confirmed = True
        if status.kind == "accept":
            line.accepted += status.quantity
        elif status.kind == "reject":
            line.rejected += status.quantity
        else:
            line.backordered += status.quantity


def _ship(lines: dict[int, LineFold], document: Shipment) -> None:
    for position, quantity in document.items:
        if position in lines:  # a number that no line of the order has moves nothing
            lines[position].shipped += quantity
            lines[position].ships.append(document.ships)
            lines[position].arrives.append(document.arrives)


def _bill(lines: dict[int, LineFold], key: str, document: Invoice) -> None:
    for position, quantity in document.items:
        lines[position].invoiced += quantity
        lines[position].invoices.append((key, document.dated))
