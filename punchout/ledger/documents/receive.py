"""Unit of work: receive. Bytes become a document, once; every sighting is logged.

The caller removes the file from its mailbox only after this has committed. Company and supplier come from the feed,
never from what the document says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger import document_exceptions
from punchout.ledger.bodies import pack, sha256
from punchout.ledger.draining import Tally
from punchout.ledger.sql import insert_all, upsert
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.tables.logs import DELIVERY
from punchout.ledger.tables.projections import EXCEPTION
from punchout.model.codes import Code
from punchout.model.keys import Account
from punchout.model.moments import Micros


@dataclass(frozen=True, slots=True)
class Arrival:
    """Bytes as they came.

    Attributes:
        content: how they are to be read: `cxml`, `cart`, `bc_requests`, `bc_orders`, or `bc_part` for a file that a
            manifest names.
        name: the remote name; data only, never a path.
    """

    account: Account
    content: str
    feed: str
    name: str
    data: bytes


CART = "cart"
"""The content of what a user's browser brought. Nobody vouches for it: a cart of a session of ours, or nothing."""

CXML = ("cxml", CART)
"""The contents that are cXML documents."""

TOO_LARGE = "oversize"
"""The content of a document that was never read: only its hash and size are here, its bytes are kept outside."""


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A file above the size bound; `detail` says where its bytes are kept, the other names are those of `Arrival`."""

    account: Account
    content: str
    feed: str
    name: str
    received_sha256: str
    size: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Tally):
    """How many arrivals there were, and how many of them were new; the others had been received before."""

    new: int = 0


@dataclass(frozen=True, slots=True)
class Sighting:
    """The document that an arrival is, and whether these bytes came for the first time."""

    document_id: int
    is_first: bool


def receive(connection: sa.Connection, arrivals: Sequence[Arrival], at: Micros) -> Receipt:
    """Store what is new and log every sighting, in the caller's transaction."""
    new = sum(sighting.is_first for sighting in sighted(connection, arrivals, at))
    return Receipt(total=len(arrivals), new=new)


def sighted(connection: sa.Connection, arrivals: Sequence[Arrival], at: Micros) -> list[Sighting]:
    """Do what `receive` does, and return which document each arrival is, in their order."""
    found = []
    for arrival in arrivals:
        digest = sha256(arrival.data)
        known = _find(connection, arrival, digest)
        document_id = known if known is not None else _store(connection, arrival, digest, at)
        is_first = known is None and document_id is not None
        if document_id is None:
            document_id = _find(connection, arrival, digest)
        if document_id is None:
            raise RuntimeError("a document that another worker has stored cannot be seen")
        _log(connection, arrival, document_id, at, is_first=is_first)
        found.append(Sighting(document_id, is_first))
    return found


def receive_too_large(connection: sa.Connection, found: TooLarge, at: Micros) -> Receipt:
    """List a file above the size bound in quarantine, once, and log the sighting.

    Its content is one of its own, so that the same bytes are a new document once the bound lets them be read.
    """
    arrival = Arrival(found.account, TOO_LARGE, found.feed, found.name, b"")
    known = _find(connection, arrival, found.received_sha256)
    document_id = known if known is not None else _store(connection, arrival, found.received_sha256, at, found.size)
    is_first = known is None and document_id is not None
    if document_id is None:
        document_id = _find(connection, arrival, found.received_sha256)
    _log(connection, arrival, document_id, at, is_first=is_first)
    if not is_first:
        return Receipt(total=1)
    reason = Code.XML_REJECTED if found.content == "cxml" else Code.EXPORT_INVALID
    connection.execute(
        sa.update(DOCUMENT_STATE)
        .where(DOCUMENT_STATE.c.document_id == document_id)
        .values(state="quarantined", reason=reason.value, detail=found.detail)
    )
    row = document_exceptions.exception_row(found.account, reason, found.received_sha256, found.detail)
    upsert(connection, EXCEPTION, [row])
    return Receipt(total=1, new=1)


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


def _log(connection: sa.Connection, arrival: Arrival, document_id: int | None, at: Micros, *, is_first: bool) -> None:
    sighting = {
        "document_id": document_id,
        "feed": arrival.feed,
        "name": arrival.name[:255],
        "at": at,
        "is_first": is_first,
    }
    insert_all(connection, DELIVERY, [sighting])


def _store(connection: sa.Connection, arrival: Arrival, digest: str, at: Micros, size: int | None = None) -> int | None:
    """Insert the document; None where another worker was faster."""
    packed = pack(arrival.data)
    row = {
        "company": arrival.account.company,
        "supplier": arrival.account.supplier,
        "content": arrival.content,
        "received_sha256": digest,
        "stored_sha256": packed.stored_sha256,
        "size": len(arrival.data) if size is None else size,
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
