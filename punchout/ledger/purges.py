"""What was erased: how its absence is marked, and who erased it.

How it is erased, and what may be, is `punchout.ledger.retention`.
"""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger.sql import chunks
from punchout.ledger.tables.decisions import PURGE
from punchout.ledger.tables.facts import DOCUMENT
from punchout.model.moments import Micros, iso_utc

PURGED = "purged"
"""The codec of a document whose bytes were erased: there is nothing to unpack."""


@dataclass(frozen=True, slots=True)
class Purged:
    """By whom, when and why the bytes of a document or an order were erased."""

    at: Micros
    by: str
    reason: str | None

    def __str__(self) -> str:
        why = f" ({self.reason})" if self.reason else ""
        return f"bytes purged on {iso_utc(self.at)} by {self.by}{why}"


def purges_of(connection: sa.Connection, documents: Collection[int]) -> dict[int, Purged]:
    """Return the purges of those of some documents whose bytes were erased."""
    found: dict[int, Purged] = {}
    for chunk in chunks(sorted(documents)):
        query = (
            sa.select(DOCUMENT.c.id, PURGE.c.at, PURGE.c.by, PURGE.c.reason)
            .join(PURGE, PURGE.c.purge_id == DOCUMENT.c.purge_id)
            .where(DOCUMENT.c.id.in_(chunk))
        )
        found |= {row.id: Purged(row.at, row.by, row.reason) for row in connection.execute(query)}
    return found


def purge_named(connection: sa.Connection, purge_id: str) -> Purged:
    """Return one purge."""
    row = connection.execute(sa.select(PURGE).where(PURGE.c.purge_id == purge_id)).one()
    return Purged(row.at, row.by, row.reason)
