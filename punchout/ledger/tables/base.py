"""The one MetaData, and the mark that says which class a table belongs to."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class TableClass(StrEnum):
    """What may happen to a table's rows.

    Facts and decisions are only ever inserted; a log only grows, and is no part of the ledger's meaning; control rows
    come and go with the work; projections are dropped and rebuilt from facts and decisions.
    """

    FACT = "fact"
    DECISION = "decision"
    CONTROL = "control"
    LOG = "log"
    PROJECTION = "projection"


CLASS_OF: dict[str, TableClass] = {}
"""The class of every table, by name; filled as the tables are defined."""


def table(name: str, table_class: TableClass, *parts: sa.schema.SchemaItem) -> sa.Table:
    """Define a table of the ledger."""
    CLASS_OF[name] = table_class
    return sa.Table(name, METADATA, *parts, sqlite_autoincrement=_hands_out_ids(parts))


def account_columns(*, primary_key: bool = False) -> list[sa.Column[Any]]:
    """Company and supplier, part of every business key."""
    return [
        sa.Column("company", sa.Text, primary_key=primary_key, nullable=False),
        sa.Column("supplier", sa.Text, primary_key=primary_key, nullable=False),
    ]


def request_columns(*, primary_key: bool = False) -> list[sa.Column[Any]]:
    """The key of a punchout request."""
    return [
        *account_columns(primary_key=primary_key),
        sa.Column("request_no", sa.Text, primary_key=primary_key, nullable=False),
    ]


def _hands_out_ids(parts: tuple[sa.schema.SchemaItem, ...]) -> bool:
    return any(isinstance(part, sa.Column) and part.primary_key and part.autoincrement is True for part in parts)
