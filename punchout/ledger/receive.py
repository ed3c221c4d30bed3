"""Unit of work: receive. Bytes become a document, once; every sighting is logged.

The caller removes the file from its mailbox only after this has committed. Company and supplier come from the feed,
never from what the document says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger.bodies import pack, sha256
from punchout.ledger.draining import Tally
from punchout.ledger.sql import insert_all
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.tables.logs import DELIVERY
from punchout.model.keys import Account
from punchout.model.moments import Micros


@dataclass(frozen=True, slots=True)
class Arrival:
    """Bytes as they came.

    Attributes:
        content: how they are to be read: `cxml`, `bc_requests`, `bc_orders`, or `bc_part` for a file that a manifest
            names.
        name: the remote name; data only, never a path.
    """

    account: Account
    content: str
    feed: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Tally):
    """How many arrivals there were, and how many of them were new; the others had been received before."""

    new: int = 0


def receive(connection: sa.Connection, arrivals: Sequence[Arrival], at: Micros) -> Receipt:
    """Store what is new and log every sighting, in the caller's transaction."""
    new = 0
    for arrival in arrivals:
        digest = sha256(arrival.data)
        known = _find(connection, arrival, digest)
        document_id = known if known is not None else _store(connection, arrival, digest, at)
        is_first = known is None and document_id is not None
        if document_id is None:
            document_id = _find(connection, arrival, digest)
        insert_all(
            connection,
            DELIVERY,
            [
                {
                    "document_id": document_id,
                    "feed": arrival.feed,
                    "name": arrival.name[:255],
                    "at": at,
                    "is_first": is_first,
                }
            ],
        )
        new += is_first
    return Receipt(total=len(arrivals), new=new)


def _find(connection: sa.Connection, arrival: Arrival, digest: str) -> int | None:
    return connection.execute(
        sa.select(DOCUMENT.c.id)
        .where(
            DOCUMENT.c.company == arrival.account.company,
            DOCUMENT.c.supplier == arrival.account.supplier,
            DOCUMENT.c.content == arrival.content,
            DOCUMENT.c.received_sha256 == digest,
        )
        .order_by(DOCUMENT.c.reading.desc())
        .limit(1)
    ).scalar_one_or_none()


def _store(connection: sa.Connection, arrival: Arrival, digest: str, at: Micros) -> int | None:
    """Insert the document; None where another worker was faster."""
    packed = pack(arrival.data)
    row = {
        "company": arrival.account.company,
        "supplier": arrival.account.supplier,
        "content": arrival.content,
        "received_sha256": digest,
        "stored_sha256": packed.stored_sha256,
        "size": len(arrival.data),
        "codec": packed.codec,
        "body": packed.data,
        "received_at": at,
    }
    try:
        with connection.begin_nested():
            stored = connection.execute(sa.insert(DOCUMENT).values(row).returning(DOCUMENT.c.id))
            document_id: int = stored.scalar_one()
    except sa.exc.IntegrityError:
        return None
    state = "part" if arrival.content == "bc_part" else "received"
    insert_all(connection, DOCUMENT_STATE, [{"document_id": document_id, "state": state}])
    return document_id
