"""Where the fields of an invoice's records stand; see `path_tables`."""

from typing import Final

from cxml_parsers.path_tables import RecordPlace, table
from punchout.model import documents

_INVOICE = "/cXML/Request/InvoiceDetailRequest"
ORDER: Final = "InvoiceDetailOrder[{}]"
HEADER_ORDER: Final = "InvoiceDetailHeaderOrder[{}]"

INVOICE_PLACES: Final[dict[type, RecordPlace]] = {
    documents.Invoice: table(
        _INVOICE,
        """
        invoice_id           InvoiceDetailRequestHeader/@invoiceID
        purpose              InvoiceDetailRequestHeader/@purpose
        operation            InvoiceDetailRequestHeader/@operation
        invoice_date         InvoiceDetailRequestHeader/@invoiceDate
        is_information_only  InvoiceDetailRequestHeader/@isInformationOnly
        is_header_invoice    InvoiceDetailRequestHeader/InvoiceDetailHeaderIndicator/@isHeaderInvoice
        is_tax_in_line         InvoiceDetailRequestHeader/InvoiceDetailLineIndicator/@isTaxInLine
        is_handling_in_line    InvoiceDetailRequestHeader/InvoiceDetailLineIndicator/@isSpecialHandlingInLine
        is_shipping_in_line    InvoiceDetailRequestHeader/InvoiceDetailLineIndicator/@isShippingInLine
        is_discount_in_line    InvoiceDetailRequestHeader/InvoiceDetailLineIndicator/@isDiscountInLine
        is_accounting_in_line  InvoiceDetailRequestHeader/InvoiceDetailLineIndicator/@isAccountingInLine
        payment_days           InvoiceDetailRequestHeader/PaymentTerm/@payInNumberOfDays
        partners               InvoiceDetailRequestHeader/InvoicePartner
        original_invoice_date  InvoiceDetailRequestHeader/InvoiceIDInfo/@invoiceDate
        original_invoice_id  InvoiceDetailRequestHeader/InvoiceIDInfo/@invoiceID
        original_payload_id  InvoiceDetailRequestHeader/DocumentReference/@payloadID
        comments             InvoiceDetailRequestHeader/Comments
        extrinsics           InvoiceDetailRequestHeader/Extrinsic
        subtotal             InvoiceDetailSummary/SubtotalAmount/Money
        tax                  InvoiceDetailSummary/Tax/Money
        shipping             InvoiceDetailSummary/ShippingAmount/Money
        handling             InvoiceDetailSummary/SpecialHandlingAmount/Money
        discount             InvoiceDetailSummary/InvoiceDetailDiscount/Money
        gross                InvoiceDetailSummary/GrossAmount/Money
        net                  InvoiceDetailSummary/NetAmount/Money
        due                  InvoiceDetailSummary/DueAmount/Money
        discount_percentage  InvoiceDetailSummary/InvoiceDetailDiscount/@percentageRate
        charges              InvoiceDetailSummary/TotalCharges/Money
        allowances           InvoiceDetailSummary/TotalAllowances/Money
        without_tax          InvoiceDetailSummary/TotalAmountWithoutTax/Money
        deposit              InvoiceDetailSummary/DepositAmount/Money
        tax_details          InvoiceDetailSummary/Tax/TaxDetail
        orders               InvoiceDetailOrder
        """,
    ),
    documents.InvoiceOrder: table(
        f"{_INVOICE}/{ORDER}",
        """
        order              InvoiceDetailOrderInfo/OrderReference
        order.order_id     InvoiceDetailOrderInfo/OrderReference/@orderID
        order.payload_id   InvoiceDetailOrderInfo/OrderReference/DocumentReference/@payloadID
        order.order_date   InvoiceDetailOrderInfo/OrderReference/@orderDate
        supplier_order_id  InvoiceDetailOrderInfo/SupplierOrderInfo/@orderID
        agreement_id          InvoiceDetailOrderInfo/MasterAgreementReference/@agreementID
        agreement_payload_id  InvoiceDetailOrderInfo/MasterAgreementReference/DocumentReference/@payloadID
        invoice_line_number   InvoiceDetailOrderSummary/@invoiceLineNumber
        services              InvoiceDetailServiceItem
        subtotal             InvoiceDetailOrderSummary/SubtotalAmount/Money
        tax                  InvoiceDetailOrderSummary/Tax/Money
        shipping             InvoiceDetailOrderSummary/InvoiceDetailLineShipping/Money
        handling             InvoiceDetailOrderSummary/InvoiceDetailLineSpecialHandling/Money
        discount             InvoiceDetailOrderSummary/InvoiceDetailDiscount/Money
        discount_percentage  InvoiceDetailOrderSummary/InvoiceDetailDiscount/@percentageRate
        gross                InvoiceDetailOrderSummary/GrossAmount/Money
        net                  InvoiceDetailOrderSummary/NetAmount/Money
        tax_details          InvoiceDetailOrderSummary/Tax/TaxDetail
        comments             InvoiceDetailOrderSummary/Comments
        extrinsics           InvoiceDetailOrderSummary/Extrinsic
        lines              InvoiceDetailItem
        """,
    ),
    documents.InvoiceLine: table(
        f"{_INVOICE}/{ORDER}/InvoiceDetailItem[{{}}]",
        """
        invoice_line_number        @invoiceLineNumber
        line_number                InvoiceDetailItemReference/@lineNumber
        quantity                   @quantity
        unit                       UnitOfMeasure
        unit_price                 UnitPrice/Money
        part                       InvoiceDetailItemReference/ItemID
        part.supplier_part_id      InvoiceDetailItemReference/ItemID/SupplierPartID
        part.supplier_part_aux_id  InvoiceDetailItemReference/ItemID/SupplierPartAuxiliaryID
        buyer_part_id              InvoiceDetailItemReference/ItemID/BuyerPartID
        classification             InvoiceDetailItemReference/Classification
        classification_domain      InvoiceDetailItemReference/Classification/@domain
        manufacturer_name          InvoiceDetailItemReference/ManufacturerName
        manufacturer_part_id       InvoiceDetailItemReference/ManufacturerPartID
        handling                   InvoiceDetailLineSpecialHandling/Money
        discount_percentage        InvoiceDetailDiscount/@percentageRate
        tax_details                Tax/TaxDetail
        price_basis_quantity       PriceBasisQuantity/@quantity
        price_basis_factor         PriceBasisQuantity/@conversionFactor
        price_basis_unit           PriceBasisQuantity/UnitOfMeasure
        description                InvoiceDetailItemReference/Description
        reason                     @reason
        subtotal                   SubtotalAmount/Money
        tax                        Tax/Money
        shipping                   InvoiceDetailLineShipping/Money
        discount                   InvoiceDetailDiscount/Money
        gross                      GrossAmount/Money
        net                        NetAmount/Money
        ship_notice_id             ShipNoticeIDInfo/@shipNoticeID
        ship_notice_line_number    ShipNoticeLineItemReference/@shipNoticeLineNumber
        is_ad_hoc                  @isAdHoc
        comments                   Comments
        extrinsics                 Extrinsic
        """,
    ),
    documents.InvoiceService: table(
        f"{_INVOICE}/{ORDER}/InvoiceDetailServiceItem[{{}}]",
        """
        invoice_line_number        @invoiceLineNumber
        line_number                InvoiceDetailServiceItemReference/@lineNumber
        quantity                   @quantity
        unit                       UnitOfMeasure
        unit_price                 UnitPrice/Money
        part                       InvoiceDetailServiceItemReference/ItemID
        part.supplier_part_id      InvoiceDetailServiceItemReference/ItemID/SupplierPartID
        part.supplier_part_aux_id  InvoiceDetailServiceItemReference/ItemID/SupplierPartAuxiliaryID
        buyer_part_id              InvoiceDetailServiceItemReference/ItemID/BuyerPartID
        description                InvoiceDetailServiceItemReference/Description
        classification             InvoiceDetailServiceItemReference/Classification
        classification_domain      InvoiceDetailServiceItemReference/Classification/@domain
        manufacturer_name          InvoiceDetailServiceItemReference/ManufacturerName
        manufacturer_part_id       InvoiceDetailServiceItemReference/ManufacturerPartID
        reference_date             @referenceDate
        subtotal                   SubtotalAmount/Money
        tax                        Tax/Money
        discount                   InvoiceDetailDiscount/Money
        discount_percentage        InvoiceDetailDiscount/@percentageRate
        gross                      GrossAmount/Money
        net                        NetAmount/Money
        tax_details                Tax/TaxDetail
        comments                   Comments
        extrinsics                 Extrinsic
        """,
    ),
}
