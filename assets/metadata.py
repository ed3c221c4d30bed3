"""Metadata of a materialization: how many rows there are, which columns they have and where these come from.

Everything is computed from the ledger's tables and from `columns`. No text of a document is in it, and nothing that a
browser would render.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

import dagster as dg
import sqlalchemy as sa

from assets.columns import LINEAGE, TABLES, named_in_lineage
from punchout.ledger.engine import reading
from punchout.ledger.types import Exact, Instant

Counts: TypeAlias = Mapping[str, int | Mapping[str, int]]
"""What a step did, by name; a count may itself be one by reason. Counts of one name from several steps add up."""

# What stands beside a value to say how it was written: no column that anything is computed from.
_COMPANIONS = ("_text", "_repair", "_day")
_UNITS: Mapping[type, str] = {Exact: "millionths", Instant: "microseconds since 1970, UTC"}


def described(asset: str, engine: sa.Engine, counts: Counts) -> dict[str, dg.MetadataValue]:
    """Return the metadata of one materialization: counts, rows in its table, columns and their lineage."""
    return {
        **{name: _value(count) for name, count in counts.items()},
        "dagster/row_count": dg.MetadataValue.int(row_count(engine, TABLES[asset][0])),
        **columns_of(asset),
    }


def row_count(engine: sa.Engine, table: sa.Table) -> int:
    """Return how many rows a table has."""
    with reading(engine) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@cache
def columns_of(asset: str) -> Mapping[str, dg.MetadataValue]:
    """Return the column schema of an asset and the lineage of its columns.

    Of the first table every column is shown, of the others those that lineage speaks of: Dagster stores all this anew
    with every run.
    """
    schema = dg.TableSchema(columns=[_column(name, column) for name, column in _shown(asset)])
    found: dict[str, dg.MetadataValue] = {"dagster/column_schema": dg.MetadataValue.table_schema(schema)}
    if asset in LINEAGE:
        deps = {
            column: [dg.TableColumnDep(asset_key=dg.AssetKey(of), column_name=name) for of, name in sources]
            for column, sources in LINEAGE[asset].items()
        }
        found["dagster/column_lineage"] = dg.MetadataValue.column_lineage(dg.TableColumnLineage(deps))
    return found


def _shown(asset: str) -> Iterator[tuple[str, sa.Column[Any]]]:
    tables = TABLES[asset]
    named = named_in_lineage(asset)
    for table in tables:
        names = {column.name for column in table.columns}
        for column in table.columns:
            name = column.name if len(tables) == 1 else f"{table.name}.{column.name}"
            is_companion = any(column.name.removesuffix(suffix) in names - {column.name} for suffix in _COMPANIONS)
            if name in named or (table is tables[0] and not is_companion):
                yield name, column


def _column(name: str, column: sa.Column[Any]) -> dg.TableColumn:
    constraints = dg.TableColumnConstraints(nullable=bool(column.nullable))
    kind = type(column.type)
    return dg.TableColumn(name=name, type=kind.__name__.lower(), description=_UNITS.get(kind), constraints=constraints)


def _value(count: int | Mapping[str, int]) -> dg.MetadataValue:
    return dg.MetadataValue.int(count) if isinstance(count, int) else dg.MetadataValue.json(dict(count))
