"""Documents in the shape a large supplier sends: carts, confirmations, ship notices and invoices, by a seed.

On average 4.8 kB and six lines. Nothing in them is secret, and every one differs from every other. Those about one
purchase fit together: everything is confirmed, shipped and invoiced, at the prices of the cart.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from tests.support.purchases import Item, Purchase

_LINES: Final = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12)
_WORDS: Final = ("Blue", "Pen", "Stapler", "Paper", "A4", "Premium", "Pack of 12", "Desk", "Ergonomic", "Box")
_TAXED: Final = 10
"""One part in so many of a price is its tax."""
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
    """Return documents of the four kinds in turn, each about a purchase of its own."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    names = (f"{chance.getrandbits(48):012x}" for _ in range(count))
    return [
        KINDS[number % len(KINDS)](chance, bought(chance, name), date(2026, 3, 1) + timedelta(chance.randrange(28)))
        for number, name in enumerate(names)
    ]


def bought(chance: random.Random, name: str) -> Purchase:
    """Return a purchase of one to twelve lines; its numbers hold the name."""
    session = f"{chance.randrange(1000):03}-{chance.randrange(10**7):07}-{chance.randrange(10**7):07}"
    items = (
        Item(
            f"B0{chance.getrandbits(32):08X}",
            f"{session},{line}",
            str(chance.randrange(1, 20)),
            _money(chance.randrange(100, 3_000)),
        )
        for line in range(1, chance.choice(_LINES) + 1)
    )
    return Purchase(number=f"PR{name}", order_id=f"10{name}", items=tuple(items))


