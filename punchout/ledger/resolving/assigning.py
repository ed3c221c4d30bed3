"""Where portions of documents were put: reading and writing assignments, and the exceptions of those that wait.

What is put where is decided in `resolve`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import sqlalchemy as sa

from punchout.ledger import document_exceptions
from punchout.ledger.kept_decisions import decisions_of_documents
from punchout.ledger.sql import chunks, key_in, upsert
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT_ENVELOPE
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.model.decisions import owner_of
from punchout.model.keys import Account, RequestKey
from punchout.reconciliation.order_rules import Belonging
from punchout.reconciliation.rulings import lets_be

Portion: TypeAlias = tuple[int, int]
"""Document and portion."""

_PORTION = (ASSIGNMENT.c.document_id, ASSIGNMENT.c.portion)


def assignments(connection: sa.Connection, documents: Iterable[int]) -> dict[Portion, tuple[RequestKey, str]]:
    """Return where portions of some documents are, and by which rule."""
    found: dict[Portion, tuple[RequestKey, str]] = {}
    for chunk in chunks(documents):
        for row in connection.execute(sa.select(ASSIGNMENT).where(ASSIGNMENT.c.document_id.in_(chunk))):
            found[row.document_id, row.portion] = RequestKey(row.company, row.supplier, row.request_no), row.rule
    return found


def assign(connection: sa.Connection, found: Mapping[Portion, Belonging]) -> None:
    """Put portions where they belong."""
    rows = [
        {
            "document_id": document_id,
            "portion": portion,
            "company": place.key.company,
            "supplier": place.key.supplier,
            "request_no": place.key.request_no,
            "rule": place.rule,
            "found_by": None if place.found_by is None else " ".join(place.found_by),
        }
        for (document_id, portion), place in found.items()
        if place.key is not None
    ]
    upsert(connection, ASSIGNMENT, rows)


def take_back(connection: sa.Connection, portions: Iterable[Portion]) -> None:
    """Have portions belong nowhere."""
    for chunk in chunks(portions):
        connection.execute(sa.delete(ASSIGNMENT).where(key_in(_PORTION, chunk)))


def note_waiting(
    connection: sa.Connection, found: Mapping[Portion, Belonging], accounts: Mapping[int, Account]
) -> None:
    """Raise what portions without an order are worth, unless a person let it be; withdraw what was raised before."""
    bodies = _body_hashes(connection, accounts)
    keys = {portion: document_exceptions.waiting_key(bodies.get(portion[0]), portion[1]) for portion in found}
    document_exceptions.settle(connection, list(keys.values()))
    waiting = [
        (accounts[portion[0]], place.code, keys[portion])
        for portion, place in found.items()
        if place.code is not None and portion[0] in bodies
    ]
    decided = decisions_of_documents(connection, {(account, owner_of(key)) for account, _, key in waiting})
    document_exceptions.raise_waiting(
        connection, [one for one in waiting if not lets_be(decided.get((one[0], owner_of(one[2])), ()), *one[1:])]
    )


def set_resolution(connection: sa.Connection, documents: Sequence[int], resolution: str) -> None:
    """Say how far documents have come."""
    for chunk in chunks(documents):
        connection.execute(
            sa.update(DOCUMENT_STATE).where(DOCUMENT_STATE.c.document_id.in_(chunk)).values(resolution=resolution)
        )


def _body_hashes(connection: sa.Connection, documents: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    columns = (DOCUMENT_ENVELOPE.c.document_id, DOCUMENT_ENVELOPE.c.body_sha256)
    for chunk in chunks(documents):
        found.update({row[0]: row[1] for row in connection.execute(sa.select(*columns).where(columns[0].in_(chunk)))})
    return found
