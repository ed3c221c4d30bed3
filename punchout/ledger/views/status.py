"""Where everything stands, as one plain object: what `punchout status --all --json` prints and the report shows.

Read from the projections; nothing is computed here but counts. Decimals are text, instants ISO 8601 in UTC.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from punchout.ledger.decisions.decided import acknowledgements, decision_as_plain, decisions_of, in_order
from punchout.ledger.decisions.named import named_by_lines
from punchout.ledger.kept_decisions import decisions_of_documents
from punchout.ledger.ledger_hash import ledger_hash
from punchout.ledger.runs import last_as_of
from punchout.ledger.sql import chunks, key_in
from punchout.ledger.tables import facts, projections
from punchout.ledger.tables.control import DOCUMENT_STATE, OUTBOX
from punchout.ledger.tables.logs import DELIVERY
from punchout.ledger.views.match_report import charge_of, match_of, suggestion_of
from punchout.model.codes import Code
from punchout.model.decisions import owner_of
from punchout.model.exact import format_decimal
from punchout.model.keys import Account, RequestKey
from punchout.model.moments import Micros, iso_utc

_Key = tuple[str, str, str]

_QUANTITIES = (
    "ordered", "accepted", "rejected", "backordered", "shipped", "returned", "received", "invoiced", "credited",
)  # fmt: skip
_AS_THEY_ARE = (
    "line_number", "order_line_number", "cart_position", "supplier_part_id", "supplier_part_aux_id", "description",
    "unit", "currency", "inferred", "order_axis", "ship_axis", "receipt_axis", "invoice_axis", "shipping_date",
    "delivery_date", "invoice_id", "invoice_date", "shipping_dates", "delivery_dates", "invoice_ids", "invoice_dates",
)  # fmt: skip


def status_report(
    connection: sa.Connection, as_of: Micros | None = None, keys: Sequence[RequestKey] | None = None
) -> dict[str, Any]:
    """Return the status of all requests, or of some, with the documents that need a person.

    Args:
        connection: to read from; one transaction gives one consistent picture.
        as_of: the moment to name; by default that of the last sync.
        keys: the requests wanted; None for all.
    """
    moment = last_as_of(connection) if as_of is None else as_of
    return {
        "as_of": None if moment is None else iso_utc(moment),
        "ledger_hash": ledger_hash(connection),
        "requests": list(_requests(connection, keys)),
        "documents": document_counts(connection),
        "document_exceptions": _document_exceptions(connection),
        "feeds": _feeds(connection),
    }


def document_counts(connection: sa.Connection) -> dict[str, Any]:
    """Return how many documents were accepted, wait for their order, repeat another, or are quarantined by reason."""
    state = DOCUMENT_STATE.c
    counted: dict[str, Any] = {"accepted": 0, "waiting": 0, "duplicate": 0, "quarantined": {}}
    query = (
        sa.select(state.state, state.resolution, state.reason, sa.func.count())
        .group_by(state.state, state.resolution, state.reason)
        .order_by(state.reason)
    )
    for name, resolution, reason, count in connection.execute(query):
        if name == "quarantined":
            counted["quarantined"][reason] = counted["quarantined"].get(reason, 0) + count
        elif name == "accepted" and resolution == "waiting":
            counted["waiting"] += count
        elif name in counted:
            counted[name] += count
    return counted


def documents_unfinished(connection: sa.Connection) -> int:
    """Return how many documents the next sync would read or assign."""
    state = DOCUMENT_STATE.c
    query = sa.select(sa.func.count()).where(sa.or_(state.state == "received", state.resolution == "pending"))
    return connection.execute(query).scalar_one()


def _requests(connection: sa.Connection, keys: Sequence[RequestKey] | None) -> Iterator[dict[str, Any]]:
    wanted = None if keys is None else [(key.company, key.supplier, key.request_no) for key in keys]
    lines = _grouped(connection, projections.LINE_POSITION, wanted)
    matches, charges, suggestions = (
        _grouped(connection, table, wanted)
        for table in (projections.THREE_WAY, projections.CHARGE, projections.SUGGESTION)
    )
    found = _grouped(connection, projections.EXCEPTION, wanted)
    events = _grouped(connection, projections.TIMELINE, wanted)
    tracking = _tracking(connection, wanted)
    rows = _current_rows(connection, wanted)
    reasons = {key: outbox[0]["reason"] for key, outbox in _grouped(connection, OUTBOX, wanted).items()}
    stages = _grouped(connection, projections.REQUEST_STAGE, wanted)
    decisions = decisions_of(connection, [RequestKey(*key) for key in stages])
    named = named_by_lines(connection, decisions, lines)
    for key, (stage, *_) in sorted(stages.items()):
        numbers = {line["key"]: line["line_number"] for line in lines.get(key, ())}
        decided = decisions.get(RequestKey(*key), ())
        known = acknowledgements(named.get(RequestKey(*key), ()))
        yield {
            "company": key[0],
            "supplier": key[1],
            "request_no": key[2],
            "order_id": stage["order_id"],
            "stage": stage["stage"],
            "outbox_state": stage["outbox_state"],
            "outbox_reason": reasons.get(key),
            "adopted": stage["is_adopted"],
            "order_confirmation_id": stage["order_confirmation_id"],
            "order_confirmation_ids": json.loads(stage["order_confirmation_ids"]),
            "requester_email": rows.get(key, {}).get("requester_email"),
            "business_unit": rows.get(key, {}).get("business_unit"),
            "currency": next((line["currency"] for line in lines.get(key, ()) if line["currency"]), None),
            "next_due_at": _instant(stage["next_due_at"]),
            "exceptions": sorted({row["code"] for row in found.get(key, ())}),
            "exception_details": [_exception(row, numbers, known) for row in found.get(key, ())],
            "decisions": [decision_as_plain(one) for one in decided],
            "timeline": [
                {"at": iso_utc(row["at"]), "what": row["what"], "source": row["source"]} for row in events.get(key, ())
            ],
            "charges": [charge_of(row, numbers) for row in charges.get(key, ())],
            "suggestions": [suggestion_of(row, numbers) for row in suggestions.get(key, ())],
            "lines": [_line(line, tracking.get(key, {}), matches.get(key, ())) for line in lines.get(key, ())],
        }


def _line(
    line: Mapping[Any, Any], tracking: Mapping[str, Sequence[str]], matches: Sequence[Mapping[Any, Any]]
) -> dict[str, Any]:
    return {
        **{name: line[name] for name in _AS_THEY_ARE},
        **{name: format_decimal(line[name]) for name in _QUANTITIES},
        "requested": _decimal(line["requested"]),
        "unit_price": _decimal(line["price_ordered"]),
        "confirmed_price": _decimal(line["price_confirmed"]),
        "tracking": list(tracking.get(line["key"], ())),
        # None between an upgrade of the schema and the next sync.
        "match": next((match_of(row) for row in matches if row["line_key"] == line["key"]), None),
    }


def _exception(
    row: Mapping[Any, Any], line_numbers: Mapping[str, int | None], known: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    line_key = row["subject_key"].rpartition("/")[2] if row["subject"] == "line" else None
    return {
        "code": row["code"],
        "severity": row["severity"],
        "subject": row["subject"],
        "subject_key": row["subject_key"],
        "line_number": None if line_key is None else line_numbers.get(line_key),
        "amount_at_risk": _decimal(row["amount_at_risk"]),
        "currency": row["currency"],
        "detail": row["detail"],
        "action": Code[row["code"]].action,
        "since": _instant(row["since"]),
        "acknowledged_by": known.get((row["code"], row["subject_key"])),
    }


def _document_exceptions(connection: sa.Connection) -> list[dict[str, Any]]:
    query = sa.select(projections.EXCEPTION).where(projections.EXCEPTION.c.request_no.is_(None))
    ordered = query.order_by(projections.EXCEPTION.c.code, projections.EXCEPTION.c.subject_key)
    rows = connection.execute(ordered).mappings().all()
    documents = {(Account(row["company"], row["supplier"]), owner_of(row["subject_key"])) for row in rows}
    known = {
        document: acknowledgements(in_order(decided))
        for document, decided in decisions_of_documents(connection, documents).items()
    }
    return [
        _exception(row, {}, known.get((Account(row["company"], row["supplier"]), owner_of(row["subject_key"])), {}))
        for row in rows
    ]


def _feeds(connection: sa.Connection) -> list[dict[str, Any]]:
    query = (
        sa.select(DELIVERY.c.feed, sa.func.count(sa.distinct(DELIVERY.c.document_id)), sa.func.max(DELIVERY.c.at))
        .group_by(DELIVERY.c.feed)
        .order_by(DELIVERY.c.feed)
    )
    return [
        {"feed": feed, "documents": count, "last_received_at": _instant(last)}
        for feed, count, last in connection.execute(query)
    ]


def _tracking(connection: sa.Connection, wanted: Sequence[_Key] | None) -> dict[_Key, dict[str, list[str]]]:
    """Return tracking numbers by line, through the links of current ship notices."""
    by_body: dict[str, list[str]] = {}
    notices = (
        sa.select(facts.DOCUMENT_ENVELOPE.c.body_sha256, facts.SHIP_NOTICE.c.tracking)
        .join(facts.DOCUMENT_ENVELOPE, facts.DOCUMENT_ENVELOPE.c.document_id == facts.SHIP_NOTICE.c.document_id)
        .where(facts.SHIP_NOTICE.c.tracking.is_not(None))
    )
    links = _grouped(connection, projections.LINK, wanted)
    bodies = {row["body_sha256"] for rows in links.values() for row in rows if row["kind"] == "ship_notice"}
    for chunk in chunks(sorted(bodies)):
        query = notices.where(facts.DOCUMENT_ENVELOPE.c.body_sha256.in_(chunk))
        by_body.update({row[0]: json.loads(row[1]) for row in connection.execute(query)})
    found: dict[_Key, dict[str, list[str]]] = {}
    for key, rows in links.items():
        numbers: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row["line_key"]:
                numbers[row["line_key"]].update(by_body.get(row["body_sha256"], ()))
        found[key] = {line: sorted(values) for line, values in numbers.items()}
    return found


def _current_rows(connection: sa.Connection, wanted: Sequence[_Key] | None) -> dict[_Key, Mapping[Any, Any]]:
    """Return Business Central's current row of each request: the highest version, ties by content."""
    table = facts.BC_REQUEST
    columns = (table.c.company, table.c.supplier, table.c.number)
    query = sa.select(*columns, table.c.requester_email, table.c.business_unit).order_by(
        table.c.version, table.c.row_sha256
    )
    found: dict[_Key, Mapping[Any, Any]] = {}
    for selected in _selections(query, columns, wanted):
        for row in connection.execute(selected).mappings():
            found[row["company"], row["supplier"], row["number"]] = row
    return found


def _grouped(
    connection: sa.Connection, table: sa.Table, wanted: Sequence[_Key] | None
) -> dict[_Key, list[Mapping[Any, Any]]]:
    columns = (table.c.company, table.c.supplier, table.c.request_no)
    grouped: dict[_Key, list[Mapping[Any, Any]]] = defaultdict(list)
    query = sa.select(table).where(table.c.request_no.is_not(None)).order_by(*table.primary_key)
    for selected in _selections(query, columns, wanted):
        for row in connection.execute(selected).mappings():
            grouped[row["company"], row["supplier"], row["request_no"]].append(row)
    return grouped


def _selections(
    query: sa.Select[Any], columns: Sequence[sa.ColumnElement[Any]], wanted: Sequence[_Key] | None
) -> Iterable[sa.Select[Any]]:
    if wanted is None:
        return [query]
    return [query.where(key_in(columns, chunk)) for chunk in chunks(wanted)]


def _decimal(value: int | None) -> str | None:
    return None if value is None else format_decimal(value)


def _instant(value: Micros | None) -> str | None:
    return None if value is None else iso_utc(value)
