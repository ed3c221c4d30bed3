"""What the match finds is kept, and documents find their order by what other documents say.

Of what is known already, only identifiers are read again from the facts; whatever may come out differently by them is
asked to be resolved and reconciled at the next sync.
"""

import json
import re
import unicodedata
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_REFERENCE = sa.table(
    "reference", *(sa.column(name) for name in ("document_id", "portion", "kind", "value", "company", "supplier"))
)
_IDENTIFIER = sa.table(
    "identifier", *(sa.column(name) for name in ("company", "supplier", "kind", "value", "request_no"))
)

# Document, portion, kind and value of every identifier that is a reference from now on.
_OF_INVOICES = "FROM invoice JOIN invoice_order USING (document_id)"
_NAMELESS_INVOICE = "FROM invoice WHERE document_id NOT IN (SELECT document_id FROM invoice_order)"
_NAMELESS_NOTICE = "FROM ship_notice WHERE document_id NOT IN (SELECT document_id FROM ship_portion)"
_NEW_REFERENCES = (
    f"SELECT document_id, ordinal, 'original', original_invoice_id {_OF_INVOICES}",
    f"SELECT document_id, ordinal, 'original_payload', original_payload_id {_OF_INVOICES}",
    f"SELECT document_id, ordinal, 'original', invoice_id {_OF_INVOICES} WHERE operation = 'delete'",
    "SELECT document_id, order_ordinal, 'shipment', ship_notice_id FROM invoice_line",
    # Documents that name no order at all had no part that could wait for one.
    f"SELECT document_id, 1, 'portion', 'Invoice' {_NAMELESS_INVOICE}",
    f"SELECT document_id, 1, 'invoice', invoice_id {_NAMELESS_INVOICE}",
    f"SELECT document_id, 1, 'original', original_invoice_id {_NAMELESS_INVOICE}",
    f"SELECT document_id, 1, 'original_payload', original_payload_id {_NAMELESS_INVOICE}",
    f"SELECT document_id, 1, 'original', invoice_id {_NAMELESS_INVOICE} AND operation = 'delete'",
    f"SELECT document_id, 1, 'portion', 'ShipNotice' {_NAMELESS_NOTICE}",
    f"SELECT document_id, 1, 'shipment', shipment_id {_NAMELESS_NOTICE}",
)
_NAMELESS_TRACKING = f"SELECT document_id, tracking {_NAMELESS_NOTICE} AND tracking IS NOT NULL"
# Comments with the portions they speak of; a header's only where the document has one portion at most.
_COMMENTS = (
    "SELECT document_id, order_ordinal, comments FROM invoice_line WHERE comments IS NOT NULL",
    "SELECT document_id, ordinal, comments FROM invoice_order WHERE comments IS NOT NULL",
    "SELECT document_id, ordinal, comments FROM ship_portion WHERE comments IS NOT NULL",
)
_HEADER_COMMENTS = (
    """SELECT header.document_id, COALESCE(MIN(part.ordinal), 1), header.comments FROM invoice header
    LEFT JOIN invoice_order part ON part.document_id = header.document_id WHERE header.comments IS NOT NULL
    GROUP BY header.document_id, header.comments HAVING COUNT(part.ordinal) <= 1""",
    """SELECT header.document_id, COALESCE(MIN(part.ordinal), 1), header.comments FROM ship_notice header
    LEFT JOIN ship_portion part ON part.document_id = header.document_id WHERE header.comments IS NOT NULL
    GROUP BY header.document_id, header.comments HAVING COUNT(part.ordinal) <= 1""",
)
_ORDERS = """SELECT document_id, portion, value FROM reference
    WHERE kind = 'order' AND document_id NOT IN (SELECT document_id FROM bc_export)"""
_ASK_AGAIN = (
    "UPDATE document_state SET resolution = 'pending' WHERE state = 'accepted' AND resolution = 'waiting'",
    "UPDATE request_work SET result_sha256 = NULL",
    "INSERT INTO touch (company, supplier, request_no) SELECT company, supplier, request_no FROM request_work",
)
_PENDING = "UPDATE document_state SET resolution = 'pending' WHERE document_id = :document_id"
_LONGEST = 500
_SHORTEST_FORM = 3


def upgrade() -> None:
    """Apply."""
    op.add_column("assignment", sa.Column("found_by", sa.Text(), nullable=True))
    op.create_index(op.f("ix_document_state_duplicate_of"), "document_state", ["duplicate_of"], unique=False)
    _create_tables()
    connection = op.get_bind()
    _add_references(connection)
    _add_identifiers(connection)
    for statement in _ASK_AGAIN:
        connection.execute(sa.text(statement))


