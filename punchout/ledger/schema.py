"""The whole schema, and bringing a database to it. A database that is newer than this program is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from punchout.ledger.tables import base, control, decisions, facts, logs, projections

METADATA = base.METADATA
MODULES = (facts, decisions, control, logs, projections)
"""The table modules; importing them here is what fills METADATA."""

_MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaMismatchError(RuntimeError):
    """The database's schema is not the one this program works with."""


def upgrade(engine: sa.Engine) -> None:
    """Bring the database to this program's schema; does nothing where it is there already.

    Raises:
        SchemaMismatchError: the database was written by a newer version of this program.
    """
    config = _config()
    known = {script.revision for script in _scripts().walk_revisions()}
    with _migrating(engine) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in known:
            message = (
                f"the database is at revision {current}, which this version does not know; install the newer version"
            )
            raise SchemaMismatchError(message)
        if current == head():
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _require_references(connection)


@contextmanager
def _migrating(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a transaction in which SQLite may put a new table in the place of one that others refer to.

    It can do that only while it does not enforce references, and it can be told so only between transactions.
    """
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
        finally:
            if engine.dialect.name == "sqlite":
                driver.execute("PRAGMA foreign_keys=ON")


def _require_references(connection: sa.Connection) -> None:
    """Check what SQLite did not enforce while it migrated."""
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise SchemaMismatchError("the upgrade would leave rows that refer to nothing; nothing was changed")


def head() -> str:
    """Return the revision this program works with."""
    revision = _scripts().get_current_head()
    if revision is None:
        message = "the package holds no migrations"
        raise SchemaMismatchError(message)
    return revision


def current(connection: sa.Connection) -> str | None:
    """Return the database's revision, None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _scripts() -> ScriptDirectory:
    """Give the migrations; reading them takes longer than most commands do, so that it is done once."""
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
