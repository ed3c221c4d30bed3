"""Unit of work: receive. Bytes become a document, once; every sighting is logged.

The caller removes the file from its mailbox only after this has committed. Company and supplier come from the feed,
never from what the document says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from punchout.ledger import document_exceptions
from punchout.ledger.bodies import keep, sha256
from punchout.ledger.draining import Tally
from punchout.ledger.sql import chunks, insert_all, insert_if_new, key_in, upsert
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

PART = "bc_part"
"""The content of a file that a manifest of Business Central names. Another manifest may name the same bytes again."""

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
    return _sighted(connection, [_Bytes.of(arrival) for arrival in arrivals], at)


def receive_too_large(connection: sa.Connection, found: TooLarge, at: Micros) -> Receipt:
    """List a file above the size bound in quarantine, once, and log the sighting.

    Its content is one of its own, so that the same bytes are a new document once the bound lets them be read.
    """
    arrival = Arrival(found.account, TOO_LARGE, found.feed, found.name, b"")
    (sighting,) = _sighted(connection, [_Bytes(arrival, found.received_sha256, found.size)], at)
    if not sighting.is_first:
        return Receipt(total=1)
    reason = Code.XML_REJECTED if found.content == "cxml" else Code.EXPORT_INVALID
    connection.execute(
        sa.update(DOCUMENT_STATE)
        .where(DOCUMENT_STATE.c.document_id == sighting.document_id)
        .values(state="quarantined", reason=reason.value, detail=found.detail)
    )
    row = document_exceptions.exception_row(found.account, reason, found.received_sha256, found.detail)
    upsert(connection, EXCEPTION, [row])
    return Receipt(total=1, new=1)


_Identity: TypeAlias = tuple[str, str, str, str]
"""Company, supplier, content, and the hash of the bytes: what arrivals of the same document have in common."""

_IDENTITY = (DOCUMENT.c.company, DOCUMENT.c.supplier, DOCUMENT.c.content, DOCUMENT.c.received_sha256)


@dataclass(frozen=True, slots=True)
class _Bytes:
    """An arrival with the hash and the size of its bytes, which need not be at hand."""

    arrival: Arrival
    received_sha256: str
    size: int

    @classmethod
    def of(cls, arrival: Arrival) -> "_Bytes":
        return cls(arrival, sha256(arrival.data), len(arrival.data))

    @property
    def identity(self) -> _Identity:
        account = self.arrival.account
        return (account.company, account.supplier, self.arrival.content, self.received_sha256)


def _sighted(connection: sa.Connection, came: Sequence[_Bytes], at: Micros) -> list[Sighting]:
    unseen: dict[_Identity, _Bytes] = {}
    for one in came:
        unseen.setdefault(one.identity, one)
    known = _known(connection, list(unseen))
    missing = [one for identity, one in unseen.items() if identity not in known]
    erased = _erased_parts(connection, [one.identity for one in missing])
    stored = _store(connection, missing, erased, at)
    known |= stored
    known |= _known(connection, [identity for identity in unseen if identity not in known])
    if len(known) != len(unseen):
        raise RuntimeError("a document that another worker has stored cannot be seen")
    sightings = []
    for one in came:
        is_first = stored.pop(one.identity, None) is not None and one.identity not in erased
        sightings.append(Sighting(known[one.identity], is_first))
    _log(connection, [one.arrival for one in came], sightings, at)
    return sightings


def _known(connection: sa.Connection, identities: Sequence[_Identity]) -> dict[_Identity, int]:
    """Return which documents are here, each as its latest reading.

    One whose bytes were purged is here all the same, but for a file whose bytes are needed once more.
    """
    found: dict[_Identity, int] = {}
    is_here = sa.or_(DOCUMENT.c.purge_id.is_(None), DOCUMENT.c.content != PART)
    for chunk in chunks(identities):
        query = sa.select(*_IDENTITY, DOCUMENT.c.id).where(key_in(_IDENTITY, chunk), is_here)
        query = query.order_by(DOCUMENT.c.reading)
        for *identity, document_id in connection.execute(query):
            company, supplier, content, digest = identity
            found[company, supplier, content, digest] = document_id
    return found


def _erased_parts(connection: sa.Connection, identities: Sequence[_Identity]) -> dict[_Identity, sa.Row[Any]]:
    """Return the files among some bytes that were here and were purged, each as its latest reading."""
    found: dict[_Identity, sa.Row[Any]] = {}
    for chunk in chunks(one for one in identities if one[2] == PART):
        query: sa.Select[Any] = sa.select(*_IDENTITY, DOCUMENT.c.id, DOCUMENT.c.reading)
        query = query.where(key_in(_IDENTITY, chunk))
        for row in connection.execute(query.order_by(DOCUMENT.c.reading)):
            found[row.company, row.supplier, row.content, row.received_sha256] = row
    return found


def _store(
    connection: sa.Connection, came: Sequence[_Bytes], erased: Mapping[_Identity, sa.Row[Any]], at: Micros
) -> dict[_Identity, int]:
    """Insert documents; returns those that no other worker was faster with.

    What was purged and came again is another reading of the same bytes, in the place of the one before.
    """
    if not came:
        return {}
    readings = {identity: row.reading + 1 for identity, row in erased.items()}
    rows = [_row(connection, one, at) | {"reading": readings.get(one.identity, 1)} for one in came]
    insert = insert_if_new(connection, DOCUMENT).returning(*_IDENTITY, DOCUMENT.c.id)
    stored = {
        (row.company, row.supplier, row.content, row.received_sha256): row.id
        for row in connection.execute(insert, rows)
    }
    states = [
        {"document_id": document_id, "state": "part" if content == PART else "received"}
        for (_, _, content, _), document_id in stored.items()
    ]
    insert_all(connection, DOCUMENT_STATE, states)
    for identity in stored.keys() & erased.keys():
        connection.execute(
            sa.update(DOCUMENT_STATE)
            .where(DOCUMENT_STATE.c.document_id == erased[identity].id)
            .values(state="superseded", detail=f"came again as document {stored[identity]}")
        )
    return stored


def _row(connection: sa.Connection, one: _Bytes, at: Micros) -> dict[str, Any]:
    company, supplier, content, digest = one.identity
    packed = keep(connection, one.arrival.data)
    return {
        "company": company,
        "supplier": supplier,
        "content": content,
        "received_sha256": digest,
        "stored_sha256": packed.stored_sha256,
        "size": one.size,
        "codec": packed.codec,
        "body": packed.data,
        "received_at": at,
    }


def _log(connection: sa.Connection, arrivals: Sequence[Arrival], sightings: Sequence[Sighting], at: Micros) -> None:
    rows = [
        {
            "document_id": sighting.document_id,
            "feed": arrival.feed,
            "name": arrival.name[:255],
            "at": at,
            "is_first": sighting.is_first,
        }
        for arrival, sighting in zip(arrivals, sightings, strict=True)
    ]
    insert_all(connection, DELIVERY, rows)
