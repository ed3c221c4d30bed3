"""Unit of work: resolve. Each portion of a document finds the request it belongs to, or waits.

Learning a new identifier asks every document that carries it to be resolved again, whether it waits or not, and so does
every document that is put elsewhere; so the outcome is a fixpoint that does not depend on what came first. The rules
are `punchout.reconciliation.order_rules`, what documents teach is looked up in `teaching`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from punchout.ledger.draining import Tally
from punchout.ledger.resolving.assigning import Portion, assign, assignments, note_waiting, set_resolution, take_back
from punchout.ledger.resolving.copied_orders import copied_orders, is_written_down
from punchout.ledger.resolving.identifiers import Owners, identifiers_of, owners_of
from punchout.ledger.resolving.references import ORDER_FORM, WHOLE
from punchout.ledger.resolving.teaching import ask_learners, one_at_a_time, teachers
from punchout.ledger.sql import chunks, for_update, insert_new, key_in
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT, DOCUMENT_ENVELOPE, REFERENCE
from punchout.ledger.tables.projections import ASSIGNMENT, IDENTIFIER, STANDS_IN
from punchout.ledger.touches import touch
from punchout.model.keys import STAND_IN, Account, RequestKey
from punchout.reconciliation.order_numbers import order_number_form
from punchout.reconciliation.order_rules import OUTRANKED, TAUGHT, Belonging, Identifier, belonging


@dataclass(frozen=True, slots=True)
class Known:
    """An identifier and the request it belongs to."""

    kind: str
    value: str
    key: RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveCounts(Tally):
    """How many documents were looked at, and how many of them found every order."""

    resolved: int = 0


def learn(connection: sa.Connection, known: Iterable[Known]) -> None:
    """Note what identifiers belong to, and have documents that carry a new one resolved again."""
    wanted = {
        (one.key.company, one.key.supplier, kind, value, one.key.request_no)
        for one in known
        for kind, value in _spellings(one)
        if value
    }
    columns = [IDENTIFIER.c[name] for name in ("company", "supplier", "kind", "value", "request_no")]
    there: set[tuple[str, ...]] = set()
    for chunk in chunks(sorted(wanted)):
        there |= {tuple(row) for row in connection.execute(sa.select(*columns).where(key_in(columns, chunk)))}
    new = sorted(wanted - there)
    insert_new(connection, IDENTIFIER, [dict(zip((c.name for c in columns), row, strict=True)) for row in new])
    _ask_again(connection, {row[:4] for row in new})


def _spellings(known: Known) -> list[Identifier]:
    """Return what is known with it: the form that all spellings of a purchase order's number share."""
    forms = [(ORDER_FORM, order_number_form(known.value))] if known.kind == "order" else []
    return [(known.kind, known.value), *forms]


def recheck_waiting(connection: sa.Connection) -> int:
    """Have documents resolved again whose order became known side by side with them; returns how many.

    Two transactions that commit at once do not see each other: a document may wait for an identifier that is known by
    now, lie with the stand-in for a purchase order that a request claims by now, or lie where a rule put it that a
    firmer one outranks by now.
    """
    of_document = REFERENCE.c.document_id == DOCUMENT_STATE.c.document_id
    placed = sa.and_(ASSIGNMENT.c.document_id == REFERENCE.c.document_id, ASSIGNMENT.c.portion == REFERENCE.c.portion)
    known = sa.select(REFERENCE.c.document_id).join(IDENTIFIER, _names_it())
    unplaced = known.outerjoin(ASSIGNMENT, placed).where(of_document, ASSIGNMENT.c.document_id.is_(None))
    outranked = known.join(ASSIGNMENT, placed).where(
        of_document,
        ASSIGNMENT.c.rule.in_(sorted(OUTRANKED)),
        sa.or_(IDENTIFIER.c.kind != ORDER_FORM, ASSIGNMENT.c.rule != "O3"),
    )
    state = DOCUMENT_STATE.c
    # One statement for each: with all conditions in one, no index would be looked into for any.
    return sum(
        connection.execute(sa.update(DOCUMENT_STATE).where(*those).values(resolution="pending")).rowcount
        for those in (
            (state.resolution == "waiting", unplaced.correlate(DOCUMENT_STATE).exists()),
            (state.resolution == "inferred", outranked.correlate(DOCUMENT_STATE).exists()),
            (state.resolution.in_(("resolved", "inferred")), state.document_id.in_(_claimed())),
        )
    )


