"""Documents in the shape a large supplier sends: carts, confirmations, ship notices and invoices, by a seed.

On average 4.8 kB and six lines. Nothing in them is secret, and every one differs from every other.
"""

import random
from collections.abc import Callable
from typing import Final

_LINES: Final = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12)
_WORDS: Final = ("Blue", "Pen", "Stapler", "Paper", "A4", "Premium", "Pack of 12", "Desk", "Ergonomic", "Box")
_HEADER: Final = """  <Header>
    <From>{duns}
      <Credential domain="NetworkId"><Identity>Amazon</Identity></Credential>
    </From>
    <To><Credential domain="NetworkId"><Identity>ContosoPunchout</Identity></Credential></To>
    <Sender>
      <Credential domain="NetworkId"><Identity>Amazon</Identity><SharedSecret>*********</SharedSecret></Credential>
      <UserAgent>Amazon LLC eProcurement Application</UserAgent>
    </Sender>
  </Header>
"""
_DUNS: Final = '\n      <Credential domain="DUNS"><Identity>128990368</Identity></Credential>'


def synthetic(count: int, *, seed: int) -> list[bytes]:
    """Return documents of the four kinds in turn."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    return [_document(chance, _KINDS[number % len(_KINDS)]) for number in range(count)]


def _document(chance: random.Random, kind: "tuple[str, str, Callable[[random.Random, int], str]]") -> bytes:
    wrapper, module, body = kind
    payload = (
        f"{1767225600000 + chance.randrange(10**10)}.{chance.randrange(10**9)}.{chance.randrange(10**6)}@amazon.com"
    )
    minute, second = chance.randrange(60), chance.randrange(60)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.024/{module}.dtd">\n'
        f'<cXML payloadID="{payload}" timestamp="2026-03-02T10:{minute:02}:{second:02}+00:00" xml:lang="en-US" '
        f'version="1.2.024">\n{_HEADER.format(duns=_DUNS if wrapper == "Message" else "")}'
        f'  <{wrapper} deploymentMode="test">\n{body(chance, chance.choice(_LINES))}  </{wrapper}>\n</cXML>\n'
    ).encode()


def _amount(chance: random.Random) -> str:
    return f"{chance.randrange(1, 300)}.{chance.randrange(100):02}"


def _priced(tag: str, amount: str, described: str | None = None) -> str:
    text = "" if described is None else f'<Description xml:lang="en-US">{described}</Description>'
    return f'<{tag}><Money currency="USD">{amount}</Money>{text}</{tag}>'


def _instant(chance: random.Random, offset: str) -> str:
    day, hour = chance.randrange(1, 29), chance.randrange(24)
    return f"2026-03-{day:02}T{hour:02}:{chance.randrange(60):02}:{chance.randrange(60):02}{offset}"


def _reference(chance: random.Random) -> str:
    return (
        f'<OrderReference orderID="10{chance.randrange(10**5):05}" orderDate="{_instant(chance, "-08:00")}">'
        f'<DocumentReference payloadID="{chance.getrandbits(128):032x}@contoso.example"/></OrderReference>'
    )


def _cart(chance: random.Random, lines: int) -> str:
    session = f"{chance.randrange(1000):03}-{chance.randrange(10**7):07}-{chance.randrange(10**7):07}"
    items = "".join(
        f"""      <ItemIn quantity="{chance.randrange(1, 20)}">
        <ItemID><SupplierPartID>B0{chance.getrandbits(32):08X}</SupplierPartID>\
<SupplierPartAuxiliaryID>{session},{line}</SupplierPartAuxiliaryID></ItemID>
        <ItemDetail>
          {_priced("UnitPrice", _amount(chance))}
          <Description xml:lang="en-US">{" ".join(chance.choices(_WORDS, k=8))}</Description>
          <UnitOfMeasure>EA</UnitOfMeasure>
          <Classification domain="UNSPSC">{chance.randrange(10**7, 10**8)}</Classification>
          <Extrinsic name="soldBy">Seller {chance.randrange(40)}</Extrinsic>
          <Extrinsic name="fulfilledBy">Amazon</Extrinsic>
          <Extrinsic name="category">OFFICE_PRODUCTS</Extrinsic>
          <Extrinsic name="subCategory">PENS</Extrinsic>
          <Extrinsic name="itemCondition">New</Extrinsic>
        </ItemDetail>
      </ItemIn>
