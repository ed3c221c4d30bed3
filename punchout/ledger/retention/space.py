"""Giving back the room of what was erased, so that it is gone from the database's files too.

SQLite: what is freed stays in the file until it is written anew, and earlier pages stay in the log beside it; both are
seen to. PostgreSQL: dead rows are made free for new ones; its own archives and backups are its administrator's.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from punchout.ledger.tables.erasable import ERASABLE

_PATIENCE_MS = 5_000
"""How long to wait for whoever reads the ledger."""


@dataclass(frozen=True, slots=True)
class Space:
    """The size of the database's files before and after, in bytes, None where it has none of its own.

    `problem` says why something may still stand in them.
    """

    before: int | None = None
    after: int | None = None
    problem: str | None = None


def give_back(engine: sa.Engine) -> Space:
    """Have the database write itself anew, outside any transaction."""
    if engine.dialect.name == "sqlite":
        return _rewrite_file(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        for table in ERASABLE:
            connection.exec_driver_sql(f'VACUUM (ANALYZE) "{table.name}"')
    return Space()


def _rewrite_file(engine: sa.Engine) -> Space:
    files = [Path(f"{engine.url.database}{ending}") for ending in ("", "-wal")]
    before = _size(files)
    problem = None
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        (usual,) = driver.execute("PRAGMA busy_timeout").fetchone()
        try:
            driver.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
            driver.execute("VACUUM")
            # The log holds pages as they were before; it is emptied only when nobody reads them any more.
            (is_busy, *_) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            problem = "another process is reading the ledger" if is_busy else None
        except sqlite3.OperationalError as error:
            problem = str(error)
        finally:
            driver.execute(f"PRAGMA busy_timeout={usual}")
    return Space(before, _size(files), problem)


def _size(files: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in files if path.is_file())
