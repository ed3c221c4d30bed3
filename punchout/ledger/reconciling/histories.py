"""Everything that is known of some requests, read from the fact tables into the records that pure code works on."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from punchout.ledger import fact_rows
from punchout.ledger.codec import codec_of
from punchout.ledger.kept_decisions import decisions_about
from punchout.ledger.resolving.aliases import aliases_of
from punchout.ledger.sql import chunks, key_in
from punchout.ledger.tables import decisions, facts
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.model.business_central import BcRequest
from punchout.model.documents import Invoice, ShipNotice
from punchout.model.history import RequestHistory, Source, Stated
from punchout.model.keys import RequestKey
from punchout.model.orders import (
    OrderedLine,
    OrderQueued,
    SendHeld,
    SendLapsed,
    SendMarked,
    SendReleased,
    SendResolved,
    SendResult,
    SendWithheld,
)
from punchout.model.sessions import SessionOpened

_ASSIGNED_KEY = (ASSIGNMENT.c.company, ASSIGNMENT.c.supplier, ASSIGNMENT.c.request_no)
# Field of the history, tree of the facts, and the field that holds a document's portions.
_CXML_PARTS = (
    ("carts", fact_rows.CART, None),
    ("order_requests", fact_rows.ORDER_REQUEST, None),
    ("confirmations", fact_rows.CONFIRMATION, None),
    ("ship_notices", fact_rows.SHIP_NOTICE, "portions"),
    ("invoices", fact_rows.INVOICE, "orders"),
    ("status_updates", fact_rows.STATUS_UPDATE, None),
)
_BC_PARTS = (("requests", fact_rows.BC_REQUEST), ("orders", fact_rows.BC_ORDER))


@dataclass
class _Gathered:
    """The parts of one history while it is put together."""

    portions: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    parts: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))


def histories(connection: sa.Connection, keys: Sequence[RequestKey]) -> dict[RequestKey, RequestHistory]:
    """Return the histories of some requests; one of which nothing is known is empty."""
    gathered = {key: _Gathered() for key in keys}
    _gather_assignments(connection, gathered)
    documents = {i for one in gathered.values() for i in one.portions}
    sources = _sources(connection, documents)
    for name, tree in _BC_PARTS:
        _gather_rows(connection, gathered, name, tree, sources)
    for name, tree, portions in _CXML_PARTS:
        _gather_documents(connection, gathered, name, tree, portions, sources)
    _gather_outbound(connection, gathered)
    _gather_decisions(connection, gathered, sources)
    _gather_sessions(connection, gathered)
    return {
        key: RequestHistory(key=key, **{name: tuple(values) for name, values in one.parts.items()})
        for key, one in gathered.items()
    }


def requests_of(
    connection: sa.Connection, keys: Sequence[RequestKey]
) -> dict[RequestKey, tuple[Stated[BcRequest], ...]]:
    """Return Business Central's rows of some requests, every version of each, and nothing else of their histories."""
    gathered = {key: _Gathered() for key in keys}
    _gather_assignments(connection, gathered)
    sources = _sources(connection, {i for one in gathered.values() for i in one.portions})
    _gather_rows(connection, gathered, "requests", fact_rows.BC_REQUEST, sources)
    return {key: tuple(one.parts["requests"]) for key, one in gathered.items()}


def _gather_assignments(connection: sa.Connection, gathered: Mapping[RequestKey, _Gathered]) -> None:
    for chunk in chunks(gathered):
        wanted = [(key.company, key.supplier, key.request_no) for key in chunk]
        for row in connection.execute(sa.select(ASSIGNMENT).where(key_in(_ASSIGNED_KEY, wanted))):
            key = RequestKey(row.company, row.supplier, row.request_no)
            gathered[key].portions[row.document_id].add(row.portion)


def _sources(connection: sa.Connection, documents: Collection[int]) -> dict[int, Source]:
    found: dict[int, Source] = {}
    envelope = facts.DOCUMENT_ENVELOPE.c
    also_as = aliases_of(connection, documents)
    for chunk in chunks(sorted(documents)):
        query = (
            sa.select(
                facts.DOCUMENT.c.id,
                envelope.body_sha256,
                envelope.payload_id,
                facts.DOCUMENT.c.received_at,
                envelope.timestamp,
            )
            .join(facts.DOCUMENT_ENVELOPE, envelope.document_id == facts.DOCUMENT.c.id)
            .where(facts.DOCUMENT.c.id.in_(chunk))
        )
        for row in connection.execute(query):
            found[row.id] = Source(
                row.id,
                row.body_sha256 or "",
                row.payload_id,
                row.received_at,
                timestamp=row.timestamp,
                also_as=also_as.get(row.id, ()),
            )
    return found


def _gather_rows(
    connection: sa.Connection,
    gathered: Mapping[RequestKey, _Gathered],
    name: str,
    tree: fact_rows.FactTree,
    sources: Mapping[int, Source],
) -> None:
    # Rows, not documents: one export may state every request there is.
    places = {(i, row) for one in gathered.values() for i, rows in one.portions.items() for row in rows}
    records = fact_rows.load_rows(connection, tree, places)
    versions: dict[tuple[int, int], tuple[int, str]] = {}
    columns = tree.table.c
    for chunk in chunks(sorted(places)):
        query = sa.select(columns.document_id, columns.row, columns.version, columns.row_sha256)
        for stated in connection.execute(query.where(key_in((columns.document_id, columns.row), chunk))):
            versions[stated.document_id, stated.row] = (stated.version, stated.row_sha256)
    for one in gathered.values():
        for document_id, rows in one.portions.items():
            for row in rows:
                record = records.get((document_id, row))
                if record is not None:
                    version, row_sha256 = versions[document_id, row]
                    source = replace(sources[document_id], row=row, version=version, body_sha256=row_sha256)
                    one.parts[name].append(Stated(source, record))


