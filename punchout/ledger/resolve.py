"""Unit of work: resolve. Each portion of a document finds the request it belongs to, or waits.

Learning a new identifier asks every document that carries it to be resolved again, whether it waits or not; so the
outcome is a fixpoint that does not depend on what came first. The rules are `punchout.reconciliation.order_rules`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger import document_exceptions
from punchout.ledger.copied_orders import copied_orders, is_written_down
from punchout.ledger.draining import Tally
from punchout.ledger.references import PORTION, WHOLE
from punchout.ledger.sql import chunks, for_update, insert_new, key_in, upsert
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT, DOCUMENT_ENVELOPE, REFERENCE
from punchout.ledger.tables.projections import ASSIGNMENT, IDENTIFIER, STANDS_IN
from punchout.ledger.touches import touch
from punchout.model.keys import STAND_IN, Account, RequestKey
from punchout.reconciliation.order_rules import KINDS, Belonging, belonging

_Identifier = tuple[str, str]
_Portion = tuple[int, int]


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
    wanted = {(k.key.company, k.key.supplier, k.kind, k.value, k.key.request_no) for k in known if k.value}
    columns = [IDENTIFIER.c[name] for name in ("company", "supplier", "kind", "value", "request_no")]
    there: set[tuple[str, ...]] = set()
    for chunk in chunks(sorted(wanted)):
        there |= {tuple(row) for row in connection.execute(sa.select(*columns).where(key_in(columns, chunk)))}
    new = sorted(wanted - there)
    insert_new(connection, IDENTIFIER, [dict(zip((c.name for c in columns), row, strict=True)) for row in new])
    _ask_again(connection, {row[:4] for row in new})


def recheck_waiting(connection: sa.Connection) -> int:
    """Have documents resolved again whose order became known side by side with them; returns how many.

    Two transactions that commit at once do not see each other: a document may wait for an identifier that is known by
    now, or lie with the stand-in for a purchase order that a request claims by now.
    """
    of_document = REFERENCE.c.document_id == DOCUMENT_STATE.c.document_id
    placed = sa.and_(ASSIGNMENT.c.document_id == REFERENCE.c.document_id, ASSIGNMENT.c.portion == REFERENCE.c.portion)
    known = sa.select(REFERENCE.c.document_id).join(IDENTIFIER, _names_it())
    unplaced = known.outerjoin(ASSIGNMENT, placed).where(of_document, ASSIGNMENT.c.document_id.is_(None))
    state = DOCUMENT_STATE.c
    # Two statements: with both conditions in one, no index would be looked into for either.
    return sum(
        connection.execute(sa.update(DOCUMENT_STATE).where(*those).values(resolution="pending")).rowcount
        for those in (
            (state.resolution == "waiting", unplaced.correlate(DOCUMENT_STATE).exists()),
            (state.resolution == "resolved", state.document_id.in_(_claimed())),
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
    identifiers = _identifiers(connection, accounts)
    owners = _owners(connection, accounts, identifiers)
    found = {portion: belonging(pairs, owners.get(accounts[portion[0]], {})) for portion, pairs in identifiers.items()}
    before = _assignments(connection, accounts)
    _assign(connection, found, before)
    incomplete = {portion[0] for portion, place in found.items() if place.key is None}
    _note_waiting(connection, found, accounts)
    _set_resolution(connection, [i for i in accounts if i not in incomplete], "resolved")
    _set_resolution(connection, sorted(incomplete), "waiting")
    _follow_orders(connection, found, before)
    return ResolveCounts(total=len(accounts), resolved=len(accounts) - len(incomplete))


def _follow_orders(
    connection: sa.Connection, found: Mapping[_Portion, Belonging], before: Mapping[_Portion, RequestKey]
) -> None:
    """Have the payloadIDs of orders that others have sent belong where the orders do, and no longer where they did."""
    known, gone = set(), set()
    for document_id, payload_id in copied_orders(connection, sorted({i for i, _ in found})).items():
        now, then = found[document_id, WHOLE].key, before.get((document_id, WHOLE))
        known |= {Known("payload", payload_id, now)} if now is not None else set()
        if then not in (None, now) and not is_written_down(connection, payload_id, then):
            gone.add(Known("payload", payload_id, then))
    for one in sorted(gone, key=lambda one: one.value):
        row = (one.key.company, one.key.supplier, one.kind, one.value)
        columns = [IDENTIFIER.c[name] for name in ("company", "supplier", "kind", "value", "request_no")]
        connection.execute(sa.delete(IDENTIFIER).where(key_in(columns, [(*row, one.key.request_no)])))
        _ask_again(connection, {row})
    learn(connection, known)


def _ask_again(connection: sa.Connection, identifiers: Iterable[tuple[str, ...]]) -> None:
    columns = [REFERENCE.c[name] for name in ("company", "supplier", "kind", "value")]
    for chunk in chunks(sorted(identifiers)):
        carriers = sa.select(REFERENCE.c.document_id).where(key_in(columns, chunk))
        connection.execute(
            sa.update(DOCUMENT_STATE)
            .where(DOCUMENT_STATE.c.resolution.in_(("waiting", "resolved")), DOCUMENT_STATE.c.document_id.in_(carriers))
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


def _identifiers(connection: sa.Connection, accounts: Mapping[int, Account]) -> dict[_Portion, set[_Identifier]]:
    """Return each portion's identifiers; a portion without any is there with an empty set."""
    found: dict[_Portion, set[_Identifier]] = defaultdict(set)
    columns = (REFERENCE.c.document_id, REFERENCE.c.portion, REFERENCE.c.kind, REFERENCE.c.value)
    for chunk in chunks(accounts):
        for row in connection.execute(sa.select(*columns).where(REFERENCE.c.document_id.in_(chunk))):
            if row.kind == PORTION:
                found[row.document_id, row.portion]
            elif row.kind in KINDS:
                found[row.document_id, row.portion].add((row.kind, row.value))
    return found


