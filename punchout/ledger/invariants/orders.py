"""Promises about orders: nothing leaves unmarked or twice, bytes never change, no doubt is settled by itself."""

from collections import Counter
from typing import Any

import sqlalchemy as sa

from punchout.ledger.bodies import sha256
from punchout.ledger.invariants.finding import Damage, Finding, finding
from punchout.ledger.tables import decisions, facts
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.facts import UPDATE_DELIVERED, UPDATE_QUEUED
from punchout.model.exact import round_to_currency, times
from punchout.model.history import RequestHistory
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros
from punchout.model.orders import SendResult
from punchout.reconciliation.sending import is_proved, sending

_MAY_HAVE_LEFT = ("sending", "sent", "refused", "in_doubt", "blocked")
# What the facts say, and what the outbox may say beside it: a document may answer an order before the supplier's own
# answer to the attempt is here.
_AGREE = frozenset({("sent", "sending")})
_TAKEN = range(200, 300)
_LIVE = ("pending", "sending", "sent", "in_doubt", "blocked", "draft", "hold")


def nothing_leaves_unmarked(connection: sa.Connection, damage: Damage) -> Finding:
    """I9: every order that may have left was written down with its bytes and marked before."""
    rows = connection.execute(
        sa.select(OUTBOX, facts.SEND_MARKED.c.at, facts.ORDER_BODY.c.payload_id.label("has_body"))
        .outerjoin(
            facts.SEND_MARKED,
            sa.and_(
                facts.SEND_MARKED.c.payload_id == OUTBOX.c.payload_id, facts.SEND_MARKED.c.attempt == OUTBOX.c.attempt
            ),
        )
        .outerjoin(facts.ORDER_BODY, facts.ORDER_BODY.c.payload_id == OUTBOX.c.payload_id)
        .where(OUTBOX.c.state.in_(_MAY_HAVE_LEFT))
    ).all()
    wrong = []
    for row in rows:
        if row.at is None or row.has_body is None:
            damage.requests.add(RequestKey(row.company, row.supplier, row.request_no))
            lacks = "a mark" if row.at is None else "its bytes"
            wrong.append(f"order {row.order_id} is {row.state} without {lacks}")
    return finding("I9", "Every order that may have left was written down and marked before", wrong)


def no_order_left_twice(connection: sa.Connection) -> Finding:
    """I7: an order was attempted again only if it provably had not left, a person said so, or repeats are taken."""
    result = facts.SEND_RESULT.c
    may_have_left = Counter(
        connection.execute(
            sa.select(facts.SEND_MARKED.c.payload_id)
            .outerjoin(
                facts.SEND_RESULT,
                sa.and_(
                    result.payload_id == facts.SEND_MARKED.c.payload_id, result.attempt == facts.SEND_MARKED.c.attempt
                ),
            )
            .where(
                sa.or_(result.outcome.is_(None), result.outcome.not_in(("pending", "blocked")), result.may_have_left)
            )
        ).scalars()
    )
    resolved = Counter(
        connection.execute(
            sa.select(decisions.SEND_RESOLVED.c.payload_id).where(decisions.SEND_RESOLVED.c.outcome == "pending")
        ).scalars()
    )
    repeated = _repeated(connection)
    wrong = [
        f"{payload_id} may have left {count} times"
        for payload_id, count in may_have_left.items()
        if count > 1 + resolved[payload_id] + repeated[payload_id]
    ]
    return finding("I7", "No order left twice, unless a person had it sent again", wrong)


def _repeated(connection: sa.Connection) -> Counter[str]:
    """Count the repetitions that a recorded conformance check of the account stands behind."""
    result, queued, check = facts.SEND_RESULT.c, facts.ORDER_QUEUED.c, decisions.CONFORMANCE.c
    shown = sa.exists().where(
        check.company == queued.company,
        check.supplier == queued.supplier,
        check.orders_seen == 1,
        check.at <= result.at,
    )
    query = (
        sa.select(result.payload_id)
        .join(facts.ORDER_QUEUED, queued.payload_id == result.payload_id)
        .where(result.may_have_left, shown)
    )
    return Counter(connection.execute(query).scalars())


def no_line_is_ordered_twice(connection: sa.Connection) -> Finding:
    """I8: no line of a request stands in two live orders."""
    query = (
        sa.select(OUTBOX.c.company, OUTBOX.c.supplier, OUTBOX.c.request_no, facts.ORDER_LINE.c.bc_line_number)
        .join(facts.ORDER_LINE, facts.ORDER_LINE.c.payload_id == OUTBOX.c.payload_id)
        .where(OUTBOX.c.state.in_(_LIVE), facts.ORDER_LINE.c.bc_line_number.is_not(None))
    )
    counted = Counter(tuple(row) for row in connection.execute(query))
    wrong = [
        f"line {key[3]} of request {key[2]} is in {count} live orders" for key, count in counted.items() if count > 1
    ]
    return finding("I8", "No request line stands in two live orders", wrong)


