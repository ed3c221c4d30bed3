"""Minimal valid OrderRequests, as a buyer may write them. No tests live here."""

from typing import Any

SECRET = "shared-secret-of-the-tests"  # noqa: S105  made up, for the stand-in alone

Json = dict[str, Any]


def order_request(
    row: Json,
    *,
    payload_id: str | None = None,
    secret: str = SECRET,
    identity: str = "ContosoPunchout",
    mode: str = "production",
    quantity: str | None = None,
) -> bytes:
    """Write a minimal valid OrderRequest. Its lines are numbered backwards, as a buyer may do."""
    order, lines = row["purchaseOrderNumber"], row["lines"]
    address = (
        '<Address isoCountryCode="US"><Name xml:lang="en">Contoso</Name><PostalAddress><Street>1 Main Street</Street>'
        '<City>Seattle</City><Country isoCountryCode="US">US</Country></PostalAddress></Address>'
    )
    items = "".join(
        f'<ItemOut quantity="{quantity or line["quantity"]}" lineNumber="{len(lines) - at}"><ItemID>'
        f"<SupplierPartID>{line['supplierPartId']}</SupplierPartID>"
        f"<SupplierPartAuxiliaryID>{line['supplierPartAuxiliaryId']}</SupplierPartAuxiliaryID></ItemID>"
        f'<ItemDetail><UnitPrice><Money currency="USD">{line["unitPrice"]}</Money></UnitPrice>'
        '<Description xml:lang="en">goods</Description><UnitOfMeasure>EA</UnitOfMeasure>'
        '<Classification domain="UNSPSC">44121704</Classification></ItemDetail></ItemOut>'
        for at, line in enumerate(lines)
    )
    credential = f'<Credential domain="NetworkId"><Identity>{identity}</Identity>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.024/cXML.dtd">'
        f'<cXML payloadID="{payload_id or order + "@contoso.example"}" timestamp="2026-03-03T09:00:00-08:00"><Header>'
        f"<From>{credential}</Credential></From>"
        '<To><Credential domain="NetworkId"><Identity>Amazon</Identity></Credential></To>'
        f"<Sender>{credential}<SharedSecret>{secret}</SharedSecret></Credential><UserAgent>tests</UserAgent></Sender>"
        f'</Header><Request deploymentMode="{mode}"><OrderRequest>'
        f'<OrderRequestHeader orderID="{order}" orderDate="2026-03-03T09:00:00-08:00" type="new">'
        f'<Total><Money currency="USD">1.00</Money></Total><ShipTo>{address}</ShipTo><BillTo>{address}</BillTo>'
        f"</OrderRequestHeader>{items}</OrderRequest></Request></cXML>"
    ).encode()
