"""Documents whose bytes were purged go over into a replay with their facts: these can be read from nothing any more.

Their identities go over too, so that the same documents, and what repeats or contradicts them, are known as such there.
What follows from the facts is computed anew like everything else.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from punchout.ledger.sql import chunks, insert_all
from punchout.ledger.tables.base import CLASS_OF, METADATA, TableClass
from punchout.ledger.tables.control import DOCUMENT_STATE, IDENTITY
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.upkeep.rebuild import place_exports

_AT_ONCE = 1_000


def carry(source: sa.Connection, target: sa.Connection, documents: Mapping[int, int]) -> None:
    """Put what is known of purged documents into a ledger that has the documents already.

    Args:
        source: the ledger they are in.
        target: in the caller's transaction.
        documents: their numbers there by their numbers here.
    """
    for table in (*_stated_by_documents(), IDENTITY):
        for chunk in chunks(sorted(documents)):
            query = sa.select(table).where(table.c.document_id.in_(chunk)).execution_options(yield_per=_AT_ONCE)
            with source.execute(query) as result:
                for rows in result.mappings().partitions():
                    insert_all(target, table, [{**row, "document_id": documents[row["document_id"]]} for row in rows])
    for row in _verdicts(source, documents):
        target.execute(
            sa.update(DOCUMENT_STATE).where(DOCUMENT_STATE.c.document_id == documents[row["document_id"]]).values(
                state=row["state"], reason=row["reason"], place=row["place"], detail=row["detail"],
                resolution="pending" if row["state"] == "accepted" else None,
            )
        )  # fmt: skip


def place_carried(source: sa.Connection, target: sa.Connection) -> None:
    """Say what rows of purged exports belong to, and which documents purged ones repeat, once all went over."""
    place_exports(target)
    repeating, repeated = DOCUMENT.alias("repeating"), DOCUMENT.alias("repeated")
    query = (
        sa.select(*_identity(repeating, "repeating"), *_identity(repeated, "repeated"))
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == repeating.c.id)
        .join(repeated, repeated.c.id == DOCUMENT_STATE.c.duplicate_of)
        .where(repeating.c.purge_id.is_not(None), DOCUMENT_STATE.c.state != "superseded")
    )
    with source.execute(query.execution_options(yield_per=_AT_ONCE)) as rows:
        for row in rows.mappings():
            of, holder = _number(target, row, "repeating"), _number(target, row, "repeated")
            target.execute(
                sa.update(DOCUMENT_STATE).where(DOCUMENT_STATE.c.document_id == of).values(duplicate_of=holder)
            )


def _stated_by_documents() -> list[sa.Table]:
    return [
        table
        for table in METADATA.sorted_tables
        if CLASS_OF[table.name] is TableClass.FACT and "document_id" in table.columns
    ]


def _verdicts(source: sa.Connection, documents: Mapping[int, int]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for chunk in chunks(sorted(documents)):
        query = sa.select(DOCUMENT_STATE).where(DOCUMENT_STATE.c.document_id.in_(chunk))
        found += [dict(row) for row in source.execute(query).mappings()]
    return found


_IDENTITY = ("company", "supplier", "content", "received_sha256")


def _identity(document: sa.FromClause, prefix: str) -> list[sa.ColumnElement[Any]]:
    return [document.c[name].label(f"{prefix}_{name}") for name in _IDENTITY]


def _number(target: sa.Connection, row: Mapping[Any, Any], prefix: str) -> int:
    """Return a document's number in the replay, where every document has one reading."""
    same = (DOCUMENT.c[name] == row[f"{prefix}_{name}"] for name in _IDENTITY)
    number: int = target.execute(sa.select(DOCUMENT.c.id).where(*same)).scalar_one()
    return number
