"""Units of work: queue updates for Business Central, and note their delivery.

An update is written down before its file is; delivering it twice is harmless, because it carries an id and only sets
values. What an update says is `update_plan`; how it becomes a file is `resources.business_central.updates`.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from punchout.ledger.business_central.update_plan import Standing, cart_update, tracking_update
from punchout.ledger.business_central.update_sources import carts_awaited, standings
from punchout.ledger.draining import Tally
from punchout.ledger.reconciling.histories import requests_of
from punchout.ledger.sql import chunks, for_update, insert_all, insert_new, key_in
from punchout.ledger.tables.control import REQUEST_WORK, UPDATE_WAITING
from punchout.ledger.tables.facts import UPDATE_DELIVERED, UPDATE_QUEUED
from punchout.model.business_central import BcRequest
from punchout.model.documents import Cart
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros
from punchout.model.updates import CartLinesUpdate, CartUpdateLine, TrackingUpdate, TrackingUpdateLine, Update
from punchout.model.versions import current

_Kind = Literal["cart_lines", "tracking"]


@dataclass(frozen=True, slots=True)
class UpdateRules:
    """What updates depend on beside the facts: Business Central's names of stages, and who receives carts."""

    stage_map: Mapping[str, str]
    received_by: Literal["bc", "pipeline"]
    local_currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateCounts(Tally):
    """How many requests were looked at, and how many updates came of it."""

    queued: int = 0


def queue_updates(connection: sa.Connection, rules: UpdateRules, as_of: Micros, limit: int) -> UpdateCounts:
    """Write down the updates that up to `limit` changed requests call for, in the caller's transaction."""
    work = REQUEST_WORK.c
    columns = (work.company, work.supplier, work.request_no)
    query = sa.select(*columns).where(work.update_is_due).order_by(*columns).limit(limit)
    keys = [RequestKey(*row) for row in connection.execute(for_update(connection, query, skip_locked=True))]
    rows = updates_due(connection, keys, rules, as_of)
    insert_all(connection, UPDATE_QUEUED, rows)
    insert_all(connection, UPDATE_WAITING, [{name: row[name] for name in ("update_id", "kind", "at")} for row in rows])
    for chunk in chunks(keys):
        wanted = [(key.company, key.supplier, key.request_no) for key in chunk]
        connection.execute(sa.update(REQUEST_WORK).where(key_in(columns, wanted)).values(update_is_due=False))
    return UpdateCounts(total=len(keys), queued=len(rows))


def updates_due(
    connection: sa.Connection, keys: Sequence[RequestKey], rules: UpdateRules, as_of: Micros
) -> list[dict[str, Any]]:
    """Return the updates that some requests call for and that were not written down, as rows; nothing is written.

    Business Central is told what the projections show, which is what everybody else is told.
    """
    requests = {key: row.body for key, rows in requests_of(connection, keys).items() if (row := current(rows))}
    told = _told(connection, keys)
    stands = standings(connection, list(requests))
    carts = carts_awaited(connection, requests, told) if rules.received_by == "pipeline" else {}
    return [
        _row(key, kind, version, update, as_of)
        for key, request in requests.items()
        for kind, version, update in _due(key, request, stands.get(key), carts.get(key), told.get(key, ()), rules)
        if update is not None
    ]


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Updates of one kind that were written down at one moment, so that a file of them is the same file every time."""

    queued_at: Micros
    updates: tuple[Update, ...]


def undelivered(connection: sa.Connection, kind: _Kind, limit: int) -> Undelivered | None:
    """Return up to `limit` updates of one kind that no file carries yet, all of the oldest moment; None for none."""
    waiting = (
        sa.select(UPDATE_QUEUED.c.kind, UPDATE_QUEUED.c.content, UPDATE_QUEUED.c.at)
        .join(UPDATE_WAITING, UPDATE_WAITING.c.update_id == UPDATE_QUEUED.c.update_id)
        .where(UPDATE_WAITING.c.kind == kind)
        .order_by(UPDATE_WAITING.c.at, UPDATE_WAITING.c.update_id)
        .limit(limit)
    )
    rows = connection.execute(waiting).all()
    if not rows:
        return None
    oldest = rows[0].at
    return Undelivered(oldest, tuple(_decode(row.kind, row.content) for row in rows if row.at == oldest))


def delivered(connection: sa.Connection, updates: Sequence[Update], file_name: str, at: Micros) -> None:
    """Note that a file with these updates lies where Business Central takes it."""
    rows = [{"update_id": update.update_id, "file_name": file_name, "at": at} for update in updates]
    insert_new(connection, UPDATE_DELIVERED, rows)
    for chunk in chunks([update.update_id for update in updates]):
        connection.execute(sa.delete(UPDATE_WAITING).where(UPDATE_WAITING.c.update_id.in_(chunk)))


def _due(
    key: RequestKey,
    request: BcRequest,
    standing: Standing | None,
    cart: Cart | None,
    told: Sequence[Update],
    rules: UpdateRules,
) -> Iterator[tuple[_Kind, int, Update | None]]:
    """Yield what may be told of one request, each with its kind and version; None where there is nothing to tell."""
    if cart is not None:
        yield "cart_lines", 1, cart_update(_update_id(key, "cart_lines", 1), request, cart, rules.local_currency)
    if standing is not None:
        trackings = [update for update in told if isinstance(update, TrackingUpdate)]
        version = len(trackings) + 1
        update_id = _update_id(key, "tracking", version)
        yield "tracking", version, tracking_update(update_id, request, standing, trackings, rules.stage_map)


def _told(connection: sa.Connection, keys: Sequence[RequestKey]) -> dict[RequestKey, list[Update]]:
    told: dict[RequestKey, list[Update]] = {}
    columns = (UPDATE_QUEUED.c.company, UPDATE_QUEUED.c.supplier, UPDATE_QUEUED.c.request_no)
    for chunk in chunks(keys):
        wanted = [(key.company, key.supplier, key.request_no) for key in chunk]
        query = sa.select(UPDATE_QUEUED).where(key_in(columns, wanted)).order_by(UPDATE_QUEUED.c.version)
        for row in connection.execute(query):
            key = RequestKey(row.company, row.supplier, row.request_no)
            told.setdefault(key, []).append(_decode(row.kind, row.content))
    return told


def _row(key: RequestKey, kind: _Kind, version: int, update: Update, at: Micros) -> dict[str, Any]:
    return {
        "update_id": update.update_id,
        "company": key.company,
        "supplier": key.supplier,
        "request_no": key.request_no,
        "kind": kind,
        "version": version,
        "content": json.dumps(dataclasses.asdict(update), ensure_ascii=False, sort_keys=True),
        "at": at,
    }


def _update_id(key: RequestKey, kind: _Kind, version: int) -> str:
    name = json.dumps([key.company, key.supplier, key.request_no, kind, version])
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _decode(kind: str, content: str) -> Update:
    values = json.loads(content)
    if kind == "cart_lines":
        values["lines"] = tuple(CartUpdateLine(**line) for line in values["lines"])
        return CartLinesUpdate(**values)
    values["lines"] = tuple(TrackingUpdateLine(**line) for line in values["lines"])
    return TrackingUpdate(**values)
