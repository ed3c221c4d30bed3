"""Promises about projections: they are what the facts come to, in whatever order these came, at whatever hour.

Every exception says what to do. That each request is looked at is the business of `requests`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeAlias

import sqlalchemy as sa

from punchout.ledger.invariants.finding import Finding, finding
from punchout.ledger.reconciling.reconcile import OF_REQUEST, Policies, compute, projection_rows
from punchout.ledger.sql import key_in
from punchout.ledger.tables.projections import EXCEPTION
from punchout.model.codes import Code
from punchout.model.history import RequestHistory
from punchout.model.keys import RequestKey
from punchout.model.moments import HOUR, Micros
from punchout.model.orders import OrderDraft
from punchout.ordering.refusals import Refusals
from punchout.reconciliation.results import Reconciled

_JUMP: Micros = 36 * HOUR

Rows: TypeAlias = Mapping[sa.Table, Sequence[str]]
"""The rows of one request by table, each as text."""


def stored_rows(connection: sa.Connection, keys: Sequence[RequestKey]) -> Mapping[RequestKey, Rows]:
    """Return the stored projections of some requests."""
    found: dict[RequestKey, dict[sa.Table, list[str]]] = {key: {} for key in keys}
    wanted = [(key.company, key.supplier, key.request_no) for key in keys]
    for table in OF_REQUEST:
        query = sa.select(table).where(key_in((table.c.company, table.c.supplier, table.c.request_no), wanted))
        for row in connection.execute(query).mappings():
            of_request = found[RequestKey(row["company"], row["supplier"], row["request_no"])]
            of_request.setdefault(table, []).append(_as_text(dict(row)))
    return found


def deviations(result: Reconciled | None, key: RequestKey, stored: Rows) -> list[str]:
    """I3: what follows from a request's facts is what is stored; returns what is not."""
    wanted = projection_rows(key, result) if result is not None else {}
    return [
        f"{table.name} of request {key.request_no} is not what its facts come to"
        for table in OF_REQUEST
        if sorted(stored.get(table, ())) != sorted(map(_as_text, wanted.get(table, ())))
    ]


def depends_on_arrival(
    history: RequestHistory,
    result: Reconciled | None,
    policies: Policies,
    as_of: Micros,
    draft: OrderDraft | Refusals | None,
) -> bool:
    """I4: tell whether the facts in the opposite order come to something else."""
    values = {one.name: getattr(history, one.name) for one in fields(history)}
    turned: dict[str, Any] = {name: value[::-1] for name, value in values.items() if name != "key"}
    return compute(replace(history, **turned), policies, as_of, draft) != result


def depends_on_the_clock(history: RequestHistory, policies: Policies, as_of: Micros) -> bool:
    """I24: tell whether a clock that jumps moves a line, link, version or order.

    What time alone may change are exceptions, and a stage that waits for them.
    """
    now, *jumped = (
        _untimed(compute(history, policies, moment, None)) for moment in (as_of, as_of - _JUMP, as_of + _JUMP)
    )
    return any(one != now for one in jumped)


def exceptions_say_what_to_do(connection: sa.Connection) -> Finding:
    """I23: every exception has a known code, and so an action."""
    known = set(Code)
    codes = set(connection.execute(sa.select(EXCEPTION.c.code).distinct()).scalars())
    return finding(
        "I23", "Every exception has a known code and an action", [f"unknown code {code}" for code in codes - known]
    )


def _as_text(row: Mapping[str, Any]) -> str:
    return repr(sorted(row.items()))


def _untimed(result: Reconciled | None) -> tuple[object, ...]:
    """Give the parts of a result that no clock may change."""
    if result is None:
        return ()
    return (result.order_id, result.outbox_state, result.adopted, result.lines, result.links, result.versions)
