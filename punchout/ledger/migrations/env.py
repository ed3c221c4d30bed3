"""Alembic's entry: runs migrations on the connection that `punchout.ledger.schema` hands over."""

from alembic import context

from punchout.ledger.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
