"""`InvoiceDetailRequest`: invoices and credit memos, in the signs they state.

Which sign convention a credit follows and whether totals add up is decided in `punchout.reconciliation`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cxml_parsers import amounts, leaves, parts, prose
from cxml_parsers.amounts import Priced
from cxml_parsers.rules import Into, Leaf, Many
from cxml_parsers.shapes import Rule, Shape
from punchout.model.documents import Invoice, InvoiceLine, InvoiceOrder, InvoicePartner, InvoiceService

KIND: Final = "InvoiceDetailRequest"

# DTD, InvoiceDetailRequestHeader/@purpose.
_PURPOSES = ("standard", "creditMemo", "debitMemo", "lineLevelCreditMemo", "lineLevelDebitMemo")

_INDICATORS = (
    "is_header_invoice", "is_information_only", "is_tax_in_line", "is_handling_in_line", "is_shipping_in_line",
    "is_discount_in_line", "is_accounting_in_line",
)  # fmt: skip

_DESCRIBING = ("Description", "Classification", "ManufacturerPartID", "ManufacturerName")
_REFERENCE: Final = Shape(
    attributes={"lineNumber": ("line_number", leaves.integer)},
    children={
        "ItemID": parts.PART,
        **{name: parts.DETAIL.children[name] for name in _DESCRIBING},
    },
)
_SHIP_NOTICE_LINE: Final = Shape(attributes={"shipNoticeLineNumber": ("ship_notice_line_number", leaves.integer)})
_SHIP_NOTICE: Final = Shape(attributes={"shipNoticeID": ("ship_notice_id", leaves.identifier)})
_LINE: Final = Shape(
    record=InvoiceLine,
    attributes={
        "invoiceLineNumber": ("invoice_line_number", leaves.integer),
        "quantity": ("quantity", leaves.decimal),
        "reason": ("reason", leaves.hint(("return",))),
        "isAdHoc": ("is_ad_hoc", leaves.indicator),
    },
    children={
        "UnitOfMeasure": Leaf("unit"),
        "UnitPrice": Priced("unit_price"),
        "PriceBasisQuantity": amounts.PRICE_BASIS,
        "InvoiceDetailItemReference": Into(_REFERENCE),
        "ShipNoticeLineItemReference": Into(_SHIP_NOTICE_LINE),
        "SubtotalAmount": Priced("subtotal"),
        "Tax": amounts.TAX,
        "InvoiceDetailLineSpecialHandling": Priced("handling"),
        "InvoiceDetailLineShipping": Priced("shipping"),
        "ShipNoticeIDInfo": Into(_SHIP_NOTICE),
        "GrossAmount": Priced("gross"),
        "InvoiceDetailDiscount": Priced("discount", percentage="discount_percentage"),
        "NetAmount": Priced("net"),
        "Comments": prose.COMMENTS,
        "Extrinsic": prose.EXTRINSICS,
    },
    required={"quantity": "@quantity"},
    expected={
        "invoice_line_number": "@invoiceLineNumber",
        "line_number": "InvoiceDetailItemReference/@lineNumber",
        "unit": "UnitOfMeasure",
        "unit_price": "UnitPrice",
    },
    defaults={"is_ad_hoc": False},
)
_RATE: Final = Shape(children={"Money": replace(amounts.MONEY, to="unit_price"), "UnitOfMeasure": Leaf("unit")})
_SERVICE: Final = Shape(
    record=InvoiceService,
    attributes={
        "invoiceLineNumber": ("invoice_line_number", leaves.integer),
        "quantity": ("quantity", leaves.decimal),
        "referenceDate": ("reference_date", leaves.optional_moment),
    },
    children={
        "InvoiceDetailServiceItemReference": Into(_REFERENCE),
        "SubtotalAmount": Priced("subtotal"),
        "UnitOfMeasure": Leaf("unit"),
        "UnitPrice": Priced("unit_price"),
        "UnitRate": Into(_RATE),
        "Tax": amounts.TAX,
        "GrossAmount": Priced("gross"),
        "InvoiceDetailDiscount": Priced("discount", percentage="discount_percentage"),
        "NetAmount": Priced("net"),
        "Comments": prose.COMMENTS,
        "Extrinsic": prose.EXTRINSICS,
    },
    expected={"invoice_line_number": "@invoiceLineNumber", "subtotal": "SubtotalAmount"},
)
_ORDER_SUMMARY: Final = Shape(
    attributes={"invoiceLineNumber": ("invoice_line_number", leaves.integer)},
    children={
        "SubtotalAmount": Priced("subtotal"),
        "Tax": amounts.TAX,
        "InvoiceDetailLineSpecialHandling": Priced("handling"),
        "InvoiceDetailLineShipping": Priced("shipping"),
        "GrossAmount": Priced("gross"),
        "InvoiceDetailDiscount": Priced("discount", percentage="discount_percentage"),
        "NetAmount": Priced("net"),
        "Comments": prose.COMMENTS,
        "Extrinsic": prose.EXTRINSICS,
    },
)
# DTD, InvoiceDetailOrderInfo: OrderReference, else OrderIDInfo, else only the supplier's own order.
_ORDER_INFO: Final = Shape(
    children={
        "OrderReference": parts.ORDER,
        "OrderIDInfo": parts.ORDER,
        "MasterAgreementReference": Into(
            Shape(
                attributes={"agreementID": ("agreement_id", leaves.identifier)},
                children=parts.document_reference("agreement_payload_id"),
            )
        ),
        "SupplierOrderInfo": Into(Shape(attributes={"orderID": ("supplier_order_id", leaves.identifier)})),
    }
)
_ORDER: Final = Shape(
    record=InvoiceOrder,
    children={
        "InvoiceDetailOrderInfo": Into(_ORDER_INFO),
        "InvoiceDetailItem": Many("lines", _LINE),
        "InvoiceDetailServiceItem": Many("services", _SERVICE),
        "InvoiceDetailOrderSummary": Into(_ORDER_SUMMARY),
    },
    expected={"order": "InvoiceDetailOrderInfo"},
    defaults={"order": parts.NO_ORDER},
)
_PARTNER: Final = Shape(
    record=InvoicePartner,
    children={
        "Contact": Into(Shape(attributes={"role": ("role", leaves.string)}, children={"Name": prose.prose("name")})),
        "IdReference": Into(
            Shape(attributes={"identifier": ("identifier", leaves.identifier), "domain": ("id_domain", leaves.string)})
        ),
    },
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
        "InvoiceDetailLineIndicator": Into(
            Shape(
                attributes={
                    "isTaxInLine": ("is_tax_in_line", leaves.indicator),
                    "isSpecialHandlingInLine": ("is_handling_in_line", leaves.indicator),
                    "isShippingInLine": ("is_shipping_in_line", leaves.indicator),
                    "isDiscountInLine": ("is_discount_in_line", leaves.indicator),
                    "isAccountingInLine": ("is_accounting_in_line", leaves.indicator),
                }
            )
        ),
        "InvoicePartner": Many("partners", _PARTNER),
        "PaymentTerm": Into(Shape(attributes={"payInNumberOfDays": ("payment_days", leaves.optional_integer)})),
        **parts.document_reference("original_payload_id"),
        "InvoiceIDInfo": Into(
            Shape(
                attributes={
                    "invoiceID": ("original_invoice_id", leaves.identifier),
                    "invoiceDate": ("original_invoice_date", leaves.optional_moment),
                }
            )
        ),
        "Comments": prose.COMMENTS,
        "Extrinsic": prose.EXTRINSICS,
    },
)
_AMOUNTS: Final[Mapping[str, Rule]] = {
    "SubtotalAmount": Priced("subtotal"),
    "Tax": amounts.TAX,
    "SpecialHandlingAmount": Priced("handling"),
    "ShippingAmount": Priced("shipping"),
    "GrossAmount": Priced("gross"),
    "InvoiceDetailDiscount": Priced("discount", percentage="discount_percentage"),
    "TotalCharges": Priced("charges"),
    "TotalAllowances": Priced("allowances"),
    "TotalAmountWithoutTax": Priced("without_tax"),
    "NetAmount": Priced("net"),
    "DepositAmount": Priced("deposit"),
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
    defaults={"purpose": "standard", "operation": "new", **dict.fromkeys(_INDICATORS, False)},
)
