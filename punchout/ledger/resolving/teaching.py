"""What placed documents teach about where others belong: asked for when a document needs it, kept nowhere.

Whenever a document is put elsewhere, is replaced, or comes again under another payloadID, `ask_learners` has everything
resolved again that may have listened to it. Which documents teach is `punchout.reconciliation.teaching`, what they
teach `order_rules`. The caller holds `one_at_a_time`, so that nobody listens to what is just being changed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from punchout.ledger import fact_rows
from punchout.ledger.resolving.aliases import DUPLICATE, aliases_of
from punchout.ledger.sql import chunks, key_in
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT, DOCUMENT_ENVELOPE, REFERENCE
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.model.history import Source, Stated
from punchout.model.keys import Account, RequestKey
from punchout.reconciliation.accounts import DocumentKind
from punchout.reconciliation.order_rules import TAUGHT, Identifier, names_below
from punchout.reconciliation.teaching import teaching_bodies

Named: TypeAlias = tuple[str, str, str, str]
"""Company, supplier, kind and value of an identifier."""

LEARNERS = ("waiting", "inferred")
"""How far documents have come that other documents may help."""

PAYLOAD_ID = "payload_id"
"""What a document teaches with its envelope instead of a reference."""

_TREES: Mapping[str, tuple[DocumentKind, fact_rows.FactTree]] = {
    "ConfirmationRequest": ("confirmation", fact_rows.CONFIRMATION),
    "ShipNoticeRequest": ("ship_notice", fact_rows.SHIP_NOTICE),
    "InvoiceDetailRequest": ("invoice", fact_rows.INVOICE),
}
_REQUEST = (ASSIGNMENT.c.company, ASSIGNMENT.c.supplier, ASSIGNMENT.c.request_no)
_NAMED = (REFERENCE.c.company, REFERENCE.c.supplier, REFERENCE.c.kind, REFERENCE.c.value)
# The document that teaches, where another envelope led to it.
_ELEMENT = DOCUMENT_ENVELOPE.alias("of_teacher")
# Any number that nothing else locks by.
_LOCK = 0x70756E63


@dataclass(frozen=True, slots=True)
class Teacher:
    """A document that teaches, and the request it was placed with."""

    document_id: int
    key: RequestKey


@dataclass(frozen=True, slots=True)
class _Heard:
    """A document that carries what is looked for, before it is known whether it teaches."""

    named: Named
    kind: DocumentKind
    body_sha256: str
    teacher: Teacher


def one_at_a_time(connection: sa.Connection) -> None:
    """Wait until no other transaction places documents; until this one ends no other will.

    What one document teaches another could go unheard between two that do not see each other yet.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def teachers(
    connection: sa.Connection, rank: int, wanted: Collection[tuple[Account, Identifier]]
) -> dict[tuple[Account, Identifier], set[Teacher]]:
    """Return who teaches identifiers that rules of one rank look up."""
    found: dict[tuple[Account, Identifier], set[Teacher]] = defaultdict(set)
    heard: list[tuple[Identifier, _Heard]] = []
    for rule in (rule for rule in TAUGHT if rule.rank == rank):
        named = {
            (account.company, account.supplier, rule.taught_as or "", value)
            for account, (kind, value) in wanted
            if kind == rule.kind
        }
        carriers = _by_payload if rule.taught_as == PAYLOAD_ID else _by_reference
        heard += [
            ((rule.kind, one.named[3]), one)
            for one in carriers(connection, named, names_below(rank))
            if one.kind in rule.teachers
        ]
    teaching = _teaching(connection, {one.teacher.key for _, one in heard}, rank)
    for identifier, one in heard:
        if (one.teacher.key, one.body_sha256) in teaching:
            found[one.teacher.key.account, identifier].add(one.teacher)
    return found


