"""Fact tables: what documents, exports and our own sending state. Insert-only.

Columns follow the records of `punchout.model` through `punchout.ledger.codec`. Facts of a document are keyed by the
document and ordinals, never by anything they were matched to. What a purge may erase of them is in `erasable`.
"""

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.tables.base import TableClass, account_columns, request_columns, table
from punchout.ledger.types import Instant, Surrogate
from punchout.model import answers, order_documents, orders, sessions
from punchout.model import business_central as bc
from punchout.model import documents as cxml


def _fact(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return table(name, TableClass.FACT, *parts)


def _document_key() -> sa.Column[int]:
    return sa.Column("document_id", sa.BigInteger, sa.ForeignKey("document.id"), primary_key=True, autoincrement=False)


def _ordinal(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)


def _columns(record: type) -> list[sa.Column[object]]:
    """The record's columns but for its ordinal, which the key holds."""
    return [column for column in codec_of(record).columns() if column.name != "ordinal"]


DOCUMENT = _fact(
    "document",
    sa.Column("id", Surrogate, primary_key=True, autoincrement=True),
    *account_columns(),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("received_sha256", sa.Text, nullable=False),
    # Which reading of these bytes the facts are of: another one has other facts, and takes the place of those before.
    sa.Column("reading", sa.Integer, nullable=False, server_default="1"),
    sa.Column("stored_sha256", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("codec", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    # By which purge the body was erased; everything else that is known of the document stays.
    sa.Column("purge_id", sa.Text),
    sa.UniqueConstraint("company", "supplier", "content", "received_sha256", "reading"),
    sa.Index(None, "received_sha256"),
)

REFERENCE = _fact(
    "reference",
    _document_key(),
    _ordinal("portion"),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    *account_columns(),
    sa.Index(None, "value", "kind"),
)

DOCUMENT_ENVELOPE = _fact(
    "document_envelope",
    _document_key(),
    sa.Column("kind", sa.Text),
    sa.Column("payload_id", sa.Text),
    sa.Column("timestamp_text", sa.Text),
    sa.Column("timestamp", Instant),
    sa.Column("body_sha256", sa.Text),
    sa.Column("notes", sa.Text),
    sa.Column("unread", sa.Text),
    sa.Index(None, "payload_id"),
    sa.Index(None, "body_sha256"),
)

CART = _fact("cart", _document_key(), *_columns(cxml.Cart))
CART_LINE = _fact("cart_line", _document_key(), _ordinal("ordinal"), *_columns(cxml.CartLine))

CONFIRMATION = _fact("confirmation", _document_key(), *_columns(cxml.Confirmation))
CONFIRMATION_ITEM = _fact("confirmation_item", _document_key(), _ordinal("ordinal"), *_columns(cxml.ConfirmationItem))
CONFIRMATION_STATUS = _fact(
    "confirmation_status",
    _document_key(),
    _ordinal("item_ordinal"),
    _ordinal("ordinal"),
    *_columns(cxml.ConfirmationStatus),
)

SHIP_NOTICE = _fact("ship_notice", _document_key(), *_columns(cxml.ShipNotice))
SHIP_PORTION = _fact("ship_portion", _document_key(), _ordinal("ordinal"), *_columns(cxml.ShipPortion))
SHIP_ITEM = _fact(
    "ship_item", _document_key(), _ordinal("portion_ordinal"), _ordinal("ordinal"), *_columns(cxml.ShipItem)
)

INVOICE = _fact("invoice", _document_key(), *_columns(cxml.Invoice))
INVOICE_ORDER = _fact("invoice_order", _document_key(), _ordinal("ordinal"), *_columns(cxml.InvoiceOrder))
INVOICE_LINE = _fact(
    "invoice_line", _document_key(), _ordinal("order_ordinal"), _ordinal("ordinal"), *_columns(cxml.InvoiceLine)
)
INVOICE_SERVICE = _fact(
    "invoice_service", _document_key(), _ordinal("order_ordinal"), _ordinal("ordinal"), *_columns(cxml.InvoiceService)
)

ORDER_REQUEST = _fact("order_request", _document_key(), *_columns(order_documents.OrderRequest))
ORDER_REQUEST_LINE = _fact(
    "order_request_line", _document_key(), _ordinal("ordinal"), *_columns(order_documents.OrderRequestLine)
)
ORDER_REQUEST_DISTRIBUTION = _fact(
    "order_request_distribution",
    _document_key(),
    _ordinal("line_ordinal"),
    _ordinal("ordinal"),
    *_columns(order_documents.Distribution),
)
ORDER_REQUEST_PAYMENT = _fact(
    "order_request_payment", _document_key(), _ordinal("ordinal"), *_columns(order_documents.Payment)
)
STATUS_UPDATE = _fact("status_update", _document_key(), *_columns(answers.StatusUpdate))

RESPONSE = _fact("response", _document_key(), *_columns(cxml.Response))

BC_EXPORT = _fact(
    "bc_export",
    _document_key(),
    *account_columns(),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("exported_at_text", sa.Text, nullable=False),
    sa.Column("exported_at", Instant, nullable=False),
    sa.Column("row_count", sa.Integer, nullable=False),
    sa.Column("line_count", sa.Integer, nullable=False),
)


def _bc_row(name: str, record: type) -> sa.Table:
    return _fact(
        name,
        _document_key(),
        _ordinal("row"),
        *account_columns(),
        sa.Column("version", Instant, nullable=False),
        sa.Column("row_sha256", sa.Text, nullable=False),
        *_columns(record),
        # A row that says nothing new is not a new fact: full exports repeat themselves every hour.
        sa.UniqueConstraint("company", "supplier", "number", "version", "row_sha256"),
    )


BC_REQUEST = _bc_row("bc_request", bc.BcRequest)
BC_REQUEST_LINE = _fact(
    "bc_request_line", _document_key(), _ordinal("row"), _ordinal("ordinal"), *_columns(bc.BcRequestLine)
)
BC_ORDER = _bc_row("bc_order", bc.BcOrder)
BC_ORDER_LINE = _fact("bc_order_line", _document_key(), _ordinal("row"), _ordinal("ordinal"), *_columns(bc.BcOrderLine))


def _outbound(record: type, *keys: str) -> list[sa.Column[object]]:
    columns = codec_of(record).columns()
    for column in columns:
        if column.name in keys:
            column.primary_key = True
            column.autoincrement = False
    return columns


ORDER_QUEUED = _fact(
    "order_queued",
    *request_columns(),
    *_outbound(orders.OrderQueued, "payload_id"),
    sa.UniqueConstraint("company", "supplier", "environment", "order_id", "order_version"),
    sa.Index(None, "company", "supplier", "request_no"),
    sa.Index(None, "company", "supplier", "order_id"),
)
ORDER_LINE = _fact(
    "order_line",
    sa.Column("payload_id", sa.Text, sa.ForeignKey("order_queued.payload_id"), primary_key=True),
    *_outbound(orders.OrderedLine, "line_number"),
)
ORDER_BODY = _fact(
    "order_body",
    sa.Column("payload_id", sa.Text, sa.ForeignKey("order_queued.payload_id"), primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("purge_id", sa.Text),
)
SEND_MARKED = _fact("send_marked", *_outbound(orders.SendMarked, "payload_id", "attempt"), sa.Index(None, "at"))
SEND_RESULT = _fact("send_result", *_outbound(orders.SendResult, "payload_id", "attempt"))
SEND_WITHHELD = _fact("send_withheld", *_outbound(orders.SendWithheld, "payload_id", "at", "gate"))
SEND_LAPSED = _fact("send_lapsed", *_outbound(orders.SendLapsed, "payload_id", "attempt"))

UPDATE_QUEUED = _fact(
    "update_queued",
    sa.Column("update_id", sa.Text, primary_key=True),
    *request_columns(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("company", "supplier", "request_no", "kind", "version"),
)
UPDATE_DELIVERED = _fact(
    "update_delivered",
    sa.Column("update_id", sa.Text, sa.ForeignKey("update_queued.update_id"), primary_key=True),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

SESSION_OPENED = _fact(
    "session_opened",
    *request_columns(),
    *_outbound(sessions.SessionOpened, "buyer_cookie"),
    sa.Index(None, "company", "supplier", "request_no"),
)


def _of_session(record: type) -> list[sa.Column[object]]:
    columns = _outbound(record, "buyer_cookie")
    columns[0].append_foreign_key(sa.ForeignKey("session_opened.buyer_cookie"))
    return columns


SESSION_ANSWERED = _fact("session_answered", *_of_session(sessions.SessionAnswered))
SESSION_RETURNED = _fact(
    "session_returned",
    *request_columns(),
    *_of_session(sessions.SessionReturned),
    # One cart with lines for a request: of two that come back side by side one is the second.
    sa.Index(
        "uq_session_returned_filled",
        "company",
        "supplier",
        "request_no",
        unique=True,
        sqlite_where=sa.text("line_count > 0"),
        postgresql_where=sa.text("line_count > 0"),
    ),
)
