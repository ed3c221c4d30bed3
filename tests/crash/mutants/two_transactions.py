"""A document is accepted in one transaction, and what it states is written in another one."""

from typing import Any

import sqlalchemy as sa

from punchout.ledger.documents import judging
from resources.exchange import Exchange

LANE = "kill"
CAUGHT_BY = "I2 is broken"
CUT_AFTER = "fdatasync"


def apply() -> None:
    """Break this process."""
    write, judge = vars(judging)["_write_facts"], Exchange.parse
    kept: list[tuple[Any, ...]] = []

    def keep(_connection: sa.Connection, *facts: Any) -> None:  # noqa: ANN401 - as the original
        kept.append(facts)

    def parse_twice(exchange: Exchange) -> Any:  # noqa: ANN401 - as the original
        counts = judge(exchange)
        with exchange.engine.begin() as connection:
            for facts in kept:
                write(connection, *facts)
        kept.clear()
        return counts

    vars(judging)["_write_facts"] = keep
    type.__setattr__(Exchange, "parse", parse_twice)
