"""Promises about projections: they are what the facts come to, in whatever order these came, at whatever hour.

Every exception says what to do.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import sqlalchemy as sa

from punchout.ledger.invariants.finding import Damage, Finding, finding
from punchout.ledger.reconciling.histories import histories
from punchout.ledger.reconciling.reconcile import OF_REQUEST, Policies, compute, draft_of, projection_rows
from punchout.ledger.sql import chunks
from punchout.ledger.tables.control import REQUEST_WORK, TOUCH
from punchout.ledger.tables.logs import RUN
from punchout.ledger.tables.projections import EXCEPTION
from punchout.model.codes import Code
from punchout.model.history import RequestHistory
from punchout.model.keys import RequestKey
from punchout.model.moments import HOUR, Micros
from punchout.reconciliation.results import Reconciled

_SAMPLE = 2_000
_JUMP: Micros = 36 * HOUR


def projections_follow_from_facts(
    connection: sa.Connection, policies: Policies, as_of: Micros, damage: Damage
) -> Finding:
    """I3: computing every request anew gives its stored rows. One that waits to be computed is left out."""
    wrong: list[str] = []
    for keys in chunks(_settled(connection, damage), 200):
        known = histories(connection, keys)
        for key in keys:
            different = _differences(connection, known[key], policies, as_of)
            if different:
                damage.shown.add(key)
            wrong.extend(different)
    return finding("I3", "Positions, stages, links and exceptions follow from the facts", wrong)


def arrival_means_nothing(connection: sa.Connection, policies: Policies, as_of: Micros, damage: Damage) -> Finding:
    """I4: the facts of a request in the opposite order come to the same."""
    wrong = []
    for history in _sample(connection, damage):
        draft = draft_of(connection, history, policies.ordering, as_of)
        turned = _turned(history)
        if compute(history, policies, as_of, draft) != compute(turned, policies, as_of, draft):
            wrong.append(f"request {history.key.request_no} depends on the order of its facts")
    return finding("I4", "The ledger is the same for every order of arrival", wrong)


def clocks_change_nothing(connection: sa.Connection, policies: Policies, as_of: Micros, damage: Damage) -> Finding:
    """I24: no sync lies before the one before it, and a clock that jumps moves no line, link, version or order.

    What time alone may change are exceptions, and a stage that waits for them.
    """
    wrong = []
    latest: Micros | None = None
    for name, moment in connection.execute(sa.select(RUN.c.name, RUN.c.as_of).order_by(RUN.c.id)):
        if latest is not None and moment < latest:
            wrong.append(f"the sync {name} lies before the one before it")
        latest = moment if latest is None else max(latest, moment)
    for history in _sample(connection, damage):
        now, *jumped = (
            _untimed(compute(history, policies, moment, None)) for moment in (as_of, as_of - _JUMP, as_of + _JUMP)
        )
        if any(one != now for one in jumped):
            wrong.append(f"request {history.key.request_no} depends on the clock")
    return finding("I24", "A jump of the clock changes no line, link, version or order", wrong)


def exceptions_say_what_to_do(connection: sa.Connection) -> Finding:
    """I23: every exception has a known code, and so an action."""
    known = set(Code)
    codes = set(connection.execute(sa.select(EXCEPTION.c.code).distinct()).scalars())
    return finding(
        "I23", "Every exception has a known code and an action", [f"unknown code {code}" for code in codes - known]
    )


def _settled(connection: sa.Connection, damage: Damage) -> list[RequestKey]:
    """Return the requests that are computed, and not found broken before, in their order."""
    work = REQUEST_WORK.c
    every = {RequestKey(*row) for row in connection.execute(sa.select(work.company, work.supplier, work.request_no))}
    touched = {
        RequestKey(*row) for row in connection.execute(sa.select(TOUCH.c.company, TOUCH.c.supplier, TOUCH.c.request_no))
    }
    return sorted(every - touched - damage.requests)


def _sample(connection: sa.Connection, damage: Damage) -> Iterator[RequestHistory]:
    """Yield the histories of all requests, or of some thousands spread evenly over many."""
    every = _settled(connection, damage)
    step = max(1, -(-len(every) // _SAMPLE))
    for keys in chunks(every[::step], 200):
        yield from histories(connection, keys).values()


def _turned(history: RequestHistory) -> RequestHistory:
    """Give every kind of fact in the opposite order."""
    values = {one.name: getattr(history, one.name) for one in fields(history)}
    turned: dict[str, Any] = {name: value[::-1] for name, value in values.items() if name != "key"}
    return replace(history, **turned)


def _untimed(result: Reconciled | None) -> tuple[object, ...]:
    """Give the parts of a result that no clock may change."""
    if result is None:
        return ()
    return (result.order_id, result.outbox_state, result.adopted, result.lines, result.links, result.versions)


def _differences(connection: sa.Connection, history: RequestHistory, policies: Policies, as_of: Micros) -> list[str]:
    key = history.key
    result = compute(history, policies, as_of, draft_of(connection, history, policies.ordering, as_of))
    wanted = projection_rows(key, result) if result is not None else {}
    found = []
    for table in OF_REQUEST:
        query = sa.select(table).where(
            table.c.company == key.company, table.c.supplier == key.supplier, table.c.request_no == key.request_no
        )
        stored = sorted(repr(sorted(row.items())) for row in (dict(r) for r in connection.execute(query).mappings()))
        computed = sorted(repr(sorted(row.items())) for row in wanted.get(table, []))
        if stored != computed:
            found.append(f"{table.name} of request {key.request_no} is not what its facts come to")
    return found
