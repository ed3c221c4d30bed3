"""The words a script is written in: requests, what Amazon says about them, and accidents. No data.

A round's number counts from 1. A line is named by its position in the cart, from 1. Instants are UTC. A document is
named by its place among the documents of its request, from 0.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

_PEOPLE_ACT = timedelta(minutes=30)  # before the sync; update files are imported an hour before it

Sender = Literal["pipeline", "bc"]
"""Who sends the orders: the product, or Business Central itself."""

Numbering = Literal["order", "backwards", "sequence"]
"""How Business Central numbers its OrderRequest: 1..n as the purchase order lists the lines, 1..n from its last line to
its first, or by the purchase order's own 10000, 20000 and so on."""

Stamp = Literal["zulu", "basic", "pacific", "bogus_utc", "bogus_west"]
"""How a document writes its times; a bogus one has the clock's own HH:MM for an offset, on a clock of UTC or UTC-7."""


@dataclass(frozen=True, slots=True)
class Status:
    """What one confirmation says of a quantity of one line. `via` counts the Amazon orders of the purchase order.

    `repriced` is a change within what is tolerated, `percent` any other change of the unit price.
    """

    line: int
    quantity: int
    kind: Literal["accept", "reject", "backordered"] = "accept"
    via: int = 1
    repriced: bool = False
    percent: int = 0
    substituted: bool = False  # another part comes instead


def reject(line: int, quantity: int) -> Status:
    """Say that a quantity is refused."""
    return Status(line, quantity, "reject")


def backorder(line: int, quantity: int) -> Status:
    """Say that a quantity will follow later."""
    return Status(line, quantity, "backordered")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A ConfirmationRequest; `updates` is the document it replaces. It arrives `late` rounds after it was made."""

    round: int
    statuses: tuple[Status, ...]
    updates: int | None = None
    late: int = 0
    clock: Stamp = "basic"


@dataclass(frozen=True, slots=True)
class Shipment:
    """A ShipNoticeRequest: (line, quantity) pairs, when it left and when it is to arrive (an instant or a day).

    Without items it ships all that is open. `replaces` is the document it updates or, if `deletes`, takes back.
    """

    round: int
    items: tuple[tuple[int, int], ...]
    ships: str
    arrives: str
    carrier: str = "UPS"
    replaces: int | None = None
    deletes: bool = False
    late: int = 0
    clock: Stamp = "basic"


@dataclass(frozen=True, slots=True)
class Invoice:
    """An InvoiceDetailRequest: (line, quantity) pairs, negative where money comes back, and its date.

    `deletes` is the invoice it takes back, `credits` the one it is a credit memo for.
    """

    round: int
    items: tuple[tuple[int, int], ...]
    dated: str
    deletes: int | None = None
    credits: int | None = None
    late: int = 0
    clock: Stamp = "pacific"


Document = Confirmation | Shipment | Invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One punchout request: its lines' quantities, the rounds in which people act, and what Amazon will say.

    `answer` is Amazon's to the order: it may refuse it, or store it and drop the connection or say that it had been
    processed before. `send` is the round after whose sync the operator sends a manually released order. `cart` None:
    its lines were in Business Central before there was anything like us. `about` is the name of its scenario.

    Where Business Central sends the order, `copied` is how many rounds after it the copy of its OrderRequest comes to
    us (None: never), `again` how it comes a second time, a round later, and `numbering` how that OrderRequest numbers
    the lines. `told` are the status updates on it: how many rounds after its copy, and the Status code.
    """

    number: str
    order: str
    about: str
    lines: tuple[int, ...]
    book: int | None = None  # this line's part id begins with a zero
    twins: tuple[int, int] | None = None  # these two lines have the same part id
    backwards: bool = False  # the purchase order lists the lines in reverse
    exported: int = 1
    cart: int | None = 1
    submitted: int | None = 2
    released: int | None = 2
    released_at: str | None = None  # the instant, where it was before the first round
    ordered: int | None = 2
    emailed: int = 1
    manual: bool = False
    send: int | None = None
    cancelled: int | None = None  # all lines of the purchase order are set to 0
    confirmed_before: bool = False  # Business Central holds an Order Confirmation ID from the first export on
    answer: Literal["accept", "refuse", "drop", "already"] = "accept"
    copied: int | None = None
    again: Literal["twice", "rewritten"] | None = None
    numbering: Numbering = "order"
    told: tuple[tuple[int, int], ...] = ()
    documents: tuple[Document, ...] = ()


