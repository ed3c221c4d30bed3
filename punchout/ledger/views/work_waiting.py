"""What waits in the ledger for a sync, or for a sending, that nobody has started: asked by whoever starts them.

The answers are marks, equal as long as the same work waits. Each is read from an index that is as long as that work, or
from one end of one, so that asking often costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger.sending.switches import shut_gates
from punchout.ledger.tables.control import DOCUMENT_STATE, OUTBOX, REQUEST_WORK, TOUCH
from punchout.model.keys import Account
from punchout.model.moments import Micros

_MOST = 500


@dataclass(frozen=True, slots=True)
class WaitingDocuments:
    """The latest of each kind of work that a sync would find, whichever door it came by; None where there is none.

    Attributes:
        received: a document that is stored and not read yet.
        pending: a document that is read and has not been given to its request yet.
        touched: the sequence number of a touch, by which a request waits to be computed anew.
    """

    received: int | None
    pending: int | None
    touched: int | None

    def __bool__(self) -> bool:
        return (self.received, self.pending, self.touched) != (None, None, None)


def waiting_documents(connection: sa.Connection) -> WaitingDocuments:
    """Return what a sync would find in the ledger before it has looked into any feed."""
    state = DOCUMENT_STATE.c
    latest = sa.select(sa.func.max(state.document_id))
    return WaitingDocuments(
        received=connection.execute(latest.where(state.state == "received")).scalar_one(),
        pending=connection.execute(latest.where(state.resolution == "pending")).scalar_one(),
        touched=connection.execute(sa.select(sa.func.max(TOUCH.c.seq))).scalar_one(),
    )


def ready_requests(connection: sa.Connection, account: Account) -> Sequence[str]:
    """Return the requests whose orders can be written down, at most some hundreds; none while a gate is shut."""
    if shut_gates(connection, account):
        return ()
    work = REQUEST_WORK.c
    query = (
        sa.select(work.request_no)
        .where(work.company == account.company, work.supplier == account.supplier, work.order_is_ready)
        .order_by(work.request_no)
        .limit(_MOST)
    )
    return connection.execute(query).scalars().all()


def pending_orders(connection: sa.Connection, at: Micros) -> Sequence[str]:
    """Return the orders that wait to leave, each with its number of attempts, at most some hundreds."""
    outbox = OUTBOX.c
    query = (
        sa.select(outbox.payload_id, outbox.attempt)
        .where(outbox.state == "pending", sa.or_(outbox.next_try_at.is_(None), outbox.next_try_at <= at))
        .order_by(outbox.payload_id)
        .limit(_MOST)
    )
    return [f"{row.payload_id} {row.attempt}" for row in connection.execute(query)]
