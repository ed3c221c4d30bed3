"""What the stand-in Amazon sells and knows of a scripted request: parts, prices, titles, and when documents are made.

Both the documents and the check of an order against its cart read it. Identifiers themselves are in `identifiers`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from punchout.sandbox import cxml
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Confirmation, Request, document_key, part_position
from punchout.sandbox.scenarios import ROUNDS

_TITLES = (
    "Gel pens, medium point, black, 12 per box",
    "Caf\u00e9 & tea filters no. 4, unbleached",
    "Stapler, full strip, 20 sheets",
    "USB-C charging cable, 2 m, braided",
    "Wall calendar with holidays, moon phases, room for notes, tear-off months and a hanger, on recycled paper",
)
_CONFIRMED_FACTOR = Decimal("1.003")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The goods of one seed."""

    ids: Identifiers

    def part(self, request: Request, line: int) -> str:
        """Return a line's supplier part id."""
        return self.ids.part(request.number, part_position(request, line), book=request.book == line)

    def auxiliary(self, request: Request, line: int) -> str:
        """Return a line's supplier part auxiliary id."""
        return self.ids.auxiliary(request.number, line)

    def price(self, request: Request, line: int) -> Decimal:
        """Return a line's unit price in the cart."""
        return self.ids.price(request.number, part_position(request, line))

    def confirmed_price(self, request: Request, line: int) -> Decimal:
        """Return a line's unit price after confirmation: a little dearer where a confirmation says so."""
        price = self.price(request, line)
        confirmations = (document for document in request.documents if isinstance(document, Confirmation))
        statuses = (status for confirmation in confirmations for status in confirmation.statuses)
        if any(status.repriced for status in statuses if status.line == line):
            return cxml.cents(price * _CONFIRMED_FACTOR + Decimal("0.005"))
        return price

    def title(self, request: Request, line: int) -> str:
        """Return a line's description, which may be longer than Business Central's field."""
        return _TITLES[self.ids.number(len(_TITLES), "title", request.number, part_position(request, line))]

    def moment(self, round_number: int, key: str) -> datetime:
        """Return when a document was made: two to five hours before the sync of its round."""
        minutes = 120 + self.ids.number(180, "minutes", key)
        milliseconds = self.ids.number(1000, "milliseconds", key)
        instant = datetime.fromisoformat(ROUNDS[round_number - 1])
        return instant - timedelta(minutes=minutes) + timedelta(milliseconds=milliseconds)

    def payload_id(self, request: Request, index: int) -> str:
        """Return the payloadID of the `index`-th document about a request."""
        key = document_key(request.number, index)
        return cxml.payload_id(self.ids, key, self.moment(request.documents[index].round, key))