Kind = Literal[
    "page", "truncated", "twice", "rewritten", "entity", "stranger", "forged", "conflict", "rehearsal", "column"
]
Verdict = Literal[
    "XML_REJECTED", "PAYLOAD_REUSED", "DOC_CONFLICT", "ENV_MISMATCH", "EXPORT_INVALID", "waiting", "duplicate"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accident:
    """Something that should not have been sent, what becomes of it, and the (request, document) it is made from."""

    round: int
    kind: Kind
    verdict: Verdict
    of: tuple[str, int] | None = None
    name: str | None = None  # tells it from others of its kind

    @property
    def key(self) -> str:
        """The name by which its identifiers and its file name are drawn."""
        return self.name or self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """All that is played: the virtual times of the syncs, who plays, what goes wrong, and how exports are written."""

    name: str
    rounds: tuple[str, ...]
    requests: tuple[Request, ...]
    accidents: tuple[Accident, ...]
    csv_rounds: tuple[int, ...]  # the rounds that are in neither of these export everything, as JSON
    delta_rounds: tuple[int, ...]
    cutover: str
    sent_by: Sender = "pipeline"

    def instant(self, round_number: int) -> datetime:
        """Return the virtual time of a round's sync."""
        return datetime.fromisoformat(self.rounds[round_number - 1])

    def acts_at(self, round_number: int) -> datetime:
        """Return when people act in a round."""
        return self.instant(round_number) - _PEOPLE_ACT

    def released_at(self, request: Request) -> datetime | None:
        """Return when a request is released, None if never."""
        if request.released is None:
            return None
        return utc(request.released_at) if request.released_at else self.acts_at(request.released)

    def sent_at(self, request: Request) -> datetime | None:
        """Return when Business Central sends an order, where that is its part; None if never."""
        if request.ordered is None:
            return None
        return utc(request.released_at) if request.released_at else self.acts_at(request.ordered)

    def copied_in(self, request: Request) -> int | None:
        """Return the round in which the copy of Business Central's OrderRequest comes, None if never."""
        if self.sent_by != "bc" or request.ordered is None or request.copied is None:
            return None
        return request.ordered + request.copied

    def told_of(self, request: Request) -> list[tuple[int, int]]:
        """Return the round and the Status code of every status update on an order of Business Central's."""
        copied = self.copied_in(request)
        return [] if copied is None else [(copied + later, code) for later, code in request.told]

    def placed_elsewhere(self, request: Request) -> bool:
        """Say whether Business Central places an order: it places all of them, or this one before the cut-over."""
        if self.sent_by == "bc":
            return True
        released = self.released_at(request)
        return request.confirmed_before or (released is not None and released < datetime.fromisoformat(self.cutover))


def part_position(request: Request, line: int) -> int:
    """Return the position whose part id a line has: its own, or that of the first of two twins."""
    return request.twins[0] if request.twins and line in request.twins else line


def delivered(document: Document) -> int:
    """Return the round in which a document arrives."""
    return document.round + document.late


def replaced_by(document: Document) -> int | None:
    """Return the document that no longer counts once this one has come, None if there is none."""
    if isinstance(document, Confirmation):
        return document.updates
    return document.replaces if isinstance(document, Shipment) else document.deletes


def first_version(request: Request, index: int) -> int:
    """Return the document that began the chain of versions a document belongs to; they share its business number."""
    earlier = replaced_by(request.documents[index])
    return index if earlier is None else first_version(request, earlier)


def document_key(number: str, index: int) -> str:
    """Return the name by which identifiers of a document are drawn."""
    return f"{number}/{index}"


def utc(text: str) -> datetime:
    """Read an instant of the script."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
