"""Which requests are over: at their final stage, nothing open about them, and nothing came of them since a moment.

Of any other request nothing is ever erased. That a request would show the same without its personal data is not
assumed but computed, by the same pure functions.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from punchout.ledger.reconciling.drafting import draft_of
from punchout.ledger.reconciling.histories import histories
from punchout.ledger.reconciling.reconcile import Policies, compute
from punchout.ledger.sql import chunks, for_update, key_in
from punchout.ledger.tables.control import OUTBOX, REQUEST_WORK, TOUCH, UPDATE_WAITING
from punchout.ledger.tables.facts import UPDATE_QUEUED
from punchout.ledger.tables.projections import EXCEPTION, REQUEST_STAGE
from punchout.model.codes import Severity
from punchout.model.history import RequestHistory, Stated
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros
from punchout.reconciliation.personal_data import history_without_personal_data
from punchout.reconciliation.policy import ReconciliationPolicy
from punchout.reconciliation.stages import Stage

_AT_ONCE = 200
_ENDED = ("sent", "refused", "cancelled")


class KeptRequest(StrEnum):
    """Why nothing of a request is erased."""

    OPEN = "not at its final stage"
    DOUBT = "an order of it may still leave, or is in doubt"
    EXCEPTED = "an exception is open"
    WAITING = "something about it is still to be computed or written"
    RECENT = "something came of it since"
    RESTS = "what it shows rests on what would be erased"


@dataclass(frozen=True, slots=True)
class Finished:
    """Requests that are over, and those that are not.

    Attributes:
        results: the hash of the result that each finished request was found with.
        kept: the others, by the reason.
    """

    results: Mapping[RequestKey, str | None]
    kept: Mapping[KeptRequest, Sequence[RequestKey]] = field(default_factory=dict)


def finished_requests(connection: sa.Connection, policies: Policies, before: Micros, as_of: Micros) -> Finished:
    """Look at every request.

    Args:
        connection: one consistent picture.
        policies: the company's.
        before: a request of which something came at this moment or later is kept.
        as_of: the moment of the ledger.
    """
    results: dict[RequestKey, str | None] = {}
    kept: dict[KeptRequest, list[RequestKey]] = defaultdict(list)
    for rows in _in_batches(connection):
        stated = _kept_by_state(connection, rows, policies.reconciliation)
        over = {key: row.result_sha256 for row in rows if (key := _key(row)) not in stated}
        stated |= _kept_by_history(connection, list(over), policies, before, as_of)
        results |= {key: digest for key, digest in over.items() if key not in stated}
        for key, reason in stated.items():
            kept[reason].append(key)
    return Finished(results, dict(kept))


def still_finished(connection: sa.Connection, keys: Iterable[RequestKey], found: Finished) -> set[RequestKey]:
    """Return those of some requests that are as they were found, locked to the end of the transaction.

    Whatever comes of a request touches it, and a result that is not the same has another hash.
    """
    wanted = [key for key in keys if key in found.results]
    still: set[RequestKey] = set()
    work = REQUEST_WORK.c
    for chunk in chunks(sorted(wanted)):
        query = sa.select(work.company, work.supplier, work.request_no, work.result_sha256)
        rows = connection.execute(for_update(connection, query.where(_among(REQUEST_WORK, chunk)))).all()
        same = {key for *parts, digest in rows if digest == found.results[key := RequestKey(*parts)]}
        still |= same - _keys(connection, TOUCH, chunk)
    return still


def stages_that_are_final(policy: ReconciliationPolicy) -> frozenset[Stage]:
    """Return the stages after which nothing is expected; invoiced is one where receipts are not waited for."""
    ended = {Stage.CLOSED, Stage.REJECTED, Stage.CANCELLED}
    return frozenset(ended if policy.receipts_in_scope else {*ended, Stage.INVOICED})


def _in_batches(connection: sa.Connection) -> Iterator[Sequence[sa.Row[Any]]]:
    stage, work = REQUEST_STAGE.c, REQUEST_WORK.c
    columns = (stage.company, stage.supplier, stage.request_no)
    same = sa.and_(*(REQUEST_WORK.c[column.name] == column for column in columns))
    query: sa.Select[Any] = (
        sa.select(
            *columns, stage.stage, stage.outbox_state, work.result_sha256, work.next_due_at, work.order_is_ready,
            work.update_is_due,
        )
        .outerjoin(REQUEST_WORK, same)
        .order_by(*columns)
        .limit(_AT_ONCE)
    )  # fmt: skip
    last = ("", "", "")
    while rows := connection.execute(query.where(sa.tuple_(*columns) > sa.tuple_(*map(sa.literal, last)))).all():
        yield rows
        last = tuple(rows[-1][:3])


def _key(row: sa.Row[Any]) -> RequestKey:
    return RequestKey(row.company, row.supplier, row.request_no)


def _kept_by_state(
    connection: sa.Connection, rows: Sequence[sa.Row[Any]], policy: ReconciliationPolicy
) -> dict[RequestKey, KeptRequest]:
    """Return the requests that are kept for what the tables say of them, the first reason that fits."""
    final = stages_that_are_final(policy)
    keys = [_key(row) for row in rows]
    touched, unwritten = _keys(connection, TOUCH, keys), _unwritten(connection, keys)
    on_their_way = _keys(connection, OUTBOX, keys, OUTBOX.c.state.not_in(_ENDED))
    excepted = _keys(connection, EXCEPTION, keys, EXCEPTION.c.severity != Severity.INFO.value)
    kept: dict[RequestKey, KeptRequest] = {}
    for key, row in zip(keys, rows, strict=True):
        is_waiting = row.next_due_at is not None or row.order_is_ready or row.update_is_due or row.result_sha256 is None
        reasons = (
            (key in on_their_way or row.outbox_state not in (None, *_ENDED), KeptRequest.DOUBT),
            (row.stage not in final, KeptRequest.OPEN),
            (key in excepted, KeptRequest.EXCEPTED),
            (is_waiting or key in touched or key in unwritten, KeptRequest.WAITING),
        )
        reason = next((reason for holds, reason in reasons if holds), None)
        if reason is not None:
            kept[key] = reason
    return kept


def _kept_by_history(
    connection: sa.Connection, keys: Sequence[RequestKey], policies: Policies, before: Micros, as_of: Micros
) -> dict[RequestKey, KeptRequest]:
    kept: dict[RequestKey, KeptRequest] = {}
    for key, history in histories(connection, keys).items():
        if _latest(history) >= before:
            kept[key] = KeptRequest.RECENT
        elif _result(connection, history, policies, as_of) != _result(
            connection, history_without_personal_data(history), policies, as_of
        ):
            kept[key] = KeptRequest.RESTS
    return kept


def _result(connection: sa.Connection, history: RequestHistory, policies: Policies, as_of: Micros) -> object:
    return compute(history, policies, as_of, draft_of(connection, history, policies.ordering, as_of))


def _latest(history: RequestHistory) -> Micros:
    """Return when the last thing came of a request."""
    every = [
        one for each in fields(history) if isinstance(value := getattr(history, each.name), tuple) for one in value
    ]
    moments: list[Micros] = [one.source.received if isinstance(one, Stated) else one.at for one in every]
    return max(moments, default=0)


def _unwritten(connection: sa.Connection, keys: Sequence[RequestKey]) -> set[RequestKey]:
    """Return the requests with updates for Business Central that no file carries yet."""
    queued = UPDATE_QUEUED.c
    query = (
        sa.select(queued.company, queued.supplier, queued.request_no)
        .join(UPDATE_WAITING, UPDATE_WAITING.c.update_id == queued.update_id)
        .where(_among(UPDATE_QUEUED, keys))
    )
    return {RequestKey(*row) for row in connection.execute(query)}


def _keys(
    connection: sa.Connection, table: sa.Table, keys: Sequence[RequestKey], *conditions: sa.ColumnElement[bool]
) -> set[RequestKey]:
    """Return those of some requests of which a table has a row that fits."""
    query = sa.select(table.c.company, table.c.supplier, table.c.request_no).where(_among(table, keys), *conditions)
    return {RequestKey(*row) for row in connection.execute(query)}


def _among(table: sa.Table, keys: Sequence[RequestKey]) -> sa.ColumnElement[bool]:
    wanted = [(key.company, key.supplier, key.request_no) for key in keys]
    return key_in((table.c.company, table.c.supplier, table.c.request_no), wanted)
