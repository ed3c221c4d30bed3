"""Checks every promise that can be checked on a live ledger, without writing anything.

The checks themselves are in `punchout.ledger.invariants`. Promises that need the outside world, several ledgers or
the past are listed as not checked.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cxml_parsers.reader import ReadingRules
from punchout.ledger.import_exports import ExportReader
from punchout.ledger.invariants import documents, orders, projections
from punchout.ledger.invariants.finding import Damage, Finding, finding
from punchout.ledger.ledger_hash import ledger_hash
from punchout.ledger.reconcile import Policies
from punchout.ledger.runs import last_as_of
from punchout.ledger.schema import current, head
from punchout.model.moments import Micros

_NOT_CHECKED = {
    "I4": "The ledger is the same for every order of arrival (tested by permutation)",
    "I5": "Delivering a document again changes nothing (tested by repetition)",
    "I10": "A sent order was received by the supplier (only the supplier can say)",
    "I16": "One poisonous document never stops the others (tested with each)",
    "I18": "A second run without input writes nothing (tested by running twice)",
    "I19": "No secret is in logs, metadata or files (tested with planted ones)",
    "I20": "No file is written outside the configured folders (tested)",
    "I21": "Nothing is fetched because a document said so (tested)",
    "I24": "Jumps of the clock change no verdict (tested)",
}


@dataclass(frozen=True, slots=True)
class VerifyContext:
    """What the checks need beside the ledger: how documents are read, the policies, and the wall clock."""

    reading: ReadingRules
    read_export: ExportReader
    policies: Policies
    wall: Micros


def verify(connection: sa.Connection, context: VerifyContext) -> dict[str, Any]:
    """Check every promise; returns `{"invariants": [{id, title, ok, detail}], "ok", "ledger_hash"}`."""
    as_of = last_as_of(connection) or context.wall
    damage = Damage()
    found = [
        documents.nothing_is_lost(connection),
        documents.bytes_are_intact(connection, damage),
        documents.facts_are_what_documents_state(connection, context.reading, context.read_export, damage),
        orders.nothing_leaves_unmarked(connection, damage),
        projections.projections_follow_from_facts(connection, context.policies, as_of, damage),
        orders.no_order_left_twice(connection),
        orders.no_line_is_ordered_twice(connection),
        orders.doubt_is_never_settled_by_itself(connection, damage),
        orders.bytes_never_change(connection),
        orders.no_attempt_is_forgotten(connection, context.wall),
        orders.totals_add_up(connection),
        documents.refusals_have_reasons(connection),
        orders.updates_are_written_once(connection),
        _database_is_sound(connection),
        projections.exceptions_say_what_to_do(connection),
        *(Finding(identity, title, ok=None, detail="not checked here") for identity, title in _NOT_CHECKED.items()),
    ]
    found.sort(key=lambda one: int(one.id[1:]))
    return {
        "invariants": [{"id": one.id, "title": one.title, "ok": one.ok, "detail": one.detail} for one in found],
        "ok": all(one.ok is not False for one in found),
        "ledger_hash": ledger_hash(connection),
    }


def _database_is_sound(connection: sa.Connection) -> Finding:
    """I22: the database is whole, and at the schema of this program."""
    wrong = []
    if current(connection) != head():
        wrong.append(f"the schema is at {current(connection)}, this program works with {head()}")
    if connection.dialect.name == "sqlite":
        integrity = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        wrong += [str(problem) for problem in integrity if problem != "ok"]
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        wrong += [f"a row of {row[0]} refers to nothing" for row in dangling]
    return finding("I22", "The database is whole and at this program's schema", wrong)
