"""The parts that the documents of the tests are made of."""

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


def money(tag: str, amount: str, rest: str = "") -> str:
    return f'<{tag}><Money currency="USD">{amount}</Money>{rest}</{tag}>'


TEXT = "<Description>words</Description>"
REFERENCE = (
    '<OrderReference orderID="10600{0}" orderDate="2026-03-0{0}T09:00:00-08:00">'
    '<DocumentReference payloadID="po.{0}@contoso.example"/></OrderReference>'
)
TAX_DETAIL = (
    '<TaxDetail category="sales" purpose="tax" percentageRate="8.25" taxPointDate="2026-03-01">'
    + money("TaxableAmount", "100.00")
    + money("TaxAmount", "8.25")
    + "<TaxLocation>WA</TaxLocation></TaxDetail>"
)
BASIS = (
    '<PriceBasisQuantity quantity="12" conversionFactor="0.5"><UnitOfMeasure>DZ</UnitOfMeasure></PriceBasisQuantity>'
)
COMMENTS = '<Comments type="general">first</Comments><Comments>second</Comments>'
