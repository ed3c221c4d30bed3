"""By which policies the requests of an account were computed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "policy_applied",
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company", "supplier", name=op.f("pk_policy_applied")),
    )


def downgrade() -> None:
    """Refused, as for every version: a ledger is never taken back. Restore a backup instead."""
    message = "the ledger cannot be downgraded; restore a backup taken before the upgrade"
    raise RuntimeError(message)
