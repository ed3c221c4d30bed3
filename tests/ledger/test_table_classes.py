"""Five classes of table, and what may happen to the rows of each: held to by the database itself while a story runs.

The one exception is a purge, which a person decides: it may overwrite the columns of `ERASABLE`, and none else may.
"""

from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from punchout.ledger import schema
from punchout.ledger.tables.base import CLASS_OF, TableClass
from punchout.ledger.tables.decisions import PURGE
from punchout.ledger.tables.erasable import ERASABLE
from tests.support.plays import Play
from tests.support.retention import everything_aged, purge_now

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
    everything_aged(play)
    assert empty(play.engine) == [PURGE.name]


def test_a_purge_overwrites_what_it_may_erase_and_nothing_else(play: Play) -> None:
    everything_aged(play)
    forbid(play.engine, {table.name: columns for table, columns in ERASABLE.items()})
    before = {table.name: count(play.engine, table.name) for table in ERASABLE}
    assert purge_now(play).taken.documents
    assert empty(play.engine) == []
    assert {name: count(play.engine, name) for name in before} == before


def test_no_decision_and_no_log_but_that_of_answers_can_be_erased() -> None:
    assert {CLASS_OF[table.name] for table in ERASABLE if table.name != "answer"} == {TableClass.FACT}


def test_what_identifies_and_what_is_counted_cannot_be_erased() -> None:
    kept = ("_id", "sha256", "quantity", "price", "amount", "_at", "_date", "number", "line_number", "size", "total")
    erasable = {f"{table.name}.{name}" for table, names in ERASABLE.items() for name in names}
    assert {one for one in erasable if one.endswith(kept)} <= {"document.purge_id", "order_body.purge_id"}


@pytest.mark.parametrize("statement", ["UPDATE document SET size = 0", "DELETE FROM audit", "DELETE FROM send_marked"])
def test_a_change_would_have_been_refused(told: Play, statement: str) -> None:
    forbid(told.engine)
    with pytest.raises(sa.exc.DBAPIError, match="may not"), told.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def empty(engine: sa.Engine) -> list[str]:
    """Give the tables of facts, decisions and logs in which there is nothing."""
    return [name for name in (*INSERT_ONLY, *GROWING) if not count(engine, name)]


def count(engine: sa.Engine, name: str) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one())  # noqa: S608 - our tables


def forbid(engine: sa.Engine, allowed: Mapping[str, tuple[str, ...]] | None = None) -> None:
    """Have the database refuse what the class of a table does not allow, but for updates of some columns."""
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
                others = set(schema.METADATA.tables[name].columns.keys()) - set((allowed or {}).get(name, ()))
                of = "" if step == "DELETE" else " OF " + ", ".join(f'"{column}"' for column in sorted(others))
                connection.exec_driver_sql(_trigger(connection.dialect.name, name, step, of))


def _trigger(dialect: str, name: str, step: str, of: str) -> str:
    if dialect == "postgresql":
        return f'CREATE TRIGGER no_{step} BEFORE {step}{of} ON "{name}" FOR EACH ROW EXECUTE FUNCTION refuse()'
    return (
        f'CREATE TRIGGER "{name}_{step}" BEFORE {step}{of} ON "{name}" '
        f"BEGIN SELECT RAISE(ABORT, '{name} may not {step}'); END"
    )
