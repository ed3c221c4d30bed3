"""Erasing: bodies become empty and marked, columns with personal data are blanked. Nothing else is changed.

What is blanked follows from the records: a record is read, written as it is without personal data, and the columns in
which the two differ are overwritten.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from punchout.ledger import fact_rows
from punchout.ledger.codec import codec_of
from punchout.ledger.draining import Tally
from punchout.ledger.fact_rows import FactTree, Rows, add_rows
from punchout.ledger.purges import PURGED
from punchout.ledger.sql import chunks, key_in
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.erasable import require_erasable
from punchout.ledger.tables.facts import (
    DOCUMENT,
    DOCUMENT_ENVELOPE,
    ORDER_BODY,
    ORDER_LINE,
    ORDER_QUEUED,
    SESSION_OPENED,
)
from punchout.ledger.tables.logs import ANSWER
from punchout.model.keys import RequestKey
from punchout.model.orders import OrderedLine, OrderQueued
from punchout.reconciliation.personal_data import without_personal_data

_NOTHING = b""
_ORDERS = "OrderRequest sent from here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Tally):
    """What is erased.

    Attributes:
        total: documents, orders, answers and sessions together.
        documents: how many by kind, or by what they were read as where they are of no kind.
        bytes: as received, by the same, and of orders.
        sessions: the users of punchout sessions.
    """

    documents: dict[str, int] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    orders: int = 0
    answers: int = 0
    sessions: int = 0


def measured(connection: sa.Connection, documents: Sequence[int], keys: Iterable[RequestKey]) -> Taken:
    """Measure what there is to be erased of some documents and some requests."""
    kinds, sizes, answers = Counter[str](), Counter[str](), 0
    for chunk in chunks(documents):
        kind = sa.func.coalesce(DOCUMENT_ENVELOPE.c.kind, DOCUMENT.c.content)
        query = (
            sa.select(kind, sa.func.count(), sa.func.sum(DOCUMENT.c.size))
            .outerjoin(DOCUMENT_ENVELOPE, DOCUMENT_ENVELOPE.c.document_id == DOCUMENT.c.id)
            .where(DOCUMENT.c.id.in_(chunk))
            .group_by(kind)
        )
        for name, count, size in connection.execute(query):
            kinds[name] += count
            sizes[name] += int(size)
        answers += _count(connection, ANSWER, *_kept_answers(chunk))
    orders = sessions = 0
    for wanted in chunks(sorted(keys)):
        lengths = connection.execute(sa.select(sa.func.length(ORDER_BODY.c.body)).where(*_kept_orders(wanted)))
        found = lengths.scalars().all()
        orders += len(found)
        sizes[_ORDERS] += sum(found)
        sessions += _count(connection, SESSION_OPENED, *_named_users(wanted))
    total = sum(kinds.values()) + orders + answers + sessions
    return Taken(
        total=total, documents=dict(kinds), bytes=dict(+sizes), orders=orders, answers=answers, sessions=sessions
    )


def erase(connection: sa.Connection, documents: Sequence[int], keys: Iterable[RequestKey], purge_id: str) -> None:
    """Erase bodies and personal data of some documents, and of what was sent for some requests."""
    for chunk in chunks(documents):
        _change(connection, DOCUMENT, DOCUMENT.c.id.in_(chunk), body=_NOTHING, codec=PURGED, purge_id=purge_id)
        _change(connection, ANSWER, *_kept_answers(chunk), body=_NOTHING)
        _blank_notes(connection, chunk)
        for tree in (*fact_rows.CXML_TREES.values(), fact_rows.BC_REQUEST, fact_rows.BC_ORDER):
            _blank_facts(connection, tree, chunk)
        # Why one was dismissed is in the log; what it was refused for may quote it.
        refused = sa.and_(DOCUMENT_STATE.c.document_id.in_(chunk), DOCUMENT_STATE.c.state == "dismissed")
        connection.execute(sa.update(DOCUMENT_STATE).where(refused).values(detail=None))
    for wanted in chunks(sorted(keys)):
        _blank_ordered_lines(connection, wanted)
        _change(connection, ORDER_BODY, *_kept_orders(wanted), body=_NOTHING, purge_id=purge_id)
        _change(connection, SESSION_OPENED, *_named_users(wanted), user=None)


def _change(connection: sa.Connection, table: sa.Table, *conditions: sa.ColumnElement[bool], **values: Any) -> None:  # noqa: ANN401 - values of any column
    require_erasable(table, values)
    connection.execute(sa.update(table).where(*conditions).values(values))


def _blank_facts(connection: sa.Connection, tree: FactTree, documents: Sequence[int]) -> None:
    before: Rows = {}
    after: Rows = {}
    for key, record in fact_rows.load(connection, tree, documents).items():
        add_rows(before, tree, key, record)
        add_rows(after, tree, key, without_personal_data(record))
    for table, rows in before.items():
        _overwrite(connection, table, rows, after[table])


def _blank_ordered_lines(connection: sa.Connection, keys: Sequence[RequestKey]) -> None:
    for table, record in ((ORDER_QUEUED, OrderQueued), (ORDER_LINE, OrderedLine)):
        query = sa.select(table).where(table.c.payload_id.in_(_queued(keys)))
        codec, rows = codec_of(record), [dict(row) for row in connection.execute(query).mappings()]
        after = [{**row, **codec.encode(without_personal_data(codec.decode(row, {})))} for row in rows]
        _overwrite(connection, table, rows, after)


def _blank_notes(connection: sa.Connection, documents: Sequence[int]) -> None:
    envelope = DOCUMENT_ENVELOPE.c
    query = sa.select(envelope.document_id, envelope.notes).where(
        envelope.document_id.in_(documents), envelope.notes.is_not(None)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    blank = [{**row, "notes": json.dumps([[code, at, ""] for code, at, _ in json.loads(row["notes"])])} for row in rows]
    _overwrite(connection, DOCUMENT_ENVELOPE, rows, blank)


def _overwrite(
    connection: sa.Connection, table: sa.Table, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> None:
    """Write what differs between rows and the same rows afterwards; rows that change alike in one statement."""
    keys = [column.name for column in table.primary_key]
    changed: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for was, now in zip(before, after, strict=True):
        names = tuple(name for name in was if was[name] != now[name])
        if names:
            changed[names].append({f"at_{k}": was[k] for k in keys} | {f"to_{name}": now[name] for name in names})
    for names, rows in changed.items():
        require_erasable(table, dict.fromkeys(names))
        statement = (
            sa.update(table)
            .where(*(table.c[name] == sa.bindparam(f"at_{name}") for name in keys))
            .values({name: sa.bindparam(f"to_{name}") for name in names})
        )
        connection.execute(statement, rows)


def _queued(keys: Sequence[RequestKey]) -> sa.Select[tuple[str]]:
    queued = ORDER_QUEUED.c
    wanted = [(key.company, key.supplier, key.request_no) for key in keys]
    return sa.select(queued.payload_id).where(key_in((queued.company, queued.supplier, queued.request_no), wanted))


def _kept_orders(keys: Sequence[RequestKey]) -> tuple[sa.ColumnElement[bool], ...]:
    return ORDER_BODY.c.purge_id.is_(None), ORDER_BODY.c.payload_id.in_(_queued(keys))


def _kept_answers(documents: Sequence[int]) -> tuple[sa.ColumnElement[bool], ...]:
    return ANSWER.c.document_id.in_(documents), sa.func.length(ANSWER.c.body) > 0


def _named_users(keys: Sequence[RequestKey]) -> tuple[sa.ColumnElement[bool], ...]:
    opened = SESSION_OPENED.c
    wanted = [(key.company, key.supplier, key.request_no) for key in keys]
    return key_in((opened.company, opened.supplier, opened.request_no), wanted), opened.user.is_not(None)


def _count(connection: sa.Connection, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table).where(*conditions)).scalar_one()
