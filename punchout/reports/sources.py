"""What the report shows beside the status object: documents that need a person, every identifier and every decision.

The status object stays what it is for programs; here a copy of it is completed for people.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from punchout.ledger.decisions.decided import decision_as_plain
from punchout.ledger.documents import quarantine
from punchout.ledger.kept_decisions import kept
from punchout.ledger.search import names_of
from punchout.ledger.sql import chunks
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.decisions import ANALYST_DECISION
from punchout.ledger.tables.facts import DOCUMENT, DOCUMENT_ENVELOPE, REFERENCE
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.model.keys import Account
from punchout.model.moments import iso_utc

# What a person may hold in their hands; a payloadID nobody types.
_HELD = ("confirm", "invoice", "shipment", "tracking")
_NAMING = (*_HELD, "order", "request")


def completed(connection: sa.Connection, report: Mapping[str, Any]) -> dict[str, Any]:
    """Return the status object with `quarantine`, `waiting`, `decisions_apart` and, in each request, `identifiers`."""
    held = _identifiers(connection)
    requests = [
        {**request, "identifiers": sorted(held.get(_key(request), ()))}  # for a search by any of them
        for request in report["requests"]
    ]
    return {
        **report,
        "requests": requests,
        "quarantine": _refused(connection),
        "waiting": _waiting(connection),
        "decisions_apart": _decisions_apart(connection, requests),
    }


def _key(request: Mapping[str, Any]) -> tuple[str, str, str]:
    return request["company"], request["supplier"], request["request_no"]


def _identifiers(connection: sa.Connection) -> Mapping[tuple[str, str, str], set[str]]:
    query = (
        sa.select(ASSIGNMENT.c.company, ASSIGNMENT.c.supplier, ASSIGNMENT.c.request_no, REFERENCE.c.value)
        .join(
            REFERENCE,
            sa.and_(REFERENCE.c.document_id == ASSIGNMENT.c.document_id, REFERENCE.c.portion == ASSIGNMENT.c.portion),
        )
        .where(REFERENCE.c.kind.in_(_HELD))
        .distinct()
    )
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for company, supplier, request_no, value in connection.execute(query):
        found[company, supplier, request_no].add(value)
    return found


def _decisions_apart(connection: sa.Connection, requests: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the decisions that none of these requests has, oldest first: about documents that no request has, too."""
    placed = {
        (request["company"], request["supplier"], *one.values()) for request in requests for one in request["decisions"]
    }
    columns = (ANALYST_DECISION.c.company, ANALYST_DECISION.c.supplier)
    accounts = connection.execute(sa.select(*columns).distinct().order_by(*columns)).all()
    found = ((account, decision_as_plain(one)) for account in accounts for one in kept(connection, Account(*account)))
    return [one for account, one in found if (*account, *one.values()) not in placed]


def _refused(connection: sa.Connection) -> list[dict[str, Any]]:
    return [
        asdict(document) | {"reason": document.reason.value, "received_at": iso_utc(document.received_at)}
        for document in quarantine.listed(connection)
    ]


def _waiting(connection: sa.Connection) -> list[dict[str, Any]]:
    query = (
        sa.select(DOCUMENT.c.id, DOCUMENT.c.received_at, DOCUMENT_ENVELOPE.c.kind, DOCUMENT_ENVELOPE.c.body_sha256)
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
        .join(DOCUMENT_ENVELOPE, DOCUMENT_ENVELOPE.c.document_id == DOCUMENT.c.id)
        .where(DOCUMENT_STATE.c.resolution == "waiting")
        .order_by(DOCUMENT.c.id)
    )
    rows = connection.execute(query).all()
    names = names_of(connection, [row.id for row in rows])
    naming = _references(connection, [row.id for row in rows])
    return [
        {
            "document_id": row.id,
            "kind": row.kind,
            "body_sha256": row.body_sha256,
            "received_at": iso_utc(row.received_at),
            "names": names.get(row.id, ()),
            "orders": naming["order"].get(row.id, []),
            "identifiers": sorted({value for kind in _NAMING for value in naming[kind].get(row.id, ())}),
        }
        for row in rows
    ]


def _references(connection: sa.Connection, documents: Iterable[int]) -> Mapping[str, dict[int, list[str]]]:
    """Return the identifiers of documents, by kind and document."""
    found: Mapping[str, dict[int, list[str]]] = {kind: defaultdict(list) for kind in _NAMING}
    for chunk in chunks(documents):
        query = sa.select(REFERENCE.c.document_id, REFERENCE.c.kind, REFERENCE.c.value).where(
            REFERENCE.c.document_id.in_(chunk), REFERENCE.c.kind.in_(_NAMING)
        )
        for document_id, kind, value in connection.execute(query.order_by(REFERENCE.c.value)):
            found[kind][document_id].append(value)
    return found
