"""One line's record for the ledger and the reports, put together from what was found out about it."""

from typing import Any

from punchout.reconciliation.assessment import Line
from punchout.reconciliation.positions import price_confirmed
from punchout.reconciliation.results import LinePosition

# Fields of the result that are found under the same name in the line's map, and in its numbers.
_OF_MAP = (
    "key", "order_line_number", "po_sequence", "cart_position", "inferred", "supplier_part_id", "supplier_part_aux_id",
    "description", "unit", "currency", "requested",
)  # fmt: skip
_OF_NUMBERS = (
    "ordered", "shipped", "returned", "received", "invoiced", "credited", "effective", "order_axis", "ship_axis",
    "receipt_axis", "invoice_axis",
)  # fmt: skip
_OF_CONFIRMED = ("accepted", "rejected", "backordered", "named")


def line_position(line: Line) -> LinePosition:
    """Return the record of a line."""
    return LinePosition(
        line_number=line.mapped.bc_line_number,
        price_ordered=line.mapped.unit_price,
        price_confirmed=price_confirmed(line.confirmed),
        amazon_orders=len({share.confirm_id for share in line.confirmed} - {None}),
        shipments=len({share.statement.body_sha256 for share in line.shipped}),
        **{name: getattr(line.mapped, name) for name in _OF_MAP},
        **{name: getattr(line.quantities, name) for name in _OF_NUMBERS},
        **{name: getattr(line.quantities.confirmed, name) for name in _OF_CONFIRMED},
        **_projected(line),
    )


def _projected(line: Line) -> dict[str, Any]:
    shown = line.projection
    return {
        "shipping_date": shown.shipping_date.value,
        "delivery_date": shown.delivery_date.value,
        "invoice_id": shown.invoice_id.value,
        "invoice_date": shown.invoice_date.value,
        "shipping_dates": shown.shipping_date.distinct,
        "delivery_dates": shown.delivery_date.distinct,
        "invoice_ids": shown.invoice_id.distinct,
        "invoice_dates": shown.invoice_date.distinct,
    }
