"""What was erased after its time: who decided it, and which bodies went."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "purge",
        sa.Column("purge_id", sa.Text(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("purge_id", name=op.f("pk_purge")),
    )
    for table in ("document", "order_body"):
        op.add_column(table, sa.Column("purge_id", sa.Text(), nullable=True))


def downgrade() -> None:
    """Refused: what was erased could not be told from what was lost. Restore a backup instead."""
    message = "the ledger cannot be downgraded; restore a backup taken before the upgrade"
    raise RuntimeError(message)
