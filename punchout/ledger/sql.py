"""The few statements that the two databases spell differently, and bulk writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

T = TypeVar("T")

# SQLite allows 32,766 parameters a statement; keys have at most four columns.
_CHUNK = 500


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose keys are not there yet; the first of several with one key wins."""
    if not rows:
        return
    connection.execute(insert_if_new(connection, table), [dict(row) for row in rows])


def insert_if_new(connection: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """Return the statement that inserts a row unless its key is there already."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def insert_all(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that must be new."""
    if rows:
        connection.execute(sa.insert(table), [dict(row) for row in rows])


def upsert(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, replacing every other column of those whose primary key is there already."""
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    values = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), [dict(row) for row in rows])


def for_update(connection: sa.Connection, query: sa.Select[Any], *, skip_locked: bool = False) -> sa.Select[Any]:
    """Lock what a query selects, where the database locks rows; SQLite holds its one write lock already."""
    return query if connection.dialect.name == "sqlite" else query.with_for_update(skip_locked=skip_locked)


def chunks(values: Iterable[T], size: int = _CHUNK) -> Iterator[list[T]]:
    """Split values into lists short enough for one statement."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def key_in(columns: Sequence[sa.ColumnElement[Any]], keys: Sequence[Sequence[Any]]) -> sa.ColumnElement[bool]:
    """Match rows whose columns equal one of the given key tuples."""
    if not keys:
        return sa.false()
    return _KeyIn(sa.tuple_(*columns), sa.bindparam("keys", [tuple(key) for key in keys], expanding=True, unique=True))


class _KeyIn(FunctionElement[Any]):
    """Row values that are among others."""

    inherit_cache = True
    # As a Boolean it would be compared with 1 on SQLite, and no index looked into.
    type: sa.types.TypeEngine[Any] = sa.types.NullType()


@compiles(_KeyIn)
def _row_in(element: _KeyIn, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - handed on
    columns, keys = element.clauses
    return f"{compiler.process(columns, **options)} IN {compiler.process(keys, **options)}"


@compiles(_KeyIn, "sqlite")
def _row_in_for_sqlite(element: _KeyIn, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - handed on
    """SQLite looks a list of row values up in no index, and reads the whole table, unless it is wrapped in a query."""
    columns, keys = element.clauses
    queried = f"(SELECT * FROM {compiler.process(keys, **options)})"  # noqa: S608 - values are bound
    return f"{compiler.process(columns, **options)} IN {queried}"
