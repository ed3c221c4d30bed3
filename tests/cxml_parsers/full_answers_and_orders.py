"""Orders of others and short answers that state every field their records know."""

from tests.cxml_parsers.building import BASIS, COMMENTS, TAX_DETAIL, TEXT, document, money, request

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
    + money("Total", "50.00")
    + _location("ShipTo")
    + _location("BillTo")
    + money("Shipping", "2.99", TEXT)
    + money("Tax", "4.00", TEXT + TAX_DETAIL)
    + "<Payment>"
    + "".join(
        f'<PaymentReference method="{method}" provider="bank">{money("x", "50.00")[3:-4]}'
        f'<IdReference domain="charge" identifier="{method}-1"/><IdReference domain="intent" identifier="{method}-2"/>'
        '<Extrinsic name="approved">yes</Extrinsic></PaymentReference>'
        for method in ("card", "voucher")
    )
    + "</Payment>"
    + COMMENTS
    + '<DocumentReference payloadID="po.1@contoso.example"/><Extrinsic name="UserEmail">ann@contoso.example</Extrinsic>'
    + "</OrderRequestHeader>"
    + "".join(
        f'<ItemOut quantity="{n}.5" lineNumber="{n}0" requestedDeliveryDate="2026-03-0{n}" requisitionID="RQ{n}">'
        f"<ItemID><SupplierPartID>B0TEST000{n}</SupplierPartID><SupplierPartAuxiliaryID>135-1,{n}"
        f"</SupplierPartAuxiliaryID><BuyerPartID>OUR{n}</BuyerPartID></ItemID><ItemDetail>"
        + money("UnitPrice", f"1{n}.25")
        + f"<Description>Pens {n}</Description><UnitOfMeasure>E{n}</UnitOfMeasure>{BASIS}"
        f'<Classification domain="UNSPSC">4412170{n}</Classification><ManufacturerPartID>M-{n}</ManufacturerPartID>'
        f'<ManufacturerName>Maker {n}</ManufacturerName><Extrinsic name="soldBy">Seller {n}</Extrinsic></ItemDetail>'
        + _location("ShipTo")
        + money("Shipping", f"0.5{n}", TEXT)
        + money("Tax", f"0.7{n}", TEXT + TAX_DETAIL)
        + '<Distribution><Accounting name="A"><Segment type="G/L Account" id="6100" description="Office"/>'
        + f'<Segment type="Cost Center" id="CC{n}" description="IT"/></Accounting>'
        + f"{money('Charge', '10.00')}</Distribution>"
        + '<Distribution><Accounting name="B"><AccountingSegment id="6200"><Name>G/L Account</Name>'
        + "<Description>Paper</Description></AccountingSegment></Accounting>"
        + f"{money('Charge', '2.00')}</Distribution>"
        + "<Comments>mind the step</Comments></ItemOut>"
        for n in (1, 2)
    )
    + "</OrderRequest>"
)
