"""Which statements a ledger is asked: they are what work on it costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[str]]:
    """Collect every statement in its order, without those that begin a transaction; many rows at once are one."""
    found: list[str] = []

    @sa.event.listens_for(engine, "before_cursor_execute")
    def note(_connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's hook
        if not statement.startswith("BEGIN"):
            found.append(" ".join(statement.split()))

    yield found
    sa.event.remove(engine, "before_cursor_execute", note)