def cart(chance: random.Random, purchase: Purchase, day: date) -> bytes:
    """Return the cart of a purchase."""
    items = "".join(
        f"""      <ItemIn quantity="{item.quantity}">
        <ItemID><SupplierPartID>{item.part}</SupplierPartID>\
<SupplierPartAuxiliaryID>{item.aux}</SupplierPartAuxiliaryID></ItemID>
        <ItemDetail>
          {_priced("UnitPrice", item.price)}
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
        for item in purchase.items
    )
    return _document(
        chance,
        day,
        ("Message", "cXML"),
        f"    <PunchOutOrderMessage>\n      <BuyerCookie>{purchase.cookie}</BuyerCookie>\n"
        f'      <PunchOutOrderMessageHeader operationAllowed="create">\n'
        f"        {_priced('Total', _money(_net(purchase)))}\n"
        f"        {_priced('Shipping', '0.00', 'Shipping')}\n"
        f"        {_priced('Tax', _money(_all_tax(purchase)), 'Tax')}\n"
        f"      </PunchOutOrderMessageHeader>\n{items}    </PunchOutOrderMessage>\n",
    )


def confirmation(chance: random.Random, purchase: Purchase, day: date) -> bytes:
    """Return the confirmation of everything in a purchase, under a number of the supplier's."""
    order = f"111-{chance.randrange(10**7):07}-{chance.randrange(10**7):07}"
    items = "".join(
        f"""      <ConfirmationItem quantity="{item.quantity}" lineNumber="{line}">
        <UnitOfMeasure>EA</UnitOfMeasure>
        <ConfirmationStatus quantity="{item.quantity}" type="accept">
          <UnitOfMeasure>EA</UnitOfMeasure>
          {_priced("Tax", _money(_tax(_worth(item))), "Tax")}
          {_priced("Shipping", "0.00", "Shipping")}
          <Comments type="confirmID">{order}</Comments>
        </ConfirmationStatus>
      </ConfirmationItem>
"""
        for line, item in enumerate(purchase.items, 1)
    )
    return _document(
        chance,
        day,
        ("Request", "Fulfill"),
        f'    <ConfirmationRequest>\n      <ConfirmationHeader confirmID="{order}" type="detail" operation="new" '
        f'noticeDate="{_instant(chance, day)}">\n        {_priced("Total", _money(_net(purchase)))}\n'
        f"      </ConfirmationHeader>\n      {_reference(purchase)}\n{items}    </ConfirmationRequest>\n",
    )


def ship_notice(chance: random.Random, purchase: Purchase, day: date) -> bytes:
    """Return the notice of one shipment of everything in a purchase."""
    days = {"noticeDate": 1, "shipmentDate": 0, "deliveryDate": 2}
    dates = " ".join(f'{name}="{_instant(chance, day + timedelta(later))}"' for name, later in days.items())
    items = "".join(
        f"""        <ShipNoticeItem quantity="{item.quantity}" lineNumber="{line}">
          <UnitOfMeasure>EA</UnitOfMeasure>
        </ShipNoticeItem>
"""
        for line, item in enumerate(purchase.items, 1)
    )
    return _document(
        chance,
        day,
        ("Request", "Fulfill"),
        f'    <ShipNoticeRequest>\n      <ShipNoticeHeader shipmentID="D{chance.getrandbits(40):012}" operation="new" '
        f'{dates} shipmentType="actual"/>\n      <ShipControl>'
        '<CarrierIdentifier domain="companyName">UPS</CarrierIdentifier>'
        f"<ShipmentIdentifier>1Z{chance.randrange(10**16):016}</ShipmentIdentifier>"
        '<PackageIdentification rangeBegin="1" rangeEnd="1"/></ShipControl>\n'
        f"      <ShipNoticePortion>\n        {_reference(purchase)}\n{items}"
        "      </ShipNoticePortion>\n    </ShipNoticeRequest>\n",
    )


def invoice(chance: random.Random, purchase: Purchase, day: date) -> bytes:
    """Return the invoice over everything in a purchase."""
    items = "".join(
        f"""        <InvoiceDetailItem invoiceLineNumber="{line}" quantity="{item.quantity}">
          <UnitOfMeasure>EA</UnitOfMeasure>
          {_priced("UnitPrice", item.price)}
          <InvoiceDetailItemReference lineNumber="{line}"><ItemID>\
<SupplierPartID>{item.part}</SupplierPartID></ItemID>\
<Description xml:lang="en-US">Blue Pen {chance.randrange(1000)}</Description></InvoiceDetailItemReference>
          {_priced("SubtotalAmount", _money(_worth(item)))}
          {_priced("Tax", _money(_tax(_worth(item))), "Tax")}
          {_priced("GrossAmount", _money(_worth(item) + _tax(_worth(item))))}
          {_priced("NetAmount", _money(_worth(item) + _tax(_worth(item))))}
        </InvoiceDetailItem>
"""
        for line, item in enumerate(purchase.items, 1)
    )
    net, tax = _net(purchase), _all_tax(purchase)
    sums = {"SubtotalAmount": net, "Tax": tax, "ShippingAmount": 0}
    sums |= dict.fromkeys(("GrossAmount", "NetAmount", "DueAmount"), net + tax)
    totals = "".join(
        f"        {_priced(tag, _money(cents), 'Tax' if tag == 'Tax' else None)}\n" for tag, cents in sums.items()
    )
    return _document(
        chance,
        day,
        ("Request", "InvoiceDetail"),
        f'    <InvoiceDetailRequest>\n      <InvoiceDetailRequestHeader invoiceID="1{chance.getrandbits(48):012X}" '
        f'purpose="standard" operation="new" invoiceDate="{_instant(chance, day)}">\n'
        '        <InvoiceDetailHeaderIndicator/><InvoiceDetailLineIndicator isTaxInLine="yes"/>\n'
        f"      </InvoiceDetailRequestHeader>\n      <InvoiceDetailOrder>\n        <InvoiceDetailOrderInfo>"
        f"{_reference(purchase)}</InvoiceDetailOrderInfo>\n{items}      </InvoiceDetailOrder>\n"
        f"      <InvoiceDetailSummary>\n{totals}      </InvoiceDetailSummary>\n    </InvoiceDetailRequest>\n",
    )


KINDS: Final[tuple[Callable[[random.Random, Purchase, date], bytes], ...]] = (cart, confirmation, ship_notice, invoice)
"""What the supplier says about a purchase on some day, in the order in which it does."""


def _document(chance: random.Random, day: date, kind: tuple[str, str], body: str) -> bytes:
    wrapper, module = kind
    payload = (
        f"{1767225600000 + chance.randrange(10**10)}.{chance.randrange(10**9)}.{chance.randrange(10**6)}@amazon.com"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.024/{module}.dtd">\n'
        f'<cXML payloadID="{payload}" timestamp="{_instant(chance, day)}" xml:lang="en-US" '
        f'version="1.2.024">\n{_HEADER.format(duns=_DUNS if wrapper == "Message" else "")}'
        f'  <{wrapper} deploymentMode="production">\n{body}  </{wrapper}>\n</cXML>\n'
    ).encode()


def _priced(tag: str, amount: str, described: str | None = None) -> str:
    text = "" if described is None else f'<Description xml:lang="en-US">{described}</Description>'
    return f'<{tag}><Money currency="USD">{amount}</Money>{text}</{tag}>'


def _instant(chance: random.Random, day: date) -> str:
    hour, minute, second = chance.randrange(16), chance.randrange(60), chance.randrange(60)
    return f"{day}T{hour:02}:{minute:02}:{second:02}+00:00"


def _reference(purchase: Purchase) -> str:
    return (
        f'<OrderReference orderID="{purchase.order_id}">'
        f'<DocumentReference payloadID="{purchase.payload_id}"/></OrderReference>'
    )


# Amounts are counted in cents.


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _worth(item: Item) -> int:
    return int(item.quantity) * int(item.price.replace(".", ""))


def _tax(cents: int) -> int:
    return cents // _TAXED


def _net(purchase: Purchase) -> int:
    return sum(_worth(item) for item in purchase.items)


def _all_tax(purchase: Purchase) -> int:
    return sum(_tax(_worth(item)) for item in purchase.items)
