"""Projections: what follows from facts and decisions. Dropped and rebuilt at will; `ledger_hash` covers the results."""

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.tables.base import TableClass, account_columns, request_columns, table
from punchout.ledger.types import Exact, Instant
from punchout.model.keys import STAND_IN
from punchout.reconciliation.accounts import Charge, Suggestion, ThreeWay
from punchout.reconciliation.results import LinePosition, Link, TimelineEvent, VersionState


def _projection(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return table(name, TableClass.PROJECTION, *parts)


STANDS_IN = sa.text(f"substr(request_no, 1, {len(STAND_IN)}) = '{STAND_IN}'")
"""That an assignment is to the stand-in for a purchase order that no request claims; an index finds these few."""

# To what an identifier belongs, and where each part of a document was put.
IDENTIFIER = _projection(
    "identifier",
    *account_columns(primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("request_no", sa.Text, primary_key=True),
)
ASSIGNMENT = _projection(
    "assignment",
    sa.Column("document_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("portion", sa.Integer, primary_key=True, autoincrement=False),
    *request_columns(),
    sa.Column("rule", sa.Text, nullable=False),
    # Kind and value of the identifier that the rule looked up
    sa.Column("found_by", sa.Text),
    sa.Index(None, "company", "supplier", "request_no"),
    sa.Index("ix_assignment_stand_in", "document_id", "portion", sqlite_where=STANDS_IN, postgresql_where=STANDS_IN),
)

# What reconciliation found, one row a request, line, link, event and exception.
REQUEST_STAGE = _projection(
    "request_stage",
    *request_columns(primary_key=True),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("order_id", sa.Text),
    sa.Column("outbox_state", sa.Text),
    sa.Column("is_adopted", sa.Boolean, nullable=False),
    sa.Column("order_confirmation_id", sa.Text),
    sa.Column("order_confirmation_ids", sa.Text),
    sa.Column("next_due_at", Instant),
)


def _part_of_request(name: str, record: type) -> sa.Table:
    """Records of one request in their sorted order."""
    ordinal = sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False)
    return _projection(name, *request_columns(primary_key=True), ordinal, *codec_of(record).columns())


LINE_POSITION = _part_of_request("line_position", LinePosition)
LINK = _part_of_request("link", Link)
DOCUMENT_VERSION = _part_of_request("document_version", VersionState)
TIMELINE = _part_of_request("timeline", TimelineEvent)
SUGGESTION = _part_of_request("suggestion", Suggestion)
CHARGE = _part_of_request("charge", Charge)
THREE_WAY = _part_of_request("three_way", ThreeWay)

EXCEPTION = _projection(
    "exception",
    *account_columns(primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    # request, line or document
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("subject_key", sa.Text, primary_key=True),
    sa.Column("request_no", sa.Text),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("amount_at_risk", Exact),
    sa.Column("currency", sa.Text),
    sa.Column("detail", sa.Text),
    sa.Column("since", Instant),
    sa.Index(None, "company", "supplier", "request_no"),
    sa.Index(None, "subject_key"),
)
