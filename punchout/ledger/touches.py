"""The queue of requests to be looked at again: append-only, so that no touch is lost between reading and writing."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from punchout.ledger.sql import chunks, for_update, insert_all, key_in
from punchout.ledger.tables.control import TOUCH
from punchout.model.keys import RequestKey


def touch(connection: sa.Connection, keys: Iterable[RequestKey]) -> None:
    """Ask for requests to be reconciled once this transaction has committed."""
    rows = [_row(key) for key in sorted(set(keys))]
    insert_all(connection, TOUCH, rows)


def touched(connection: sa.Connection, limit: int) -> list[RequestKey]:
    """Return up to `limit` touched requests, the longest waiting first.

    Where the database locks rows, touches that another worker has taken are passed over and these are taken, to the
    end of the transaction: several workers drain the queue side by side.
    """
    if connection.dialect.name != "sqlite":
        return _taken(connection, limit)
    query = (
        sa.select(TOUCH.c.company, TOUCH.c.supplier, TOUCH.c.request_no)
        .group_by(TOUCH.c.company, TOUCH.c.supplier, TOUCH.c.request_no)
        .order_by(sa.func.min(TOUCH.c.seq))
        .limit(limit)
    )
    return [RequestKey(*row) for row in connection.execute(query)]


def seqs_of(connection: sa.Connection, keys: Sequence[RequestKey]) -> dict[RequestKey, list[int]]:
    """Return the touches of some requests that are visible now; only these may be deleted after the work."""
    columns = (TOUCH.c.company, TOUCH.c.supplier, TOUCH.c.request_no)
    # One that another worker has taken is his to delete: waiting for it could have each wait for the other.
    seqs: dict[RequestKey, list[int]] = {}
    for chunk in chunks(keys):
        wanted = [(key.company, key.supplier, key.request_no) for key in chunk]
        for row in connection.execute(_free(connection, sa.select(TOUCH).where(key_in(columns, wanted)))):
            seqs.setdefault(RequestKey(row.company, row.supplier, row.request_no), []).append(row.seq)
    return seqs


def done(connection: sa.Connection, seqs: Sequence[int]) -> None:
    """Delete exactly the touches that were worked off."""
    for chunk in chunks(seqs):
        connection.execute(sa.delete(TOUCH).where(TOUCH.c.seq.in_(chunk)))


def count(connection: sa.Connection) -> int:
    """Return how many touches are waiting."""
    return connection.execute(sa.select(sa.func.count()).select_from(TOUCH)).scalar_one()


def waiting(connection: sa.Connection) -> set[RequestKey]:
    """Return every request that waits to be reconciled."""
    query = sa.select(TOUCH.c.company, TOUCH.c.supplier, TOUCH.c.request_no)
    return {RequestKey(*row) for row in connection.execute(query)}


def _taken(connection: sa.Connection, limit: int) -> list[RequestKey]:
    query = sa.select(TOUCH.c.company, TOUCH.c.supplier, TOUCH.c.request_no).order_by(TOUCH.c.seq).limit(limit)
    # A request may have been touched several times: each once, in the order of its first touch.
    return list(dict.fromkeys(RequestKey(*row) for row in connection.execute(_free(connection, query))))


def _free(connection: sa.Connection, query: sa.Select[Any]) -> sa.Select[Any]:
    return for_update(connection, query, skip_locked=True)


def _row(key: RequestKey) -> dict[str, str]:
    return {"company": key.company, "supplier": key.supplier, "request_no": key.request_no}
