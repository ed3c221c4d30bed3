"""One hash over everything the ledger concludes: equal for equal facts, whatever the order they came in.

It covers the projections in key order. Surrogate ids, run ids and times of observation are no part of them.
"""

import hashlib

import sqlalchemy as sa

from punchout.ledger.tables import projections

COVERED = (
    projections.REQUEST_STAGE,
    projections.LINE_POSITION,
    projections.LINK,
    projections.DOCUMENT_VERSION,
    projections.TIMELINE,
    projections.EXCEPTION,
    projections.SUGGESTION,
    projections.CHARGE,
    projections.THREE_WAY,
)


def ledger_hash(connection: sa.Connection) -> str:
    """Return the hexadecimal hash of the ledger's conclusions."""
    digest = hashlib.sha256()
    for table in COVERED:
        digest.update(f"{table.name}\n".encode())
        # Sorted here, because two databases need not agree on the order of texts.
        rows = sorted(_canonical(row) for row in connection.execute(sa.select(table)))
        for row in rows:
            digest.update(row)
    return digest.hexdigest()


def _canonical(row: sa.Row[tuple[object, ...]]) -> bytes:
    return repr(tuple(row)).encode() + b"\n"
