"""Decisions of analysts, and documents that are read again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "analyst_decision",
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("line_key", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_analyst_decision")),
    )
    op.create_index(
        op.f("ix_analyst_decision_company_supplier_owner"),
        "analyst_decision",
        ["company", "supplier", "owner"],
        unique=False,
    )
    op.create_index(op.f("ix_document_envelope_body_sha256"), "document_envelope", ["body_sha256"], unique=False)
    _number_readings()


def _number_readings() -> None:
    """Let bytes be read more than once. SQLite makes the table anew for it, and must not give an id a second time."""
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    last = "SELECT seq FROM sqlite_sequence WHERE name = 'document'"
    given = connection.exec_driver_sql(last).scalar_one_or_none() if is_sqlite else None
    with op.batch_alter_table("document", table_kwargs={"sqlite_autoincrement": True}) as document:
        document.add_column(sa.Column("reading", sa.Integer(), nullable=False, server_default="1"))
        document.drop_constraint("uq_document_company_supplier_content_received_sha256", type_="unique")
        document.create_unique_constraint(
            op.f("uq_document_company_supplier_content_received_sha256_reading"),
            ["company", "supplier", "content", "received_sha256", "reading"],
        )
    if given is not None:
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'document'")
        connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('document', ?)", (given,))


def downgrade() -> None:
    """Refused: a downgrade would drop facts. Restore a backup instead."""
    message = "the ledger cannot be downgraded; restore a backup taken before the upgrade"
    raise RuntimeError(message)
