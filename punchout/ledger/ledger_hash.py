"""One hash over everything the ledger concludes: equal for equal facts, whatever the order they came in.

It covers the projections in key order. Surrogate ids, run ids and times of observation are no part of them.
"""

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa

from punchout.ledger.tables import projections

COVERED = (
    projections.REQUEST_STAGE,
    projections.LINE_POSITION,
    projections.LINK,
    projections.DOCUMENT_VERSION,
    projections.TIMELINE,
    projections.EXCEPTION,
    projections.SUGGESTION,
    projections.CHARGE,
    projections.THREE_WAY,
)

_ROWS_AT_ONCE = 1_000


def ledger_hash(connection: sa.Connection) -> str:
    """Return the hexadecimal hash of the ledger's conclusions, of which only some rows are in memory at a time."""
    digest = hashlib.sha256()
    for table in COVERED:
        digest.update(f"{table.name}\n".encode())
        for rows in _in_key_order(connection, table):
            digest.update("".join([f"{tuple(row)!r}\n" for row in rows]).encode())
    return digest.hexdigest()


def _in_key_order(connection: sa.Connection, table: sa.Table) -> Iterator[list[sa.Row[tuple[object, ...]]]]:
    """Yield a table's rows by the bytes of their keys: by the rules of a language two databases need not agree."""
    bytewise = "BINARY" if connection.dialect.name == "sqlite" else "C"
    keys = [sa.collate(key, bytewise) if isinstance(key.type, sa.Text) else key for key in table.primary_key]
    query = sa.select(table).order_by(*keys)
    with connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}) as rows:
        yield from (list(some) for some in rows.partitions())
