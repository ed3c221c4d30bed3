"""Documents that state every field our records know, and small ones that a test bends."""

HEADER = """<Header>
  <From>
    <Credential domain="DUNS"><Identity>128990368</Identity></Credential>
    <Credential domain="NetworkId"><Identity>Amazon</Identity></Credential>
  </From>
  <To><Credential domain="NetworkId"><Identity>ContosoPunchout</Identity></Credential></To>
  <Sender>
    <Credential domain="NetworkId"><Identity>Amazon</Identity><SharedSecret>s3cr3t&amp;word</SharedSecret></Credential>
    <UserAgent>Amazon LLC eProcurement Application</UserAgent>
  </Sender>
</Header>"""


def document(
    content: str,
    *,
    payload_id: str = "1394568264055.1.2@amazon.example",
    timestamp: str = "2026-03-02T10:00:00+00:00",
    header: str = HEADER,
) -> bytes:
    """Wrap the content of `cXML` behind its Header."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.071/Fulfill.dtd">\n'
        f'<cXML payloadID="{payload_id}" timestamp="{timestamp}" version="1.2.071">{header}{content}</cXML>\n'
    ).encode()


def request(content: str, **envelope: str) -> bytes:
    """Wrap the content of `Request`."""
    return document(f'<Request deploymentMode="test">{content}</Request>', **envelope)


def message(content: str, *, attributes: str = "", **envelope: str) -> bytes:
    """Wrap the content of `Message`."""
    return document(f'<Message deploymentMode="test"{attributes}>{content}</Message>', **envelope)


def confirmation(
    *,
    notice: str = "2026-03-02T10:00:00+00:00",
    header: str = "",
    item: str = "",
    quantity: str = "3",
    price: str = "",
    **envelope: str,
) -> bytes:
    """Return a confirmation of one line, with places to bend."""
    unit_price = f"<UnitPrice>{price}</UnitPrice>" if price else ""
    return request(
        f'<ConfirmationRequest><ConfirmationHeader confirmID="111-1" type="detail" operation="new" '
        f'noticeDate="{notice}">{header}</ConfirmationHeader>'
        '<OrderReference orderID="106001"><DocumentReference payloadID="order@contoso.example"/></OrderReference>'
        f'<ConfirmationItem quantity="{quantity}" lineNumber="1"><UnitOfMeasure>EA</UnitOfMeasure>'
        f'<ConfirmationStatus quantity="3" type="detail"><UnitOfMeasure>EA</UnitOfMeasure>{unit_price}{item}'
        "</ConfirmationStatus></ConfirmationItem></ConfirmationRequest>",
        **envelope,
    )


def _money(tag: str, amount: str, rest: str = "") -> str:
    return f'<{tag}><Money currency="USD">{amount}</Money>{rest}</{tag}>'


_TEXT = "<Description>words</Description>"
_REFERENCE = (
    '<OrderReference orderID="10600{0}" orderDate="2026-03-0{0}T09:00:00-08:00">'
    '<DocumentReference payloadID="po.{0}@contoso.example"/></OrderReference>'
)
_TAX_DETAIL = (
    '<TaxDetail category="sales" purpose="tax" percentageRate="8.25" taxPointDate="2026-03-01">'
    + _money("TaxableAmount", "100.00")
    + _money("TaxAmount", "8.25")
    + "<TaxLocation>WA</TaxLocation></TaxDetail>"
)
_BASIS = (
    '<PriceBasisQuantity quantity="12" conversionFactor="0.5"><UnitOfMeasure>DZ</UnitOfMeasure></PriceBasisQuantity>'
)
_COMMENTS = '<Comments type="general">first</Comments><Comments>second</Comments>'

FULL_CART = message(
    '<Status code="200" text="OK">fine</Status><PunchOutOrderMessage><BuyerCookie>PR0001-7f3a</BuyerCookie>'
    '<PunchOutOrderMessageHeader operationAllowed="create" quoteStatus="final">'
    + _money("Total", "50.00")
    + _money("Shipping", "2.99", _TEXT)
    + _money("Tax", "4.00", _TEXT + _TAX_DETAIL)
    + '<SupplierOrderInfo orderID="S-1" orderDate="2026-03-01T08:00:00+00:00"/>'
    + _COMMENTS
    + '<Extrinsic name="campaign">spring</Extrinsic></PunchOutOrderMessageHeader>'
    + "".join(
        f'<ItemIn quantity="{n}.5" lineNumber="{n}0" parentLineNumber="{n}" itemType="item" openQuantity="{n}" '
        f'promisedQuantity="{n}"><ItemID><SupplierPartID>B0TEST000{n}</SupplierPartID>'
        f"<SupplierPartAuxiliaryID>135-1,{n}</SupplierPartAuxiliaryID>"
        f"<BuyerPartID>OUR{n}</BuyerPartID></ItemID><ItemDetail>"
        + _money("UnitPrice", f"1{n}.25")
        + f"<Description>Pens {n}</Description><UnitOfMeasure>E{n}</UnitOfMeasure>{_BASIS}"
        f'<Classification domain="UNSPSC">4412170{n}</Classification>'
        f"<ManufacturerPartID>M-{n}</ManufacturerPartID><ManufacturerName>Maker {n}</ManufacturerName>"
        f"<LeadTime>{n}</LeadTime>"
        f'<Extrinsic name="soldBy">Seller {n}</Extrinsic><Extrinsic name="category"/></ItemDetail>'
        + _money("Shipping", f"0.5{n}", _TEXT)
        + _money("Tax", f"0.7{n}", _TEXT + _TAX_DETAIL)
        + _COMMENTS
        + "</ItemIn>"
        for n in (1, 2)
    )
    + "</PunchOutOrderMessage>",
    attributes=' inReplyTo="setup@contoso.example"',
)


def _status(item: int, n: int) -> str:
    return (
        f'<ConfirmationStatus quantity="{n}" type="{"detail" if n == 1 else "reject"}" '
        f'shipmentDate="2026-03-{item}{n}T00:00:00+00:00" deliveryDate="2026-04-{item}{n}">'
        f"<UnitOfMeasure>S{n}</UnitOfMeasure>"
        f'<ItemIn quantity="{n}"><ItemID><SupplierPartID>SUB{item}{n}</SupplierPartID>'
        f"<SupplierPartAuxiliaryID>aux{item}{n}</SupplierPartAuxiliaryID></ItemID><ItemDetail>"
        + _money("UnitPrice", f"9.{item}{n}")
        + f"<Description>Other {n}</Description><UnitOfMeasure>X{n}</UnitOfMeasure></ItemDetail></ItemIn>"
        + _money("UnitPrice", f"10.{item}{n}")
        + _money("Tax", f"1.{item}{n}", _TEXT + _TAX_DETAIL)
        + _money("Shipping", f"0.{item}{n}", _TEXT)
        + f'<Comments type="confirmID">111-{item}-{n}</Comments>'
        f'<Comments type="LineItemErrorCode">015-00{n}</Comments>'
        f'<Extrinsic name="lot">L{n}</Extrinsic></ConfirmationStatus>'
    )


FULL_CONFIRMATION = request(
    "<ConfirmationRequest>"
    '<ConfirmationHeader confirmID="111-0" invoiceID="1T-9" type="detail" operation="update" '
    'noticeDate="2026-03-02T10:00:00+00:00">'
    '<DocumentReference payloadID="earlier@amazon.example"/>'
    + _money("Total", "137.18")
    + _money("Shipping", "2.99", _TEXT)
    + _money("Tax", "8.60", _TEXT + _TAX_DETAIL)
    + '<Comments type="OrderErrorCode">018-007</Comments><Comments>prose</Comments>'
    + '<Extrinsic name="group">A</Extrinsic></ConfirmationHeader>'
    + _REFERENCE.format(1)
    + "".join(
        f'<ConfirmationItem quantity="{n + 2}" lineNumber="{n}"><UnitOfMeasure>U{n}</UnitOfMeasure>'
        f"<ItemID><SupplierPartID>P{n}</SupplierPartID><SupplierPartAuxiliaryID>A{n}</SupplierPartAuxiliaryID>"
        f"<BuyerPartID>OUR{n}</BuyerPartID></ItemID>" + _status(n, 1) + _status(n, 2) + "</ConfirmationItem>"
        for n in (1, 2)
    )
    + "</ConfirmationRequest>"
)

FULL_SHIP_NOTICE = request(
    '<ShipNoticeRequest><ShipNoticeHeader shipmentID="D1" operation="update" noticeDate="2026-03-03T10:00:00+00:00" '
    'shipmentDate="2026-03-03T08:00:00+00:00" deliveryDate="2026-03-05" fulfillmentType="complete" '
    'shipmentType="actual" reason="return"><ServiceLevel>next day</ServiceLevel>'
    f'<DocumentReference payloadID="earlier@amazon.example"/>{_COMMENTS}<Extrinsic name="dock">7</Extrinsic>'
    '</ShipNoticeHeader><ShipControl><CarrierIdentifier domain="SCAC">UPSN</CarrierIdentifier>'
    '<CarrierIdentifier domain="companyName">UPS</CarrierIdentifier>'
    "<ShipmentIdentifier>1Z1</ShipmentIdentifier><ShipmentIdentifier>1Z2</ShipmentIdentifier>"
    '<PackageIdentification rangeBegin="1" rangeEnd="3"/></ShipControl>'
    + "".join(
        f'<ShipNoticePortion>{_REFERENCE.format(p)}{_COMMENTS}<Extrinsic name="portion">{p}</Extrinsic>'
        + "".join(
            f'<ShipNoticeItem quantity="{p}{n}" lineNumber="{n}" shipNoticeLineNumber="{p}0{n}">'
            f"<ItemID><SupplierPartID>P{p}{n}</SupplierPartID>"
            f"<SupplierPartAuxiliaryID>A{p}{n}</SupplierPartAuxiliaryID><BuyerPartID>OUR{n}</BuyerPartID></ItemID>"
            f"<ShipNoticeItemDetail><Description>Thing {n}</Description></ShipNoticeItemDetail>"
            f'<UnitOfMeasure>U{n}</UnitOfMeasure><Extrinsic name="lot">L{p}{n}</Extrinsic></ShipNoticeItem>'
            for n in (1, 2)
        )
        + "</ShipNoticePortion>"
        for p in (1, 2)
    )
    + "</ShipNoticeRequest>"
)


def _invoice_line(order: int, n: int) -> str:
    k = f"{order}{n}"
    return (
        f'<InvoiceDetailItem invoiceLineNumber="{k}" quantity="{n}" reason="return"><UnitOfMeasure>U{n}</UnitOfMeasure>'
        + _money("UnitPrice", f"10.{k}")
        + _BASIS
        + f'<InvoiceDetailItemReference lineNumber="{n}"><ItemID><SupplierPartID>P{k}</SupplierPartID>'
        f"<SupplierPartAuxiliaryID>A{k}</SupplierPartAuxiliaryID><BuyerPartID>OUR{k}</BuyerPartID></ItemID>"
        f'<Description>Thing {k}</Description><Classification domain="UNSPSC">4412{k}</Classification>'
        f"<ManufacturerPartID>M{k}</ManufacturerPartID><ManufacturerName>Maker {k}</ManufacturerName>"
        "</InvoiceDetailItemReference>"
        + _money("SubtotalAmount", f"20.{k}")
        + _money("Tax", f"1.{k}", _TEXT + _TAX_DETAIL)
        + _money("InvoiceDetailLineSpecialHandling", f"4.{k}")
        + _money("InvoiceDetailLineShipping", f"2.{k}")
        + _money("GrossAmount", f"23.{k}")
        + _money("InvoiceDetailDiscount", f"-0.{k}").replace("Discount>", 'Discount percentageRate="2.5">', 1)
        + _money("NetAmount", f"22.{k}")
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
        + _money("SubtotalAmount", f"50.0{order}")
        + "<UnitOfMeasure>HUR</UnitOfMeasure>"
        + _money("UnitPrice", f"20.0{order}")
        + _money("Tax", f"3.0{order}", _TEXT + _TAX_DETAIL)
        + _money("GrossAmount", f"53.0{order}")
        + _money("InvoiceDetailDiscount", f"1.0{order}").replace("Discount>", 'Discount percentageRate="1">', 1)
        + _money("NetAmount", f"52.0{order}")
        + '<Comments>done</Comments><Extrinsic name="who">Ann</Extrinsic></InvoiceDetailServiceItem>'
    )


_ORDER_SUMMARY = (
    '<InvoiceDetailOrderSummary invoiceLineNumber="99">'
    + _money("SubtotalAmount", "-5.00")
    + _money("Tax", "-0.40", _TEXT + _TAX_DETAIL)
    + _money("InvoiceDetailLineSpecialHandling", "0.01")
    + _money("InvoiceDetailLineShipping", "0.02")
    + _money("GrossAmount", "-5.37")
    + _money("InvoiceDetailDiscount", "0.03").replace("Discount>", 'Discount percentageRate="3">', 1)
    + _money("NetAmount", "-5.40")
    + '<Comments>summed up</Comments><Extrinsic name="why">returned</Extrinsic></InvoiceDetailOrderSummary>'
)
_SUMMARY = "<InvoiceDetailSummary>{}</InvoiceDetailSummary>".format(
    _money("SubtotalAmount", "80.00")
    + _money("Tax", "4.00", _TEXT + _TAX_DETAIL)
    + _money("SpecialHandlingAmount", "0.30")
    + _money("ShippingAmount", "2.00")
    + _money("GrossAmount", "86.30")
    + _money("InvoiceDetailDiscount", "-1.25").replace("Discount>", 'Discount percentageRate="5.97">', 1)
    + _money("TotalCharges", "0.10")
    + _money("TotalAllowances", "0.11")
    + _money("TotalAmountWithoutTax", "0.12")
    + _money("NetAmount", "85.05")
    + _money("DepositAmount", "0.01")
    + _money("DueAmount", "85.04")
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
        f"<InvoiceDetailOrder><InvoiceDetailOrderInfo>{_REFERENCE.format(o)}"
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
        f"<InvoiceDetailHeaderOrder><InvoiceDetailOrderInfo>{_REFERENCE.format(o)}</InvoiceDetailOrderInfo>"
        f"{_ORDER_SUMMARY}</InvoiceDetailHeaderOrder>"
        for o in (1, 2)
    )
    + _SUMMARY
    + "</InvoiceDetailRequest>"
)

FULL_RESPONSE = document(
    '<Response><Status code="200" text="OK" xml:lang="en-US">all is well</Status></Response>', header=""
)

FULL_STATUS_UPDATE = request(
    '<StatusUpdateRequest><DocumentReference payloadID="invoice@amazon.example"/>'
    '<Status code="201" text="Accepted">queued</Status><InvoiceStatus type="paid">'
    '<InvoiceIDInfo invoiceID="1T-1" invoiceDate="2026-03-04"/><Comments>thank you</Comments></InvoiceStatus>'
    '<Extrinsic name="batch">9</Extrinsic></StatusUpdateRequest>'
)
FULL_SETUP_RESPONSE = document(
    '<Response><Status code="200" text="OK"/><PunchOutSetupResponse><StartPage>'
    "<URL>urn:shop:start:42</URL></StartPage></PunchOutSetupResponse></Response>",
    header="",
)
FULL_PROFILE_RESPONSE = document(
    '<Response><Status code="200" text="OK"/><ProfileResponse effectiveDate="2026-03-01T00:00:00+00:00" '
    'lastRefresh="2026-03-02T00:00:00+00:00"><Option name="Locale">en-US</Option>'
    '<Transaction requestName="OrderRequest"><URL>https://shop.example/po</URL>'
    '<Option name="attachments">no</Option></Transaction></ProfileResponse></Response>',
    header="",
)


def _location(tag: str) -> str:
    return (
        f'<{tag}><Address isoCountryCode="US" addressID="{tag}-1"><Name>Contoso {tag}</Name><PostalAddress>'
        "<DeliverTo>Ann</DeliverTo><DeliverTo>Room 7</DeliverTo><Street>1 Main St</Street><City>Redmond</City>"
        '<State>WA</State><PostalCode>98052</PostalCode><Country isoCountryCode="US">United States</Country>'
        f"</PostalAddress><Email>ann@contoso.example</Email></Address></{tag}>"
    )


FULL_ORDER = request(
    '<OrderRequest><OrderRequestHeader orderID="106001" orderDate="2026-03-02T09:00:00-08:00" type="update" '
    'orderType="regular" orderVersion="2" requisitionID="RQ1" requestedDeliveryDate="2026-03-09">'
    + _money("Total", "50.00")
    + _location("ShipTo")
    + _location("BillTo")
    + _money("Shipping", "2.99", _TEXT)
    + _money("Tax", "4.00", _TEXT + _TAX_DETAIL)
    + f'<Payment><PaymentReference method="card">{_money("x", "50.00")[3:-4]}</PaymentReference></Payment>'
    + _COMMENTS
    + '<DocumentReference payloadID="po.1@contoso.example"/><Extrinsic name="UserEmail">ann@contoso.example</Extrinsic>'
    + "</OrderRequestHeader>"
    + "".join(
        f'<ItemOut quantity="{n}.5" lineNumber="{n}0" requestedDeliveryDate="2026-03-0{n}" requisitionID="RQ{n}">'
        f"<ItemID><SupplierPartID>B0TEST000{n}</SupplierPartID><SupplierPartAuxiliaryID>135-1,{n}"
        f"</SupplierPartAuxiliaryID><BuyerPartID>OUR{n}</BuyerPartID></ItemID><ItemDetail>"
        + _money("UnitPrice", f"1{n}.25")
        + f"<Description>Pens {n}</Description><UnitOfMeasure>E{n}</UnitOfMeasure>{_BASIS}"
        f'<Classification domain="UNSPSC">4412170{n}</Classification><ManufacturerPartID>M-{n}</ManufacturerPartID>'
        f'<ManufacturerName>Maker {n}</ManufacturerName><Extrinsic name="soldBy">Seller {n}</Extrinsic></ItemDetail>'
        + _location("ShipTo")
        + _money("Shipping", f"0.5{n}", _TEXT)
        + _money("Tax", f"0.7{n}", _TEXT + _TAX_DETAIL)
        + '<Distribution><Accounting name="A"><Segment type="G/L Account" id="6100" description="Office"/>'
        + f'<Segment type="Cost Center" id="CC{n}" description="IT"/></Accounting>'
        + f"{_money('Charge', '10.00')}</Distribution>"
        + '<Distribution><Accounting name="B"><AccountingSegment id="6200"><Name>G/L Account</Name>'
        + "<Description>Paper</Description></AccountingSegment></Accounting>"
        + f"{_money('Charge', '2.00')}</Distribution>"
        + "<Comments>mind the step</Comments></ItemOut>"
        for n in (1, 2)
    )
    + "</OrderRequest>"
)

FULL_DOCUMENTS = {
    "status update": FULL_STATUS_UPDATE,
    "setup response": FULL_SETUP_RESPONSE,
    "profile response": FULL_PROFILE_RESPONSE,
    "order": FULL_ORDER,
    "cart": FULL_CART,
    "confirmation": FULL_CONFIRMATION,
    "ship notice": FULL_SHIP_NOTICE,
    "invoice": FULL_INVOICE,
    "response": FULL_RESPONSE,
}
