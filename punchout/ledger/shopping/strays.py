"""How many carts of strangers are kept: anybody can post to the address that carts come back to, and fill a disk.

A cart of no session of ours may be one that matters all the same (a session lost with a restored backup, or one that
Business Central opened), so some are kept, up to a bound for every 24 hours. The others are only counted by who
refuses them.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger.sql import insert_all
from punchout.ledger.tables.logs import STRAY_CART
from punchout.model.moments import DAY, Micros


@dataclass(frozen=True, slots=True)
class StrayBounds:
    """How many carts of no session, and how many bytes of them, are kept within 24 hours."""

    carts: int
    size: int


def has_room(connection: sa.Connection, size: int, bounds: StrayBounds, at: Micros) -> bool:
    """Tell whether one more of some size may be kept. Two that ask side by side may both be told so."""
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(STRAY_CART.c.size), 0))
    carts, kept = connection.execute(query.where(STRAY_CART.c.at > at - DAY)).one()
    return carts < bounds.carts and int(kept) + size <= bounds.size


def note_kept(connection: sa.Connection, received_sha256: str, size: int, at: Micros) -> None:
    """Count one that is kept."""
    insert_all(connection, STRAY_CART, [{"at": at, "received_sha256": received_sha256, "size": size}])
