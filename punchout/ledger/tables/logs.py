"""Logs: every sighting, answer, attempt, run and command. They only grow, and nothing is computed from them."""

import sqlalchemy as sa

from punchout.ledger.tables.base import TableClass, table
from punchout.ledger.types import Instant, Surrogate

DELIVERY = table(
    "delivery",
    TableClass.LOG,
    sa.Column("id", Surrogate, primary_key=True, autoincrement=True),
    sa.Column("document_id", sa.BigInteger, sa.ForeignKey("document.id"), nullable=False, index=True),
    sa.Column("feed", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("is_first", sa.Boolean, nullable=False),
)

ATTEMPT = table(
    "attempt",
    TableClass.LOG,
    sa.Column("id", Surrogate, primary_key=True, autoincrement=True),
    sa.Column("payload_id", sa.Text, nullable=False, index=True),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("outcome", sa.Text),
    sa.Column("detail", sa.Text),
)

RUN = table(
    "run",
    TableClass.LOG,
    sa.Column("id", Surrogate, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("as_of", Instant, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("counts", sa.Text),
)

AUDIT = table(
    "audit",
    TableClass.LOG,
    sa.Column("id", Surrogate, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("subject", sa.Text),
    sa.Column("detail", sa.Text),
)

# What was said in return for a document that came over HTTP. Another answer to the same document is these bytes again.
ANSWER = table(
    "answer",
    TableClass.LOG,
    sa.Column("document_id", sa.BigInteger, sa.ForeignKey("document.id"), primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("code", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
