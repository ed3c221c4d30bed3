"""A home as an earlier version of the program left it: the rows of its ledger, in the tables of then."""

import sqlite3
from contextlib import closing
from pathlib import Path

from punchout.ledger.engine import open_engine
from resources.epoch_note import NAME as EPOCH_NOTE
from tests.support.ledgers import at_revision

# What later versions have made out of what was there, and make again.
_SINCE = (
    "DELETE FROM reference WHERE kind IN ('order_form', 'original', 'original_payload')",
    "DELETE FROM identifier WHERE kind = 'order_form'",
)


def put_back(home: Path, revision: str) -> None:
    """Put a ledger that is at rest into the tables of an earlier schema; columns of later ones are left out."""
    ledger, later = home / "ledger.sqlite3", home / "later.sqlite3"
    ledger.replace(later)
    engine = open_engine(f"sqlite:///{ledger}")
    at_revision(engine, revision)
    engine.dispose()
    with closing(sqlite3.connect(ledger, isolation_level=None)) as database:
        database.execute("ATTACH DATABASE ? AS later", (str(later),))
        database.execute("BEGIN")
        for table in sorted(_tables(database, "main") & _tables(database, "later")):
            _copy(database, table)
        for statement in _SINCE:
            database.execute(statement)
        database.execute("COMMIT")
    later.unlink()
    # It was not kept then.
    (home / EPOCH_NOTE).unlink(missing_ok=True)


def _tables(database: sqlite3.Connection, schema: str) -> set[str]:
    names = f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'"  # noqa: S608 - one of two words
    return {name for (name,) in database.execute(names)} - {"alembic_version"}


def _copy(database: sqlite3.Connection, table: str) -> None:
    both = [
        [row[0] for row in database.execute("SELECT name FROM pragma_table_info(?, ?)", (table, schema))]
        for schema in ("main", "later")
    ]
    columns = ", ".join(f'"{name}"' for name in both[0] if name in both[1])
    database.execute(f'DELETE FROM main."{table}"')  # noqa: S608 - a name that the schema gave
    database.execute(f'INSERT INTO main."{table}" ({columns}) SELECT {columns} FROM later."{table}"')  # noqa: S608 - as above