def _claimed() -> sa.Select[tuple[int]]:
    """Select the documents that lie with a stand-in and carry an identifier of a request."""
    carried = (
        sa.select(REFERENCE.c.document_id)
        .join(IDENTIFIER, _names_it())
        .where(
            REFERENCE.c.document_id == ASSIGNMENT.c.document_id,
            REFERENCE.c.portion == ASSIGNMENT.c.portion,
            sa.not_(_is_stand_in(IDENTIFIER.c.request_no)),
            # Another number of the same form says nothing about a document that was found by its own.
            sa.or_(IDENTIFIER.c.kind != ORDER_FORM, ASSIGNMENT.c.rule == "O3"),
        )
    )
    return sa.select(ASSIGNMENT.c.document_id).where(STANDS_IN, carried.correlate(ASSIGNMENT).exists())


def _names_it() -> sa.ColumnElement[bool]:
    return sa.and_(*(IDENTIFIER.c[name] == REFERENCE.c[name] for name in ("company", "supplier", "kind", "value")))


def _is_stand_in(request_no: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.func.substr(request_no, 1, len(STAND_IN)) == STAND_IN


def resolve(connection: sa.Connection, limit: int) -> ResolveCounts:
    """Resolve up to `limit` documents, in the caller's transaction."""
    accounts = _claim(connection, limit)
    if not accounts:
        return ResolveCounts()
    one_at_a_time(connection)
    before = assignments(connection, accounts)
    found = _place(connection, accounts, before)
    _tell(connection, found, before)
    note_waiting(connection, found, accounts)
    waiting = {portion[0] for portion, place in found.items() if place.key is None}
    inferred = {portion[0] for portion, place in found.items() if place.rule in OUTRANKED} - waiting
    set_resolution(connection, [i for i in accounts if i not in waiting and i not in inferred], "resolved")
    set_resolution(connection, sorted(inferred), "inferred")
    set_resolution(connection, sorted(waiting), "waiting")
    _follow_orders(connection, found, before)
    return ResolveCounts(total=len(accounts), resolved=len(accounts) - len(waiting))


def _place(
    connection: sa.Connection, accounts: Mapping[int, Account], before: Mapping[Portion, tuple[RequestKey, str]]
) -> dict[Portion, Belonging]:
    """Put portions where they belong, rank by rank: what one rank places may teach the next."""
    identifiers = identifiers_of(connection, accounts)
    owners = owners_of(connection, accounts, identifiers)
    known: dict[Portion, Owners] = {
        portion: {pair: owners[accounts[portion[0]]].get(pair, set()) for pair in pairs}
        for portion, pairs in identifiers.items()
    }
    found = {portion: belonging(pairs, known[portion]) for portion, pairs in identifiers.items()}
    take_back(connection, [portion for portion, place in found.items() if place.key is None and portion in before])
    assign(connection, {portion: one for portion, one in found.items() if (one.key, one.rule) != before.get(portion)})
    for rank in sorted({rule.rank for rule in TAUGHT}):
        open_portions = [portion for portion, place in found.items() if place.key is None]
        _hear(connection, rank, {portion: identifiers[portion] for portion in open_portions}, accounts, known)
        heard = {portion: belonging(identifiers[portion], known[portion]) for portion in open_portions}
        assign(connection, heard)
        found.update(heard)
    return found


def _hear(
    connection: sa.Connection,
    rank: int,
    portions: Mapping[Portion, set[Identifier]],
    accounts: Mapping[int, Account],
    known: Mapping[Portion, Owners],
) -> None:
    """Add what rules of a rank may hear about portions to what is known of them; no document hears itself."""
    kinds = {rule.kind for rule in TAUGHT if rule.rank == rank}
    wanted = [(portion, pair) for portion, pairs in portions.items() for pair in pairs if pair[0] in kinds]
    heard = teachers(connection, rank, {(accounts[portion[0]], pair) for portion, pair in wanted})
    for portion, pair in wanted:
        others = {one.key for one in heard.get((accounts[portion[0]], pair), ()) if one.document_id != portion[0]}
        known[portion][pair] = others


def _tell(
    connection: sa.Connection,
    found: Mapping[Portion, Belonging],
    before: Mapping[Portion, tuple[RequestKey, str]],
) -> None:
    """Touch requests that gained or lost a portion, and ask whoever may have listened to a document that moved."""
    was: dict[Portion, tuple[RequestKey | None, str | None]] = dict.fromkeys(found, (None, None))
    was.update(before)
    changed = [portion for portion, place in found.items() if (place.key, place.rule) != was[portion]]
    ask_learners(connection, {document_id for document_id, _ in changed}, _requests(changed, found, was))
    touch(connection, _requests([one for one in changed if found[one].key != was[one][0]], found, was))


def _follow_orders(
    connection: sa.Connection,
    found: Mapping[Portion, Belonging],
    before: Mapping[Portion, tuple[RequestKey, str]],
) -> None:
    """Have the payloadIDs of orders that others have sent belong where the orders do, and no longer where they did."""
    known, gone = set(), set()
    for document_id, payload_id in copied_orders(connection, sorted({i for i, _ in found})).items():
        now, (then, _) = found[document_id, WHOLE].key, before.get((document_id, WHOLE), (None, ""))
        known |= {Known("payload", payload_id, now)} if now is not None else set()
        if then not in (None, now) and not is_written_down(connection, payload_id, then):
            gone.add(Known("payload", payload_id, then))
    for one in sorted(gone, key=lambda one: one.value):
        row = (one.key.company, one.key.supplier, one.kind, one.value)
        columns = [IDENTIFIER.c[name] for name in ("company", "supplier", "kind", "value", "request_no")]
        connection.execute(sa.delete(IDENTIFIER).where(key_in(columns, [(*row, one.key.request_no)])))
        _ask_again(connection, {row})
    learn(connection, known)


def _requests(
    portions: Iterable[Portion],
    found: Mapping[Portion, Belonging],
    was: Mapping[Portion, tuple[RequestKey | None, Any]],
) -> set[RequestKey]:
    """Return the requests that portions belong to, or did."""
    return {key for one in portions for key in (found[one].key, was[one][0]) if key is not None}


def repeated(connection: sa.Connection, documents: Collection[int]) -> None:
    """Have everything looked at again that refers to documents by a payloadID under which they came once more."""
    if not documents:
        return
    one_at_a_time(connection)
    keys = {key for key, _ in assignments(connection, documents).values()}
    touch(connection, keys)
    ask_learners(connection, documents, keys)


def ask_waiting(connection: sa.Connection, bodies: Iterable[str]) -> None:
    """Have waiting documents resolved again that are named by the hashes of their bodies, whosever they are."""
    for chunk in chunks(sorted(bodies)):
        named = sa.select(DOCUMENT_ENVELOPE.c.document_id).where(DOCUMENT_ENVELOPE.c.body_sha256.in_(chunk))
        connection.execute(
            sa.update(DOCUMENT_STATE)
            .where(DOCUMENT_STATE.c.resolution == "waiting", DOCUMENT_STATE.c.document_id.in_(named))
            .values(resolution="pending")
        )


def _ask_again(connection: sa.Connection, identifiers: Iterable[tuple[str, ...]]) -> None:
    columns = [REFERENCE.c[name] for name in ("company", "supplier", "kind", "value")]
    for chunk in chunks(sorted(identifiers)):
        carriers = sa.select(REFERENCE.c.document_id).where(key_in(columns, chunk))
        connection.execute(
            sa.update(DOCUMENT_STATE)
            .where(
                DOCUMENT_STATE.c.resolution.in_(("waiting", "resolved", "inferred")),
                DOCUMENT_STATE.c.document_id.in_(carriers),
            )
            .values(resolution="pending")
        )


def _claim(connection: sa.Connection, limit: int) -> dict[int, Account]:
    query = (
        sa.select(DOCUMENT.c.id, DOCUMENT.c.company, DOCUMENT.c.supplier)
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
        .where(DOCUMENT_STATE.c.resolution == "pending")
        .order_by(DOCUMENT.c.id)
        .limit(limit)
    )
    rows = connection.execute(for_update(connection, query, skip_locked=True))
    return {row.id: Account(row.company, row.supplier) for row in rows}