def ask_learners(connection: sa.Connection, documents: Collection[int], keys: Collection[RequestKey]) -> None:
    """Have documents resolved again that may have listened to some documents, or to others of the same requests."""
    learners = sa.select(DOCUMENT_STATE.c.document_id).where(DOCUMENT_STATE.c.resolution.in_(LEARNERS))
    if connection.execute(learners.limit(1)).first() is None:
        return
    for chunk in chunks(sorted(_taught_by(connection, {*documents, *_placed_with(connection, keys)}))):
        carriers = sa.select(REFERENCE.c.document_id).where(_carries(chunk))
        connection.execute(
            sa.update(DOCUMENT_STATE)
            .where(DOCUMENT_STATE.c.resolution.in_(LEARNERS), DOCUMENT_STATE.c.document_id.in_(carriers))
            .values(resolution="pending")
        )


def _carries(named: Collection[Named]) -> sa.ColumnElement[bool]:
    """Match references by any of some identifiers; the values are named once more because they are what is indexed."""
    return sa.and_(REFERENCE.c.value.in_({value for _, _, _, value in named}), key_in(_NAMED, list(named)))


def _by_reference(connection: sa.Connection, named: Collection[Named], rules: Collection[str]) -> Iterator[_Heard]:
    placed = sa.and_(ASSIGNMENT.c.document_id == REFERENCE.c.document_id, ASSIGNMENT.c.portion == REFERENCE.c.portion)
    query = (
        sa.select(*_NAMED, REFERENCE.c.document_id, ASSIGNMENT.c.request_no, _ELEMENT.c.kind, _ELEMENT.c.body_sha256)
        .select_from(REFERENCE)
        .join(ASSIGNMENT, placed)
        .join(_ELEMENT, _ELEMENT.c.document_id == REFERENCE.c.document_id)
        .where(ASSIGNMENT.c.rule.in_(sorted(rules)))
    )
    for chunk in chunks(sorted(named)):
        yield from _listen(connection, query.where(_carries(chunk)))


def _by_payload(connection: sa.Connection, named: Collection[Named], rules: Collection[str]) -> Iterator[_Heard]:
    """Listen to documents by the payloadIDs they came under, those of their duplicates among them."""
    holder = sa.func.coalesce(DOCUMENT_STATE.c.duplicate_of, DOCUMENT.c.id)
    payload_id = DOCUMENT_ENVELOPE.c.payload_id
    columns = (DOCUMENT.c.company, DOCUMENT.c.supplier, sa.literal(PAYLOAD_ID), payload_id, holder)
    query = (
        sa.select(*columns, ASSIGNMENT.c.request_no, _ELEMENT.c.kind, _ELEMENT.c.body_sha256)
        .select_from(DOCUMENT_ENVELOPE)
        .join(DOCUMENT, DOCUMENT.c.id == DOCUMENT_ENVELOPE.c.document_id)
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
        .join(_ELEMENT, _ELEMENT.c.document_id == holder)
        .join(ASSIGNMENT, ASSIGNMENT.c.document_id == holder)
        .where(DOCUMENT_STATE.c.state.in_(("accepted", DUPLICATE)), ASSIGNMENT.c.rule.in_(sorted(rules)))
    )
    for chunk in chunks(sorted(named)):
        found = _listen(connection, query.where(payload_id.in_([value for _, _, _, value in chunk])))
        yield from (one for one in found if one.named in named)


