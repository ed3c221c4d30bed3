"""A ledger of before the match was kept: after the upgrade and one settling it is the one that grew with it."""

from importlib import import_module

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from punchout.ledger.tables.facts import REFERENCE
from punchout.ledger.tables.projections import CHARGE, SUGGESTION, THREE_WAY
from tests.ledger.resolving.test_taught import CASES, NAMELESS_CREDIT, SHIPPED
from tests.support.ledgers import rows
from tests.support.plays import Play
from tests.support.stories import FIRST, confirmed

MIGRATION = import_module("punchout.ledger.migrations.versions.0004_the_match")
SINCE = ("order_form", "original", "original_payload")


def as_it_was(connection: sa.Connection) -> None:
    """Take away what came with the migration."""
    operations = Operations(MigrationContext.configure(connection))
    for table in (THREE_WAY, CHARGE, SUGGESTION):
        operations.drop_table(table.name)
    operations.drop_index("ix_document_state_duplicate_of")
    operations.drop_column("assignment", "found_by")
    invoices = sa.text(
        "DELETE FROM reference WHERE kind = 'shipment' AND document_id IN (SELECT document_id FROM invoice)"
    )
    comments = sa.text(
        "DELETE FROM reference WHERE kind = 'confirm' AND document_id IN (SELECT document_id FROM ship_notice)"
    )
    nameless = sa.text(
        "DELETE FROM reference WHERE document_id IN (SELECT document_id FROM invoice) "
        "AND document_id NOT IN (SELECT document_id FROM invoice_order)"
    )
    for statement in (invoices, comments, nameless, sa.delete(REFERENCE).where(REFERENCE.c.kind.in_(SINCE))):
        connection.execute(statement)
    connection.execute(sa.text("DELETE FROM identifier WHERE kind = 'order_form'"))
    placed_since = "SELECT document_id FROM assignment WHERE rule IN ('O3', 'O4', 'O5', 'O6')"
    connection.execute(
        sa.text(f"UPDATE document_state SET resolution = 'waiting' WHERE document_id IN ({placed_since})")  # noqa: S608 - ours
    )
    connection.execute(sa.text("DELETE FROM assignment WHERE rule IN ('O3', 'O4', 'O5', 'O6')"))
    connection.execute(sa.text("DELETE FROM touch"))


def test_an_older_ledger_gets_every_reference_and_table_and_comes_to_the_same(play: Play) -> None:
    documents = [
        case[0] for name, case in CASES.items() if name not in {"the invoice that is deleted", "two steps away"}
    ]
    play.take_in(*FIRST.exported(), confirmed(), SHIPPED, FIRST.invoice("I1", (1, "3")), *documents, NAMELESS_CREDIT)
    grown, references = play.hash(), rows(play.engine, REFERENCE)
    with play.engine.begin() as connection:
        as_it_was(connection)
    assert len(rows(play.engine, REFERENCE)) < len(references)
    with play.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        MIGRATION.upgrade()
    assert sorted(map(repr, rows(play.engine, REFERENCE))) == sorted(map(repr, references))
    play.exchange().settle()
    assert play.hash() == grown
