"""The few statements that the two databases spell differently, and bulk writes."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

T = TypeVar("T")

# SQLite allows 32,766 parameters a statement.
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
    """Insert rows that must be new; all have the same columns, with a value for each that has no other default."""
    if not rows:
        return
    statement, values_of = _insert(connection.dialect.name, table, tuple(rows[0]))
    connection.exec_driver_sql(statement, [values_of(row) for row in rows])


@cache
def _insert(
    database: str, table: sa.Table, names: tuple[str, ...]
) -> tuple[str, Callable[[Mapping[str, Any]], tuple[Any, ...]]]:
    """Return an insert as the driver takes it, and what gives a row's values in its order.

    SQLAlchemy would look at every value of every row again, and change none: a test holds the tables to types whose
    values both drivers take as they are.
    """
    dialects: dict[str, Callable[..., sa.Dialect]] = {"sqlite": pysqlite.dialect, "postgresql": psycopg.dialect}
    by_position = dialects[database](paramstyle="qmark" if database == "sqlite" else "format")
    statement = sa.insert(table).inline().values({name: sa.bindparam(name) for name in names})
    compiled = statement.compile(dialect=by_position)
    order = compiled.positiontup or []
    return str(compiled), itemgetter(*order) if len(order) > 1 else lambda row: (row[order[0]],)


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
    """Match rows whose columns, of texts or whole numbers, equal one of the given key tuples."""
    if not keys:
        return sa.false()
    return _KeyIn(sa.tuple_(*columns), sa.bindparam("keys", keys, type_=_Keys, unique=True))


class _Keys(sa.TypeDecorator[Sequence[Sequence[Any]]]):
    """Keys as one JSON text: as values of their own, SQLAlchemy and the database would take each one by one apart."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[Sequence[Any]] | None, dialect: sa.Dialect) -> str:  # noqa: ARG002
        """Return the keys as JSON."""
        return json.dumps([list(key) for key in value or ()], ensure_ascii=False)


class _KeyIn(FunctionElement[Any]):
    """Row values that are among others."""

    inherit_cache = True
    # As a Boolean it would be compared with 1 on SQLite, and no index looked into.
    type: sa.types.TypeEngine[Any] = sa.types.NullType()


@compiles(_KeyIn, "postgresql")
def _key_in_for_postgresql(element: _KeyIn, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - handed on
    columns, keys = element.clauses
    parts = [
        f"(key.part ->> {at}){'::bigint' if isinstance(column.type, sa.Integer) else ''}"
        for at, column in enumerate(columns.clauses)
    ]
    listed = f"jsonb_array_elements(CAST({compiler.process(keys, **options)} AS jsonb)) AS key(part)"
    return f"{compiler.process(columns, **options)} IN (SELECT {', '.join(parts)} FROM {listed})"  # noqa: S608 - bound


@compiles(_KeyIn, "sqlite")
def _key_in_for_sqlite(element: _KeyIn, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - handed on
    columns, keys = element.clauses
    parts = [f"json_extract(value, '$[{at}]')" for at in range(len(columns.clauses))]
    listed = f"json_each({compiler.process(keys, **options)})"
    return f"{compiler.process(columns, **options)} IN (SELECT {', '.join(parts)} FROM {listed})"  # noqa: S608 - bound
