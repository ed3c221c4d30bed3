"""Documents that wait for a verdict, and the verdicts: how they are claimed, and how a verdict becomes a state.

What the verdict is, is for `judging` to say of cXML, and for `import_exports` of Business Central's exports.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from punchout.ledger.bodies import BODY, body_of
from punchout.ledger.sql import for_update
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT
from punchout.model.codes import Code
from punchout.model.keys import Account


@dataclass(frozen=True, slots=True)
class Pending:
    """A document that waits to be read."""

    document_id: int
    account: Account
    content: str
    received_sha256: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a document: its state, and the reason where it is not accepted."""

    document_id: int
    state: str
    reason: Code | None = None
    place: str | None = None
    detail: str | None = None
    duplicate_of: int | None = None


def claim_received(
    connection: sa.Connection, contents: Sequence[str], limit: int, only: Collection[int] | None = None
) -> list[Pending]:
    """Take received documents of some contents in their order, so that no other worker judges them.

    Of `only` some, those are not taken that another worker is judging already.
    """
    stated = DOCUMENT.c
    query = (
        sa.select(stated.id, stated.company, stated.supplier, stated.content, stated.received_sha256, *BODY)
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
        .where(DOCUMENT_STATE.c.state == "received", DOCUMENT.c.content.in_(contents))
        .order_by(DOCUMENT.c.id)
        .limit(limit)
    )
    query = query if only is None else query.where(DOCUMENT.c.id.in_(only))
    rows = connection.execute(for_update(connection, query, skip_locked=True)).all()
    return [
        Pending(row.id, Account(row.company, row.supplier), row.content, row.received_sha256, body_of(connection, row))
        for row in rows
    ]


def write_verdicts(connection: sa.Connection, verdicts: Sequence[Verdict]) -> None:
    """Set the state of judged documents; accepted ones wait to be resolved."""
    if not verdicts:
        return
    statement = (
        sa.update(DOCUMENT_STATE)
        .where(DOCUMENT_STATE.c.document_id == sa.bindparam("of_document"))
        .values(
            {
                name: sa.bindparam(f"to_{name}")
                for name in ("state", "resolution", "reason", "place", "detail", "duplicate_of")
            }
        )
    )
    connection.execute(statement, [_state_row(verdict) for verdict in verdicts])


def _state_row(verdict: Verdict) -> dict[str, Any]:
    return {
        "of_document": verdict.document_id,
        "to_state": verdict.state,
        "to_resolution": "pending" if verdict.state == "accepted" else None,
        "to_reason": verdict.reason,
        "to_place": verdict.place,
        "to_detail": verdict.detail,
        "to_duplicate_of": verdict.duplicate_of,
    }
