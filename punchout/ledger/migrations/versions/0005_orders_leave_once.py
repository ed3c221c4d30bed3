"""Orders leave once: holds and what withheld an order as facts, the conformance check, the epoch of sending."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SURROGATE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    _decisions()
    _facts()
    _control()
    _holds_become_facts()


def _decisions() -> None:
    op.create_table(
        "send_held",
        sa.Column("id", _SURROGATE, autoincrement=True, nullable=False),
        sa.Column("payload_id", sa.Text(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_send_held")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_send_held_payload_id"), "send_held", ["payload_id"], unique=False)
    op.create_table(
        "conformance",
        sa.Column("id", _SURROGATE, autoincrement=True, nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("payload_id", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("orders_seen", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conformance")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_conformance_company_supplier"), "conformance", ["company", "supplier"], unique=False)


def _facts() -> None:
    op.create_table(
        "send_withheld",
        sa.Column("payload_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("payload_id", "at", "gate", name=op.f("pk_send_withheld")),
    )
    op.create_table(
        "send_lapsed",
        sa.Column("payload_id", sa.Text(), nullable=False),
        sa.Column("attempt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("payload_id", "attempt", name=op.f("pk_send_lapsed")),
    )
    _add_flag("send_result", "may_have_left")


def _control() -> None:
    op.create_table(
        "sending_epoch",
        sa.Column("ledger_id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger_id", name=op.f("pk_sending_epoch")),
    )
    marked = sa.select(sa.func.count()).select_from(sa.table("send_marked"))
    op.bulk_insert(
        sa.table("sending_epoch", sa.column("ledger_id"), sa.column("epoch")),
        [{"ledger_id": str(uuid.uuid4()), "epoch": op.get_bind().execute(marked).scalar_one()}],
    )
    op.add_column("gate", sa.Column("sound_rows", sa.BigInteger(), nullable=True))
    _add_flag("gate", "has_collapsed")


def _add_flag(table: str, name: str) -> None:
    """Add a flag that is off in every row there is, and has no default for new ones."""
    op.add_column(table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table(table) as altered:
        altered.alter_column(name, existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def _holds_become_facts() -> None:
    """Write down what only the outbox knew: who is held, and which blocked order was let go again."""
    last = "(SELECT coalesce(max(at), 0) + 1 FROM audit)"
    op.execute(
        f"INSERT INTO send_held (payload_id, is_held, by, at, reason) "  # noqa: S608 - written here
        f"SELECT payload_id, true, 'punchout', {last}, 'held before version 0006' FROM outbox WHERE state = 'hold'"
    )
    op.execute(
        f"INSERT INTO send_held (payload_id, is_held, by, at, reason) "  # noqa: S608 - written here
        f"SELECT outbox.payload_id, false, 'punchout', {last}, 'released before version 0006' FROM outbox "
        "JOIN send_result ON send_result.payload_id = outbox.payload_id AND send_result.attempt = outbox.attempt "
        "WHERE outbox.state = 'pending' AND send_result.outcome = 'blocked'"
    )


def downgrade() -> None:
    """Refused: a downgrade would drop facts. Restore a backup instead."""
    message = "the ledger cannot be downgraded; restore a backup taken before the upgrade"
    raise RuntimeError(message)
