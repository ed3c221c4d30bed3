"""Punchout sessions that are opened here: opened, answered, returned; and the bound on carts of strangers."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "session_opened",
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("request_no", sa.Text(), nullable=False),
        sa.Column("buyer_cookie", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("payload_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("user", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("buyer_cookie", name=op.f("pk_session_opened")),
    )
    request = ["company", "supplier", "request_no"]
    op.create_index(op.f("ix_session_opened_company_supplier_request_no"), "session_opened", request, unique=False)
    op.create_table(
        "session_answered",
        sa.Column("buyer_cookie", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("http_status", sa.BigInteger(), nullable=True),
        sa.Column("cxml_code", sa.BigInteger(), nullable=True),
        sa.Column("start_host", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["buyer_cookie"], ["session_opened.buyer_cookie"], name=op.f("fk_session_answered_buyer_cookie")
        ),
        sa.PrimaryKeyConstraint("buyer_cookie", name=op.f("pk_session_answered")),
    )
    op.create_table(
        "session_returned",
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("request_no", sa.Text(), nullable=False),
        sa.Column("buyer_cookie", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_sha256", sa.Text(), nullable=False),
        sa.Column("line_count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["buyer_cookie"], ["session_opened.buyer_cookie"], name=op.f("fk_session_returned_buyer_cookie")
        ),
        sa.PrimaryKeyConstraint("buyer_cookie", name=op.f("pk_session_returned")),
    )
    op.create_index(
        "uq_session_returned_filled",
        "session_returned",
        request,
        unique=True,
        sqlite_where=sa.text("line_count > 0"),
        postgresql_where=sa.text("line_count > 0"),
    )
    op.create_table(
        "stray_cart",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stray_cart")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_stray_cart_at"), "stray_cart", ["at"], unique=False)


def downgrade() -> None:
    """Refused: a downgrade would drop facts. Restore a backup instead."""
    message = "the ledger cannot be downgraded; restore a backup taken before the upgrade"
    raise RuntimeError(message)
