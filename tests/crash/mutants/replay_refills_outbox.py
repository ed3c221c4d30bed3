"""Projections are made again from facts, and the outbox with them, so that every order wants to leave once more."""

import sqlalchemy as sa

from punchout.ledger import rebuild
from punchout.ledger.tables.control import OUTBOX

LANE = "replay"
CAUGHT_BY = "was received 2 times"


def apply() -> None:
    """Break this process."""
    whole = vars(rebuild)["_place_orders"]

    def place_orders(connection: sa.Connection) -> None:
        whole(connection)
        connection.execute(sa.update(OUTBOX).values(state="pending", next_try_at=None))

    vars(rebuild)["_place_orders"] = place_orders
