"""The promise that no secret is kept: not in a document, an order, a log or a reason."""

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from punchout.ledger.bodies import BODY, BodyLostError, body_of
from punchout.ledger.invariants.finding import Finding, finding
from punchout.ledger.tables.base import METADATA
from punchout.ledger.tables.facts import DOCUMENT, ORDER_BODY

_SHORTEST = 8
"""A shorter secret would be found in words that have nothing to do with it."""


def no_secret_is_kept(connection: sa.Connection, secrets: Sequence[str]) -> Finding:
    """I19: none of the configured secrets stands anywhere in the ledger. What is wrong names the table alone."""
    sought = [secret for secret in secrets if len(secret) >= _SHORTEST]
    wrong = {f"a secret stands in {place}" for secret in sought for place in _places(connection, secret)}
    return finding("I19", "No secret is kept in the ledger", wrong)


def _places(connection: sa.Connection, secret: str) -> Iterator[str]:
    for table in METADATA.sorted_tables:
        texts = [column for column in table.columns if isinstance(column.type, sa.Text)]
        if texts:
            holds = sa.or_(*(column.contains(secret, autoescape=True) for column in texts))
            if connection.execute(sa.select(sa.literal(1)).select_from(table).where(holds).limit(1)).first():
                yield table.name
    in_order = sa.literal("zlib").label("codec"), ORDER_BODY.c.payload_id.label("stored_sha256"), ORDER_BODY.c.body
    for table, columns in ((DOCUMENT, BODY), (ORDER_BODY, in_order)):
        # Closed also where the first one is enough: a cursor of the server's is nobody else's to close.
        with connection.execute(sa.select(*columns), execution_options={"yield_per": 100}) as rows:
            if any(secret.encode() in _plain(connection, row) for row in rows):
                yield table.name


def _plain(connection: sa.Connection, row: sa.Row[Any]) -> bytes:
    try:
        return body_of(connection, row)
    except (BodyLostError, zlib.error):
        return bytes(row.body)  # lost or damaged, which is for another promise to say
