"""Decisions of analysts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"
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


def downgrade() -> None:
    """Refused: a downgrade would drop facts. Restore a backup instead."""
    message = "the ledger cannot be downgraded; restore a backup taken before the upgrade"
    raise RuntimeError(message)
