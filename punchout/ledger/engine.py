"""Engines and transactions: the settings without which the ledger's promises do not hold.

SQLite: WAL with full synchronisation, and every transaction takes the write lock at its start, since a deferred one
that upgrades fails at once. PostgreSQL: READ COMMITTED with timeouts, since its defaults wait for ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from punchout.ledger.archive import OPTION, Archive, archive_beside

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=15000",
    "PRAGMA cache_size=-65536",
)
_POSTGRES_OPTIONS = "-c lock_timeout=15s -c statement_timeout=300s -c idle_in_transaction_session_timeout=300s"


def open_engine(url: str | sa.URL, archive: Path | None = None) -> sa.Engine:
    """Open the ledger's database; a SQLite file's folder must exist.

    Large bodies go to the folder `archive`. Without one they lie beside a SQLite file, and in a server's database.
    Statement parameters never appear in errors, because they hold document text.
    """
    address = sa.make_url(url)
    kept = archive_beside(address) if archive is None else Archive(archive)
    options: dict[str, Any] = {} if kept is None else {OPTION: kept}
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address, options)
    return sa.create_engine(
        address,
        hide_parameters=True,
        pool_pre_ping=True,
        execution_options=options,
        connect_args={"options": _POSTGRES_OPTIONS, "keepalives_idle": 30},
    )


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a connection that sees one consistent state and never waits for, or holds, the write lock."""
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    if engine.dialect.name == "sqlite":
        options = {"punchout_read_only": True}
    with engine.connect() as connection, connection.execution_options(**options).begin():
        yield connection


def _open_sqlite(url: sa.URL, options: dict[str, Any]) -> sa.Engine:
    engine = sa.create_engine(url, hide_parameters=True, execution_options=options)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
        # The driver must not open transactions by itself: `_begin` does, with the lock.
        connection.isolation_level = None
        if url.database and url.database != ":memory:":
            # Before anything is written: the files beside it take their mode from the database's.
            Path(url.database).touch(mode=0o600)
            Path(url.database).chmod(0o600)
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma)

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        read_only = connection.get_execution_options().get("punchout_read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
