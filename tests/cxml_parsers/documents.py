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


def message(content: str, **envelope: str) -> bytes:
    """Wrap the content of `Message`."""
    return document(f'<Message deploymentMode="test">{content}</Message>', **envelope)


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
_COMMENTS = '<Comments type="general">first</Comments><Comments>second</Comments>'

FULL_CART = message(
    "<PunchOutOrderMessage><BuyerCookie>PR0001-7f3a</BuyerCookie>"
    '<PunchOutOrderMessageHeader operationAllowed="create" quoteStatus="final">'
    + _money("Total", "50.00")
    + _money("Shipping", "2.99", _TEXT)
    + _money("Tax", "4.00", _TEXT)
    + _COMMENTS
    + '<Extrinsic name="campaign">spring</Extrinsic></PunchOutOrderMessageHeader>'
    + "".join(
        f'<ItemIn quantity="{n}.5" lineNumber="{n}0"><ItemID><SupplierPartID>B0TEST000{n}</SupplierPartID>'
        f"<SupplierPartAuxiliaryID>135-1,{n}</SupplierPartAuxiliaryID></ItemID><ItemDetail>"
        + _money("UnitPrice", f"1{n}.25")
        + f"<Description>Pens {n}</Description><UnitOfMeasure>E{n}</UnitOfMeasure>"
        f'<Classification domain="UNSPSC">4412170{n}</Classification>'
        f"<ManufacturerPartID>M-{n}</ManufacturerPartID><ManufacturerName>Maker {n}</ManufacturerName>"
        f'<Extrinsic name="soldBy">Seller {n}</Extrinsic><Extrinsic name="category"/></ItemDetail>'
        + _money("Shipping", f"0.5{n}", _TEXT)
        + _money("Tax", f"0.7{n}", _TEXT)
        + _COMMENTS
        + "</ItemIn>"
        for n in (1, 2)
    )
    + "</PunchOutOrderMessage>"
)


def _status(item: int, n: int) -> str:
    return (
        f'<ConfirmationStatus quantity="{n}" type="{"detail" if n == 1 else "reject"}" '
        f'shipmentDate="2026-03-{item}{n}T00:00:00+00:00" deliveryDate="2026-04-{item}{n}">'
        f"<UnitOfMeasure>S{n}</UnitOfMeasure>"
        f"<ItemIn><ItemID><SupplierPartID>SUB{item}{n}</SupplierPartID>"
        f"<SupplierPartAuxiliaryID>aux{item}{n}</SupplierPartAuxiliaryID></ItemID></ItemIn>"
        + _money("UnitPrice", f"10.{item}{n}")
        + _money("Tax", f"1.{item}{n}", _TEXT)
        + _money("Shipping", f"0.{item}{n}", _TEXT)
        + f'<Comments type="confirmID">111-{item}-{n}</Comments>'
        f'<Comments type="LineItemErrorCode">015-00{n}</Comments></ConfirmationStatus>'
    )


FULL_CONFIRMATION = request(
    "<ConfirmationRequest>"
    '<ConfirmationHeader confirmID="111-0" type="detail" operation="update" noticeDate="2026-03-02T10:00:00+00:00">'
    '<DocumentReference payloadID="earlier@amazon.example"/>'
    + _money("Total", "137.18")
    + _money("Shipping", "2.99", _TEXT)
    + _money("Tax", "8.60", _TEXT)
    + '<Comments type="OrderErrorCode">018-007</Comments><Comments>prose</Comments>'
    + '<Extrinsic name="group">A</Extrinsic></ConfirmationHeader>'
    + _REFERENCE.format(1)
    + "".join(
        f'<ConfirmationItem quantity="{n + 2}" lineNumber="{n}"><UnitOfMeasure>U{n}</UnitOfMeasure>'
        f"<ItemID><SupplierPartID>P{n}</SupplierPartID><SupplierPartAuxiliaryID>A{n}</SupplierPartAuxiliaryID></ItemID>"
        + _status(n, 1)
        + _status(n, 2)
        + "</ConfirmationItem>"
        for n in (1, 2)
    )
    + "</ConfirmationRequest>"
)

