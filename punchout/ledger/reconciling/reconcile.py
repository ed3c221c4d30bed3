"""Unit of work: reconcile. Touched requests are computed anew from their facts, and their projections replaced.

What follows from the facts is decided by `punchout.reconciliation` and `punchout.ordering`; here are only the lock,
the reading and the writing. Only the touches seen before reading are deleted: one that arrives in between stays.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.draining import Tally
from punchout.ledger.reconciling.drafting import drafts_of
from punchout.ledger.reconciling.histories import histories
from punchout.ledger.sql import chunks, for_update, insert_all, insert_new, key_in, upsert
from punchout.ledger.tables import projections
from punchout.ledger.tables.control import OUTBOX, REQUEST_WORK
from punchout.ledger.touches import done, seqs_of, touch, touched
from punchout.model.history import RequestHistory
from punchout.model.keys import RequestKey
from punchout.model.moments import DAY, Micros
from punchout.model.orders import OrderDraft
from punchout.ordering.policy import OrderingPolicy
from punchout.ordering.refusals import Refusals
from punchout.ordering.roundtrip import order_differences
from punchout.reconciliation.accounts import Charge, Suggestion, ThreeWay
from punchout.reconciliation.policy import ReconciliationPolicy
from punchout.reconciliation.reconcile import reconcile
from punchout.reconciliation.results import ExceptionFound, LinePosition, Link, Reconciled, TimelineEvent, VersionState

# Table, the field of the result that it holds, and the record that one row is.
_LISTED = (
    (projections.LINE_POSITION, "lines", LinePosition),
    (projections.LINK, "links", Link),
    (projections.DOCUMENT_VERSION, "versions", VersionState),
    (projections.TIMELINE, "timeline", TimelineEvent),
    (projections.SUGGESTION, "suggestions", Suggestion),
    (projections.CHARGE, "charges", Charge),
    (projections.THREE_WAY, "three_way", ThreeWay),
)
OF_REQUEST = (projections.REQUEST_STAGE, projections.EXCEPTION, *(table for table, _, _ in _LISTED))


@dataclass(frozen=True, slots=True)
class Policies:
    """What the company decided: about reading the facts, and about ordering."""

    reconciliation: ReconciliationPolicy
    ordering: OrderingPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileCounts(Tally):
    """How many requests were computed, and how many came out differently than before."""

    changed: int = 0


def touch_due(connection: sa.Connection, as_of: Micros) -> int:
    """Touch every request whose result changes by `as_of` merely because time passed; returns how many."""
    work = REQUEST_WORK.c
    keys = [
        RequestKey(*row)
        for row in connection.execute(
            sa.select(work.company, work.supplier, work.request_no).where(work.next_due_at <= as_of)
        )
    ]
    touch(connection, keys)
    return len(keys)


def reconcile_touched(connection: sa.Connection, policies: Policies, as_of: Micros, limit: int) -> ReconcileCounts:
    """Reconcile up to `limit` touched requests, in the caller's transaction."""
    locked = _lock(connection, touched(connection, limit))
    seqs = seqs_of(connection, list(locked))
    # Whoever held the lock before may have worked off what was asked for.
    work = {key: before for key, before in locked.items() if key in seqs}
    known = histories(connection, list(work))
    drafts = drafts_of(connection, known.values(), policies.ordering, as_of)
    changed: dict[RequestKey, Reconciled | None] = {}
    sent: list[RequestKey] = []
    rows: list[dict[str, Any]] = []
    for key, before in work.items():
        draft = drafts[key]
        result = compute(known[key], policies, as_of, draft)
        digest = None if result is None else hashlib.sha256(repr(result).encode()).hexdigest()
        if digest != before:
            changed[key] = result
        if result is not None and result.outbox_state == "sent":
            sent.append(key)
        rows.append(_work_row(key, known[key], result, draft, digest, policies.ordering, as_of))
    _settle_outbox(connection, sent)
    _replace(connection, changed)
    upsert(connection, REQUEST_WORK, rows)
    done(connection, [seq for of_key in seqs.values() for seq in of_key])
    return ReconcileCounts(total=len(locked), changed=len(changed))


def compute(
    history: RequestHistory, policies: Policies, as_of: Micros, draft: OrderDraft | Refusals | None
) -> Reconciled | None:
    """Return what follows from a history; None where nothing is known of the request any more."""
    rows, answers = (history.requests, history.orders), (history.confirmations, history.ship_notices, history.invoices)
    if not any((*rows, *answers, history.carts, history.order_requests, history.queued)):
        return None
    reasons = draft.reasons if isinstance(draft, Refusals) else ()
    refusals = tuple((one.code, f"{one.where} {one.detail}") for one in reasons)
    remarks = tuple((str(one.bc_line_number), one.detail, one.amount) for one in order_differences(history, draft))
    return reconcile(history, policies.reconciliation, as_of, order_refusals=refusals, order_remarks=remarks)


