"""Unit of work: order. A ready request's order is written down, with its identity and exact bytes, before any leave.

What an order contains is `punchout.ordering`, how it is written `cxml_parsers.order_request`. An order released by
approval waits to be sent; one released by hand stays a draft until a person sends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cxml_parsers.order_request import OrderHeader, write_order_request
from punchout.ledger.bodies import sha256
from punchout.ledger.codec import codec_of
from punchout.ledger.draining import Tally
from punchout.ledger.reconciling.histories import histories
from punchout.ledger.reconciling.reconcile import draft_of
from punchout.ledger.resolving.resolve import Known, learn
from punchout.ledger.sql import for_update, insert_all
from punchout.ledger.tables import facts
from punchout.ledger.tables.control import OUTBOX, REQUEST_WORK
from punchout.ledger.touches import touch
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros
from punchout.model.orders import OrderDraft, OrderedLine, OrderQueued
from punchout.model.values import Credential
from punchout.ordering.identity import payload_id
from punchout.ordering.policy import OrderingPolicy


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes to whom: the credentials and the name of the software in the envelope of every order."""

    sender: Credential
    recipient: Credential
    user_agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCounts(Tally):
    """How many ready requests were taken, and how many orders written down; `drafts` of these wait for a person."""

    queued: int = 0
    drafts: int = 0


def queue_orders(
    connection: sa.Connection, policy: OrderingPolicy, letterhead: Letterhead, as_of: Micros, limit: int
) -> OrderCounts:
    """Write down the orders of up to `limit` ready requests, in the caller's transaction."""
    work = REQUEST_WORK.c
    columns = (work.company, work.supplier, work.request_no)
    query = sa.select(*columns).where(work.order_is_ready).order_by(*columns).limit(limit)
    keys = [RequestKey(*row) for row in connection.execute(for_update(connection, query, skip_locked=True))]
    known = histories(connection, keys)
    modes: list[str] = []
    for key in keys:
        draft = draft_of(connection, known[key], policy, as_of)
        if isinstance(draft, OrderDraft):
            _write(connection, key, draft, policy, letterhead, as_of)
            modes.append(draft.release_mode)
        connection.execute(
            sa.update(REQUEST_WORK)
            .where(work.company == key.company, work.supplier == key.supplier, work.request_no == key.request_no)
            .values(order_is_ready=False)
        )
    touch(connection, keys)
    return OrderCounts(total=len(keys), queued=len(modes), drafts=modes.count("manual"))


def _write(
    connection: sa.Connection,
    key: RequestKey,
    draft: OrderDraft,
    policy: OrderingPolicy,
    letterhead: Letterhead,
    as_of: Micros,
) -> None:
    identity = payload_id(key.account, policy.environment, draft.order_id, draft.order_version, policy.payload_host)
    header = OrderHeader(
        payload_id=identity,
        timestamp=as_of,
        environment=policy.environment,
        sender=letterhead.sender,
        recipient=letterhead.recipient,
        user_agent=letterhead.user_agent,
    )
    body = write_order_request(draft, header)
    queued = OrderQueued(
        order_id=draft.order_id,
        order_version=draft.order_version,
        payload_id=identity,
        environment=policy.environment,
        release_mode=draft.release_mode,
        currency=draft.currency,
        total=draft.total,
        body_sha256=sha256(body),
        at=as_of,
        lines=draft.lines,
    )
    _insert(connection, key, queued, body)
    learn(connection, [Known("payload", identity, key), Known("order", draft.order_id, key)])


def _insert(connection: sa.Connection, key: RequestKey, queued: OrderQueued, body: bytes) -> None:
    of_request = {"company": key.company, "supplier": key.supplier, "request_no": key.request_no}
    insert_all(connection, facts.ORDER_QUEUED, [{**of_request, **codec_of(OrderQueued).encode(queued)}])
    lines: list[Mapping[str, Any]] = [
        {"payload_id": queued.payload_id, **codec_of(OrderedLine).encode(line)} for line in queued.lines
    ]
    insert_all(connection, facts.ORDER_LINE, lines)
    insert_all(connection, facts.ORDER_BODY, [{"payload_id": queued.payload_id, "body": body}])
    state = "draft" if queued.release_mode == "manual" else "pending"
    insert_all(
        connection,
        OUTBOX,
        [
            {
                "payload_id": queued.payload_id,
                **of_request,
                "order_id": queued.order_id,
                "state": state,
                "epoch": 0,
                "attempt": 0,
            }
        ],
    )
