"""Decision tables: what named people decided. Insert-only, honoured by every replay."""

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.tables.base import TableClass, account_columns, table
from punchout.ledger.types import Instant, Surrogate
from punchout.model.decisions import AnalystDecision

SEND_RELEASED = table(
    "send_released",
    TableClass.DECISION,
    sa.Column("payload_id", sa.Text, primary_key=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
SEND_HELD = table(
    "send_held",
    TableClass.DECISION,
    sa.Column("id", Surrogate, primary_key=True, autoincrement=True),
    sa.Column("payload_id", sa.Text, nullable=False, index=True),
    # True keeps the order, False lets it go; the later word about one order carries the later time
    sa.Column("is_held", sa.Boolean, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("reason", sa.Text),
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
ANALYST_DECISION = table(
    "analyst_decision",
    TableClass.DECISION,
    # The hash of all that it says, so that the same decision told twice is one.
    sa.Column("decision_id", sa.Text, primary_key=True),
    *account_columns(),
    # A request's number or the hash of a document's body: what it is found by, also where neither is known yet.
    sa.Column("owner", sa.Text, nullable=False),
    *codec_of(AnalystDecision).columns(),
    sa.Index(None, "company", "supplier", "owner"),
)

# One order was sent twice to the supplier's test site, and somebody looked how many came of it.
CONFORMANCE = table(
    "conformance",
    TableClass.DECISION,
    sa.Column("id", Surrogate, primary_key=True, autoincrement=True),
    *account_columns(),
    sa.Column("payload_id", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("answers", sa.Text, nullable=False),
    sa.Column("orders_seen", sa.Integer, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index(None, "company", "supplier"),
)

# Bytes and personal data were erased: one row a batch, written in the transaction that erased what it counts.
PURGE = table(
    "purge",
    TableClass.DECISION,
    sa.Column("purge_id", sa.Text, primary_key=True),
    # What was received at this moment or later was left alone.
    sa.Column("before", Instant, nullable=False),
    sa.Column("documents", sa.Integer, nullable=False),
    sa.Column("orders", sa.Integer, nullable=False),
    sa.Column("answers", sa.Integer, nullable=False),
    sa.Column("sessions", sa.Integer, nullable=False),
    # as received, of documents and orders
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("reason", sa.Text),
)