def says_what_its_facts_say(history: RequestHistory, order: sa.Row[Any]) -> str | None:
    """I11: every order's state follows from facts and decisions; nothing automatic makes a doubtful one pending."""
    derived = sending(history)
    is_latest = derived.order is not None and derived.order.payload_id == order.payload_id
    if is_latest and (derived.state, order.state) not in _AGREE and derived.state != order.state:
        return f"order {order.order_id} is {order.state}, its facts say {derived.state}"
    return None


def was_taken_or_has_not_left(history: RequestHistory, order: sa.Row[Any]) -> str | None:
    """I10: of every sent order something shows that it was taken; one that waits provably did not leave.

    Shown by the supplier's own code, by a document that answers the order or a status update on it, or by a person's
    word. One that waits to be repeated may have left, to a supplier that was shown to take repeats.
    """
    stands = sending(history)
    if order.state == "sent" and not (
        _was_taken(stands.result) or is_proved(history, order.payload_id) or stands.resolution
    ):
        return f"nothing shows that order {order.order_id} was taken"
    is_waiting = order.state in ("pending", "hold")
    if is_waiting and stands.attempt and not (_did_not_leave(stands.result) or stands.resolution):
        return f"order {order.order_id} waits, and nothing shows that it did not leave"
    return None


def _was_taken(result: SendResult | None) -> bool:
    return result is not None and result.outcome == "sent" and result.cxml_code in _TAKEN


def _did_not_leave(result: SendResult | None) -> bool:
    return result is not None and result.outcome in {"pending", "blocked"}


def bytes_never_change(connection: sa.Connection) -> Finding:
    """I12: the stored bytes of every order are the ones that were queued, as long as they are kept."""
    queued, body = facts.ORDER_QUEUED.c, facts.ORDER_BODY.c
    query = (
        sa.select(queued.order_id, queued.body_sha256, body.body)
        .join(facts.ORDER_BODY, body.payload_id == queued.payload_id)
        .where(body.purge_id.is_(None))
    )
    wrong = [
        f"the bytes of order {row.order_id} have changed"
        for row in connection.execute(query)
        if sha256(row.body) != row.body_sha256
    ]
    return finding("I12", "Every attempt sends the bytes that were queued", wrong)


def no_attempt_is_forgotten(connection: sa.Connection, wall: Micros) -> Finding:
    """I13: no order is being sent by a worker that is gone."""
    query = sa.select(OUTBOX.c.order_id).where(OUTBOX.c.state == "sending", OUTBOX.c.lease_until < wall)
    wrong = [f"order {order_id} is still being sent" for order_id in connection.execute(query).scalars()]
    return finding("I13", "No order is being sent by a worker that is gone", wrong)


def totals_add_up(connection: sa.Connection) -> Finding:
    """I14: the total of every order is the sum of its lines."""
    sums: Counter[str] = Counter()
    lines = facts.ORDER_LINE.c
    for row in connection.execute(sa.select(lines.payload_id, lines.quantity, lines.unit_price, lines.currency)):
        sums[row.payload_id] += round_to_currency(times(row.quantity, row.unit_price), row.currency)
    queued = facts.ORDER_QUEUED.c
    wrong = [
        f"order {row.order_id} is not the sum of its lines"
        for row in connection.execute(sa.select(queued.order_id, queued.payload_id, queued.total))
        if sums[row.payload_id] != row.total
    ]
    return finding("I14", "The total of every order is the sum of its lines", wrong)


def updates_are_written_once(connection: sa.Connection, damage: Damage) -> Finding:
    """I17: every delivered update was written down, and the versions of a request's updates have no gap."""
    wrong = [
        f"update {row[0]} was delivered and never written down"
        for row in connection.execute(
            sa.select(UPDATE_DELIVERED.c.update_id)
            .outerjoin(UPDATE_QUEUED, UPDATE_QUEUED.c.update_id == UPDATE_DELIVERED.c.update_id)
            .where(UPDATE_QUEUED.c.update_id.is_(None))
        )
    ]
    of = (UPDATE_QUEUED.c.company, UPDATE_QUEUED.c.supplier, UPDATE_QUEUED.c.request_no, UPDATE_QUEUED.c.kind)
    versions = sa.select(*of, sa.func.count(), sa.func.max(UPDATE_QUEUED.c.version)).group_by(*of)
    for company, supplier, request_no, kind, count, last in connection.execute(versions):
        if count != last:
            damage.requests.add(RequestKey(company, supplier, request_no))
            wrong.append(f"the {kind} updates of request {request_no} have a gap")
    return finding("I17", "Every update to Business Central is written down once", wrong)