FULL_SHIP_NOTICE = request(
    '<ShipNoticeRequest><ShipNoticeHeader shipmentID="D1" operation="update" noticeDate="2026-03-03T10:00:00+00:00" '
    'shipmentDate="2026-03-03T08:00:00+00:00" deliveryDate="2026-03-05" shipmentType="actual" reason="return">'
    f'<DocumentReference payloadID="earlier@amazon.example"/>{_COMMENTS}<Extrinsic name="dock">7</Extrinsic>'
    '</ShipNoticeHeader><ShipControl><CarrierIdentifier domain="SCAC">UPSN</CarrierIdentifier>'
    '<CarrierIdentifier domain="companyName">UPS</CarrierIdentifier>'
    "<ShipmentIdentifier>1Z1</ShipmentIdentifier><ShipmentIdentifier>1Z2</ShipmentIdentifier></ShipControl>"
    + "".join(
        f'<ShipNoticePortion>{_REFERENCE.format(p)}{_COMMENTS}<Extrinsic name="portion">{p}</Extrinsic>'
        + "".join(
            f'<ShipNoticeItem quantity="{p}{n}" lineNumber="{n}" shipNoticeLineNumber="{p}0{n}">'
            f"<ItemID><SupplierPartID>P{p}{n}</SupplierPartID>"
            f"<SupplierPartAuxiliaryID>A{p}{n}</SupplierPartAuxiliaryID></ItemID>"
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
        f'<InvoiceDetailItem invoiceLineNumber="{k}" quantity="{n}" reason="return" isAdHoc="yes">'
        f"<UnitOfMeasure>U{n}</UnitOfMeasure>"
        + _money("UnitPrice", f"10.{k}")
        + f'<InvoiceDetailItemReference lineNumber="{n}"><ItemID><SupplierPartID>P{k}</SupplierPartID>'
        f"<SupplierPartAuxiliaryID>A{k}</SupplierPartAuxiliaryID></ItemID><Description>Thing {k}</Description>"
        f'</InvoiceDetailItemReference><ShipNoticeLineItemReference shipNoticeLineNumber="{n}"/>'
        + _money("SubtotalAmount", f"20.{k}")
        + _money("Tax", f"1.{k}", _TEXT)
        + _money("InvoiceDetailLineShipping", f"2.{k}")
        + f'<ShipNoticeIDInfo shipNoticeID="N{k}"/>'
        + _money("GrossAmount", f"23.{k}")
        + _money("InvoiceDetailDiscount", f"-0.{k}")
        + _money("NetAmount", f"22.{k}")
        + f'<Comments>line {k}</Comments><Extrinsic name="costCentre">C{k}</Extrinsic></InvoiceDetailItem>'
    )


_SUMMARY = "<InvoiceDetailSummary>{}</InvoiceDetailSummary>".format(
    _money("SubtotalAmount", "80.00")
    + _money("Tax", "4.00", _TEXT)
    + _money("SpecialHandlingAmount", "0.30")
    + _money("ShippingAmount", "2.00")
    + _money("GrossAmount", "86.30")
    + _money("InvoiceDetailDiscount", "-1.25")
    + _money("NetAmount", "85.05")
    + _money("DueAmount", "85.04")
)

FULL_INVOICE = request(
    '<InvoiceDetailRequest><InvoiceDetailRequestHeader invoiceID="1T-1" purpose="lineLevelCreditMemo" '
    'operation="delete" invoiceDate="2026-03-04T00:00:00+00:00" isInformationOnly="yes">'
    '<InvoiceDetailHeaderIndicator isHeaderInvoice="yes"/><InvoiceDetailLineIndicator isTaxInLine="yes"/>'
    '<DocumentReference payloadID="invoice@amazon.example"/><InvoiceIDInfo invoiceID="1T-0"/>'
    '<Comments>all of it</Comments><Extrinsic name="batch">9</Extrinsic></InvoiceDetailRequestHeader>'
    + "".join(
        f"<InvoiceDetailOrder><InvoiceDetailOrderInfo>{_REFERENCE.format(o)}"
        f'<SupplierOrderInfo orderID="S{o}"/></InvoiceDetailOrderInfo>'
        + _invoice_line(o, 1)
        + _invoice_line(o, 2)
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
        f'<InvoiceDetailOrderSummary invoiceLineNumber="{o}">{_money("SubtotalAmount", "-5.00")}'
        "</InvoiceDetailOrderSummary></InvoiceDetailHeaderOrder>"
        for o in (1, 2)
    )
    + _SUMMARY
    + "</InvoiceDetailRequest>"
)

FULL_RESPONSE = document(
    '<Response><Status code="200" text="OK" xml:lang="en-US">all is well</Status></Response>', header=""
)

FULL_DOCUMENTS = {
    "cart": FULL_CART,
    "confirmation": FULL_CONFIRMATION,
    "ship notice": FULL_SHIP_NOTICE,
    "invoice": FULL_INVOICE,
    "response": FULL_RESPONSE,
}
