"""No unit of work reads a whole table that grows with history: SQLite says beforehand how it will look for rows.

It plans without statistics here, as it does in service, so that the plan of a small ledger is that of a large one.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from punchout.ledger.engine import reading
from punchout.ledger.schema import METADATA
from punchout.ledger.views.work_waiting import pending_orders, ready_requests, waiting_documents
from tests.support.ledgers import Ledgers
from tests.support.plays import Play
from tests.support.purchases import ACCOUNT
from tests.support.stories import everything

# PostgreSQL plans by statistics, and reads a small table from end to end.
pytestmark = pytest.mark.parametrize("ledgers", ["sqlite"], indirect=True)

Plan = list[str]
SMALL = frozenset({"conformance", "gate", "lease", "policy_applied", "sending_epoch", "switch", "touch"})
"""As long as the settings are, or as the work that waits, or with a row for what people did once."""
ASKED_BY_PEOPLE = (
    "DELETE FROM identity",
    "SELECT outbox.payload_id, outbox.company, outbox.supplier",
    "SELECT request_work.request_no FROM request_work WHERE request_work.company = ? AND request_work.supplier = ?",
)
"""Redriving one document, looking for one order by whatever was typed, and computing all anew by other policies."""

READS_ONE_ROW = re.compile(r"FROM \w+\s+LIMIT \?")
"""Whether there is anything at all."""

READS_ALL = re.compile(r"^SCAN (?P<table>\w+)(?: USING (?:COVERING )?INDEX (?P<index>\w+))?")
READS_ALL_OF_AN_ACCOUNT = re.compile(
    r"^SEARCH (?P<table>\w+) USING (?:COVERING )?INDEX (?P<index>\w+) \(company=\?(?: AND supplier=\?)?\)"
)
OF_WHAT_WAITS = {
    index.name
    for table in METADATA.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}


@contextmanager
def plans(engine: sa.Engine) -> Iterator[dict[str, Plan]]:
    """Collect how every statement goes about its work, by its text."""
    found: dict[str, Plan] = {}

    @sa.event.listens_for(engine, "before_cursor_execute")
    def explain(connection: sa.Connection, _cursor: Any, statement: str, parameters: Any, _c: Any, many: bool) -> None:  # noqa: ANN401, FBT001 - SQLAlchemy's hook
        if statement not in found and statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            cursor = connection.connection.cursor()
            # Many rows come as a list of them, unless one statement takes them all to return something of each.
            one = parameters[0] if many and isinstance(parameters, list) else parameters
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", one)
            found[statement] = [row[-1] for row in cursor.fetchall()]

    yield found
    sa.event.remove(engine, "before_cursor_execute", explain)


def read_from_end_to_end(plan: Plan) -> set[str]:
    """Give the tables of which a plan reads every row, or every row of a company and supplier."""
    matches = [match for step in plan if (match := READS_ALL.match(step) or READS_ALL_OF_AN_ACCOUNT.match(step))]
    found = {match["table"] for match in matches if match["index"] not in OF_WHAT_WAITS}
    return {table for table in found if table in METADATA.tables} - SMALL


@pytest.fixture
def explained(ledgers: Ledgers, tmp_path: Path) -> Iterator[dict[str, Plan]]:
    with ledgers.migrated() as engine:
        play = Play(engine, tmp_path)
        play.switch_on()
        with plans(engine) as found:
            everything(play)
            with reading(engine) as connection:
                waiting_documents(connection)
                ready_requests(connection, ACCOUNT)
                pending_orders(connection, play.now)
        yield found


def test_no_unit_of_work_reads_a_table_that_grows_from_end_to_end(explained: dict[str, Plan]) -> None:
    slow = {
        statement: tables
        for statement, plan in explained.items()
        if (tables := read_from_end_to_end(plan))
        and not statement.replace("\n", "").startswith(ASKED_BY_PEOPLE)
        and not READS_ONE_ROW.search(statement)
    }
    assert slow == {}


def test_a_plan_that_reads_everything_would_be_seen(explained: dict[str, Plan]) -> None:
    assert len(explained) > 100
    assert read_from_end_to_end(["SCAN line_position"]) == {"line_position"}
    assert read_from_end_to_end(["SCAN exception USING INDEX ix_exception_subject_key"]) == {"exception"}
    assert read_from_end_to_end(
        ["SEARCH order_queued USING INDEX sqlite_autoindex_order_queued_2 (company=? AND supplier=?)"]
    ) == {"order_queued"}
    assert read_from_end_to_end(["SCAN request_work USING INDEX ix_request_work_update_is_due", "SCAN touch"]) == set()
