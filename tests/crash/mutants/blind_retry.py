"""An order whose worker died while it sent is sent again, as if it could not have left."""

from typing import Any

import sqlalchemy as sa

from punchout.ledger.sending import dispatch
from punchout.ledger.tables.control import OUTBOX

LANE = "kill"
CAUGHT_BY = "was received 2 times"
CUT_AFTER = "sendto"


def apply() -> None:
    """Break this process."""
    vars(dispatch)["recover"] = _recover


def _recover(connection: sa.Connection, clocks: Any) -> int:  # noqa: ANN401 - two clocks
    given_up = sa.and_(OUTBOX.c.state == "sending", OUTBOX.c.lease_until < clocks.wall)
    return connection.execute(sa.update(OUTBOX).where(given_up).values(state="pending", lease_until=None)).rowcount
