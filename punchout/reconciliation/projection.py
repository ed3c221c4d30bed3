"""Many values into one: what Business Central's single fields show, and how many values were folded.

Order Confirmation ID: the one of the earliest noticeDate, then by place in the document, then by text. Shipping Date:
the first actual one. Delivery Date: the latest, from ship notices only. Invoice ID and Invoice Date: those of the
earliest invoice, credits excluded. Dates are cut in the company's zone. Writing to Business Central is not done here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from punchout.model.documents import Confirmation
from punchout.model.moments import Moment, day_in_zone
from punchout.reconciliation.positions import confirm_ids
from punchout.reconciliation.shares import InvoicedShare, Movement, ShippedShare
from punchout.reconciliation.statements import Statement, moment_order

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Choice(Generic[S]):
    """The value that stands for all, which source gave it, and how many distinct values there are."""

    value: str | None = None
    source: S | None = None
    distinct: int = 0


@dataclass(frozen=True, slots=True)
class ConfirmedId:
    """One Order Confirmation ID, and the place that states it."""

    text: str
    statement: Statement[Confirmation]
    place: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """The single values of a line."""

    shipping_date: Choice[ShippedShare]
    delivery_date: Choice[ShippedShare]
    invoice_id: Choice[InvoicedShare]
    invoice_date: Choice[InvoicedShare]


def order_confirmation_ids(current: Iterable[Statement[Confirmation]], zone: ZoneInfo) -> tuple[ConfirmedId, ...]:
    """Return every Order Confirmation ID, the one that stands for all first."""
    stated = [
        ConfirmedId(text, statement, place) for statement in current for place, text in confirm_ids(statement.body)
    ]
    stated.sort(
        key=lambda one: (moment_order(one.statement.body.notice, zone), one.place, one.text, one.statement.body_sha256)
    )
    first: dict[str, ConfirmedId] = {}
    for one in stated:
        first.setdefault(one.text, one)
    return tuple(first.values())


def project(shipped: list[ShippedShare], invoiced: list[InvoicedShare], zone: ZoneInfo) -> Projection:
    """Fold a line's ship notices and invoices into its four fields."""
    moved = [share for share in shipped if share.movement is not Movement.RETURNED]
    actual = [share for share in moved if share.movement is Movement.SHIPPED]
    ships = [(_day(share.statement.body.shipment_date, zone), share) for share in actual]
    arrives = [(_day(share.statement.body.delivery_date, zone), share) for share in moved]
    billed = [share for share in invoiced if share.quantity > 0]
    billed.sort(key=lambda share: _invoice_order(share, zone))
    return Projection(
        shipping_date=_choose(sorted(ships, key=_by_value)),
        delivery_date=_choose(sorted(arrives, key=_by_value), last=True),
        invoice_id=_choose([(share.statement.body.invoice_id, share) for share in billed]),
        invoice_date=_choose([(_day(share.statement.body.invoice_date, zone), share) for share in billed]),
    )


def _choose(stated: list[tuple[str | None, S]], *, last: bool = False) -> Choice[S]:
    known = [(value, source) for value, source in stated if value]
    if not known:
        return Choice()
    value, source = known[-1 if last else 0]
    return Choice(value, source, len({value for value, _ in known}))


def _by_value(stated: tuple[str | None, ShippedShare]) -> tuple[str, str, tuple[int, ...]]:
    value, share = stated
    return value or "", share.statement.body_sha256, share.ordinals


def _invoice_order(share: InvoicedShare, zone: ZoneInfo) -> tuple[tuple[str, int], str, str, tuple[int, ...]]:
    invoice = share.statement
    return (
        moment_order(invoice.body.invoice_date, zone),
        invoice.body.invoice_id or "",
        invoice.body_sha256,
        share.ordinals,
    )


def _day(moment: Moment | None, zone: ZoneInfo) -> str | None:
    return day_in_zone(moment, zone) if moment is not None else None
