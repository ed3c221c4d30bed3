"""Bodies of documents and rows of exports to fact rows and back.

A tree says which record is kept in which table and which of its tuples are child rows; keys grow by one ordinal a
level. Everything else follows from the codec.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import sqlalchemy as sa

from punchout.ledger.codec import RecordCodec, codec_of
from punchout.ledger.sql import chunks, insert_all, key_in
from punchout.ledger.tables import facts
from punchout.model import answers, order_documents
from punchout.model import business_central as bc
from punchout.model import documents as cxml

Key: TypeAlias = tuple[int, ...]
Rows: TypeAlias = dict[sa.Table, list[dict[str, Any]]]


@dataclass(frozen=True)
class FactTree:
    """A record class, its table, and its tuples of child records by field name."""

    record: type
    table: sa.Table
    children: Mapping[str, "FactTree"] = field(default_factory=dict)

    @cached_property
    def key_names(self) -> list[str]:
        """Names of the key columns, outermost first."""
        return [column.name for column in self.table.primary_key]

    @cached_property
    def codec(self) -> RecordCodec:
        """How a record is kept in its row."""
        return codec_of(self.record)


CONFIRMATION = FactTree(
    cxml.Confirmation,
    facts.CONFIRMATION,
    {
        "items": FactTree(
            cxml.ConfirmationItem,
            facts.CONFIRMATION_ITEM,
            {"statuses": FactTree(cxml.ConfirmationStatus, facts.CONFIRMATION_STATUS)},
        )
    },
)
SHIP_NOTICE = FactTree(
    cxml.ShipNotice,
    facts.SHIP_NOTICE,
    {"portions": FactTree(cxml.ShipPortion, facts.SHIP_PORTION, {"items": FactTree(cxml.ShipItem, facts.SHIP_ITEM)})},
)
INVOICE = FactTree(
    cxml.Invoice,
    facts.INVOICE,
    {
        "orders": FactTree(
            cxml.InvoiceOrder,
            facts.INVOICE_ORDER,
            {
                "lines": FactTree(cxml.InvoiceLine, facts.INVOICE_LINE),
                "services": FactTree(cxml.InvoiceService, facts.INVOICE_SERVICE),
            },
        )
    },
)
CART = FactTree(cxml.Cart, facts.CART, {"lines": FactTree(cxml.CartLine, facts.CART_LINE)})
RESPONSE = FactTree(cxml.Response, facts.RESPONSE)
ORDER_REQUEST = FactTree(
    order_documents.OrderRequest,
    facts.ORDER_REQUEST,
    {
        "lines": FactTree(
            order_documents.OrderRequestLine,
            facts.ORDER_REQUEST_LINE,
            {"distributions": FactTree(order_documents.Distribution, facts.ORDER_REQUEST_DISTRIBUTION)},
        ),
        "payments": FactTree(order_documents.Payment, facts.ORDER_REQUEST_PAYMENT),
    },
)
STATUS_UPDATE = FactTree(answers.StatusUpdate, facts.STATUS_UPDATE)
BC_REQUEST = FactTree(bc.BcRequest, facts.BC_REQUEST, {"lines": FactTree(bc.BcRequestLine, facts.BC_REQUEST_LINE)})
BC_ORDER = FactTree(bc.BcOrder, facts.BC_ORDER, {"lines": FactTree(bc.BcOrderLine, facts.BC_ORDER_LINE)})

CXML_TREES: Mapping[type, FactTree] = {
    tree.record: tree for tree in (CART, ORDER_REQUEST, CONFIRMATION, SHIP_NOTICE, INVOICE, RESPONSE, STATUS_UPDATE)
}
CXML_KINDS = frozenset(
    {
        "PunchOutOrderMessage",
        "OrderRequest",
        "ConfirmationRequest",
        "ShipNoticeRequest",
        "InvoiceDetailRequest",
        "StatusUpdateRequest",
        "Response",
    }
)
"""The kinds of cXML document that there are tables for; any other is refused as one that is not processed."""


def add_rows(rows: Rows, tree: FactTree, key: Key, record: object, extra: Mapping[str, Any] | None = None) -> None:
    """Append the rows of a record and its children, parents first."""
    row = tree.codec.encode(record)
    row.update(zip(tree.key_names, key, strict=True))
    if extra is not None:
        row.update(extra)
    rows.setdefault(tree.table, []).append(row)
    for name, child in tree.children.items():
        for part in getattr(record, name):
            add_rows(rows, child, (*key, part.ordinal), part)


def insert_rows(connection: sa.Connection, rows: Rows) -> None:
    """Write collected fact rows."""
    for table, values in rows.items():
        insert_all(connection, table, values)


def load(connection: sa.Connection, tree: FactTree, document_ids: Iterable[int]) -> dict[Key, Any]:
    """Rebuild the records of some documents, by key."""
    return _load(connection, tree, [(document_id,) for document_id in sorted(set(document_ids))])


def load_rows(connection: sa.Connection, tree: FactTree, places: Iterable[tuple[int, int]]) -> dict[Key, Any]:
    """Rebuild the records of some rows of exports, each told by document and row, by key."""
    return _load(connection, tree, sorted(set(places)))


def _load(connection: sa.Connection, tree: FactTree, keys: Sequence[Key]) -> dict[Key, Any]:
    """Rebuild the records whose keys begin with one of some keys, which are all of one length."""
    names, codec = tree.key_names, tree.codec
    query = sa.select(*[tree.table.c[name] for name in (*codec.names, *names)])
    width = len(codec.names)
    rows: dict[Key, Sequence[Any]] = {}
    for chunk in chunks(keys):
        began = key_in([tree.table.c[name] for name in names[: len(chunk[0])]], chunk)
        for row in connection.execute(query.where(began)):
            rows[tuple(row[width:])] = row[:width]
    if not rows:
        # Most documents are of another kind: there are no parts to look for either.
        return {}
    children = {name: _by_parent(_load(connection, child, keys)) for name, child in tree.children.items()}
    if not children:
        return {key: codec.rebuild(row, {}) for key, row in rows.items()}
    return {
        key: codec.rebuild(row, {name: grouped.get(key, ()) for name, grouped in children.items()})
        for key, row in rows.items()
    }


def _by_parent(loaded: Mapping[Key, Any]) -> dict[Key, Sequence[Any]]:
    grouped: dict[Key, list[Any]] = defaultdict(list)
    for key in sorted(loaded):
        grouped[key[:-1]].append(loaded[key])
    return dict(grouped)
