"""The schema: migrations and metadata are the same thing, and a database is only ever moved forward."""

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from punchout.ledger import schema
from tests.support.ledgers import Ledgers, rows


def test_migrations_make_exactly_the_tables_that_the_code_works_with(ledger: sa.Engine) -> None:
    with ledger.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, schema.METADATA) == []


def test_the_comparison_would_see_a_missing_column(ledger: sa.Engine) -> None:
    with ledger.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE request_work DROP COLUMN result_sha256")
    with ledger.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.METADATA)


def test_an_upgrade_of_a_current_database_does_nothing(ledger: sa.Engine) -> None:
    with ledger.begin() as connection:
        connection.exec_driver_sql("INSERT INTO switch (name, is_on, by, at) VALUES ('orders', true, 'ann', 1)")
    schema.upgrade(ledger)
    with ledger.connect() as connection:
        assert schema.current(connection) == schema.head()
        assert connection.exec_driver_sql("SELECT count(*) FROM switch").scalar_one() == 1


def test_a_blank_database_has_no_revision(ledgers: Ledgers) -> None:
    with ledgers.blank() as engine, engine.connect() as connection:
        assert schema.current(connection) is None


def test_a_database_of_a_newer_version_is_refused_and_left_alone(ledger: sa.Engine) -> None:
    with ledger.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(schema.SchemaMismatchError, match="9999"):
        schema.upgrade(ledger)
    assert rows(ledger, sa.select(sa.literal_column("version_num")).select_from(sa.table("alembic_version"))) == [
        {"version_num": "9999"}
    ]


def test_a_downgrade_is_refused_and_drops_nothing(ledger: sa.Engine) -> None:
    config = schema._config()
    with ledger.connect() as connection:
        config.attributes["connection"] = connection
        with pytest.raises(RuntimeError, match="cannot be downgraded"):
            command.downgrade(config, "base")
    with ledger.connect() as connection:
        assert schema.current(connection) == schema.head()
        assert sa.inspect(connection).has_table("document")


def test_the_engine_works_with_the_settings_that_promises_rest_on(ledger: sa.Engine) -> None:
    settings: dict[str, dict[str, object]] = {
        "sqlite": {"PRAGMA journal_mode": "wal", "PRAGMA synchronous": 2, "PRAGMA foreign_keys": 1},
        "postgresql": {"SHOW transaction_isolation": "read committed", "SHOW lock_timeout": "15s"},
    }
    wanted = settings[ledger.dialect.name]
    with ledger.connect() as connection:
        found = {asked: connection.exec_driver_sql(asked).scalar_one() for asked in wanted}
    assert found == wanted


def test_an_error_of_the_database_shows_no_document_text(ledger: sa.Engine) -> None:
    with pytest.raises(sa.exc.DBAPIError) as caught, ledger.begin() as connection:
        connection.execute(sa.text("INSERT INTO nowhere VALUES (:body)"), {"body": "Jane Doe, 1 Main St"})
    assert "Jane" not in str(caught.value)
