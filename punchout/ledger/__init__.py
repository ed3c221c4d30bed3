"""The ledger: tables, migrations, and the units of work over them. SQLAlchemy Core on SQLite and PostgreSQL."""
