"""Orders that Business Central sends, as they come in, and what the supplier says of them later."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "order_request",
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("order_date_text", sa.Text(), nullable=False),
        sa.Column("order_date", sa.BigInteger(), nullable=True),
        sa.Column("order_date_day", sa.Text(), nullable=True),
        sa.Column("order_date_repair", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("order_type", sa.Text(), nullable=True),
        sa.Column("order_version", sa.BigInteger(), nullable=True),
        sa.Column("requisition_id", sa.Text(), nullable=True),
        sa.Column("requested_delivery_text", sa.Text(), nullable=True),
        sa.Column("requested_delivery", sa.BigInteger(), nullable=True),
        sa.Column("requested_delivery_day", sa.Text(), nullable=True),
        sa.Column("requested_delivery_repair", sa.Text(), nullable=True),
        sa.Column("previous_payload_id", sa.Text(), nullable=True),
        sa.Column("total_text", sa.Text(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("total_currency", sa.Text(), nullable=True),
        sa.Column("tax_text", sa.Text(), nullable=True),
        sa.Column("tax", sa.BigInteger(), nullable=True),
        sa.Column("tax_currency", sa.Text(), nullable=True),
        sa.Column("shipping_text", sa.Text(), nullable=True),
        sa.Column("shipping", sa.BigInteger(), nullable=True),
        sa.Column("shipping_currency", sa.Text(), nullable=True),
        sa.Column("ship_to", sa.Text(), nullable=True),
        sa.Column("bill_to", sa.Text(), nullable=True),
        sa.Column("tax_details", sa.Text(), nullable=True),
        sa.Column("comments", sa.Text(), nullable=True),
        sa.Column("extrinsics", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_order_request_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_order_request")),
    )
    op.create_table(
        "order_request_line",
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line_number", sa.BigInteger(), nullable=True),
        sa.Column("quantity_text", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("requested_delivery_text", sa.Text(), nullable=True),
        sa.Column("requested_delivery", sa.BigInteger(), nullable=True),
        sa.Column("requested_delivery_day", sa.Text(), nullable=True),
        sa.Column("requested_delivery_repair", sa.Text(), nullable=True),
        sa.Column("requisition_id", sa.Text(), nullable=True),
        sa.Column("part_id", sa.Text(), nullable=True),
        sa.Column("part_aux_id", sa.Text(), nullable=True),
        sa.Column("buyer_part_id", sa.Text(), nullable=True),
        sa.Column("unit_price_text", sa.Text(), nullable=True),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("unit_price_currency", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("price_basis_quantity_text", sa.Text(), nullable=True),
        sa.Column("price_basis_quantity", sa.BigInteger(), nullable=True),
        sa.Column("price_basis_factor_text", sa.Text(), nullable=True),
        sa.Column("price_basis_factor", sa.BigInteger(), nullable=True),
        sa.Column("price_basis_unit", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("classification", sa.Text(), nullable=True),
        sa.Column("classification_domain", sa.Text(), nullable=True),
        sa.Column("manufacturer_name", sa.Text(), nullable=True),
        sa.Column("manufacturer_part_id", sa.Text(), nullable=True),
        sa.Column("ship_to", sa.Text(), nullable=True),
        sa.Column("tax_text", sa.Text(), nullable=True),
        sa.Column("tax", sa.BigInteger(), nullable=True),
        sa.Column("tax_currency", sa.Text(), nullable=True),
        sa.Column("shipping_text", sa.Text(), nullable=True),
        sa.Column("shipping", sa.BigInteger(), nullable=True),
        sa.Column("shipping_currency", sa.Text(), nullable=True),
        sa.Column("tax_details", sa.Text(), nullable=True),
        sa.Column("comments", sa.Text(), nullable=True),
        sa.Column("extrinsics", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_order_request_line_document_id")),
        sa.PrimaryKeyConstraint("document_id", "ordinal", name=op.f("pk_order_request_line")),
    )
    op.create_table(
        "order_request_distribution",
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("charge_text", sa.Text(), nullable=True),
        sa.Column("charge", sa.BigInteger(), nullable=True),
        sa.Column("charge_currency", sa.Text(), nullable=True),
        sa.Column("segments", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_order_request_distribution_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", "line_ordinal", "ordinal", name=op.f("pk_order_request_distribution")),
    )
    op.create_table(
        "order_request_payment",
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("amount_text", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("amount_currency", sa.Text(), nullable=True),
        sa.Column("ids", sa.Text(), nullable=True),
        sa.Column("extrinsics", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_order_request_payment_document_id")),
        sa.PrimaryKeyConstraint("document_id", "ordinal", name=op.f("pk_order_request_payment")),
    )
    op.create_table(
        "status_update",
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("payload_id", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("subject_type", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Text(), nullable=True),
        sa.Column("subject_date_text", sa.Text(), nullable=True),
        sa.Column("subject_date", sa.BigInteger(), nullable=True),
        sa.Column("subject_date_day", sa.Text(), nullable=True),
        sa.Column("subject_date_repair", sa.Text(), nullable=True),
        sa.Column("comments", sa.Text(), nullable=True),
        sa.Column("extrinsics", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_status_update_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_status_update")),
    )


def downgrade() -> None:
    """Refused: a downgrade would drop facts. Restore a backup instead."""
    message = "the ledger cannot be downgraded; restore a backup taken before the upgrade"
    raise RuntimeError(message)
