"""What the stand-in Amazon sells and knows of a scripted request: parts, prices, titles, and when documents are made.

Documents, the check of an order against its cart, and the oracle read it. It knows nothing of XML. Identifiers
themselves are in `identifiers`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from punchout.sandbox.identifiers import Identifiers, cents
from punchout.sandbox.plan import Confirmation, Request, Script, Status, document_key, part_position
from punchout.sandbox.scenarios import HANDFUL

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
    """The goods of one seed, for the requests of one script."""

    ids: Identifiers
    script: Script = HANDFUL

    def part(self, request: Request, line: int) -> str:
        """Return a line's supplier part id."""
        position = part_position(request, line)
        return self.ids.part(request.number, position, book=request.book == position)

    def billed_part(self, request: Request, line: int) -> str:
        """Return the supplier part id that comes: the substitute's if a confirmation that stands names one."""
        if any(status.substituted for status in _last_word(request, line)):
            return self.ids.part(request.number, 1000 + line, book=False)
        return self.part(request, line)

    def auxiliary(self, request: Request, line: int) -> str:
        """Return a line's supplier part auxiliary id."""
        return self.ids.auxiliary(request.number, line)

    def price(self, request: Request, line: int) -> Decimal:
        """Return a line's unit price in the cart."""
        return self.ids.price(request.number, part_position(request, line))

    def confirmed_price(self, request: Request, line: int) -> Decimal:
        """Return a line's unit price after confirmation: another one where a confirmation says so."""
        price = self.price(request, line)
        statuses = [status for status in _all_words(request) if status.line == line]
        percent = next((status.percent for status in statuses if status.percent), 0)
        if percent:
            return cents(price * (100 + percent) / 100)
        if any(status.repriced for status in statuses):
            return cents(price * _CONFIRMED_FACTOR + Decimal("0.005"))
        return price

    def title(self, request: Request, line: int) -> str:
        """Return a line's description, which may be longer than Business Central's field."""
        return _TITLES[self.ids.number(len(_TITLES), "title", request.number, part_position(request, line))]

    def moment(self, round_number: int, key: str) -> datetime:
        """Return when a document was made: two to five hours before the sync of its round."""
        minutes = 120 + self.ids.number(180, "minutes", key)
        milliseconds = self.ids.number(1000, "milliseconds", key)
        return self.script.instant(round_number) - timedelta(minutes=minutes) + timedelta(milliseconds=milliseconds)

    def payload_id(self, request: Request, index: int) -> str:
        """Return the payloadID of the `index`-th document about a request."""
        key = document_key(request.number, index)
        return self.ids.payload(key, self.moment(request.documents[index].round, key))


def _all_words(request: Request) -> list[Status]:
    confirmations = (document for document in request.documents if isinstance(document, Confirmation))
    return [status for confirmation in confirmations for status in confirmation.statuses]


def _last_word(request: Request, line: int) -> list[Status]:
    """Return what is finally said of a line: not what an update takes back."""
    confirmations = [document for document in request.documents if isinstance(document, Confirmation)]
    replaced = {confirmation.updates for confirmation in confirmations}
    return [
        status
        for index, document in enumerate(request.documents)
        if isinstance(document, Confirmation) and index not in replaced
        for status in document.statuses
        if status.line == line
    ]