def _owners(
    connection: sa.Connection, accounts: Mapping[int, Account], identifiers: Mapping[_Portion, set[_Identifier]]
) -> dict[Account, dict[_Identifier, set[RequestKey]]]:
    wanted = {
        (accounts[i].company, accounts[i].supplier, kind, value)
        for (i, _), pairs in identifiers.items()
        for kind, value in pairs
    }
    columns = [IDENTIFIER.c[name] for name in ("company", "supplier", "kind", "value")]
    owners: dict[Account, dict[_Identifier, set[RequestKey]]] = defaultdict(lambda: defaultdict(set))
    for chunk in chunks(sorted(wanted)):
        for row in connection.execute(sa.select(*columns, IDENTIFIER.c.request_no).where(key_in(columns, chunk))):
            account = Account(row.company, row.supplier)
            owners[account][row.kind, row.value].add(RequestKey(row.company, row.supplier, row.request_no))
    return owners


def _assignments(connection: sa.Connection, documents: Iterable[int]) -> dict[_Portion, RequestKey]:
    found: dict[_Portion, RequestKey] = {}
    for chunk in chunks(documents):
        for row in connection.execute(sa.select(ASSIGNMENT).where(ASSIGNMENT.c.document_id.in_(chunk))):
            found[row.document_id, row.portion] = RequestKey(row.company, row.supplier, row.request_no)
    return found


def _assign(
    connection: sa.Connection, found: Mapping[_Portion, Belonging], before: Mapping[_Portion, RequestKey]
) -> None:
    """Write changed assignments and touch both the request that gained a portion and the one that lost it."""
    changed = {portion: place for portion, place in found.items() if place.key != before.get(portion)}
    gone = [portion for portion, place in changed.items() if place.key is None]
    for chunk in chunks(gone):
        connection.execute(sa.delete(ASSIGNMENT).where(key_in((ASSIGNMENT.c.document_id, ASSIGNMENT.c.portion), chunk)))
    rows = [
        {
            "document_id": document_id,
            "portion": portion,
            "company": place.key.company,
            "supplier": place.key.supplier,
            "request_no": place.key.request_no,
            "rule": place.rule,
        }
        for (document_id, portion), place in changed.items()
        if place.key is not None
    ]
    upsert(connection, ASSIGNMENT, rows)
    gained = {place.key for place in changed.values() if place.key is not None}
    touch(connection, gained | {before[portion] for portion in changed if portion in before})


def _note_waiting(
    connection: sa.Connection, found: Mapping[_Portion, Belonging], accounts: Mapping[int, Account]
) -> None:
    bodies = _body_hashes(connection, accounts)
    keys = {portion: document_exceptions.waiting_key(bodies.get(portion[0]), portion[1]) for portion in found}
    document_exceptions.settle(connection, list(keys.values()))
    document_exceptions.raise_waiting(
        connection,
        [
            (accounts[portion[0]], place.code, keys[portion])
            for portion, place in found.items()
            if place.code is not None and portion[0] in bodies
        ],
    )


def _body_hashes(connection: sa.Connection, documents: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    columns = (DOCUMENT_ENVELOPE.c.document_id, DOCUMENT_ENVELOPE.c.body_sha256)
    for chunk in chunks(documents):
        found.update({row[0]: row[1] for row in connection.execute(sa.select(*columns).where(columns[0].in_(chunk)))})
    return found


def _set_resolution(connection: sa.Connection, documents: Sequence[int], resolution: str) -> None:
    for chunk in chunks(documents):
        connection.execute(
            sa.update(DOCUMENT_STATE).where(DOCUMENT_STATE.c.document_id.in_(chunk)).values(resolution=resolution)
        )
