"""Promises about documents: none lost, bytes intact, facts as the bytes state them, every refusal with a reason."""

import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from cxml_parsers.reader import ReadingRules, read
from punchout.ledger import fact_rows
from punchout.ledger.bodies import BodyLostError, body_of, is_hidden, sha256
from punchout.ledger.business_central.import_exports import ExportReader, StoredParts
from punchout.ledger.documents.receive import CXML
from punchout.ledger.invariants.finding import Damage, Finding, finding
from punchout.ledger.purges import PURGED
from punchout.ledger.resolving.references import references_of, references_of_row
from punchout.ledger.sql import chunks
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import BC_EXPORT, DOCUMENT, DOCUMENT_ENVELOPE, REFERENCE
from punchout.ledger.tables.logs import DELIVERY
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.model.codes import Code
from punchout.model.keys import Account, RequestKey
from punchout.model.row_identity import row_sha256
from punchout.model.unreadable import Refused

_STATES = frozenset({"received", "accepted", "duplicate", "quarantined", "dismissed", "part", "superseded"})


def nothing_is_lost(connection: sa.Connection) -> Finding:
    """I1: everything that was received is a document, in exactly one known state."""
    query = (
        sa.select(DOCUMENT.c.id, DOCUMENT_STATE.c.state)
        .outerjoin(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
        .where(sa.or_(DOCUMENT_STATE.c.state.is_(None), DOCUMENT_STATE.c.state.not_in(_STATES)))
    )
    wrong = [f"document {row.id} is in state {row.state}" for row in connection.execute(query)]
    unseen = (
        sa.select(DOCUMENT.c.id)
        .outerjoin(DELIVERY, DELIVERY.c.document_id == DOCUMENT.c.id)
        .where(DELIVERY.c.id.is_(None), DOCUMENT.c.reading == 1)
    )
    wrong += [f"document {row.id} was never delivered" for row in connection.execute(unseen)]
    return finding("I1", "Every document received is kept, in one known state", wrong)


def bytes_are_intact(connection: sa.Connection, damage: Damage) -> Finding:
    """I6: the stored bytes of every document still have the hash they were stored with, unless they were purged."""
    wrong: list[str] = []
    for row in _documents(connection):
        if row.codec == PURGED:
            continue
        try:
            lost = None if sha256(body_of(connection, row)) == row.stored_sha256 else "have changed"
        except zlib.error:
            lost = "have changed"
        except BodyLostError as error:
            lost = f"are lost: {error}"
        if lost is not None:
            damage.documents.add(row.id)
            wrong.append(f"the stored bytes of document {row.id} {lost}")
    return finding("I6", "Stored bytes are what was received, secrets masked", wrong)


def facts_are_what_documents_state(
    connection: sa.Connection, rules: ReadingRules, read_export: ExportReader, damage: Damage
) -> Finding:
    """I2: reading every accepted document again gives the facts that are stored, each once.

    A document whose bytes were purged states nothing any more that its facts could be compared with.
    """
    wrong: list[str] = []
    parts_are_damaged = any(row.content == "bc_part" and row.id in damage.documents for row in _documents(connection))
    broken: set[int] = set()
    for ids in chunks(sorted(_accepted(connection) - _purged(connection) - damage.documents), 200):
        stored = _StoredFacts(connection, ids)
        for row in _documents(connection, ids):
            if row.content in CXML:
                differs = _cxml_differs(body_of(connection, row), row, stored, rules)
            elif parts_are_damaged:
                differs = None
            else:
                differs = _export_differs(connection, row, stored, read_export)
            if differs:
                broken.add(row.id)
                wrong.append(f"document {row.id}: {differs}")
    damage.documents |= broken
    damage.requests |= _requests_of(connection, damage.documents)
    return finding("I2", "Facts are what the accepted documents state, each once", wrong)


def read_uncounted_again(connection: sa.Connection, rules: ReadingRules, damage: Damage) -> None:
    """Read every document again that counts for nothing, such as a refused one, for what reading it does."""
    done = _accepted(connection) | _purged(connection) | damage.documents
    for row in _documents(connection):
        if row.content in CXML and row.id not in done and not is_hidden(row.codec):
            read(body_of(connection, row), rules)


def refusals_have_reasons(connection: sa.Connection) -> Finding:
    """I15: every quarantined document has a reason of the closed vocabulary, and its bytes."""
    query = (
        sa.select(DOCUMENT_STATE.c.document_id, DOCUMENT_STATE.c.reason)
        .join(DOCUMENT, DOCUMENT.c.id == DOCUMENT_STATE.c.document_id)
        .where(DOCUMENT_STATE.c.state == "quarantined")
    )
    known = set(Code)
    wrong = [
        f"document {row.document_id} is quarantined without a known reason ({row.reason})"
        for row in connection.execute(query)
        if row.reason not in known
    ]
    return finding("I15", "Every quarantined document has a reason code and its bytes", wrong)


class _StoredFacts:
    """The facts of some documents, as the tables hold them."""

    def __init__(self, connection: sa.Connection, ids: list[int]) -> None:
        self.bodies: dict[type, dict[tuple[int, ...], Any]] = {
            record: fact_rows.load(connection, tree, ids) for record, tree in fact_rows.CXML_TREES.items()
        }
        self.rows = {
            "bc_requests": fact_rows.load(connection, fact_rows.BC_REQUEST, ids),
            "bc_orders": fact_rows.load(connection, fact_rows.BC_ORDER, ids),
        }
        self.references: dict[int, set[tuple[int, str, str]]] = {}
        query = sa.select(REFERENCE.c.document_id, REFERENCE.c.portion, REFERENCE.c.kind, REFERENCE.c.value)
        for row in connection.execute(query.where(REFERENCE.c.document_id.in_(ids))):
            self.references.setdefault(row.document_id, set()).add((row.portion, row.kind, row.value))
        envelope = sa.select(DOCUMENT_ENVELOPE.c.document_id, DOCUMENT_ENVELOPE.c.body_sha256)
        self.envelopes = {
            row[0]: row[1] for row in connection.execute(envelope.where(DOCUMENT_ENVELOPE.c.document_id.in_(ids)))
        }
        exports = sa.select(BC_EXPORT.c.document_id, BC_EXPORT.c.row_count).where(BC_EXPORT.c.document_id.in_(ids))
        self.exports = {row[0]: row[1] for row in connection.execute(exports)}


def _cxml_differs(body: bytes, row: sa.Row[Any], stored: _StoredFacts, rules: ReadingRules) -> str | None:
    parsed = read(body, rules)
    if parsed.body is None:
        return f"accepted, and now refused with {parsed.reason}"
    if stored.bodies[type(parsed.body)].get((row.id,)) != parsed.body:
        return "its facts differ from what it states"
    if stored.references.get(row.id, set()) != references_of(parsed.body):
        return "its references differ from what it states"
    return "its identity has changed" if stored.envelopes.get(row.id) != parsed.body_sha256 else None


def _export_differs(
    connection: sa.Connection, row: sa.Row[Any], stored: _StoredFacts, read_export: ExportReader
) -> str | None:
    try:
        parts = StoredParts(connection, Account(row.company, row.supplier))
        export = read_export(row.content, body_of(connection, row), parts)
    except Refused as refused:
        return f"accepted, and now refused with {refused.code}"
    if stored.exports.get(row.id) != len(export.rows):
        return "its rows are counted differently"
    own: Mapping[tuple[int, ...], Any] = {
        key: record for key, record in stored.rows[row.content].items() if key[0] == row.id
    }
    if any(export.rows[key[1] - 1] != record for key, record in own.items()):
        return "its rows differ from what it states"
    references = {reference for key, record in own.items() for reference in references_of_row(key[1], record)}
    if stored.references.get(row.id, set()) != references or row.id not in stored.envelopes:
        return "its references differ from what it states"
    tree = fact_rows.BC_REQUEST if row.content == "bc_requests" else fact_rows.BC_ORDER
    known = _row_hashes(connection, tree.table, row, [record.number for record in export.rows])
    missing = [record.number for record in export.rows if (record.number, row_sha256(record)) not in known]
    return f"no fact holds its row {missing[0]}" if missing else None


def _row_hashes(
    connection: sa.Connection, table: sa.Table, document: sa.Row[Any], numbers: list[str]
) -> set[tuple[str, str]]:
    known: set[tuple[str, str]] = set()
    for chunk in chunks(numbers):
        query = sa.select(table.c.number, table.c.row_sha256).where(
            table.c.company == document.company, table.c.supplier == document.supplier, table.c.number.in_(chunk)
        )
        known |= {(row.number, row.row_sha256) for row in connection.execute(query)}
    return known


def _accepted(connection: sa.Connection) -> set[int]:
    query = sa.select(DOCUMENT_STATE.c.document_id).where(DOCUMENT_STATE.c.state == "accepted")
    return set(connection.execute(query).scalars())


def _purged(connection: sa.Connection) -> set[int]:
    return set(connection.execute(sa.select(DOCUMENT.c.id).where(DOCUMENT.c.codec == PURGED)).scalars())


def _documents(connection: sa.Connection, ids: list[int] | None = None) -> Iterator[sa.Row[Any]]:
    query = sa.select(DOCUMENT).order_by(DOCUMENT.c.id)
    if ids is not None:
        query = query.where(DOCUMENT.c.id.in_(ids))
    with connection.execute(query, execution_options={"yield_per": 100}) as rows:
        yield from rows


def _requests_of(connection: sa.Connection, documents: set[int]) -> set[RequestKey]:
    found: set[RequestKey] = set()
    for chunk in chunks(sorted(documents)):
        for row in connection.execute(sa.select(ASSIGNMENT).where(ASSIGNMENT.c.document_id.in_(chunk))):
            found.add(RequestKey(row.company, row.supplier, row.request_no))
    return found
