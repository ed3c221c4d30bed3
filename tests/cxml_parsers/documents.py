"""Documents that state every field our records know, and the builders of small ones that a test bends."""

from tests.cxml_parsers.building import (
    BASIS,
    COMMENTS,
    HEADER,
    REFERENCE,
    TAX_DETAIL,
    TEXT,
    confirmation,
    document,
    message,
    money,
    request,
)  # fmt: skip
from tests.cxml_parsers.full_answers_and_orders import (
    FULL_ORDER,
    FULL_PROFILE_RESPONSE,
    FULL_SETUP_RESPONSE,
    FULL_STATUS_UPDATE,
)  # fmt: skip
from tests.cxml_parsers.full_invoices import FULL_INVOICE, HEADER_INVOICE

__all__ = [
    "FULL_CART", "FULL_CONFIRMATION", "FULL_DOCUMENTS", "FULL_INVOICE", "FULL_ORDER", "FULL_PROFILE_RESPONSE",
    "FULL_RESPONSE", "FULL_SETUP_RESPONSE", "FULL_SHIP_NOTICE", "FULL_STATUS_UPDATE", "HEADER", "HEADER_INVOICE",
    "confirmation", "document", "message", "request",
]  # fmt: skip

FULL_CART = message(
    '<Status code="200" text="OK">fine</Status><PunchOutOrderMessage><BuyerCookie>PR0001-7f3a</BuyerCookie>'
    '<PunchOutOrderMessageHeader operationAllowed="create" quoteStatus="final">'
    + money("Total", "50.00")
    + money("Shipping", "2.99", TEXT)
    + money("Tax", "4.00", TEXT + TAX_DETAIL)
    + '<SupplierOrderInfo orderID="S-1" orderDate="2026-03-01T08:00:00+00:00"/>'
    + COMMENTS
    + '<Extrinsic name="campaign">spring</Extrinsic></PunchOutOrderMessageHeader>'
    + "".join(
        f'<ItemIn quantity="{n}.5" lineNumber="{n}0" parentLineNumber="{n}" itemType="item" openQuantity="{n}" '
        f'promisedQuantity="{n}"><ItemID><SupplierPartID>B0TEST000{n}</SupplierPartID>'
        f"<SupplierPartAuxiliaryID>135-1,{n}</SupplierPartAuxiliaryID>"
        f"<BuyerPartID>OUR{n}</BuyerPartID></ItemID><ItemDetail>"
        + money("UnitPrice", f"1{n}.25")
        + f"<Description>Pens {n}</Description><UnitOfMeasure>E{n}</UnitOfMeasure>{BASIS}"
        f'<Classification domain="UNSPSC">4412170{n}</Classification>'
        f"<ManufacturerPartID>M-{n}</ManufacturerPartID><ManufacturerName>Maker {n}</ManufacturerName>"
        f"<LeadTime>{n}</LeadTime>"
        f'<Extrinsic name="soldBy">Seller {n}</Extrinsic><Extrinsic name="category"/></ItemDetail>'
        + money("Shipping", f"0.5{n}", TEXT)
        + money("Tax", f"0.7{n}", TEXT + TAX_DETAIL)
        + COMMENTS
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
        + money("UnitPrice", f"9.{item}{n}")
        + f"<Description>Other {n}</Description><UnitOfMeasure>X{n}</UnitOfMeasure></ItemDetail></ItemIn>"
        + money("UnitPrice", f"10.{item}{n}")
        + money("Tax", f"1.{item}{n}", TEXT + TAX_DETAIL)
        + money("Shipping", f"0.{item}{n}", TEXT)
        + f'<Comments type="confirmID">111-{item}-{n}</Comments>'
        f'<Comments type="LineItemErrorCode">015-00{n}</Comments>'
        f'<Extrinsic name="lot">L{n}</Extrinsic></ConfirmationStatus>'
    )


FULL_CONFIRMATION = request(
    "<ConfirmationRequest>"
    '<ConfirmationHeader confirmID="111-0" invoiceID="1T-9" type="detail" operation="update" '
    'noticeDate="2026-03-02T10:00:00+00:00">'
    '<DocumentReference payloadID="earlier@amazon.example"/>'
    + money("Total", "137.18")
    + money("Shipping", "2.99", TEXT)
    + money("Tax", "8.60", TEXT + TAX_DETAIL)
    + '<Comments type="OrderErrorCode">018-007</Comments><Comments>prose</Comments>'
    + '<Extrinsic name="group">A</Extrinsic></ConfirmationHeader>'
    + REFERENCE.format(1)
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
    f'<DocumentReference payloadID="earlier@amazon.example"/>{COMMENTS}<Extrinsic name="dock">7</Extrinsic>'
    '</ShipNoticeHeader><ShipControl><CarrierIdentifier domain="SCAC">UPSN</CarrierIdentifier>'
    '<CarrierIdentifier domain="companyName">UPS</CarrierIdentifier>'
    "<ShipmentIdentifier>1Z1</ShipmentIdentifier><ShipmentIdentifier>1Z2</ShipmentIdentifier>"
    '<PackageIdentification rangeBegin="1" rangeEnd="3"/></ShipControl>'
    + "".join(
        f'<ShipNoticePortion>{REFERENCE.format(p)}{COMMENTS}<Extrinsic name="portion">{p}</Extrinsic>'
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


FULL_RESPONSE = document(
    '<Response><Status code="200" text="OK" xml:lang="en-US">all is well</Status></Response>', header=""
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
