"""Five classes of table, and what may happen to the rows of each: held to by the database itself while a story runs."""

import pytest
import sqlalchemy as sa

from punchout.ledger import schema
from punchout.ledger.tables.base import CLASS_OF, TableClass
from tests.support.plays import Play
from tests.support.stories import everything

INSERT_ONLY = sorted(name for name, of in CLASS_OF.items() if of in {TableClass.FACT, TableClass.DECISION})
GROWING = sorted(name for name, of in CLASS_OF.items() if of is TableClass.LOG)
# A log's entry may be completed: a run ends, an attempt has an outcome.
COMPLETED = {"run", "attempt"}


def test_every_table_of_the_database_has_a_class(ledger: sa.Engine) -> None:
    with ledger.connect() as connection:
        there = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    assert there == set(CLASS_OF) == set(schema.METADATA.tables)


@pytest.mark.parametrize("of", TableClass)
def test_there_are_tables_of_every_class(of: TableClass) -> None:
    assert [name for name, known in CLASS_OF.items() if known is of]


def test_no_unit_of_work_changes_a_fact_or_a_decision_or_shortens_a_log(play: Play) -> None:
    forbid(play.engine)
    everything(play)
    with play.engine.connect() as connection:
        empty = [
            name
            for name in (*INSERT_ONLY, *GROWING)
            if not connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()  # noqa: S608 - our tables
        ]
    assert empty == []


@pytest.mark.parametrize("statement", ["UPDATE document SET size = 0", "DELETE FROM audit", "DELETE FROM send_marked"])
def test_a_change_would_have_been_refused(told: Play, statement: str) -> None:
    forbid(told.engine)
    with pytest.raises(sa.exc.DBAPIError, match="may not"), told.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def forbid(engine: sa.Engine) -> None:
    """Have the database refuse what the class of a table does not allow."""
    steps = {name: ["UPDATE", "DELETE"] for name in INSERT_ONLY}
    steps |= {name: ["DELETE"] if name in COMPLETED else ["UPDATE", "DELETE"] for name in GROWING}
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION '%% may not %%', TG_TABLE_NAME, TG_OP; END $$"
            )
        for name, forbidden in steps.items():
            for step in forbidden:
                connection.exec_driver_sql(_trigger(connection.dialect.name, name, step))


def _trigger(dialect: str, name: str, step: str) -> str:
    if dialect == "postgresql":
        return f'CREATE TRIGGER no_{step} BEFORE {step} ON "{name}" FOR EACH ROW EXECUTE FUNCTION refuse()'
    return (
        f'CREATE TRIGGER "{name}_{step}" BEFORE {step} ON "{name}" '
        f"BEGIN SELECT RAISE(ABORT, '{name} may not {step}'); END"
    )