def _gather_documents(
    connection: sa.Connection,
    gathered: Mapping[RequestKey, _Gathered],
    name: str,
    tree: fact_rows.FactTree,
    portions: str | None,
    sources: Mapping[int, Source],
) -> None:
    bodies = fact_rows.load(connection, tree, sources)
    for one in gathered.values():
        for document_id, ordinals in one.portions.items():
            body = bodies.get((document_id,))
            if body is not None:
                own = _own_portions(body, portions, ordinals) if portions else body
                source = sources[document_id]
                one.parts[name].append(Stated(source if own is body else replace(source, is_partial=True), own))


def _own_portions(body: ShipNotice | Invoice, portions: str, ordinals: set[int]) -> Any:  # noqa: ANN401 - same as body
    """Return a document without the portions that are another request's; itself where there are none."""
    stated = getattr(body, portions)
    kept = tuple([portion for portion in stated if portion.ordinal in ordinals])
    if len(kept) == len(stated):
        return body
    changes: dict[str, Any] = {portions: kept}
    return replace(body, **changes)


def _gather_decisions(
    connection: sa.Connection, gathered: Mapping[RequestKey, _Gathered], sources: Mapping[int, Source]
) -> None:
    """Find decisions by the request's number, its documents' content and its orders: all may have come after them."""
    bodies = {key: {sources[i].body_sha256 for i in one.portions} - {""} for key, one in gathered.items()}
    orders = {key: {row.body.number for row in one.parts["orders"]} for key, one in gathered.items()}
    for key, found in decisions_about(connection, bodies, orders).items():
        gathered[key].parts["decisions"].extend(found)


def _gather_outbound(connection: sa.Connection, gathered: Mapping[RequestKey, _Gathered]) -> None:
    owners = _gather_queued(connection, gathered)
    for name, record, table in (
        ("releases", SendReleased, decisions.SEND_RELEASED),
        ("holds", SendHeld, decisions.SEND_HELD),
        ("withheld", SendWithheld, facts.SEND_WITHHELD),
        ("marks", SendMarked, facts.SEND_MARKED),
        ("results", SendResult, facts.SEND_RESULT),
        ("lapses", SendLapsed, facts.SEND_LAPSED),
        ("resolutions", SendResolved, decisions.SEND_RESOLVED),
    ):
        codec = codec_of(record)
        for chunk in chunks(owners):
            for row in connection.execute(sa.select(table).where(table.c.payload_id.in_(chunk))).mappings():
                gathered[owners[row["payload_id"]]].parts[name].append(codec.decode(row, {}))


def _gather_queued(connection: sa.Connection, gathered: Mapping[RequestKey, _Gathered]) -> dict[str, RequestKey]:
    table = facts.ORDER_QUEUED
    columns = (table.c.company, table.c.supplier, table.c.request_no)
    rows: list[tuple[RequestKey, Mapping[Any, Any]]] = []
    for chunk in chunks(gathered):
        wanted = [(key.company, key.supplier, key.request_no) for key in chunk]
        found = connection.execute(sa.select(table).where(key_in(columns, wanted))).mappings()
        rows.extend((RequestKey(row["company"], row["supplier"], row["request_no"]), row) for row in found)
    lines = _ordered_lines(connection, [queued["payload_id"] for _, queued in rows])
    codec = codec_of(OrderQueued)
    for key, queued in rows:
        gathered[key].parts["queued"].append(codec.decode(queued, {"lines": lines[queued["payload_id"]]}))
    return {queued["payload_id"]: key for key, queued in rows}


def _ordered_lines(connection: sa.Connection, payload_ids: Sequence[str]) -> dict[str, list[OrderedLine]]:
    lines: dict[str, list[OrderedLine]] = defaultdict(list)
    codec = codec_of(OrderedLine)
    table = facts.ORDER_LINE
    for chunk in chunks(payload_ids):
        query = sa.select(table).where(table.c.payload_id.in_(chunk)).order_by(table.c.payload_id, table.c.line_number)
        for row in connection.execute(query).mappings():
            lines[row["payload_id"]].append(codec.decode(row, {}))
    return lines


def _gather_sessions(connection: sa.Connection, gathered: Mapping[RequestKey, _Gathered]) -> None:
    table = facts.SESSION_OPENED
    columns = (table.c.company, table.c.supplier, table.c.request_no)
    codec = codec_of(SessionOpened)
    for chunk in chunks(gathered):
        wanted = [(key.company, key.supplier, key.request_no) for key in chunk]
        for row in connection.execute(sa.select(table).where(key_in(columns, wanted))).mappings():
            key = RequestKey(row["company"], row["supplier"], row["request_no"])
            gathered[key].parts["sessions"].append(codec.decode(row, {}))