def _listen(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[_Heard]:
    for row in connection.execute(query):
        company, supplier, kind, value, document_id, request_no, element, body_sha256 = row
        if element in _TREES:
            teacher = Teacher(document_id, RequestKey(company, supplier, request_no))
            yield _Heard((company, supplier, kind, value), _TREES[element][0], body_sha256, teacher)


def _teaching(connection: sa.Connection, keys: Collection[RequestKey], rank: int) -> set[tuple[RequestKey, str]]:
    """Return which contents teach, by request, among documents that rules below a rank placed there."""
    placed: dict[RequestKey, dict[int, Source]] = defaultdict(dict)
    query = (
        sa.select(*_REQUEST, ASSIGNMENT.c.document_id, DOCUMENT_ENVELOPE.c.body_sha256, DOCUMENT_ENVELOPE.c.payload_id)
        .join(DOCUMENT_ENVELOPE, DOCUMENT_ENVELOPE.c.document_id == ASSIGNMENT.c.document_id)
        .where(ASSIGNMENT.c.rule.in_(sorted(names_below(rank))))
    )
    for chunk in chunks(sorted(keys)):
        wanted = [(key.company, key.supplier, key.request_no) for key in chunk]
        for row in connection.execute(query.where(key_in(_REQUEST, wanted))):
            source = Source(row.document_id, row.body_sha256 or "", row.payload_id, received=0)
            placed[RequestKey(row.company, row.supplier, row.request_no)][row.document_id] = source
    documents = {document_id for sources in placed.values() for document_id in sources}
    also_as = aliases_of(connection, documents)
    bodies = {kind: fact_rows.load(connection, tree, documents) for kind, tree in _TREES.values()}
    return {
        (key, body_sha256)
        for key, sources in placed.items()
        for body_sha256 in teaching_bodies(*(_stated(sources, bodies[kind], also_as) for kind, _ in _TREES.values()))
    }


def _stated(
    sources: Mapping[int, Source], bodies: Mapping[fact_rows.Key, Any], also_as: Mapping[int, tuple[str, ...]]
) -> list[Stated[Any]]:
    return [
        Stated(
            Source(document_id, one.body_sha256, one.payload_id, 0, also_as=also_as.get(document_id, ())),
            bodies[document_id,],
        )
        for document_id, one in sources.items()
        if (document_id,) in bodies
    ]


def _placed_with(connection: sa.Connection, keys: Collection[RequestKey]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(sorted(keys)):
        wanted = [(key.company, key.supplier, key.request_no) for key in chunk]
        found |= set(connection.execute(sa.select(ASSIGNMENT.c.document_id).where(key_in(_REQUEST, wanted))).scalars())
    return found


def _that_may_teach(connection: sa.Connection, documents: Collection[int]) -> list[int]:
    """Leave out exports, whose thousands of references teach nothing."""
    found: list[int] = []
    envelope = DOCUMENT_ENVELOPE.c
    for chunk in chunks(sorted(documents)):
        query = sa.select(envelope.document_id).where(envelope.document_id.in_(chunk), envelope.kind.in_(_TREES))
        found += connection.execute(query).scalars()
    return sorted(found)


def _taught_by(connection: sa.Connection, documents: Collection[int]) -> set[Named]:
    """Return everything that some documents may teach, under the kinds by which it is looked up."""
    lookups: dict[str, list[str]] = defaultdict(list)
    for rule in TAUGHT:
        lookups[rule.taught_as or ""].append(rule.kind)
    found: set[Named] = set()
    for chunk in chunks(_that_may_teach(connection, documents)):
        references = sa.select(*_NAMED).where(REFERENCE.c.document_id.in_(chunk), REFERENCE.c.kind.in_(sorted(lookups)))
        envelopes = (
            sa.select(DOCUMENT.c.company, DOCUMENT.c.supplier, sa.literal(PAYLOAD_ID), DOCUMENT_ENVELOPE.c.payload_id)
            .join(DOCUMENT, DOCUMENT.c.id == DOCUMENT_ENVELOPE.c.document_id)
            .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
            .where(DOCUMENT_ENVELOPE.c.payload_id.is_not(None))
        )
        own, again = (envelopes.where(column.in_(chunk)) for column in (DOCUMENT.c.id, DOCUMENT_STATE.c.duplicate_of))
        for query in (references, own, again):
            for company, supplier, kind, value in connection.execute(query):
                found.update((company, supplier, lookup, value) for lookup in lookups[kind])
    return found
