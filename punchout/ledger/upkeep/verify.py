"""Checks every promise that can be checked on a live ledger, without writing anything.

The checks themselves are in `punchout.ledger.invariants`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cxml_parsers.reader import ReadingRules
from punchout.ledger.business_central.import_exports import ExportReader
from punchout.ledger.business_central.updates import UpdateRules
from punchout.ledger.invariants import (
    documents,
    fetching,
    orders,
    projections,
    purges,
    repetition,
    requests,
    secrecy,
    sessions,
)
from punchout.ledger.invariants.fetching import watched_network
from punchout.ledger.invariants.finding import Damage, Finding, finding
from punchout.ledger.ledger_hash import ledger_hash
from punchout.ledger.reconciling.reconcile import Policies
from punchout.ledger.runs import last_as_of
from punchout.ledger.schema import current, head
from punchout.model.moments import Micros


@dataclass(frozen=True, slots=True)
class VerifyContext:
    """What the checks need beside the ledger.

    Attributes:
        reading: how documents are read.
        read_export: how exports are read.
        policies: the company's.
        updates: what updates to Business Central depend on.
        secrets: what must stand nowhere.
        wall: the wall clock.
        beside: findings about what lies beside the ledger.
    """

    reading: ReadingRules
    read_export: ExportReader
    policies: Policies
    updates: UpdateRules
    secrets: Sequence[str]
    wall: Micros
    beside: Sequence[Finding] = ()


def verify(connection: sa.Connection, context: VerifyContext) -> dict[str, Any]:
    """Check every promise; returns `{"invariants": [{id, title, ok, detail}], "ok", "ledger_hash"}`."""
    as_of = last_as_of(connection) or context.wall
    damage = Damage()
    with watched_network() as used:
        bytes_and_facts = [
            documents.bytes_are_intact(connection, damage),
            documents.facts_are_what_documents_state(connection, context.reading, context.read_export, damage),
        ]
        documents.read_uncounted_again(connection, context.reading, damage)
    found = [
        documents.nothing_is_lost(connection),
        *bytes_and_facts,
        fetching.nothing_was_fetched(used),
        orders.nothing_leaves_unmarked(connection, damage),
        orders.no_order_left_twice(connection),
        orders.no_line_is_ordered_twice(connection),
        orders.bytes_never_change(connection),
        orders.no_attempt_is_forgotten(connection, context.wall),
        orders.totals_add_up(connection),
        documents.refusals_have_reasons(connection),
        orders.updates_are_written_once(connection, damage),
        *requests.each_request(connection, context.policies, as_of, damage),
        _database_is_sound(connection),
        projections.exceptions_say_what_to_do(connection),
        repetition.what_came_twice_counts_once(connection, damage),
        repetition.nothing_waits_behind_another(connection),
        repetition.nothing_is_left_to_write(connection, context.updates, as_of, damage),
        secrecy.no_secret_is_kept(connection, context.secrets),
        sessions.one_cart_came_back(connection, damage),
        purges.what_was_purged_is_written_down(connection),
        *context.beside,
    ]
    found.sort(key=lambda one: int(one.id[1:]))
    return {
        "invariants": [{"id": one.id, "title": one.title, "ok": one.ok, "detail": one.detail} for one in found],
        "ok": all(one.ok for one in found),
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
