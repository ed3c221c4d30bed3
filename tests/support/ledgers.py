"""Ledgers for tests, on either database: one is migrated once and copied for every test that wants one."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import TypeVar, cast

import sqlalchemy as sa
from alembic import command

from punchout.ledger import schema
from punchout.ledger.engine import open_engine, reading
from tests.support.postgres import PostgresServer

T = TypeVar("T")


class Ledgers:
    """Makes ledgers on one kind of database.

    Engines are used again for the next ledger at the same place: they keep the statements they have compiled, which
    takes longer than running them.

    Attributes:
        kind: `sqlite` or `postgres`.
    """

    def __init__(self, kind: str, folder: Path, server: PostgresServer | None = None) -> None:
        self.kind = kind
        self._folder = folder
        self._server = server
        self._numbers = count(1)
        self._free: list[tuple[str, sa.Engine]] = []
        self._templates: dict[str, tuple[str, object]] = {}

    @contextmanager
    def migrated(self) -> Iterator[sa.Engine]:
        """Give an empty ledger at this program's schema."""
        with self.prepared("migrated", lambda _: None) as (engine, _):
            yield engine

    @contextmanager
    def prepared(self, name: str, prepare: Callable[[sa.Engine], T]) -> Iterator[tuple[sa.Engine, T]]:
        """Give a ledger in which something happened before, and what was returned then; it happens once a session."""
        if name not in self._templates:
            template, engine = self._place()
            self._make(template, None)
            schema.upgrade(engine)
            self._templates[name] = template, prepare(engine)
            engine.dispose()
        template, returned = self._templates[name]
        with self._database(template) as engine:
            yield engine, cast("T", returned)

    @contextmanager
    def blank(self) -> Iterator[sa.Engine]:
        """Give a database with nothing in it."""
        with self._database(None) as engine:
            yield engine

    @contextmanager
    def _database(self, template: str | None) -> Iterator[sa.Engine]:
        name, engine = self._free.pop() if self._free else self._place()
        self._make(name, template)
        try:
            yield engine
        finally:
            engine.dispose()
            self._remove(name)
            self._free.append((name, engine))

    def _place(self) -> tuple[str, sa.Engine]:
        number = next(self._numbers)
        if self._server is not None:
            return f"ledger_{number}", open_engine(self._server.url(f"ledger_{number}"))
        path = self._folder / f"ledger-{number}.sqlite3"
        return str(path), open_engine(f"sqlite:///{path}")

    def _make(self, name: str, template: str | None) -> None:
        if self._server is not None:
            self._server.create(name, template or "template1")
        elif template is not None:
            shutil.copyfile(template, name)

    def _remove(self, name: str) -> None:
        if self._server is not None:
            self._server.drop(name)
            return
        for ending in ("", "-wal", "-shm"):
            Path(name + ending).unlink(missing_ok=True)


@cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite3"
        engine = open_engine(f"sqlite:///{path}")
        schema.upgrade(engine)
        engine.dispose()
        return path.read_bytes()


def put_migrated(path: Path) -> None:
    """Put an empty ledger at this program's schema where one is opened next, which would take longer to migrate."""
    path.write_bytes(_migrated_file())
    path.chmod(0o600)


def at_revision(engine: sa.Engine, revision: str) -> None:
    """Give an empty database the schema that it had at some revision."""
    config = schema._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def rows(engine: sa.Engine, query: sa.Select[tuple[object, ...]] | sa.Table) -> list[dict[str, object]]:
    """Give the rows of a table or query, by column name."""
    select = sa.select(query) if isinstance(query, sa.Table) else query
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(select).mappings()]


def each(engine: sa.Engine, *units: Callable[[sa.Connection], object]) -> None:
    """Run units of work, each in a transaction of its own."""
    for unit in units:
        with engine.begin() as connection:
            unit(connection)
