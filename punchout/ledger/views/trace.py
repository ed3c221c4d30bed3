"""Why a request shows what it shows: every value with its rule, and the documents and places it rests on.

The pure core is run again with evidence on; ordinals become paths, and the text at each place is read from the stored
bytes. Nothing is kept for this beforehand.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from cxml_parsers.excerpts import text_at
from cxml_parsers.paths import path_of
from punchout.ledger.bodies import BODY, BodyLostError, body_of, is_hidden
from punchout.ledger.decisions.decided import decision_as_plain, in_order
from punchout.ledger.purges import PURGED, purge_in_words
from punchout.ledger.reconciling.histories import histories
from punchout.ledger.reconciling.reconcile import Policies
from punchout.ledger.search import names_of
from punchout.ledger.tables.facts import DOCUMENT, DOCUMENT_ENVELOPE
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.model import answers, documents, order_documents
from punchout.model.decisions import AnalystDecision
from punchout.model.history import RequestHistory
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros
from punchout.model.values import Number
from punchout.reconciliation.assessment import assess
from punchout.reconciliation.differences import differences
from punchout.reconciliation.evidence import explain
from punchout.reconciliation.places import Place
from punchout.reconciliation.reconcile import reconcile

_RECORDS = (documents, order_documents, answers)
_LARGEST = 20 * 1024 * 1024
_EXPORTED = {"BcRequest": "requests", "BcRequestLine": "requests", "BcOrder": "orders", "BcOrderLine": "orders"}


def trace(connection: sa.Connection, key: RequestKey, policies: Policies, as_of: Micros) -> dict[str, Any]:
    """Return every value of a request and its lines with its rule and the places it rests on, and the decisions."""
    history = histories(connection, [key])[key]
    reasons = explain(history, policies.reconciliation, as_of)
    counting = {one.kept: one.counts for one in assess(history, policies.reconciliation, as_of).decided}
    sources = _Sources(connection, history)
    values = [
        {
            "subject": "request"
            if reason.subject_kind == "request"
            else f"line {reason.subject_key.rpartition('/')[2]}",
            "field": reason.field,
            "value": reason.value,
            "rule": reason.rule,
            "sources": [sources.shown(place) for place in reason.places],
        }
        for reason in reasons
    ]
    stage = next((value["value"] for value in values if value["field"] == "stage"), None)
    return {
        "company": key.company,
        "supplier": key.supplier,
        "request_no": key.request_no,
        "stage": stage,
        "values": values,
        "decisions": [
            {**_decided(history, one, policies, as_of), "counts_for": _counts_for(counting[one])}
            for one in in_order(history.decisions)
        ],
        "documents": list(sources.placed(key)),
    }


def _decided(history: RequestHistory, decision: AnalystDecision, policies: Policies, as_of: Micros) -> dict[str, Any]:
    """Return a decision with what it decides: what would be otherwise without it, and nothing where another stands."""
    others = replace(history, decisions=tuple(one for one in history.decisions if one != decision))
    results = (reconcile(one, policies.reconciliation, as_of) for one in (others, history))
    changes = [
        {"subject": change.subject, "field": change.field, "before": change.before, "after": change.after}
        for change in differences(*results)
    ]
    return {**decision_as_plain(decision), "changes": changes}


def _counts_for(decision: AnalystDecision | None) -> dict[str, str | None] | None:
    """Return what a decision is about by the names of now; None where it names nothing that the request has."""
    return None if decision is None else {"subject": decision.subject, "line": decision.line_key}


class _Sources:
    """Turns places into what a person can look up; each document is read once."""

    def __init__(self, connection: sa.Connection, history: RequestHistory) -> None:
        self._connection = connection
        self._history = history
        self._documents: dict[int, Mapping[str, Any]] = {}

    def shown(self, place: Place) -> dict[str, Any]:
        """Return one place with its document, path and text."""
        if place.document_id is None:
            path = ", ".join([place.record, *(f"line {ordinal}" for ordinal in place.ordinals), place.field])
            return {
                "document_id": None,
                "kind": "order",
                "file": place.source,
                "path": path,
                "text": None,
                **_rule(place),
            }
        document = self._document(place.document_id)
        at = {"document_id": place.document_id, "kind": document["kind"], "file": document["file"]}
        if place.record in _EXPORTED:
            return {**at, "path": _row_path(place), "text": self._row_text(place), **_rule(place)}
        path = _path(place)
        text = text_at(document["body"], path, _LARGEST) if document["body"] is not None else None
        return {**at, "path": path, "text": text, **_rule(place)}

    def placed(self, key: RequestKey) -> Iterator[dict[str, Any]]:
        """Yield each document of the request with the rule and the identifier by which it was found to belong there."""
        query = sa.select(ASSIGNMENT).where(
            ASSIGNMENT.c.company == key.company,
            ASSIGNMENT.c.supplier == key.supplier,
            ASSIGNMENT.c.request_no == key.request_no,
        )
        for row in self._connection.execute(query.order_by(ASSIGNMENT.c.document_id, ASSIGNMENT.c.portion)):
            document = self._document(row.document_id)
            yield {
                "document_id": row.document_id,
                "kind": document["kind"],
                "file": document["file"],
                "portion": row.portion,
                "rule": row.rule,
                "found_by": row.found_by,
                "purged": document["purged"],
            }

    def _document(self, document_id: int) -> Mapping[str, Any]:
        if document_id not in self._documents:
            row = self._connection.execute(
                sa.select(*BODY, DOCUMENT.c.purge_id, DOCUMENT_ENVELOPE.c.kind)
                .outerjoin(DOCUMENT_ENVELOPE, DOCUMENT_ENVELOPE.c.document_id == DOCUMENT.c.id)
                .where(DOCUMENT.c.id == document_id)
            ).one()
            names = names_of(self._connection, [document_id]).get(document_id, ())
            body = None
            # What is lost is for `verify` to say; what the document stated is in the ledger.
            with suppress(BodyLostError):
                body = None if row.codec == PURGED or is_hidden(row.codec) else body_of(self._connection, row)
            purged = None if row.purge_id is None else purge_in_words(self._connection, row.purge_id)
            self._documents[document_id] = {
                "kind": row.kind,
                "file": names[0] if names else None,
                "body": body,
                "purged": purged,
            }
        return self._documents[document_id]

    def _row_text(self, place: Place) -> str | None:
        rows = getattr(self._history, _EXPORTED[place.record])
        for record in self._rows(rows, place):
            value = getattr(record, place.field, None)
            return value.text if isinstance(value, Number) else None if value is None else str(value)
        return None

    def _rows(self, rows: tuple[Any, ...], place: Place) -> Iterator[Any]:
        row, *ordinal = place.ordinals
        for stated in rows:
            if (stated.source.document_id, stated.source.row) == (place.document_id, row):
                if not ordinal:
                    yield stated.body
                yield from (line for line in stated.body.lines if [line.ordinal] == ordinal)


def _path(place: Place) -> str:
    record = next(getattr(module, place.record) for module in _RECORDS if hasattr(module, place.record))
    for field in (place.field, f"{place.field}.order_id", f"{place.field}.payload_id"):
        try:
            return path_of(record, place.ordinals, field)
        except KeyError:
            continue
    return path_of(record, place.ordinals)


def _row_path(place: Place) -> str:
    row, *ordinal = place.ordinals
    first, *rest = place.field.split("_")
    name = first + "".join(word.capitalize() for word in rest)
    return ", ".join([f"row {row}", *(f"line {one}" for one in ordinal), name])


def _rule(place: Place) -> dict[str, Any]:
    return {"match_rule": place.rule, "match_meaning": place.meaning}