def projection_rows(key: RequestKey, result: Reconciled) -> dict[sa.Table, list[dict[str, Any]]]:
    """Return the rows of a result by table, in its own order."""
    keys = {"company": key.company, "supplier": key.supplier, "request_no": key.request_no}
    stage = {
        **keys,
        "stage": result.stage.value,
        "order_id": result.order_id,
        "outbox_state": result.outbox_state,
        "is_adopted": result.adopted,
        "order_confirmation_id": result.order_confirmation_id,
        "order_confirmation_ids": json.dumps(result.order_confirmation_ids, ensure_ascii=False),
        "next_due_at": result.next_due_at,
    }
    rows: dict[sa.Table, list[dict[str, Any]]] = {projections.REQUEST_STAGE: [stage]}
    for table, name, record_class in _LISTED:
        records = getattr(result, name)
        rows[table] = [
            {**keys, "ordinal": ordinal, **codec_of(record_class).encode(record)}
            for ordinal, record in enumerate(records, start=1)
        ]
    rows[projections.EXCEPTION] = [_exception_row(key, found) for found in result.exceptions]
    return rows


def _lock(connection: sa.Connection, keys: Sequence[RequestKey]) -> dict[RequestKey, str | None]:
    """Lock the requests that nobody else works on; returns the hash of their last result."""
    columns = REQUEST_WORK.c
    key_columns = (columns.company, columns.supplier, columns.request_no)
    there: set[RequestKey] = set()
    for chunk in chunks(sorted(keys)):
        there |= {RequestKey(*row) for row in connection.execute(sa.select(*key_columns).where(_is_one_of(chunk)))}
    # Only what is missing: an insert waits for whoever is changing a row of the same key.
    blank = {"next_due_at": None, "result_sha256": None, "order_is_ready": False, "update_is_due": False}
    insert_new(connection, REQUEST_WORK, [{**_key_row(key), **blank} for key in sorted(set(keys) - there)])
    found: dict[RequestKey, str | None] = {}
    for chunk in chunks(sorted(keys)):
        query = sa.select(*key_columns, columns.result_sha256).where(_is_one_of(chunk)).order_by(*key_columns)
        for row in connection.execute(for_update(connection, query, skip_locked=True)):
            found[RequestKey(row.company, row.supplier, row.request_no)] = row.result_sha256
    return found


def _is_one_of(keys: Sequence[RequestKey], table: sa.Table = REQUEST_WORK) -> sa.ColumnElement[bool]:
    wanted = [(key.company, key.supplier, key.request_no) for key in keys]
    return key_in((table.c.company, table.c.supplier, table.c.request_no), wanted)


def _replace(connection: sa.Connection, results: Mapping[RequestKey, Reconciled | None]) -> None:
    """Put results in the place of what was concluded before; all requests at once, since statements are what costs."""
    for chunk in chunks(results):
        for table in OF_REQUEST:
            connection.execute(sa.delete(table).where(_is_one_of(chunk, table)))
    rows: dict[sa.Table, list[dict[str, Any]]] = {}
    for key, result in results.items():
        if result is not None:
            for table, found in projection_rows(key, result).items():
                rows.setdefault(table, []).extend(found)
    for table, found in rows.items():
        insert_all(connection, table, found)


def _settle_outbox(connection: sa.Connection, sent: Sequence[RequestKey]) -> None:
    """Let inbound documents that answer orders settle doubts about them; the only automatic way out of a doubt.

    An order that a person had made ready to send again is settled too: the answer proves that it must not leave.
    """
    for chunk in chunks(sent):
        connection.execute(
            sa.update(OUTBOX)
            .where(
                _is_one_of(chunk, OUTBOX),
                sa.or_(
                    OUTBOX.c.state == "in_doubt", sa.and_(OUTBOX.c.state.in_(("pending", "hold")), OUTBOX.c.attempt > 0)
                ),
            )
            .values(state="sent", reason="an inbound document answers the order")
        )


def _work_row(
    key: RequestKey,
    history: RequestHistory,
    result: Reconciled | None,
    draft: OrderDraft | Refusals | None,
    digest: str | None,
    policy: OrderingPolicy,
    as_of: Micros,
) -> dict[str, Any]:
    due = [result.next_due_at] if result is not None else []
    if draft is not None:
        lapse = policy.cart_max_age_days * DAY
        due.extend(cart.source.received + lapse for cart in history.carts if cart.source.received + lapse > as_of)
    return {
        **_key_row(key),
        "next_due_at": min((moment for moment in due if moment is not None), default=None),
        "result_sha256": digest,
        "order_is_ready": isinstance(draft, OrderDraft),
        "update_is_due": True,
    }


def _exception_row(key: RequestKey, found: ExceptionFound) -> dict[str, Any]:
    return {
        "company": key.company,
        "supplier": key.supplier,
        "code": found.code.value,
        "subject": found.subject_kind,
        "subject_key": found.subject_key,
        "request_no": key.request_no,
        "severity": found.severity.value,
        "amount_at_risk": found.amount_at_risk,
        "currency": found.currency,
        "detail": found.detail,
        "since": found.since,
    }


def _key_row(key: RequestKey) -> dict[str, Any]:
    return {"company": key.company, "supplier": key.supplier, "request_no": key.request_no}
