"""`InvoiceDetailRequest`: invoices and credit memos, in the signs they state.

Which sign convention a credit follows and whether totals add up is decided in `punchout.reconciliation`.
"""

from typing import Final

from cxml_parsers import leaves, parts
from cxml_parsers.places import Element, attribute_step
from cxml_parsers.walk import Reading, Shape, Values, into, many, numbered, one, take
from punchout.model.documents import Invoice, InvoiceLine, InvoiceOrder

KIND: Final = "InvoiceDetailRequest"

# DTD, InvoiceDetailRequestHeader/@purpose.
_PURPOSES = ("standard", "creditMemo", "debitMemo", "lineLevelCreditMemo", "lineLevelDebitMemo")


def read(reading: Reading, element: Element, path: str) -> Invoice:
    """Read an invoice.

    Raises:
        Refused: the invoice date or a line's quantity is missing, or a value cannot be read.
    """
    values = take(reading, element, _INVOICE, path)
    return Invoice(**{"invoice_id": None, "purpose": "standard", "operation": "new", **values})


def _order(reading: Reading, element: Element, path: str, ordinal: int) -> InvoiceOrder:
    values = take(reading, element, _ORDER, path)
    return InvoiceOrder(ordinal=ordinal, **parts.with_order(reading, element, values, "InvoiceDetailOrderInfo"))


def _line(reading: Reading, element: Element, path: str, ordinal: int) -> InvoiceLine:
    values = take(reading, element, _LINE, path)
    return InvoiceLine(ordinal=ordinal, **{"invoice_line_number": None, "line_number": None, **values})


def _service_item(reading: Reading, element: Element, path: str, _values: Values) -> None:
    reading.note(element, None, "service items are not read")
    reading.skip(element, path)


def _line_indicator(reading: Reading, element: Element, path: str, _values: Values) -> None:
    for name in reading.attributes(element):
        if element.get(name) != "yes":
            reading.note(element, attribute_step(name), "only `yes` is legal, read as not set")
    reading.skip(element, path)


_REFERENCE = Shape(
    attributes={"lineNumber": ("line_number", leaves.integer)},
    children={"ItemID": one("part", parts.item_id), "Description": one("description", parts.description)},
)
_SHIP_NOTICE_LINE = Shape(attributes={"shipNoticeLineNumber": ("ship_notice_line_number", leaves.integer)})
_SHIP_NOTICE = Shape(attributes={"shipNoticeID": ("ship_notice_id", leaves.identifier)})
_LINE = Shape(
    attributes={
        "invoiceLineNumber": ("invoice_line_number", leaves.integer),
        "quantity": ("quantity", leaves.decimal),
        "reason": ("reason", leaves.hint(("return",))),
        "isAdHoc": ("is_ad_hoc", leaves.indicator),
    },
    children={
        "UnitOfMeasure": one("unit", leaves.text),
        "UnitPrice": one("unit_price", parts.priced),
        "InvoiceDetailItemReference": into(_REFERENCE),
        "ShipNoticeLineItemReference": into(_SHIP_NOTICE_LINE),
        "SubtotalAmount": one("subtotal", parts.priced),
        "Tax": one("tax", parts.taxed),
        "InvoiceDetailLineShipping": one("shipping", parts.priced),
        "ShipNoticeIDInfo": into(_SHIP_NOTICE),
        "GrossAmount": one("gross", parts.priced),
        "InvoiceDetailDiscount": one("discount", parts.priced),
        "NetAmount": one("net", parts.priced),
        "Comments": many("comments", parts.comment),
        "Extrinsic": many("extrinsics", parts.extrinsic),
    },
    required={"quantity": "@quantity"},
    expected={
        "invoice_line_number": "@invoiceLineNumber",
        "line_number": "InvoiceDetailItemReference/@lineNumber",
        "unit": "UnitOfMeasure",
        "unit_price": "UnitPrice",
    },
)
_SUPPLIER_ORDER = Shape(attributes={"orderID": ("supplier_order_id", leaves.identifier)})
# DTD, InvoiceDetailOrderInfo: OrderReference, else OrderIDInfo, else only the supplier's own order.
_ORDER_INFO = Shape(
    children={
        "OrderReference": one("order", parts.order_reference),
        "OrderIDInfo": one("order", parts.order_reference),
        "SupplierOrderInfo": into(_SUPPLIER_ORDER),
    }
)
_ORDER = Shape(
    children={
        "InvoiceDetailOrderInfo": into(_ORDER_INFO),
        "InvoiceDetailItem": numbered("lines", _line),
        "InvoiceDetailServiceItem": _service_item,
    }
)
_HEADER = Shape(
    attributes={
        "invoiceID": ("invoice_id", leaves.identifier),
        "purpose": ("purpose", leaves.choice(_PURPOSES, default="standard")),
        "operation": ("operation", leaves.choice(("new", "delete"), default="new")),
        "invoiceDate": ("invoice_date", leaves.moment),
        "isInformationOnly": ("is_information_only", leaves.indicator),
    },
    children={
        "InvoiceDetailHeaderIndicator": into(
            Shape(attributes={"isHeaderInvoice": ("is_header_invoice", leaves.indicator)})
        ),
        "InvoiceDetailLineIndicator": _line_indicator,
        "DocumentReference": one("original_payload_id", parts.document_reference),
        "InvoiceIDInfo": into(Shape(attributes={"invoiceID": ("original_invoice_id", leaves.identifier)})),
        "Comments": many("comments", parts.comment),
        "Extrinsic": many("extrinsics", parts.extrinsic),
    },
)
_SUMMARY = Shape(
    children={
        "SubtotalAmount": one("subtotal", parts.priced),
        "Tax": one("tax", parts.taxed),
        "SpecialHandlingAmount": one("handling", parts.priced),
        "ShippingAmount": one("shipping", parts.priced),
        "GrossAmount": one("gross", parts.priced),
        "InvoiceDetailDiscount": one("discount", parts.priced),
        "NetAmount": one("net", parts.priced),
        "DueAmount": one("due", parts.priced),
    }
)
_INVOICE = Shape(
    children={
        "InvoiceDetailRequestHeader": into(_HEADER),
        "InvoiceDetailOrder": numbered("orders", _order),
        "InvoiceDetailHeaderOrder": numbered("orders", _order),
        "InvoiceDetailSummary": into(_SUMMARY),
    },
    required={"invoice_date": "InvoiceDetailRequestHeader/@invoiceDate"},
    expected={
        "invoice_id": "InvoiceDetailRequestHeader/@invoiceID",
        "orders": "InvoiceDetailOrder",
        "subtotal": "InvoiceDetailSummary/SubtotalAmount",
        "net": "InvoiceDetailSummary/NetAmount",
    },
)
