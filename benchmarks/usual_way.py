"""The usual way to do this, as the short script that such an exchange begins as: the other side of `end_to_end`.

What it does: take every file of a folder, parse it with a parser of its own, ask for each field by an XPath, gather
the rows of all files in a pandas frame a kind, append them to a table a kind, add the quantities up by line, merge them
with the whole table of lines, and write that table again, all in SQLite; then move the files away. It reads the fields
that Business Central is told, and the money beside them.

What it does not do: keep the bytes, notice a document that came before or says something else than before, refuse one
that is not what it should be, know updates, cancellations and credits, find an order by anything but its number,
compare what was ordered, confirmed and invoiced, survive being stopped half way, write updates for Business Central,
or say where a value came from. Its numbers are floating point.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import sqlalchemy as sa
from lxml import etree

from tests.support.purchases import Purchase

if TYPE_CHECKING:
    import pandas as pd

Row: TypeAlias = dict[str, Any]
Quantities: TypeAlias = dict[str, dict[int, tuple[float, float, float]]]
"""Confirmed, shipped and invoiced, by order and line number."""

_KEY: Final = ["order_id", "line"]
_COUNTED: Final = {"confirmations": "confirmed", "shipments": "shipped", "invoices": "invoiced"}
_KEPT: Final = {
    "confirmations": {"confirm_id": "confirm_id"},
    "shipments": {"shipping_date": "shipped_at", "delivery_date": "delivered_at"},
    "invoices": {"invoice_id": "invoice_id", "invoice_date": "invoiced_at"},
}
_BATCH: Final = 500


class UsualWay:
    """The script, with its database and its folders.

    Args:
        home: an empty folder.
    """

    def __init__(self, home: Path) -> None:
        self.inbox, self._done = home / "inbox", home / "done"
        self.inbox.mkdir(parents=True)
        self._done.mkdir()
        self._engine = sa.create_engine(f"sqlite:///{home / 'lines.sqlite3'}")

    def know(self, purchases: Iterable[Purchase]) -> None:
        """Add the lines of purchase orders to the table of lines."""
        import pandas as pd

        rows = [
            {"order_id": one.order_id, "line": line, "part": item.part, "ordered": float(item.quantity)}
            | dict.fromkeys(_COUNTED.values(), 0.0)
            | {kept: None for names in _KEPT.values() for kept in names}
            for one in purchases
            for line, item in enumerate(one.items, 1)
        ]
        pd.DataFrame(rows).to_sql("lines", self._engine, if_exists="append", index=False)

    def run(self) -> None:
        """Take in what lies in the folder, some hundreds of files at once."""
        files = sorted(self.inbox.iterdir())
        for start in range(0, len(files), _BATCH):
            self._take(files[start : start + _BATCH])

    def _take(self, files: Sequence[Path]) -> None:
        import pandas as pd

        rows: dict[str, list[Row]] = {}
        for file in files:
            kind, found = _read(file.read_bytes())
            rows.setdefault(kind, []).extend(found)
        frames = {kind: pd.DataFrame(found) for kind, found in rows.items()}
        for kind, frame in frames.items():
            frame.to_sql(kind, self._engine, if_exists="append", index=False)
        self._merge({kind: frame for kind, frame in frames.items() if kind in _COUNTED})
        for file in files:
            file.rename(self._done / file.name)

    def _merge(self, frames: "Mapping[str, pd.DataFrame]") -> None:
        import pandas as pd

        lines = pd.read_sql("SELECT * FROM lines", self._engine)
        for kind, frame in frames.items():
            sums = {"new_quantity": ("quantity", "sum")}
            firsts = {f"new_{kept}": (stated, "min") for kept, stated in _KEPT[kind].items()}
            lines = lines.merge(frame.groupby(_KEY, as_index=False).agg(**sums, **firsts), on=_KEY, how="left")
            lines[_COUNTED[kind]] += lines.pop("new_quantity").fillna(0)
            for kept in _KEPT[kind]:
                lines[kept] = lines[kept].combine_first(lines.pop(f"new_{kept}"))
        lines.to_sql("lines", self._engine, if_exists="replace", index=False)

    def lines_of_carts(self) -> int:
        """Return how many lines of carts it holds."""
        with self._engine.connect() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM carts").scalar_one())

    def quantities(self) -> Quantities:
        """Return what it came to."""
        found: Quantities = {}
        with self._engine.connect() as connection:
            for row in connection.exec_driver_sql("SELECT order_id, line, confirmed, shipped, invoiced FROM lines"):
                found.setdefault(row.order_id, {})[row.line] = (row.confirmed, row.shipped, row.invoiced)
        return found


def _read(data: bytes) -> tuple[str, list[Row]]:
    """Return a document's kind and a row for each of its lines."""
    root: Any = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    for element, (kind, line_path, document_fields, line_fields) in _KINDS.items():
        found = root.xpath(f"//{element}")
        if found:
            document = {name: _first(root, path) for name, path in document_fields.items()}
            return kind, [document | _line(line, line_fields) for line in found[0].xpath(line_path)]
    raise ValueError("a document of another kind")


