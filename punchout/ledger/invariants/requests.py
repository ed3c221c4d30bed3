"""Promises that are checked request by request, in one pass: to read all that is known of them is what takes time.

What each of them says is in `projections` and `orders`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from punchout.ledger.invariants.finding import Damage, Finding, finding
from punchout.ledger.invariants.orders import says_what_its_facts_say, was_taken_or_has_not_left
from punchout.ledger.invariants.projections import (
    Rows,
    depends_on_arrival,
    depends_on_the_clock,
    deviations,
    stored_rows,
)
from punchout.ledger.reconciling.changed_policies import computed_otherwise
from punchout.ledger.reconciling.drafting import draft_of
from punchout.ledger.reconciling.histories import histories
from punchout.ledger.reconciling.reconcile import Policies, compute
from punchout.ledger.sql import chunks
from punchout.ledger.tables.control import OUTBOX, REQUEST_WORK
from punchout.ledger.tables.logs import RUN
from punchout.ledger.touches import waiting
from punchout.model.history import RequestHistory
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros

_SAMPLE = 2_000
_AT_ONCE = 200
_TITLES = {
    "I3": "Positions, stages, links and exceptions follow from the facts",
    "I4": "The ledger is the same for every order of arrival",
    "I10": "A sent order was taken, and one that waits has not left",
    "I11": "An order leaves doubt only by evidence or a person's word",
    "I24": "A jump of the clock changes no line, link, version or order",
}


def each_request(connection: sa.Connection, policies: Policies, as_of: Micros, damage: Damage) -> list[Finding]:
    """Check all requests; orders of those that wait to be computed too, but not what is computed.

    That neither order nor clock means anything is checked of all, or of some thousands spread evenly over many.
    """
    checks = _Checks(connection, policies, as_of, damage)
    settled, orders = _settled(connection, policies, damage), _orders(connection, damage)
    computed, sampled = set(settled), set(settled[:: max(1, -(-len(settled) // _SAMPLE))])
    for keys in chunks(sorted(computed | orders.keys()), _AT_ONCE):
        known, stored = histories(connection, keys), stored_rows(connection, keys)
        for key in keys:
            if key in computed:
                checks.computed(known[key], stored[key], is_sampled=key in sampled)
            checks.sent(known[key], orders.get(key, ()))
    checks.wrong["I24"] += _clocks_that_ran_backwards(connection)
    return [finding(identity, title, checks.wrong[identity]) for identity, title in _TITLES.items()]


class _Checks:
    """What is wrong, by promise."""

    def __init__(self, connection: sa.Connection, policies: Policies, as_of: Micros, damage: Damage) -> None:
        self.wrong: dict[str, list[str]] = defaultdict(list)
        self._connection, self._policies, self._as_of, self._damage = connection, policies, as_of, damage

    def computed(self, history: RequestHistory, stored: Rows, *, is_sampled: bool) -> None:
        """Check what follows from a history, as it is stored and in other circumstances."""
        draft = draft_of(self._connection, history, self._policies.ordering, self._as_of)
        result = compute(history, self._policies, self._as_of, draft)
        different = deviations(result, history.key, stored)
        if different:
            self._damage.shown.add(history.key)
            self.wrong["I3"] += different
        number = history.key.request_no
        if is_sampled and depends_on_arrival(history, result, self._policies, self._as_of, draft):
            self.wrong["I4"].append(f"request {number} depends on the order of its facts")
        if is_sampled and depends_on_the_clock(history, self._policies, self._as_of):
            self.wrong["I24"].append(f"request {number} depends on the clock")

    def sent(self, history: RequestHistory, orders: Sequence[sa.Row[Any]]) -> None:
        """Check what the outbox says of a request's orders."""
        doubted = [problem for order in orders if (problem := says_what_its_facts_say(history, order))]
        if doubted:
            self._damage.requests.add(history.key)
            self.wrong["I11"] += doubted
        else:
            self.wrong["I10"] += [problem for one in orders if (problem := was_taken_or_has_not_left(history, one))]


def _clocks_that_ran_backwards(connection: sa.Connection) -> list[str]:
    """I24: no sync lies before the one before it."""
    runs = connection.execute(sa.select(RUN.c.name, RUN.c.as_of).order_by(RUN.c.id)).all()
    latest, wrong = runs[0].as_of if runs else 0, []
    for name, moment in runs:
        if moment < latest:
            wrong.append(f"the sync {name} lies before the one before it")
        latest = max(latest, moment)
    return wrong


def _settled(connection: sa.Connection, policies: Policies, damage: Damage) -> list[RequestKey]:
    """Return the requests that are computed by these policies, and not found broken before, in their order."""
    work = REQUEST_WORK.c
    every = {RequestKey(*row) for row in connection.execute(sa.select(work.company, work.supplier, work.request_no))}
    otherwise = computed_otherwise(connection, policies)
    settled = every - waiting(connection) - damage.requests
    return sorted(key for key in settled if key.account not in otherwise)


def _orders(connection: sa.Connection, damage: Damage) -> Mapping[RequestKey, Sequence[sa.Row[Any]]]:
    """Return what the outbox says of the orders of requests that were not found broken before."""
    found: dict[RequestKey, list[sa.Row[Any]]] = defaultdict(list)
    for row in connection.execute(sa.select(OUTBOX)):
        key = RequestKey(row.company, row.supplier, row.request_no)
        if key not in damage.requests:
            found[key].append(row)
    return found
