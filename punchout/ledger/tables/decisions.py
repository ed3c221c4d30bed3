"""Decision tables: what named people decided. Insert-only, honoured by every replay."""

import sqlalchemy as sa

from punchout.ledger.tables.base import TableClass, table
from punchout.ledger.types import Instant, Surrogate

SEND_RELEASED = table(
    "send_released",
    TableClass.DECISION,
    sa.Column("payload_id", sa.Text, primary_key=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
SEND_RESOLVED = table(
    "send_resolved",
    TableClass.DECISION,
    sa.Column("id", Surrogate, primary_key=True, autoincrement=True),
    sa.Column("payload_id", sa.Text, nullable=False, index=True),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
