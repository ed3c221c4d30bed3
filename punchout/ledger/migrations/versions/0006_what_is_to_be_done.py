"""Indexes by which work is found, so that it costs what is new and not what was; updates that wait for their file."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "update_waiting",
        sa.Column("update_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["update_id"], ["update_queued.update_id"], name=op.f("fk_update_waiting_update_id")),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_update_waiting")),
    )
    op.create_index(
        op.f("ix_update_waiting_kind_at_update_id"), "update_waiting", ["kind", "at", "update_id"], unique=False
    )
    op.execute(
        "INSERT INTO update_waiting (update_id, kind, at) SELECT update_id, kind, at FROM update_queued "
        "WHERE update_id NOT IN (SELECT update_id FROM update_delivered)"
    )
    op.create_index(op.f("ix_exception_subject_key"), "exception", ["subject_key"], unique=False)
    op.create_index(
        op.f("ix_order_queued_company_supplier_order_id"),
        "order_queued",
        ["company", "supplier", "order_id"],
        unique=False,
    )
    op.create_index(op.f("ix_send_marked_at"), "send_marked", ["at"], unique=False)
    request = ["company", "supplier", "request_no"]
    for name in ("order_is_ready", "update_is_due"):
        op.create_index(
            f"ix_request_work_{name}",
            "request_work",
            request,
            unique=False,
            sqlite_where=sa.text(f"{name} = 1"),
            postgresql_where=sa.text(name),
        )
    stands_in = sa.text("substr(request_no, 1, 3) = 'PO:'")
    op.create_index(
        "ix_assignment_stand_in",
        "assignment",
        ["document_id", "portion"],
        unique=False,
        sqlite_where=stands_in,
        postgresql_where=stands_in,
    )


def downgrade() -> None:
    """Refused: a downgrade would drop facts. Restore a backup instead."""
    message = "the ledger cannot be downgraded; restore a backup taken before the upgrade"
    raise RuntimeError(message)