"""
        for line in range(1, lines + 1)
    )
    return (
        f"    <PunchOutOrderMessage>\n      <BuyerCookie>PR{chance.getrandbits(48):012x}</BuyerCookie>\n"
        f'      <PunchOutOrderMessageHeader operationAllowed="create">\n        {_priced("Total", _amount(chance))}\n'
        f"        {_priced('Shipping', '2.99', 'Shipping')}\n        {_priced('Tax', _amount(chance), 'Tax')}\n"
        f"      </PunchOutOrderMessageHeader>\n{items}    </PunchOutOrderMessage>\n"
    )


def _confirmation(chance: random.Random, lines: int) -> str:
    order = f"111-{chance.randrange(10**7):07}-{chance.randrange(10**7):07}"
    items = []
    for line in range(1, lines + 1):
        quantity = chance.randrange(1, 20)
        items.append(
            f"""      <ConfirmationItem quantity="{quantity}" lineNumber="{line}">
        <UnitOfMeasure>EA</UnitOfMeasure>
        <ConfirmationStatus quantity="{quantity}" type="accept">
          <UnitOfMeasure>EA</UnitOfMeasure>
          {_priced("Tax", _amount(chance), "Tax")}
          {_priced("Shipping", "0.00", "Shipping")}
          <Comments type="confirmID">{order}</Comments>
        </ConfirmationStatus>
      </ConfirmationItem>
"""
        )
    return (
        f'    <ConfirmationRequest>\n      <ConfirmationHeader confirmID="{order}" type="detail" operation="new" '
        f'noticeDate="{_instant(chance, "+0000")}">\n        {_priced("Total", _amount(chance))}\n'
        f"      </ConfirmationHeader>\n      {_reference(chance)}\n{''.join(items)}    </ConfirmationRequest>\n"
    )


def _ship_notice(chance: random.Random, lines: int) -> str:
    dates = " ".join(f'{name}="{_instant(chance, "+0000")}"' for name in ("noticeDate", "shipmentDate", "deliveryDate"))
    items = "".join(
        f"""        <ShipNoticeItem quantity="{chance.randrange(1, 20)}" lineNumber="{line}">
          <UnitOfMeasure>EA</UnitOfMeasure>
        </ShipNoticeItem>
"""
        for line in range(1, lines + 1)
    )
    return (
        f'    <ShipNoticeRequest>\n      <ShipNoticeHeader shipmentID="D{chance.randrange(10**9):09}" operation="new" '
        f'{dates} shipmentType="actual"/>\n      <ShipControl>'
        '<CarrierIdentifier domain="companyName">UPS</CarrierIdentifier>'
        f"<ShipmentIdentifier>1Z{chance.randrange(10**16):016}</ShipmentIdentifier>"
        '<PackageIdentification rangeBegin="1" rangeEnd="1"/></ShipControl>\n'
        f"      <ShipNoticePortion>\n        {_reference(chance)}\n{items}"
        "      </ShipNoticePortion>\n    </ShipNoticeRequest>\n"
    )


def _invoice(chance: random.Random, lines: int) -> str:
    items = "".join(
        f"""        <InvoiceDetailItem invoiceLineNumber="{line}" quantity="{chance.randrange(1, 20)}">
          <UnitOfMeasure>EA</UnitOfMeasure>
          {_priced("UnitPrice", _amount(chance))}
          <InvoiceDetailItemReference lineNumber="{line}"><ItemID>\
<SupplierPartID>B0{chance.getrandbits(32):08X}</SupplierPartID></ItemID>\
<Description xml:lang="en-US">Blue Pen {chance.randrange(1000)}</Description></InvoiceDetailItemReference>
          {_priced("SubtotalAmount", _amount(chance))}
          {_priced("Tax", _amount(chance), "Tax")}
          {_priced("GrossAmount", _amount(chance))}
          {_priced("NetAmount", _amount(chance))}
        </InvoiceDetailItem>
"""
        for line in range(1, lines + 1)
    )
    totals = "".join(
        f"        {_priced(tag, _amount(chance), 'Tax' if tag == 'Tax' else None)}\n"
        for tag in ("SubtotalAmount", "Tax", "ShippingAmount", "GrossAmount", "NetAmount", "DueAmount")
    )
    return (
        f'    <InvoiceDetailRequest>\n      <InvoiceDetailRequestHeader invoiceID="1{chance.getrandbits(32):08X}" '
        f'purpose="standard" operation="new" invoiceDate="{_instant(chance, "-08:00")}">\n'
        '        <InvoiceDetailHeaderIndicator/><InvoiceDetailLineIndicator isTaxInLine="yes"/>\n'
        f"      </InvoiceDetailRequestHeader>\n      <InvoiceDetailOrder>\n        <InvoiceDetailOrderInfo>"
        f"{_reference(chance)}</InvoiceDetailOrderInfo>\n{items}      </InvoiceDetailOrder>\n"
        f"      <InvoiceDetailSummary>\n{totals}      </InvoiceDetailSummary>\n    </InvoiceDetailRequest>\n"
    )


_KINDS: Final = (
    ("Message", "cXML", _cart),
    ("Request", "Fulfill", _confirmation),
    ("Request", "Fulfill", _ship_notice),
    ("Request", "InvoiceDetail", _invoice),
)
