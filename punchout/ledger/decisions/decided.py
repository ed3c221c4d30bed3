"""Decisions for the reader: as plain values, and which of them are about which request."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from punchout.ledger.kept_decisions import any_kept, decisions_about
from punchout.ledger.sql import chunks, key_in
from punchout.ledger.tables.facts import BC_ORDER, DOCUMENT_ENVELOPE
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.model.decisions import AnalystDecision
from punchout.model.exact import format_decimal
from punchout.model.keys import RequestKey
from punchout.model.moments import iso_utc

_REQUEST = (ASSIGNMENT.c.company, ASSIGNMENT.c.supplier, ASSIGNMENT.c.request_no)


def decision_as_plain(decision: AnalystDecision) -> dict[str, Any]:
    """Return a decision as JSON shows it: the price as decimal text, the instant as ISO 8601 in UTC."""
    return {
        "kind": decision.kind,
        "subject": decision.subject,
        "line": decision.line_key,
        "code": decision.code,
        "price": None if decision.price is None else format_decimal(decision.price),
        "by": decision.by,
        "at": iso_utc(decision.at),
        "reason": decision.reason,
    }


def decisions_of(
    connection: sa.Connection, keys: Sequence[RequestKey]
) -> Mapping[RequestKey, Sequence[AnalystDecision]]:
    """Return the decisions about some requests, their orders and the documents given to them, oldest first."""
    if not any_kept(connection):
        return {}
    bodies = sa.select(*_REQUEST, DOCUMENT_ENVELOPE.c.body_sha256.label("name")).join(
        DOCUMENT_ENVELOPE, DOCUMENT_ENVELOPE.c.document_id == ASSIGNMENT.c.document_id
    )
    of_row = sa.and_(BC_ORDER.c.document_id == ASSIGNMENT.c.document_id, BC_ORDER.c.row == ASSIGNMENT.c.portion)
    orders = sa.select(*_REQUEST, BC_ORDER.c.number.label("name")).join(BC_ORDER, of_row)
    found = decisions_about(
        connection,
        _names(connection, keys, bodies.where(DOCUMENT_ENVELOPE.c.body_sha256.is_not(None))),
        _names(connection, keys, orders),
    )
    return {key: in_order(decisions) for key, decisions in found.items()}


def _names(
    connection: sa.Connection, keys: Sequence[RequestKey], query: sa.Select[tuple[str, str, str, str]]
) -> dict[RequestKey, set[str]]:
    found: dict[RequestKey, set[str]] = {key: set() for key in keys}
    for chunk in chunks(keys):
        wanted = [(key.company, key.supplier, key.request_no) for key in chunk]
        for row in connection.execute(query.where(key_in(_REQUEST, wanted))):
            found[RequestKey(row.company, row.supplier, row.request_no)].add(row.name)
    return found


def in_order(decisions: Iterable[AnalystDecision]) -> list[AnalystDecision]:
    """Return decisions oldest first, those of one moment in an order that is always the same."""
    return sorted(
        decisions, key=lambda one: (one.at, one.kind, one.subject, one.code or "", one.line_key or "", one.by)
    )


def acknowledgements(decisions: Sequence[AnalystDecision]) -> Mapping[tuple[str, str], str]:
    """Return who last said that they know of an exception, by its code and subject key; `decisions` oldest first."""
    return {(one.code or "", one.subject): one.by for one in decisions if one.kind == "acknowledge"}
