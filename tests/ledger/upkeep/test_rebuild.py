"""Projections hold nothing of their own: forgotten and computed again they are the same."""

import sqlalchemy as sa

from punchout.ledger.tables.base import CLASS_OF, METADATA, TableClass
from punchout.ledger.upkeep.rebuild import rebuild
from tests.support.ledgers import rows
from tests.support.plays import Play

PROJECTIONS = [table for table in METADATA.sorted_tables if CLASS_OF[table.name] is TableClass.PROJECTION]


def test_a_rebuilt_ledger_is_the_one_that_grew(told: Play) -> None:
    grown = told.hash(), contents(told.engine)
    with told.engine.begin() as connection:
        rebuild(connection)
    told.exchange().settle()
    assert (told.hash(), contents(told.engine)) == grown


def test_a_rebuild_alone_leaves_no_conclusion(told: Play) -> None:
    with told.engine.begin() as connection:
        rebuild(connection)
    assert told.status()["requests"] == []


def test_a_rebuild_sends_and_tells_nothing(told: Play) -> None:
    bodies, files = len(told.supplier.bodies), told.update_files()
    with told.engine.begin() as connection:
        rebuild(connection)
    synced = told.sync()
    assert (synced.queued, synced.updates, len(told.supplier.bodies), told.update_files()) == (0, 0, bodies, files)


def contents(engine: sa.Engine) -> dict[str, list[str]]:
    """Give what every projection holds, in an order of its own."""
    return {table.name: sorted(map(repr, rows(engine, table))) for table in PROJECTIONS}