def _line(line: Any, fields: Mapping[str, str]) -> Row:  # noqa: ANN401 - an element of lxml, which has no types
    row: Row = {name: _first(line, path) for name, path in fields.items()}
    row["quantity"] = float(row["quantity"])
    if "line" in row:
        row["line"] = int(row["line"])
    return row


def _first(element: Any, path: str) -> str | None:  # noqa: ANN401 - as above
    found = element.xpath(path)
    return str(found[0]) if found else None


_ENVELOPE: Final = {"payload_id": "/cXML/@payloadID", "timestamp": "/cXML/@timestamp"}
_ORDER: Final = {"order_id": "//OrderReference/@orderID"}
_KINDS: Final[Mapping[str, tuple[str, str, Mapping[str, str], Mapping[str, str]]]] = {
    "PunchOutOrderMessage": (
        "carts",
        ".//ItemIn",
        {**_ENVELOPE, "cookie": "//BuyerCookie/text()"},
        {
            "quantity": "./@quantity",
            "part": "./ItemID/SupplierPartID/text()",
            "aux": "./ItemID/SupplierPartAuxiliaryID/text()",
            "description": "./ItemDetail/Description/text()",
            "unit": "./ItemDetail/UnitOfMeasure/text()",
            "price": "./ItemDetail/UnitPrice/Money/text()",
            "currency": "./ItemDetail/UnitPrice/Money/@currency",
            "classification": "./ItemDetail/Classification/text()",
            "sold_by": "./ItemDetail/Extrinsic[@name='soldBy']/text()",
        },
    ),
    "ConfirmationRequest": (
        "confirmations",
        ".//ConfirmationItem",
        {
            **_ENVELOPE,
            **_ORDER,
            "confirm_id": "//ConfirmationHeader/@confirmID",
            "notice": "//ConfirmationHeader/@noticeDate",
        },
        {
            "line": "./@lineNumber",
            "quantity": "./ConfirmationStatus/@quantity",
            "status": "./ConfirmationStatus/@type",
            "unit": "./UnitOfMeasure/text()",
            "tax": "./ConfirmationStatus/Tax/Money/text()",
            "shipping": "./ConfirmationStatus/Shipping/Money/text()",
        },
    ),
    "ShipNoticeRequest": (
        "shipments",
        ".//ShipNoticeItem",
        {
            **_ENVELOPE,
            **_ORDER,
            "shipment_id": "//ShipNoticeHeader/@shipmentID",
            "shipped_at": "//ShipNoticeHeader/@shipmentDate",
            "delivered_at": "//ShipNoticeHeader/@deliveryDate",
            "carrier": "//CarrierIdentifier/text()",
            "tracking": "//ShipmentIdentifier/text()",
        },
        {"line": "./@lineNumber", "quantity": "./@quantity", "unit": "./UnitOfMeasure/text()"},
    ),
    "InvoiceDetailRequest": (
        "invoices",
        ".//InvoiceDetailItem",
        {
            **_ENVELOPE,
            **_ORDER,
            "invoice_id": "//InvoiceDetailRequestHeader/@invoiceID",
            "invoiced_at": "//InvoiceDetailRequestHeader/@invoiceDate",
            "due": "//InvoiceDetailSummary/DueAmount/Money/text()",
        },
        {
            "line": "./InvoiceDetailItemReference/@lineNumber",
            "quantity": "./@quantity",
            "unit": "./UnitOfMeasure/text()",
            "part": "./InvoiceDetailItemReference/ItemID/SupplierPartID/text()",
            "price": "./UnitPrice/Money/text()",
            "subtotal": "./SubtotalAmount/Money/text()",
            "tax": "./Tax/Money/text()",
            "net": "./NetAmount/Money/text()",
        },
    ),
}
