"""An order leaves first, and is marked as leaving when its answer is there."""

from typing import Any

import sqlalchemy as sa

from punchout.ledger.tables.facts import ORDER_BODY
from punchout.ordering.answers import Answer
from resources import exchange

LANE = "kill"
CAUGHT_BY = "was received 2 times"
CUT_AFTER = "sendto"


class _Answered:
    """A channel whose answer is known."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def send(self, _body: bytes) -> Answer:
        return self._answer


def apply() -> None:
    """Break this process."""
    whole = vars(exchange)["send_one"]

    def post_first(engine: sa.Engine, payload_id: str, channel: Any, *rest: Any) -> Any:  # noqa: ANN401 - as the original
        query = sa.select(ORDER_BODY.c.body).where(ORDER_BODY.c.payload_id == payload_id)
        with engine.begin() as connection:
            body = connection.execute(query).scalar_one()
        return whole(engine, payload_id, _Answered(channel.send(body)), *rest)

    vars(exchange)["send_one"] = post_first
