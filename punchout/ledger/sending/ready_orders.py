"""Requests whose order could be written down now, as facts to be checked against each other before any is.

What an order contains is drafted request by request; whether the requests agree among themselves is seen only here.
Read-only: writing orders down is `orders`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from punchout.ledger.reconciling.histories import histories
from punchout.ledger.sql import chunks
from punchout.ledger.tables.control import REQUEST_WORK
from punchout.model.business_central import BcOrder, BcRequest
from punchout.model.history import RequestHistory
from punchout.model.keys import Account, RequestKey
from punchout.model.versions import current

_COMMENT = "Comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A ready request, by the current rows of Business Central.

    Attributes:
        order_numbers: the purchase orders that are the request's, by its own word or theirs.
        request_lines: how many lines the request has.
        order_lines: how many lines that buy something its purchase order has; None where there is no one purchase
            order.
    """

    key: RequestKey
    order_numbers: tuple[str, ...]
    request_lines: int
    order_lines: int | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something that cannot be true of all candidates together: which rule it breaks, and at which request."""

    rule: str
    key: RequestKey


def count_ready(connection: sa.Connection, account: Account) -> int:
    """Return how many requests are ready to be ordered."""
    return connection.execute(sa.select(sa.func.count()).select_from(_ready(account).subquery())).scalar_one()


def candidates(connection: sa.Connection, account: Account) -> list[Candidate]:
    """Return every ready request, in the order of the request numbers."""
    keys = [RequestKey(*row) for row in connection.execute(_ready(account))]
    return [_candidate(history) for chunk in chunks(keys) for history in histories(connection, chunk).values()]


def contradictions(found: Sequence[Candidate]) -> list[Contradiction]:
    """Return what is wrong with the candidates, each taken alone and all of them together. Pure."""
    taken = Counter((candidate.key.account, number) for candidate in found for number in candidate.order_numbers)
    return [Contradiction(rule, candidate.key) for candidate in found for rule in _broken_rules(candidate, taken)]


def _broken_rules(candidate: Candidate, taken: Counter[tuple[Account, str]]) -> Iterator[str]:
    if len(candidate.order_numbers) != 1:
        yield "has not one purchase order"
    elif candidate.order_lines != candidate.request_lines:
        yield "has another number of lines than its purchase order"
    if any(taken[candidate.key.account, number] > 1 for number in candidate.order_numbers):
        yield "shares its purchase order with another request"


def _ready(account: Account) -> sa.Select[Any]:
    work = REQUEST_WORK.c
    columns = (work.company, work.supplier, work.request_no)
    return (
        sa.select(*columns)
        .where(work.order_is_ready, work.company == account.company, work.supplier == account.supplier)
        .order_by(*columns)
    )


def _candidate(history: RequestHistory) -> Candidate:
    stated = current(history.requests)
    request = None if stated is None else stated.body
    orders = [] if request is None else _orders_of(request, history)
    bought = [line for order in orders for line in order.lines if line.line_type != _COMMENT]
    return Candidate(
        key=history.key,
        order_numbers=tuple(order.number for order in orders),
        request_lines=0 if request is None else len(request.lines),
        order_lines=len(bought) if len(orders) == 1 else None,
    )


def _orders_of(request: BcRequest, history: RequestHistory) -> list[BcOrder]:
    return [
        order
        for order in _current_orders(history)
        if order.number == request.purchase_order_number or order.punchout_request_number == request.number
    ]


def _current_orders(history: RequestHistory) -> Iterable[BcOrder]:
    for number in sorted({stated.body.number for stated in history.orders}):
        order = current(stated for stated in history.orders if stated.body.number == number)
        if order is not None:
            yield order.body
