"""What a purge may overwrite in tables whose rows never change otherwise: bodies, and columns with personal data.

This is the one exception to what `TableClass` says. Each purge is a decision, written down with what it erased.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.tables import facts
from punchout.ledger.tables.logs import ANSWER
from punchout.model import answers, order_documents, orders, sessions
from punchout.model import business_central as bc
from punchout.model import documents as cxml
from punchout.reconciliation.personal_data import PERSONAL

_RECORDS: Mapping[type, sa.Table] = {
    cxml.Cart: facts.CART,
    cxml.CartLine: facts.CART_LINE,
    cxml.Confirmation: facts.CONFIRMATION,
    cxml.ConfirmationStatus: facts.CONFIRMATION_STATUS,
    cxml.ShipNotice: facts.SHIP_NOTICE,
    cxml.ShipPortion: facts.SHIP_PORTION,
    cxml.ShipItem: facts.SHIP_ITEM,
    cxml.Invoice: facts.INVOICE,
    cxml.InvoiceOrder: facts.INVOICE_ORDER,
    cxml.InvoiceLine: facts.INVOICE_LINE,
    cxml.InvoiceService: facts.INVOICE_SERVICE,
    cxml.Response: facts.RESPONSE,
    order_documents.OrderRequest: facts.ORDER_REQUEST,
    order_documents.OrderRequestLine: facts.ORDER_REQUEST_LINE,
    order_documents.Payment: facts.ORDER_REQUEST_PAYMENT,
    answers.StatusUpdate: facts.STATUS_UPDATE,
    bc.BcRequest: facts.BC_REQUEST,
    bc.BcOrder: facts.BC_ORDER,
    orders.OrderedLine: facts.ORDER_LINE,
    sessions.SessionOpened: facts.SESSION_OPENED,
}


def _personal(record: type) -> Iterator[str]:
    for field in codec_of(record).fields:
        if field.name in PERSONAL[record]:
            yield from (name for name, _, _ in field.columns)


def _erasable() -> Iterator[tuple[sa.Table, tuple[str, ...]]]:
    yield facts.DOCUMENT, ("body", "codec", "purge_id")
    yield facts.ORDER_BODY, ("body", "purge_id")
    yield ANSWER, ("body",)
    # A copy of the lines, each a row of its own beside it.
    yield facts.ORDER_QUEUED, ("lines",)
    # A note on how a document was read quotes the document.
    yield facts.DOCUMENT_ENVELOPE, ("notes",)
    for record, table in _RECORDS.items():
        yield table, tuple(_personal(record))


ERASABLE: Mapping[sa.Table, tuple[str, ...]] = dict(_erasable())
"""The columns that a purge may overwrite, by table; no other column and no other table of facts, decisions and logs."""


def require_erasable(table: sa.Table, changes: Mapping[str, Any]) -> None:
    """Make sure that a purge may overwrite some columns.

    Raises:
        RuntimeError: it may not.
    """
    if not set(changes) <= set(ERASABLE.get(table, ())):
        message = f"a purge may not change {table.name}: {', '.join(sorted(changes))}"
        raise RuntimeError(message)
