"""Promises about projections: they are what the facts come to, and every exception says what to do."""

import sqlalchemy as sa

from punchout.ledger.histories import histories
from punchout.ledger.invariants.finding import Damage, Finding, finding
from punchout.ledger.reconcile import OF_REQUEST, Policies, compute, draft_of, projection_rows
from punchout.ledger.sql import chunks
from punchout.ledger.tables.control import REQUEST_WORK, TOUCH
from punchout.ledger.tables.projections import EXCEPTION
from punchout.model.codes import Code
from punchout.model.history import RequestHistory
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros


def projections_follow_from_facts(
    connection: sa.Connection, policies: Policies, as_of: Micros, damage: Damage
) -> Finding:
    """I3: computing every request anew gives its stored rows. One that waits to be computed is left out."""
    work = REQUEST_WORK.c
    every = {RequestKey(*row) for row in connection.execute(sa.select(work.company, work.supplier, work.request_no))}
    touched = {
        RequestKey(*row) for row in connection.execute(sa.select(TOUCH.c.company, TOUCH.c.supplier, TOUCH.c.request_no))
    }
    wrong: list[str] = []
    for keys in chunks(sorted(every - touched - damage.requests), 200):
        known = histories(connection, keys)
        for key in keys:
            wrong.extend(_differences(connection, known[key], policies, as_of))
    return finding("I3", "Positions, stages, links and exceptions follow from the facts", wrong)


def exceptions_say_what_to_do(connection: sa.Connection) -> Finding:
    """I23: every exception has a known code, and so an action."""
    known = set(Code)
    codes = set(connection.execute(sa.select(EXCEPTION.c.code).distinct()).scalars())
    return finding(
        "I23", "Every exception has a known code and an action", [f"unknown code {code}" for code in codes - known]
    )


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