def downgrade() -> None:
    """Refused: a downgrade would drop facts. Restore a backup instead."""
    message = "the ledger cannot be downgraded; restore a backup taken before the upgrade"
    raise RuntimeError(message)


def _create_tables() -> None:
    op.create_table(
        "suggestion",
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("request_no", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body_sha256", sa.Text(), nullable=False),
        sa.Column("ordinals", sa.Text(), nullable=True),
        sa.Column("line_key", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("confidence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company", "supplier", "request_no", "ordinal", name=op.f("pk_suggestion")),
    )
    op.create_table(
        "charge",
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("request_no", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body_sha256", sa.Text(), nullable=False),
        sa.Column("ordinals", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("line_key", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company", "supplier", "request_no", "ordinal", name=op.f("pk_charge")),
    )
    op.create_table(
        "three_way",
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("request_no", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line_key", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("ordered", sa.BigInteger(), nullable=False),
        sa.Column("confirmed", sa.BigInteger(), nullable=False),
        sa.Column("effective", sa.BigInteger(), nullable=False),
        sa.Column("shipped", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=True),
        sa.Column("invoiced", sa.BigInteger(), nullable=False),
        sa.Column("credited", sa.BigInteger(), nullable=False),
        sa.Column("price_expected", sa.BigInteger(), nullable=True),
        sa.Column("price_base", sa.Text(), nullable=True),
        sa.Column("price_tolerance", sa.BigInteger(), nullable=True),
        sa.Column("price_invoiced", sa.BigInteger(), nullable=True),
        sa.Column("amount_invoiced", sa.BigInteger(), nullable=False),
        sa.Column("amount_at_variance", sa.BigInteger(), nullable=False),
        sa.Column("tax_expected", sa.BigInteger(), nullable=True),
        sa.Column("tax_tolerance", sa.BigInteger(), nullable=True),
        sa.Column("tax_invoiced", sa.BigInteger(), nullable=True),
        sa.Column("charges", sa.BigInteger(), nullable=False),
        sa.Column("charges_expected", sa.BigInteger(), nullable=True),
        sa.Column("charges_tolerance", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("company", "supplier", "request_no", "ordinal", name=op.f("pk_three_way")),
    )


def _add_references(connection: sa.Connection) -> None:
    documents = connection.execute(sa.text("SELECT id, company, supplier FROM document"))
    accounts = {row[0]: (row[1], row[2]) for row in documents}
    there = {tuple(row) for row in connection.execute(sa.select(*list(_REFERENCE.c)[:4]))}
    new = {row for row in _references(connection) if row[3]} - there
    names = [column.name for column in _REFERENCE.c]
    values = [dict(zip(names, (*row, *accounts[row[0]]), strict=True)) for row in sorted(new)]
    if values:
        connection.execute(sa.insert(_REFERENCE), values)
    nameless = [{"document_id": row[0]} for row in sorted(new) if row[2] == "portion"]
    if nameless:
        connection.execute(sa.text(_PENDING), nameless)


def _references(connection: sa.Connection) -> Iterator[tuple[int, int, str, str]]:
    for query in _NEW_REFERENCES:
        for row in connection.execute(sa.text(query)):
            yield row[0], row[1], row[2], row[3]
    for document_id, tracking in connection.execute(sa.text(_NAMELESS_TRACKING)):
        yield from ((document_id, 1, "tracking", number) for number in json.loads(tracking))
    for document_id, portion, value in connection.execute(sa.text(_ORDERS)):
        yield document_id, portion, "order_form", _form(value)
    for query in (*_COMMENTS, *_HEADER_COMMENTS):
        for document_id, portion, comments in connection.execute(sa.text(query)):
            numbers = (text.strip() for kind, text in json.loads(comments) if (kind or "").casefold() == "confirmid")
            yield from ((document_id, portion, "confirm", one) for one in numbers if len(one.encode()) <= _LONGEST)


def _add_identifiers(connection: sa.Connection) -> None:
    known = sa.select(_IDENTIFIER).where(_IDENTIFIER.c.kind == "order")
    rows = {(row[0], row[1], "order_form", _form(row[3]), row[4]) for row in connection.execute(known)}
    names = [column.name for column in _IDENTIFIER.c]
    values = [dict(zip(names, row, strict=True)) for row in sorted(rows) if row[3]]
    if values:
        connection.execute(sa.insert(_IDENTIFIER), values)


def _form(text: str) -> str:
    """Return the form of an order number as it was when this migration was written."""
    plain = re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", text).upper())
    words = ("PURCHASEORDER", "ORDERNO", "ORDER", "PONO", "PO", "NO", "NR")
    rest = plain.removeprefix(next((word for word in words if plain.startswith(word)), ""))
    short = (rest if rest[:1].isdigit() else plain).lstrip("0")
    return short if len(short) >= _SHORTEST_FORM else plain
