"""One waiting order with everything in the ledger that decides whether it may leave, read by one statement.

Statements are built once, when this is loaded: building them anew would take longer than running them. What follows
from what is read is decided in `withheld`, by `punchout.ordering.gates`.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger.sending.epochs import Epoch
from punchout.ledger.sending.repeats import MAY_BE_REPEATED
from punchout.ledger.sending.switches import ORDERS
from punchout.ledger.tables.control import GATE, OUTBOX, SENDING_EPOCH, SWITCH
from punchout.ledger.tables.decisions import SEND_RELEASED
from punchout.ledger.tables.facts import (
    CONFIRMATION,
    INVOICE,
    ORDER_QUEUED,
    ORDER_REQUEST,
    SEND_MARKED,
    SHIP_NOTICE,
)
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.model.exact import Millionths
from punchout.model.keys import Account, RequestKey
from punchout.model.moments import Micros


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingOrder:
    """An order that wants to leave.

    Attributes:
        attempt: the last one; 0 before the first.
        epoch: of that attempt.
        reason: what kept it here when it was last looked at.
        total: in the order's currency.
        may_be_repeated: the last attempt may have left, and the same bytes were to go once more.
        is_answered: the supplier's confirmation, ship notice or invoice belongs to the request.
        is_copied: a copy of an OrderRequest belongs to the request.
        is_released: a person let it go.
        channel_is_on: by the switch in the ledger.
        gates_are_open: the latest checks of the account's imports are green.
        known: how many attempts this ledger knows of.
    """

    key: RequestKey
    payload_id: str
    order_id: str
    attempt: int
    epoch: int
    reason: str | None
    total: Millionths
    currency: str
    may_be_repeated: bool
    is_answered: bool
    is_copied: bool
    is_released: bool
    channel_is_on: bool
    gates_are_open: bool
    known: Epoch


def waiting_order(connection: sa.Connection, payload_id: str) -> WaitingOrder | None:
    """Return an order that waits to leave, as it is in this transaction; None where it waits no more."""
    row = connection.execute(_EVERYTHING, {"which": payload_id}).one_or_none()
    if row is None:
        return None
    return WaitingOrder(
        key=RequestKey(row.company, row.supplier, row.request_no),
        payload_id=payload_id,
        order_id=row.order_id,
        attempt=row.attempt,
        epoch=row.epoch,
        reason=row.reason,
        total=row.total,
        currency=row.currency,
        may_be_repeated=row.may_be_repeated,
        is_answered=row.is_answered,
        is_copied=row.is_copied,
        is_released=row.is_released,
        channel_is_on=bool(row.channel_is_on),
        gates_are_open=not row.gate_is_shut,
        known=Epoch(row.ledger_id, row.attempts_marked),
    )


def sent_since(connection: sa.Connection, account: Account, since: Micros, but_for: str) -> tuple[int, Millionths]:
    """Count an account's orders marked since a moment, and add up their totals; one of them is left out."""
    asked = {"company": account.company, "supplier": account.supplier, "since": since, "but_for": but_for}
    count, amount = connection.execute(_SENT_SINCE, asked).one()
    return int(count), int(amount)


def _belongs(table: sa.Table) -> sa.ColumnElement[bool]:
    """Tell whether a document of one kind belongs to the order's request."""
    placed = sa.and_(*(ASSIGNMENT.c[name] == OUTBOX.c[name] for name in ("company", "supplier", "request_no")))
    found = sa.select(table.c.document_id).join(ASSIGNMENT, ASSIGNMENT.c.document_id == table.c.document_id)
    return found.where(placed).correlate(OUTBOX).exists()


_GATE_IS_SHUT = (
    sa.select(GATE.c.name)
    .where(GATE.c.company == OUTBOX.c.company, GATE.c.supplier == OUTBOX.c.supplier, GATE.c.is_open.is_(False))
    .correlate(OUTBOX)
    .exists()
)
_IS_RELEASED = sa.select(SEND_RELEASED.c.payload_id).where(SEND_RELEASED.c.payload_id == OUTBOX.c.payload_id).exists()

_EVERYTHING = (
    sa.select(
        OUTBOX,
        ORDER_QUEUED.c.total,
        ORDER_QUEUED.c.currency,
        MAY_BE_REPEATED.label("may_be_repeated"),
        sa.or_(*(_belongs(table) for table in (CONFIRMATION, SHIP_NOTICE, INVOICE))).label("is_answered"),
        _belongs(ORDER_REQUEST).label("is_copied"),
        _IS_RELEASED.label("is_released"),
        sa.select(SWITCH.c.is_on).where(SWITCH.c.name == ORDERS).scalar_subquery().label("channel_is_on"),
        _GATE_IS_SHUT.label("gate_is_shut"),
        sa.select(SENDING_EPOCH.c.ledger_id).scalar_subquery().label("ledger_id"),
        sa.select(SENDING_EPOCH.c.epoch).scalar_subquery().label("attempts_marked"),
    )
    .join(ORDER_QUEUED, ORDER_QUEUED.c.payload_id == OUTBOX.c.payload_id)
    .where(OUTBOX.c.payload_id == sa.bindparam("which"), OUTBOX.c.state == "pending")
)

# Whose they are is asked of those only: as a condition it would have every order of the account looked at.
_IS_OURS = sa.and_(
    ORDER_QUEUED.c.company == sa.bindparam("company"), ORDER_QUEUED.c.supplier == sa.bindparam("supplier")
)
_SENT_SINCE = sa.select(
    sa.func.count().filter(_IS_OURS), sa.func.coalesce(sa.func.sum(ORDER_QUEUED.c.total).filter(_IS_OURS), 0)
).where(
    ORDER_QUEUED.c.payload_id.in_(
        sa.select(SEND_MARKED.c.payload_id).where(
            SEND_MARKED.c.at >= sa.bindparam("since"), SEND_MARKED.c.payload_id != sa.bindparam("but_for")
        )
    )
)
