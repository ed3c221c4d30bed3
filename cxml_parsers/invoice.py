"""`InvoiceDetailRequest`: invoices and credit memos, in the signs they state.

Which sign convention a credit follows and whether totals add up is decided in `punchout.reconciliation`.
"""

from collections.abc import Mapping
from typing import Final

from cxml_parsers import leaves, parts
from cxml_parsers.parts import Priced
from cxml_parsers.shapes import Into, Leaf, Many, Rule, Shape
from punchout.model.documents import Invoice, InvoiceLine, InvoiceOrder

KIND: Final = "InvoiceDetailRequest"

# DTD, InvoiceDetailRequestHeader/@purpose.
_PURPOSES = ("standard", "creditMemo", "debitMemo", "lineLevelCreditMemo", "lineLevelDebitMemo")

_REFERENCE: Final = Shape(
    attributes={"lineNumber": ("line_number", leaves.integer)},
    children={"ItemID": parts.part(), "Description": parts.DESCRIPTION},
)
_LINE: Final = Shape(
    record=InvoiceLine,
    attributes={
        "invoiceLineNumber": ("invoice_line_number", leaves.integer),
        "quantity": ("quantity", leaves.decimal),
        "reason": ("reason", leaves.hint(("return",))),
    },
    children={
        "UnitOfMeasure": Leaf("unit"),
        "UnitPrice": Priced("unit_price"),
        "InvoiceDetailItemReference": Into(_REFERENCE),
        "SubtotalAmount": Priced("subtotal"),
        "Tax": Priced("tax", is_described=True),
        "InvoiceDetailLineShipping": Priced("shipping"),
        "GrossAmount": Priced("gross"),
        "InvoiceDetailDiscount": Priced("discount"),
        "NetAmount": Priced("net"),
        "Comments": parts.COMMENTS,
        "Extrinsic": parts.EXTRINSICS,
    },
    required={"quantity": "@quantity"},
    expected={
        "invoice_line_number": "@invoiceLineNumber",
        "line_number": "InvoiceDetailItemReference/@lineNumber",
        "unit": "UnitOfMeasure",
        "unit_price": "UnitPrice",
    },
)
# DTD, InvoiceDetailOrderInfo: OrderReference, else OrderIDInfo, else only the supplier's own order.
_ORDER_INFO: Final = Shape(
    children={
        "OrderReference": parts.ORDER,
        "OrderIDInfo": parts.ORDER,
        "SupplierOrderInfo": Into(Shape(attributes={"orderID": ("supplier_order_id", leaves.identifier)})),
    }
)
_ORDER: Final = Shape(
    record=InvoiceOrder,
    children={"InvoiceDetailOrderInfo": Into(_ORDER_INFO), "InvoiceDetailItem": Many("lines", _LINE)},
    expected={"order": "InvoiceDetailOrderInfo"},
    defaults={"order": parts.NO_ORDER},
)
_HEADER: Final = Shape(
    attributes={
        "invoiceID": ("invoice_id", leaves.identifier),
        "purpose": ("purpose", leaves.choice(_PURPOSES, default="standard")),
        "operation": ("operation", leaves.choice(("new", "delete"), default="new")),
        "invoiceDate": ("invoice_date", leaves.moment),
        "isInformationOnly": ("is_information_only", leaves.indicator),
    },
    children={
        "InvoiceDetailHeaderIndicator": Into(
            Shape(attributes={"isHeaderInvoice": ("is_header_invoice", leaves.indicator)})
        ),
        **parts.document_reference("original_payload_id"),
        "InvoiceIDInfo": Into(Shape(attributes={"invoiceID": ("original_invoice_id", leaves.identifier)})),
        "Comments": parts.COMMENTS,
        "Extrinsic": parts.EXTRINSICS,
    },
)
_AMOUNTS: Final[Mapping[str, Rule]] = {
    "SubtotalAmount": Priced("subtotal"),
    "Tax": Priced("tax", is_described=True),
    "SpecialHandlingAmount": Priced("handling"),
    "ShippingAmount": Priced("shipping"),
    "GrossAmount": Priced("gross"),
    "InvoiceDetailDiscount": Priced("discount"),
    "NetAmount": Priced("net"),
    "DueAmount": Priced("due"),
}
SHAPE: Final = Shape(
    record=Invoice,
    children={
        "InvoiceDetailRequestHeader": Into(_HEADER),
        "InvoiceDetailOrder": Many("orders", _ORDER),
        "InvoiceDetailHeaderOrder": Many("orders", _ORDER),
        "InvoiceDetailSummary": Into(Shape(children=_AMOUNTS)),
    },
    required={"invoice_date": "InvoiceDetailRequestHeader/@invoiceDate"},
    expected={
        "invoice_id": "InvoiceDetailRequestHeader/@invoiceID",
        "orders": "InvoiceDetailOrder",
        "subtotal": "InvoiceDetailSummary/SubtotalAmount",
        "net": "InvoiceDetailSummary/NetAmount",
    },
    defaults={"purpose": "standard", "operation": "new", "is_header_invoice": False, "is_information_only": False},
)
