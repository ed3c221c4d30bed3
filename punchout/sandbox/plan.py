"""The words the script is written in: requests, what Amazon says about them, and accidents. No data.

A round's number counts from 1. A line is named by its position in the cart, from 1. Instants are UTC.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Status:
    """What one confirmation says of a quantity of one line. `via` counts the Amazon orders of the purchase order."""

    line: int
    quantity: int
    kind: Literal["accept", "reject", "backordered"] = "accept"
    via: int = 1
    repriced: bool = False


def reject(line: int, quantity: int) -> Status:
    """Say that a quantity is refused."""
    return Status(line, quantity, "reject")


def backorder(line: int, quantity: int) -> Status:
    """Say that a quantity will follow later."""
    return Status(line, quantity, "backordered")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A ConfirmationRequest; `updates` is the index of the document, within the request's, that it replaces."""

    round: int
    statuses: tuple[Status, ...]
    updates: int | None = None


@dataclass(frozen=True, slots=True)
class Shipment:
    """A ShipNoticeRequest: (line, quantity) pairs, when it left and when it is to arrive."""

    round: int
    items: tuple[tuple[int, int], ...]
    ships: str
    arrives: str
    carrier: str = "UPS"


@dataclass(frozen=True, slots=True)
class Invoice:
    """An InvoiceDetailRequest: (line, quantity) pairs and its date."""

    round: int
    items: tuple[tuple[int, int], ...]
    dated: str


Document = Confirmation | Shipment | Invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One punchout request: its lines' quantities, the rounds in which people act, and what Amazon will say.

    `answer` is Amazon's to the order: it may refuse it, or store it and drop the connection. `send` is the round after
    whose sync the operator sends a manually released order.
    """

    number: str
    order: str
    about: str
    lines: tuple[int, ...]
    book: int | None = None  # this line's part id begins with a zero
    twins: tuple[int, int] | None = None  # these two lines have the same part id
    backwards: bool = False  # the purchase order lists the lines in reverse
    exported: int = 1
    cart: int = 1
    submitted: int | None = 2
    released: int | None = 2
    ordered: int | None = 2
    emailed: int = 1
    manual: bool = False
    send: int | None = None
    answer: Literal["accept", "refuse", "drop"] = "accept"
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accident:
    """Something that should not have been sent, what becomes of it, and the (request, document) it is made from."""

    round: int
    kind: Literal["page", "truncated", "twice", "entity", "stranger", "forged", "column"]
    verdict: Literal["XML_REJECTED", "PAYLOAD_REUSED", "EXPORT_INVALID", "waiting", "duplicate"]
    of: tuple[str, int] | None = None


def part_position(request: Request, line: int) -> int:
    """Return the position whose part id a line has: its own, or that of the first of two twins."""
    return request.twins[0] if request.twins and line in request.twins else line


def document_key(number: str, index: int) -> str:
    """Return the name by which identifiers of a document are drawn."""
    return f"{number}/{index}"


def utc(text: str) -> datetime:
    """Read an instant of the script."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
