"""A worker that was given up writes its answer down all the same."""

from typing import Any

import sqlalchemy as sa

from punchout.ledger.sending import dispatch
from punchout.ledger.tables.control import OUTBOX

LANE = "given up"
CAUGHT_BY = "a worker that was given up has changed outbox"


def apply() -> None:
    """Break this process."""
    whole = dispatch.result

    def result(connection: sa.Connection, marked: Any, answer: Any, verdict: Any, clocks: Any) -> bool:  # noqa: ANN401 - as the original
        if not whole(connection, marked, answer, verdict, clocks):
            mine = OUTBOX.c.payload_id == marked.payload_id
            connection.execute(sa.update(OUTBOX).where(mine).values(state=verdict.outcome, reason=verdict.detail))
        return True

    vars(dispatch)["result"] = result
