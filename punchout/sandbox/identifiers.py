"""Every identifier and price the sandbox invents, as a pure function of the seed and a name.

A hash rather than a random generator: adding a request to the script then changes no other request's identifiers,
and the values are the same on every Python version. What is done with the identifiers lives elsewhere.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Round an amount half up to cents."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The identifiers of one seed. Equal seeds give equal identifiers."""

    seed: int

    def hexadecimal(self, *name: object, length: int = 32) -> str:
        """Return `length` (at most 64) lower case hexadecimal digits for a name."""
        text = "/".join(str(part) for part in (self.seed, *name))
        return hashlib.sha256(text.encode()).hexdigest()[:length]

    def number(self, below: int, *name: object) -> int:
        """Return a whole number from 0 to `below` - 1 for a name."""
        return int(self.hexadecimal(*name), 16) % below

    def sender_secret(self) -> str:
        """Return the SharedSecret that Amazon's documents carry; wherever it shows up, it has leaked."""
        return "CANARY-" + self.hexadecimal("sender", length=24)

    def digits(self, count: int, *name: object) -> str:
        """Return `count` decimal digits for a name; the first may be 0."""
        return f"{self.number(10**count, *name):0{count}d}"

    def buyer_cookie(self, request: str) -> str:
        """Return what Business Central mints for one punchout session."""
        return self.hexadecimal("cookie", request)

    def part(self, request: str, position: int, *, book: bool) -> str:
        """Return a supplier part id: an ASIN, or for a book an ISBN-like number with a leading zero."""
        if book:
            return "0" + self.digits(9, "book", request, position)
        letters = (_LETTERS[self.number(len(_LETTERS), "asin", request, position, at)] for at in range(8))
        return "B0" + "".join(letters)

    def auxiliary(self, request: str, position: int) -> str:
        """Return a supplier part auxiliary id: the cart session, a comma and the item's number in the cart."""
        session = ("session", request)
        return f"1{self.digits(2, *session, 1)}-{self.digits(7, *session, 2)}-{self.digits(7, *session, 3)},{position}"

    def price(self, request: str, position: int) -> Decimal:
        """Return a unit price between 1.00 and 99.99."""
        return Decimal(100 + self.number(9900, "price", request, position)) / 100

    def amazon_order(self, request: str, via: int) -> str:
        """Return the number of the `via`-th Amazon order that a purchase order became: 3, 7 and 7 digits."""
        name = ("amazon order", request, via)
        return f"11{1 + self.number(4, *name)}-{self.digits(7, *name, 1)}-{self.digits(7, *name, 2)}"

    def invoice(self, document: str) -> str:
        """Return an invoice id, by the key of the document in the script."""
        name = ("invoice", document)
        return f"1{self.hexadecimal(*name, length=3).upper()}-{self.digits(4, *name)}-{self.digits(4, *name, 'tail')}"

    def shipment(self, document: str) -> str:
        """Return a numeric shipment id, by the key of the document in the script."""
        return "7" + self.digits(11, "shipment", document)

    def tracking(self, document: str) -> str:
        """Return a tracking number, by the key of the document in the script."""
        return "1Z" + self.hexadecimal("tracking", document, length=16).upper()

    def payload(self, key: str, moment: datetime) -> str:
        """Return Amazon's payloadID of a document: epoch milliseconds, two numbers, host."""
        milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
        return f"{milliseconds}.{self.number(10**9, 'payload', key)}.{self.number(10**6, 'tail', key)}@amazon.example"

    def guid(self, *name: object) -> str:
        """Return a GUID for a row of Business Central."""
        return str(uuid.UUID(self.hexadecimal("guid", *name)))
