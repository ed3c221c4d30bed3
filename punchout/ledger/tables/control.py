"""Control tables: what is to be done, who is doing it, and what is switched on. Rows come and go with the work."""

import sqlalchemy as sa

from punchout.ledger.tables.base import TableClass, account_columns, request_columns, table
from punchout.ledger.types import Instant, Surrogate

DOCUMENT_STATE = table(
    "document_state",
    TableClass.CONTROL,
    sa.Column("document_id", sa.BigInteger, sa.ForeignKey("document.id"), primary_key=True, autoincrement=False),
    # received, accepted, duplicate, quarantined, dismissed; part: a file that a manifest names; superseded: read again
    sa.Column("state", sa.Text, nullable=False),
    # None, pending (to be resolved), resolved, inferred (resolved by a rule that others outrank), waiting (no order)
    sa.Column("resolution", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("place", sa.Text),
    sa.Column("detail", sa.Text),
    sa.Column("duplicate_of", sa.BigInteger),
    sa.Index(None, "state", "document_id"),
    sa.Index(None, "resolution", "document_id"),
    sa.Index(None, "duplicate_of"),
)

IDENTITY = table(
    "identity",
    TableClass.CONTROL,
    *account_columns(primary_key=True),
    # payload: the sender's payloadID; business: the number the document goes by, with its operation
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("document_id", sa.BigInteger, nullable=False),
    sa.Column("body_sha256", sa.Text, nullable=False),
)


def _waiting(flag: str) -> sa.Index:
    """An index over the requests whose flag is set, by their key: as long as the work that waits."""
    set_on_sqlite, is_set = sa.text(f"{flag} = 1"), sa.text(flag)
    request = ("company", "supplier", "request_no")
    return sa.Index(f"ix_request_work_{flag}", *request, sqlite_where=set_on_sqlite, postgresql_where=is_set)


TOUCH = table(
    "touch",
    TableClass.CONTROL,
    sa.Column("seq", Surrogate, primary_key=True, autoincrement=True),
    *request_columns(),
)

REQUEST_WORK = table(
    "request_work",
    TableClass.CONTROL,
    *request_columns(primary_key=True),
    sa.Column("next_due_at", Instant),
    sa.Column("result_sha256", sa.Text),
    sa.Column("order_is_ready", sa.Boolean, nullable=False),
    sa.Column("update_is_due", sa.Boolean, nullable=False),
    sa.Index(None, "next_due_at"),
    _waiting("order_is_ready"),
    _waiting("update_is_due"),
)

OUTBOX = table(
    "outbox",
    TableClass.CONTROL,
    sa.Column("payload_id", sa.Text, primary_key=True),
    *request_columns(),
    sa.Column("order_id", sa.Text, nullable=False),
    # draft hold pending sending sent refused in_doubt blocked cancelled
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("lease_until", Instant),
    sa.Column("next_try_at", Instant),
    sa.Index(None, "state"),
    sa.Index(None, "company", "supplier", "request_no"),
)

# Updates for Business Central that no file carries yet.
UPDATE_WAITING = table(
    "update_waiting",
    TableClass.CONTROL,
    sa.Column("update_id", sa.Text, sa.ForeignKey("update_queued.update_id"), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index(None, "kind", "at", "update_id"),
)

# Which ledger this is, and how many orders were ever marked in it: a restored copy says fewer than is noted beside it.
SENDING_EPOCH = table(
    "sending_epoch",
    TableClass.CONTROL,
    sa.Column("ledger_id", sa.Text, primary_key=True),
    sa.Column("epoch", sa.BigInteger, nullable=False),
)

LEASE = table(
    "lease",
    TableClass.CONTROL,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("expires_at", Instant),
)

SWITCH = table(
    "switch",
    TableClass.CONTROL,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("is_on", sa.Boolean, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("at", Instant, nullable=False),
)

GATE = table(
    "gate",
    TableClass.CONTROL,
    *account_columns(primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("is_open", sa.Boolean, nullable=False),
    sa.Column("detail", sa.Text),
    sa.Column("at", Instant, nullable=False),
    # of the last full export that had not collapsed, or that a person accepted
    sa.Column("sound_rows", sa.BigInteger),
    sa.Column("has_collapsed", sa.Boolean, nullable=False),
)

POLICY_APPLIED = table(
    "policy_applied",
    TableClass.CONTROL,
    *account_columns(primary_key=True),
    # of the policies by which the account's requests were computed, or are about to be
    sa.Column("sha256", sa.Text, nullable=False),
)
