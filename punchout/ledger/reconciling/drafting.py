"""Orders as they would be queued now, drafted for many requests at once; one that another request has taken is refused.

What an order contains is `punchout.ordering.draft`. Here is read, for all of them together, whether their purchase
orders were queued before for somebody else.
"""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from punchout.ledger.sql import chunks, key_in
from punchout.ledger.tables.facts import ORDER_QUEUED
from punchout.model.codes import Code
from punchout.model.history import RequestHistory
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros
from punchout.model.orders import OrderDraft
from punchout.ordering.draft import draft_order
from punchout.ordering.policy import OrderingPolicy
from punchout.ordering.refusals import Refusal, Refusals
from punchout.reconciliation.rulings import without_ignored_carts

_OF_ACCOUNT = (ORDER_QUEUED.c.company, ORDER_QUEUED.c.supplier, ORDER_QUEUED.c.order_id)


def draft_of(
    connection: sa.Connection, history: RequestHistory, policy: OrderingPolicy, as_of: Micros
) -> OrderDraft | Refusals | None:
    """Draft the order of one request as it would be queued now; see `drafts_of`."""
    return drafts_of(connection, [history], policy, as_of)[history.key]


def drafts_of(
    connection: sa.Connection, known: Iterable[RequestHistory], policy: OrderingPolicy, as_of: Micros
) -> dict[RequestKey, OrderDraft | Refusals | None]:
    """Draft the orders of some requests as they would be queued now; see `punchout.ordering.draft.draft_order`.

    One whose purchase order was queued for another request is refused. Of two requests that are drafted together and
    have the same purchase order, neither is: whoever writes the first of them down must not write the second.
    """
    drafts = {one.key: draft_order(without_ignored_carts(one), policy, as_of) for one in known}
    wanted = {key: draft.order_id for key, draft in drafts.items() if isinstance(draft, OrderDraft)}
    drafts.update(_taken_by_others(connection, wanted.items()))
    return drafts


def _taken_by_others(
    connection: sa.Connection, wanted: Collection[tuple[RequestKey, str]]
) -> dict[RequestKey, Refusals]:
    """Return the refusals of those requests whose purchase order was queued for another one."""
    asked = {(key.company, key.supplier, order_id) for key, order_id in wanted}
    owners: dict[tuple[str, str, str], set[str]] = {}
    for chunk in chunks(sorted(asked)):
        query = sa.select(*_OF_ACCOUNT, ORDER_QUEUED.c.request_no).where(key_in(_OF_ACCOUNT, chunk))
        for company, supplier, order_id, request_no in connection.execute(query):
            owners.setdefault((company, supplier, order_id), set()).add(request_no)
    refused: dict[RequestKey, Refusals] = {}
    for key, order_id in wanted:
        others = owners.get((key.company, key.supplier, order_id), set()) - {key.request_no}
        if others:
            detail = f"{order_id} was already ordered for request {min(others)}"
            refused[key] = Refusals((Refusal(Code.OUT_ALREADY_SENT, "purchase order", detail),))
    return refused
