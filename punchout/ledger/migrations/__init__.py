"""Alembic's migrations of the ledger. `punchout.ledger.schema` runs them; nobody needs an alembic.ini."""
