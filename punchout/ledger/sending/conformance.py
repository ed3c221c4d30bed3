"""The recorded check that a supplier takes a repeated payloadID for the same order, and what follows from it.

The check: one order is sent twice to the supplier's test site, and a named person looks how many came of it. Only then
may an answer that leaves open whether the order was taken lead to a repetition. The last record of an account counts.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger.runs import audit
from punchout.ledger.sql import insert_all
from punchout.ledger.tables.decisions import CONFORMANCE
from punchout.model.keys import Account
from punchout.model.moments import Micros


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformanceCheck:
    """What was done and seen.

    Attributes:
        payload_id: of the order that was sent twice.
        site: the address it was sent to.
        answers: what came back, one line for each time.
        orders_seen: how many orders the supplier made of it.
        by: who looked.
        evidence: where, and what was found.
    """

    payload_id: str
    site: str
    answers: tuple[str, ...]
    orders_seen: int
    by: str
    evidence: str
    at: Micros


def record(connection: sa.Connection, account: Account, check: ConformanceCheck) -> None:
    """Write down a check, in the caller's transaction."""
    row = {
        "company": account.company,
        "supplier": account.supplier,
        "payload_id": check.payload_id,
        "site": check.site,
        "answers": json.dumps(check.answers),
        "orders_seen": check.orders_seen,
        "by": check.by,
        "evidence": check.evidence,
        "at": check.at,
    }
    insert_all(connection, CONFORMANCE, [row])
    seen = f"{check.orders_seen} seen: {check.evidence}"
    audit(connection, check.at, check.by, "outbox conformance", check.payload_id, seen)


def checks(connection: sa.Connection, account: Account) -> Sequence[ConformanceCheck]:
    """Return the checks of an account, the first one first."""
    columns = CONFORMANCE.c
    query = (
        sa.select(CONFORMANCE)
        .where(columns.company == account.company, columns.supplier == account.supplier)
        .order_by(columns.at, columns.id)
    )
    return [
        ConformanceCheck(
            payload_id=row.payload_id,
            site=row.site,
            answers=tuple(json.loads(row.answers)),
            orders_seen=row.orders_seen,
            by=row.by,
            evidence=row.evidence,
            at=row.at,
        )
        for row in connection.execute(query)
    ]


def is_shown(connection: sa.Connection, account: Account) -> bool:
    """Tell whether the last check saw one order."""
    found = checks(connection, account)
    return bool(found) and found[-1].orders_seen == 1
