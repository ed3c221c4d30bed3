"""What a place of an inbound document adds to a line: the smallest step between facts and positions.

Positions are sums of shares and the evidence of a value is its shares. How they are found is `confirming`, `shipping`
and `invoicing`; adding them up is `positions`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from punchout.model.documents import Confirmation, ConfirmationStatus, Invoice, InvoiceLine, ShipNotice
from punchout.model.exact import Millionths
from punchout.reconciliation.accounts import DocumentKind, Suggestion
from punchout.reconciliation.placing import PlaceKey, Unmatched
from punchout.reconciliation.results import Link
from punchout.reconciliation.statements import Statement


class Decision(StrEnum):
    """What a confirmation decides about a quantity."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    BACKORDERED = "backordered"


class Movement(StrEnum):
    """What a ship notice says about a quantity; what is only planned has not moved."""

    SHIPPED = "shipped"
    PLANNED = "planned"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedShare:
    """A decided quantity. `status` is None where the header decided."""

    line_key: str
    ordinals: tuple[int, ...]
    quantity: Millionths
    decision: Decision
    statement: Statement[Confirmation]
    status: ConfirmationStatus | None

    @property
    def confirm_id(self) -> str | None:
        """The supplier's order number: the status's own comment outranks the header."""
        own = self.status.confirm_id if self.status is not None else None
        return own or self.statement.body.confirm_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedShare:
    """A moved quantity."""

    line_key: str
    ordinals: tuple[int, ...]
    quantity: Millionths
    movement: Movement
    statement: Statement[ShipNotice]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicedShare:
    """A billed quantity, negative where it is credited."""

    line_key: str
    ordinals: tuple[int, ...]
    quantity: Millionths
    statement: Statement[Invoice]
    item: InvoiceLine


S = TypeVar("S", ConfirmedShare, ShippedShare, InvoicedShare)


@dataclass(frozen=True, slots=True)
class Shared(Generic[S]):
    """All shares of one kind of document with their links, the places on no line, and the lines those may mean."""

    shares: tuple[S, ...]
    links: tuple[Link, ...]
    unmatched: tuple[Unmatched, ...]
    suggestions: tuple[Suggestion, ...]


class _HasLine(Protocol):
    @property
    def line_key(self) -> str: ...


L = TypeVar("L", bound=_HasLine)


def by_line(shares: Iterable[L]) -> dict[str, list[L]]:
    """Group shares by line, keeping their order."""
    grouped: dict[str, list[L]] = {}
    for share in shares:
        grouped.setdefault(share.line_key, []).append(share)
    return grouped


def line_keys_of(links: Iterable[Link]) -> dict[PlaceKey, str]:
    """Return the line of every place that is linked."""
    return {(link.body_sha256, link.ordinals): link.line_key for link in links}


def sure_link(
    rule: str,
    kind: DocumentKind,
    body_sha256: str,
    ordinals: tuple[int, ...],
    line_key: str = "",
    quantity: Millionths = 0,
) -> Link:
    """Record a place that speaks of lines, or of the order as a whole, without naming them."""
    return Link(
        kind=kind,
        body_sha256=body_sha256,
        ordinals=ordinals,
        line_key=line_key,
        rule=rule,
        confidence=1000,
        quantity=quantity,
    )
