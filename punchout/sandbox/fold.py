"""The arithmetic of the oracle: what the script says of each line, summed up to a round, and the three axes.

O is ordered, A accepted, R rejected, B backordered, S shipped, I invoiced net of credits. It is written from the rules
of the exchange and shares nothing with the product, so that the two can disagree.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from punchout.sandbox.plan import (
    Confirmation,
    Document,
    Invoice,
    Request,
    Shipment,
    delivered,
    document_key,
    replaced_by,
)


@dataclass(slots=True, kw_only=True)
class LineFold:
    """One line after a round. `ships` and `arrives` are times, `invoices` are (document key, date, quantity)."""

    QUANTITIES: ClassVar = ("ordered", "accepted", "rejected", "backordered", "shipped", "invoiced")

    position: int
    ordered: int = 0
    accepted: int = 0
    rejected: int = 0
    waiting: int = 0  # backordered by some confirmation, whatever another one has decided since
    shipped: int = 0
    credited: int = 0
    confirmed: bool = False
    substituted: bool = False
    ships: list[str] = field(default_factory=list)
    arrives: list[str] = field(default_factory=list)
    invoices: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def backordered(self) -> int:
        """What still waits: not what was accepted or rejected after all."""
        return max(0, min(self.waiting, self.ordered - self.accepted - self.rejected))

    @property
    def invoiced(self) -> int:
        """What was billed and not given back."""
        return sum(quantity for _, _, quantity in self.invoices) - self.credited

    @property
    def to_come(self) -> int:
        """What shipments and invoices are measured by."""
        return self.accepted if self.confirmed else self.ordered

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
        """How much of what is to come was invoiced, and whether all of it was given back."""
        return "credited" if self.credited and self.invoiced <= 0 else self._progress(self.invoiced)

    def _progress(self, quantity: int) -> str:
        if quantity <= 0:
            return "none"
        if quantity > self.to_come:
            return "over"
        return "full" if quantity == self.to_come else "partial"


def arrived(request: Request, round_number: int) -> list[Document]:
    """Return everything that has come about a request up to a round, what counts no more included."""
    return [document for document in request.documents if delivered(document) <= round_number]


def said(request: Request, round_number: int) -> list[Document]:
    """Return what stands of it, the earliest made first: nothing that was replaced, nor the words that took it back."""
    return [document for _, document in _current(request, round_number)]


def _current(request: Request, round_number: int) -> list[tuple[str, Document]]:
    here = [(index, item) for index, item in enumerate(request.documents) if delivered(item) <= round_number]
    replaced = {replaced_by(item) for _, item in here}
    standing = [(index, item) for index, item in here if index not in replaced and not _only_takes_back(item)]
    standing.sort(key=lambda pair: pair[1].round)
    return [(document_key(request.number, index), item) for index, item in standing]


def _only_takes_back(document: Document) -> bool:
    return (isinstance(document, Shipment) and document.deletes) or (
        isinstance(document, Invoice) and document.deletes is not None
    )


def fold(request: Request, round_number: int, *, ordered: bool) -> list[LineFold]:
    """Sum up every line of a request; `ordered` says whether there is an order to speak of."""
    lines = {
        position: LineFold(position=position, ordered=quantity if ordered else 0)
        for position, quantity in enumerate(request.lines, 1)
    }
    wholes = []
    for key, document in _current(request, round_number):
        if isinstance(document, Confirmation):
            _confirm(lines, document)
        elif isinstance(document, Invoice):
            _bill(lines, key, document)
        elif document.items:
            _ship(lines, document, document.items)
        else:
            wholes.append(document)
    for document in wholes:
        left = tuple((line.position, line.to_come - line.shipped) for line in lines.values())
        _ship(lines, document, tuple((position, quantity) for position, quantity in left if quantity > 0))
    return list(lines.values())


def _confirm(lines: dict[int, LineFold], document: Confirmation) -> None:
    for status in document.statuses:
        line = lines[status.line]
        line.confirmed = True
        line.substituted |= status.substituted
        if status.kind == "accept":
            line.accepted += status.quantity
        elif status.kind == "reject":
            line.rejected += status.quantity
        else:
            line.waiting += status.quantity


def _ship(lines: dict[int, LineFold], document: Shipment, items: tuple[tuple[int, int], ...]) -> None:
    for position, quantity in items:
        if position in lines:  # a number that no line of the order has moves nothing
            lines[position].shipped += quantity
            lines[position].ships.append(document.ships)
            lines[position].arrives.append(document.arrives)


def _bill(lines: dict[int, LineFold], key: str, document: Invoice) -> None:
    for position, quantity in document.items:
        if quantity < 0:
            lines[position].credited -= quantity
        else:
            lines[position].invoices.append((key, document.dated, quantity))
