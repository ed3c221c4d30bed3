"""Invoices that state every field their records know."""

from tests.cxml_parsers.building import BASIS, REFERENCE, TAX_DETAIL, TEXT, money, request


def _invoice_line(order: int, n: int) -> str:
    k = f"{order}{n}"
    return (
        f'<InvoiceDetailItem invoiceLineNumber="{k}" quantity="{n}" reason="return" isAdHoc="yes">'
        f"<UnitOfMeasure>U{n}</UnitOfMeasure>"
        + money("UnitPrice", f"10.{k}")
        + BASIS
        + f'<InvoiceDetailItemReference lineNumber="{n}"><ItemID><SupplierPartID>P{k}</SupplierPartID>'
        f"<SupplierPartAuxiliaryID>A{k}</SupplierPartAuxiliaryID><BuyerPartID>OUR{k}</BuyerPartID></ItemID>"
        f'<Description>Thing {k}</Description><Classification domain="UNSPSC">4412{k}</Classification>'
        f"<ManufacturerPartID>M{k}</ManufacturerPartID><ManufacturerName>Maker {k}</ManufacturerName>"
        f'</InvoiceDetailItemReference><ShipNoticeLineItemReference shipNoticeLineNumber="{n}"/>'
        + money("SubtotalAmount", f"20.{k}")
        + money("Tax", f"1.{k}", TEXT + TAX_DETAIL)
        + money("InvoiceDetailLineSpecialHandling", f"4.{k}")
        + money("InvoiceDetailLineShipping", f"2.{k}")
        + f'<ShipNoticeIDInfo shipNoticeID="N{k}"/>'
        + money("GrossAmount", f"23.{k}")
        + money("InvoiceDetailDiscount", f"-0.{k}").replace("Discount>", 'Discount percentageRate="2.5">', 1)
        + money("NetAmount", f"22.{k}")
        + f'<Comments>line {k}</Comments><Extrinsic name="costCentre">C{k}</Extrinsic></InvoiceDetailItem>'
    )


def _service(order: int) -> str:
    return (
        f'<InvoiceDetailServiceItem invoiceLineNumber="9{order}" quantity="2.5" referenceDate="2026-03-01">'
        f'<InvoiceDetailServiceItemReference lineNumber="7{order}"><Classification domain="UNSPSC">811{order}'
        f"</Classification><ItemID><SupplierPartID>W{order}</SupplierPartID>"
        f"<SupplierPartAuxiliaryID>A{order}</SupplierPartAuxiliaryID><BuyerPartID>O{order}</BuyerPartID></ItemID>"
        f"<Description>Work {order}</Description><ManufacturerPartID>MP{order}</ManufacturerPartID>"
        f"<ManufacturerName>MN{order}</ManufacturerName></InvoiceDetailServiceItemReference>"
        + money("SubtotalAmount", f"50.0{order}")
        + "<UnitOfMeasure>HUR</UnitOfMeasure>"
        + money("UnitPrice", f"20.0{order}")
        + money("Tax", f"3.0{order}", TEXT + TAX_DETAIL)
        + money("GrossAmount", f"53.0{order}")
        + money("InvoiceDetailDiscount", f"1.0{order}").replace("Discount>", 'Discount percentageRate="1">', 1)
        + money("NetAmount", f"52.0{order}")
        + '<Comments>done</Comments><Extrinsic name="who">Ann</Extrinsic></InvoiceDetailServiceItem>'
    )


_ORDER_SUMMARY = (
    '<InvoiceDetailOrderSummary invoiceLineNumber="99">'
    + money("SubtotalAmount", "-5.00")
    + money("Tax", "-0.40", TEXT + TAX_DETAIL)
    + money("InvoiceDetailLineSpecialHandling", "0.01")
    + money("InvoiceDetailLineShipping", "0.02")
    + money("GrossAmount", "-5.37")
    + money("InvoiceDetailDiscount", "0.03").replace("Discount>", 'Discount percentageRate="3">', 1)
    + money("NetAmount", "-5.40")
    + '<Comments>summed up</Comments><Extrinsic name="why">returned</Extrinsic></InvoiceDetailOrderSummary>'
)
_SUMMARY = "<InvoiceDetailSummary>{}</InvoiceDetailSummary>".format(
    money("SubtotalAmount", "80.00")
    + money("Tax", "4.00", TEXT + TAX_DETAIL)
    + money("SpecialHandlingAmount", "0.30")
    + money("ShippingAmount", "2.00")
    + money("GrossAmount", "86.30")
    + money("InvoiceDetailDiscount", "-1.25").replace("Discount>", 'Discount percentageRate="5.97">', 1)
    + money("TotalCharges", "0.10")
    + money("TotalAllowances", "0.11")
    + money("TotalAmountWithoutTax", "0.12")
    + money("NetAmount", "85.05")
    + money("DepositAmount", "0.01")
    + money("DueAmount", "85.04")
)

FULL_INVOICE = request(
    '<InvoiceDetailRequest><InvoiceDetailRequestHeader invoiceID="1T-1" purpose="lineLevelCreditMemo" '
    'operation="delete" invoiceDate="2026-03-04T00:00:00+00:00" isInformationOnly="yes">'
    '<InvoiceDetailHeaderIndicator isHeaderInvoice="yes"/><InvoiceDetailLineIndicator isTaxInLine="yes" '
    'isSpecialHandlingInLine="yes" isShippingInLine="yes" isDiscountInLine="yes" isAccountingInLine="yes"/>'
    '<InvoicePartner><Contact role="remitTo"><Name>Supplier</Name></Contact>'
    '<IdReference identifier="R-1" domain="remit"/></InvoicePartner><PaymentTerm payInNumberOfDays="30"/>'
    '<DocumentReference payloadID="invoice@amazon.example"/><InvoiceIDInfo invoiceID="1T-0" invoiceDate="2026-02-01"/>'
    '<Comments>all of it</Comments><Extrinsic name="batch">9</Extrinsic></InvoiceDetailRequestHeader>'
    + "".join(
        f"<InvoiceDetailOrder><InvoiceDetailOrderInfo>{REFERENCE.format(o)}"
        f'<MasterAgreementReference agreementID="MA{o}"><DocumentReference payloadID="ma.{o}@contoso.example"/>'
        f'</MasterAgreementReference><SupplierOrderInfo orderID="S{o}"/></InvoiceDetailOrderInfo>'
        + _invoice_line(o, 1)
        + _invoice_line(o, 2)
        + _service(o)
        + _ORDER_SUMMARY
        + "</InvoiceDetailOrder>"
        for o in (1, 2)
    )
    + _SUMMARY
    + "</InvoiceDetailRequest>"
)

HEADER_INVOICE = request(
    '<InvoiceDetailRequest><InvoiceDetailRequestHeader invoiceID="1T-2" purpose="creditMemo" '
    'invoiceDate="2026-03-04T00:00:00+00:00"><InvoiceDetailHeaderIndicator isHeaderInvoice="yes"/>'
    "<InvoiceDetailLineIndicator/></InvoiceDetailRequestHeader>"
    + "".join(
        f"<InvoiceDetailHeaderOrder><InvoiceDetailOrderInfo>{REFERENCE.format(o)}</InvoiceDetailOrderInfo>"
        f"{_ORDER_SUMMARY}</InvoiceDetailHeaderOrder>"
        for o in (1, 2)
    )
    + _SUMMARY
    + "</InvoiceDetailRequest>"
)
