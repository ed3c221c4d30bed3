"""Mutual exclusion: named locks held to the end of a transaction.

SQLite has one writer anyway; on PostgreSQL the lock is a row. A lock that must outlive a transaction is a lease with
an epoch, and lives with the work it protects (`outbox`).
"""

import sqlalchemy as sa

from punchout.ledger.sql import insert_new
from punchout.ledger.tables.control import LEASE

_LOCK = sa.select(LEASE.c.name).where(LEASE.c.name == sa.bindparam("which")).with_for_update()


def exclusive(connection: sa.Connection, name: str) -> None:
    """Wait until nobody else holds the named lock, and hold it to the end of this transaction."""
    if connection.dialect.name == "sqlite":
        return  # Every transaction that may write has begun by waiting for all others.
    if connection.execute(_LOCK, {"which": name}).first() is None:
        insert_new(connection, LEASE, [{"name": name, "owner": None, "epoch": 0, "expires_at": None}])
        connection.execute(_LOCK, {"which": name})
