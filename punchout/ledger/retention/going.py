"""Which documents go: those that speak of finished requests alone, and what depends on nothing that stays.

A document that waits, or that a person is still to decide about, never goes. One that repeats another goes with or
after it, an earlier reading with the one that counts, and a file that manifests name when none of these is kept.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

import sqlalchemy as sa

from punchout.ledger.bodies import BODY, body_of
from punchout.ledger.documents.receive import TOO_LARGE
from punchout.ledger.resolving.assigning import assignments
from punchout.ledger.sql import chunks, key_in
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.tables.logs import DELIVERY
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros

_AT_ONCE = 200
_PLACED = ("resolved", "inferred")
_EXPORTS = ("bc_requests", "bc_orders")
_IDENTITY = ("company", "supplier", "content", "received_sha256")

NamedParts: TypeAlias = Callable[[bytes], frozenset[str]]
"""The sha256 of the files that an export names; nothing for one that is no manifest."""
Over: TypeAlias = Callable[[AbstractSet[RequestKey]], AbstractSet[RequestKey]]
"""Returns those of some requests that are over."""
Found: TypeAlias = tuple[list[int], int | None]
"""Documents, and the number after which to go on; None where there are no more."""
Step: TypeAlias = Callable[[sa.Connection, int], Found]
"""Finds the next documents after some number."""


class KeptDocument(StrEnum):
    """Why a document that is old enough is not erased."""

    OF_KEPT = "speaks of a request that is kept"
    UNDECIDED = "is in quarantine, and still to be decided about"
    WAITING = "waits to be read, or for its order"
    REPEATS = "repeats, or was read again as, a document that is kept"
    NAMED = "is named by an export that is kept"
    OUTSIDE = "was too large to be read: its bytes lie outside the ledger"


_REASONS: Mapping[str, KeptDocument] = {
    "accepted": KeptDocument.OF_KEPT,
    "quarantined": KeptDocument.UNDECIDED,
    "received": KeptDocument.WAITING,
    "duplicate": KeptDocument.REPEATS,
    "superseded": KeptDocument.REPEATS,
    "part": KeptDocument.NAMED,
}


@dataclass
class Going:
    """The documents that go, some at a time; each was received before a moment.

    Attributes:
        before: the moment.
        named_parts: reads what an export names.
        gone: those that went already, or would have.
    """

    before: Micros
    named_parts: NamedParts
    gone: set[int] = field(default_factory=set)
    _named: dict[int, frozenset[str]] = field(default_factory=dict)

    def of_requests(self, connection: sa.Connection, keys: Iterable[RequestKey], over: Over) -> list[int]:
        """Return the documents of some requests that speak of requests alone that are over."""
        document, key = DOCUMENT.c, (ASSIGNMENT.c.company, ASSIGNMENT.c.supplier, ASSIGNMENT.c.request_no)
        found: set[int] = set()
        for chunk in chunks(sorted(keys)):
            wanted = [(one.company, one.supplier, one.request_no) for one in chunk]
            query = self._old(document.id).join(ASSIGNMENT, ASSIGNMENT.c.document_id == document.id)
            placed = query.where(*self._counts(), key_in(key, wanted)).distinct()
            found |= set(connection.execute(placed).scalars())
        owners = [(i, owner) for (i, _), (owner, _) in assignments(connection, sorted(found - self.gone)).items()]
        ended = over({owner for _, owner in owners})
        kept = {i for i, owner in owners if owner not in ended}
        return self._go(found - self.gone - kept)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Give what goes beside the documents of requests, in the order in which one depends on another."""
        return (self._in_no_request, self._dismissed, self._read_again, self._duplicates, self._parts)

    def _in_no_request(self, connection: sa.Connection, after: int) -> Found:
        """Documents that count and speak of no request, such as an export that brought nothing new."""
        is_placed = sa.select(ASSIGNMENT.c.document_id).where(ASSIGNMENT.c.document_id == DOCUMENT.c.id).exists()
        rows, last = self._next(connection, after, *self._counts(), ~is_placed)
        return self._go(row.id for row in rows), last

    def _dismissed(self, connection: sa.Connection, after: int) -> Found:
        """Documents that a person took off the list."""
        state = DOCUMENT_STATE.c.state
        rows, last = self._next(connection, after, state == "dismissed", DOCUMENT.c.content != TOO_LARGE)
        return self._go(row.id for row in rows), last

    def _read_again(self, connection: sa.Connection, after: int) -> Found:
        """Earlier readings of documents that went."""
        columns = tuple(DOCUMENT.c[name] for name in _IDENTITY)
        rows, last = self._next(connection, after, DOCUMENT_STATE.c.state == "superseded")
        latest: sa.Select[Any] = (
            sa.select(*columns, DOCUMENT.c.id, DOCUMENT.c.purge_id)
            .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
            .where(DOCUMENT_STATE.c.state != "superseded", key_in(columns, [tuple(row[1:5]) for row in rows]))
        )
        kept = {tuple(row[:4]) for row in connection.execute(latest) if not self._went(row)}
        return self._go(row.id for row in rows if tuple(row[1:5]) not in kept), last

    def _duplicates(self, connection: sa.Connection, after: int) -> Found:
        """Documents that repeat one that went."""
        rows, last = self._next(connection, after, DOCUMENT_STATE.c.state == "duplicate")
        holders = sorted({row.duplicate_of for row in rows if row.duplicate_of is not None})
        query: sa.Select[Any] = sa.select(DOCUMENT.c.id, DOCUMENT.c.purge_id).where(DOCUMENT.c.id.in_(holders))
        went = {row.id for row in connection.execute(query) if self._went(row)}
        return self._go(row.id for row in rows if row.duplicate_of in went), last

    def _parts(self, connection: sa.Connection, after: int) -> Found:
        """Files that no export names which is kept."""
        rows, last = self._next(connection, after, DOCUMENT_STATE.c.state == "part")
        named = self._named_beside(connection, [row.id for row in rows])
        return self._go(row.id for row in rows if (row.company, row.supplier, row.received_sha256) not in named), last

    def kept(self, connection: sa.Connection) -> Counter[KeptDocument]:
        """Count the documents that are old enough and did not go, by the reason."""
        state = DOCUMENT_STATE.c
        query = self._old(DOCUMENT.c.id, DOCUMENT.c.content, state.state, state.resolution)
        kept: Counter[KeptDocument] = Counter()
        with connection.execute(query.execution_options(yield_per=1_000)) as rows:
            for row in rows:
                if row.id not in self.gone:
                    kept[_reason(row)] += 1
        return kept

    def _next(
        self, connection: sa.Connection, after: int, *conditions: sa.ColumnElement[bool]
    ) -> tuple[list[sa.Row[Any]], int | None]:
        """Return the next documents that fit, and the last number that was looked at; None at the end."""
        document = DOCUMENT.c
        columns = (document.id, *(document[name] for name in _IDENTITY), DOCUMENT_STATE.c.duplicate_of)
        query = self._old(*columns).where(*conditions, document.id > after).order_by(document.id).limit(_AT_ONCE)
        rows = connection.execute(query).all()
        return [row for row in rows if row.id not in self.gone], rows[-1].id if rows else None

    def _old(self, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        return (
            sa.select(*columns)
            .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
            .where(DOCUMENT.c.received_at < self.before, DOCUMENT.c.purge_id.is_(None))
        )

    def _counts(self) -> tuple[sa.ColumnElement[bool], ...]:
        return DOCUMENT_STATE.c.state == "accepted", DOCUMENT_STATE.c.resolution.in_(_PLACED)

    def _go(self, documents: Iterable[int]) -> list[int]:
        going = sorted(documents)
        self.gone.update(going)
        return going

    def _went(self, row: sa.Row[Any]) -> bool:
        return row.purge_id is not None or row.id in self.gone

    def _named_beside(self, connection: sa.Connection, parts: list[int]) -> set[tuple[str, str, str]]:
        """Return the files, by account and hash, that kept exports name which came when some files did.

        An export and the files that it names are received at one moment, so that no other export need be read.
        """
        moments = sa.select(DELIVERY.c.at).where(DELIVERY.c.document_id.in_(parts))
        columns = (DOCUMENT.c.id, DOCUMENT.c.company, DOCUMENT.c.supplier, DOCUMENT.c.purge_id)
        exports: sa.Select[Any] = sa.select(*columns).where(
            DOCUMENT.c.content.in_(_EXPORTS), DOCUMENT.c.received_at.in_(moments)
        )
        named: set[tuple[str, str, str]] = set()
        for row in connection.execute(exports).all() if parts else ():
            if not self._went(row):
                named |= {(row.company, row.supplier, sha256) for sha256 in self._named_by(connection, row.id)}
        return named

    def _named_by(self, connection: sa.Connection, export: int) -> frozenset[str]:
        if export not in self._named:
            row = connection.execute(sa.select(*BODY).where(DOCUMENT.c.id == export)).one()
            self._named[export] = self.named_parts(body_of(connection, row))
        return self._named[export]


def _reason(row: sa.Row[Any]) -> KeptDocument:
    if row.content == TOO_LARGE:
        return KeptDocument.UNDECIDED if row.state == "quarantined" else KeptDocument.OUTSIDE
    if row.state == "accepted" and row.resolution not in _PLACED:
        return KeptDocument.WAITING
    return _REASONS.get(row.state, KeptDocument.WAITING)
