"""The columns of the exchange format as data: their names, what each holds, and the field it fills.

The names are those of Business Central's API v2.0 where it has them. Nothing is read here; see `json_tables` and
`csv_tables` for the two file formats, `values` for cells and `exports` for rows.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal, TypeAlias, get_args

ContentName: TypeAlias = Literal["bc_requests", "bc_orders"]
CONTENT_NAMES: tuple[ContentName, ...] = get_args(ContentName)


class Holds(Enum):
    """What a column holds. Every kind may be blank unless the column is required."""

    TEXT = auto()
    """Opaque text: leading zeros and inner spaces matter, and a JSON number is refused."""
    LINE_NUMBER = auto()
    """A whole number from 1, as Business Central's Line No."""
    DECIMAL = auto()
    DAY = auto()
    """A calendar day without a time."""
    INSTANT = auto()
    """A date with time of day and offset."""
    MOMENT = auto()
    """A day or an instant."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: as the export spells it.
        field: of the record it fills; None for one that only ties lines to their header.
        holds: what kind of value.
        required: whether blank is refused.
        words: the closed vocabulary, empty where any text may stand.
        limit: the most characters it may have. Twice what any Business Central field can hold, and little enough that
            a value always fits a database index.
    """

    name: str
    field: str | None
    holds: Holds = Holds.TEXT
    required: bool = False
    words: frozenset[str] = frozenset()
    limit: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one feed carries: header rows, each with lines.

    Attributes:
        kind: the word for it in a CSV manifest.
        header: columns of a header row, the key first.
        line: columns of a line, its number within the header first.
        parent: the column of a line that names its header.
        parent_in_json: whether JSON lines repeat it; in CSV they always do.
        lines_name: the name under which a JSON row holds its lines.
    """

    kind: str
    header: tuple[Column, ...]
    line: tuple[Column, ...]
    parent: Column
    parent_in_json: bool
    lines_name: str

    @property
    def csv_line(self) -> tuple[Column, ...]:
        """Columns of the CSV file of lines."""
        return (*self.line, self.parent)

    @property
    def json_line(self) -> tuple[Column, ...]:
        """Columns of a line inside a JSON row."""
        return self.csv_line if self.parent_in_json else self.line


_REQUESTS = Content(
    kind="punchoutRequests",
    header=(
        Column("number", "number", required=True),
        Column("status", "status", required=True, words=frozenset({"open", "pendingApproval", "released"})),
        Column("releaseMode", "release_mode", words=frozenset({"approval", "manual"})),
        Column("releasedDateTime", "released", Holds.INSTANT),
        Column("buyerCookie", "buyer_cookie"),
        Column("requesterEmail", "requester_email"),
        Column("businessUnit", "business_unit"),
        Column("vendorNumber", "vendor_number"),
        Column("purchaseOrderNumber", "purchase_order_number"),
        Column("orderConfirmationId", "order_confirmation_id"),
        Column("stage", "stage"),
        Column("currencyCode", "currency_code"),
        Column("lastModifiedDateTime", "modified", Holds.INSTANT),
    ),
    line=(
        Column("lineNumber", "line_number", Holds.LINE_NUMBER, required=True),
        Column("supplierPartId", "supplier_part_id"),
        Column("supplierPartAuxiliaryId", "supplier_part_auxiliary_id"),
        Column("description", "description", limit=4000),
        Column("quantity", "quantity", Holds.DECIMAL),
        Column("unitOfMeasureCode", "unit_of_measure_code"),
        Column("unitPrice", "unit_price", Holds.DECIMAL),
        Column("shippingDate", "shipping_date", Holds.DAY),
        Column("deliveryDate", "delivery_date", Holds.DAY),
        Column("invoiceId", "invoice_id"),
        Column("invoiceDate", "invoice_date", Holds.DAY),
    ),
    parent=Column("requestNumber", None, required=True),
    parent_in_json=True,
    lines_name="lines",
)

_ORDERS = Content(
    kind="purchaseOrders",
    header=(
        Column("number", "number", required=True),
        Column("id", "bc_id"),
        Column("orderDate", "order_date", Holds.MOMENT),
        Column("vendorNumber", "vendor_number"),
        Column("vendorName", "vendor_name"),
        Column("shipToName", "ship_to_name"),
        Column("shipToContact", "ship_to_contact"),
        Column("shipToAddressLine1", "ship_to_address_line1"),
        Column("shipToAddressLine2", "ship_to_address_line2"),
        Column("shipToCity", "ship_to_city"),
        Column("shipToState", "ship_to_state"),
        Column("shipToPostCode", "ship_to_post_code"),
        Column("shipToCountry", "ship_to_country"),
        Column("currencyCode", "currency_code"),
        Column("status", "status", words=frozenset({"Draft", "In Review", "Open"})),
        Column("lastModifiedDateTime", "modified", Holds.INSTANT),
        Column("punchoutRequestNumber", "punchout_request_number"),
    ),
    line=(
        Column("sequence", "sequence", Holds.LINE_NUMBER, required=True),
        Column("lineType", "line_type"),
        Column("lineObjectNumber", "line_object_number"),
        Column("description", "description", limit=4000),
        Column("unitOfMeasureCode", "unit_of_measure_code"),
        Column("quantity", "quantity", Holds.DECIMAL),
        Column("directUnitCost", "direct_unit_cost", Holds.DECIMAL),
        Column("receivedQuantity", "received_quantity", Holds.DECIMAL),
        Column("invoicedQuantity", "invoiced_quantity", Holds.DECIMAL),
        Column("punchoutLineNumber", "punchout_line_number", Holds.LINE_NUMBER),
    ),
    parent=Column("orderNumber", None, required=True),
    parent_in_json=False,
    lines_name="purchaseOrderLines",
)

CONTENTS: dict[ContentName, Content] = {"bc_requests": _REQUESTS, "bc_orders": _ORDERS}
