"""Unit of work: order. A ready request's order is written down, with its identity and exact bytes, before any leave.

What an order contains is `punchout.ordering`, how it is written `cxml_parsers.order_request`. An order released by
approval waits to be sent; one released by hand stays a draft until a person sends it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cxml_parsers.order_request import OrderHeader, write_order_request
from punchout.ledger.bodies import sha256
from punchout.ledger.codec import codec_of
from punchout.ledger.draining import Tally
from punchout.ledger.reconciling.drafting import drafts_of
from punchout.ledger.reconciling.histories import histories
from punchout.ledger.resolving.resolve import Known, learn
from punchout.ledger.sql import chunks, for_update, insert_all, key_in
from punchout.ledger.tables import facts
from punchout.ledger.tables.control import OUTBOX, REQUEST_WORK
from punchout.ledger.touches import touch
from punchout.model.keys import Account, RequestKey
from punchout.model.moments import Micros
from punchout.model.orders import OrderDraft, OrderedLine, OrderQueued
from punchout.model.values import Credential
from punchout.ordering.identity import payload_id
from punchout.ordering.policy import OrderingPolicy
from punchout.ordering.refusals import Refusals

_WORK_KEY = (REQUEST_WORK.c.company, REQUEST_WORK.c.supplier, REQUEST_WORK.c.request_no)


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


@dataclass(frozen=True, slots=True)
class WrittenOrder:
    """One order in its exact bytes, and the request it is for."""

    key: RequestKey
    queued: OrderQueued
    body: bytes

    @property
    def of_request(self) -> dict[str, str]:
        """The columns that say whose it is."""
        return {"company": self.key.company, "supplier": self.key.supplier, "request_no": self.key.request_no}


def queue_orders(
    connection: sa.Connection, policy: OrderingPolicy, letterhead: Letterhead, as_of: Micros, limit: int
) -> OrderCounts:
    """Write down the orders of up to `limit` ready requests, in the caller's transaction.

    All at once, since statements are what costs. Nothing of it counts before the caller commits.
    """
    keys = _take_ready(connection, limit)
    if not keys:
        return OrderCounts()
    drafts = drafts_of(connection, histories(connection, keys).values(), policy, as_of)
    written = [_write(key, draft, policy, letterhead, as_of) for key, draft in _each_once(keys, drafts)]
    _insert(connection, written)
    learn(connection, [known for one in written for known in _identifiers(one)])
    touch(connection, keys)
    modes = [one.queued.release_mode for one in written]
    return OrderCounts(total=len(keys), queued=len(modes), drafts=modes.count("manual"))


def _take_ready(connection: sa.Connection, limit: int) -> list[RequestKey]:
    """Take ready requests from the queue: whether or not an order comes of one, nobody asks again until it changes."""
    query = sa.select(*_WORK_KEY).where(REQUEST_WORK.c.order_is_ready).order_by(*_WORK_KEY).limit(limit)
    keys = [RequestKey(*row) for row in connection.execute(for_update(connection, query, skip_locked=True))]
    for chunk in chunks(keys):
        those = key_in(_WORK_KEY, [(key.company, key.supplier, key.request_no) for key in chunk])
        connection.execute(sa.update(REQUEST_WORK).where(those).values(order_is_ready=False))
    return keys


def _each_once(
    keys: Iterable[RequestKey], drafts: Mapping[RequestKey, OrderDraft | Refusals | None]
) -> Iterator[tuple[RequestKey, OrderDraft]]:
    """Yield what can be ordered; of two requests that claim one purchase order the first, as if it were there."""
    claimed: set[tuple[Account, str]] = set()
    for key in keys:
        draft = drafts[key]
        if isinstance(draft, OrderDraft) and (key.account, draft.order_id) not in claimed:
            claimed.add((key.account, draft.order_id))
            yield key, draft


def _write(
    key: RequestKey, draft: OrderDraft, policy: OrderingPolicy, letterhead: Letterhead, as_of: Micros
) -> WrittenOrder:
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
    return WrittenOrder(key, queued, body)


def _insert(connection: sa.Connection, written: Sequence[WrittenOrder]) -> None:
    order, line = codec_of(OrderQueued), codec_of(OrderedLine)
    insert_all(connection, facts.ORDER_QUEUED, [{**one.of_request, **order.encode(one.queued)} for one in written])
    lines = [{"payload_id": one.queued.payload_id, **line.encode(each)} for one in written for each in one.queued.lines]
    insert_all(connection, facts.ORDER_LINE, lines)
    bodies = [{"payload_id": one.queued.payload_id, "body": one.body} for one in written]
    insert_all(connection, facts.ORDER_BODY, bodies)
    insert_all(connection, OUTBOX, [_outbox_row(one) for one in written])


def _outbox_row(one: WrittenOrder) -> dict[str, Any]:
    return {
        "payload_id": one.queued.payload_id,
        **one.of_request,
        "order_id": one.queued.order_id,
        "state": "draft" if one.queued.release_mode == "manual" else "pending",
        "epoch": 0,
        "attempt": 0,
    }


def _identifiers(one: WrittenOrder) -> tuple[Known, Known]:
    return Known("payload", one.queued.payload_id, one.key), Known("order", one.queued.order_id, one.key)
