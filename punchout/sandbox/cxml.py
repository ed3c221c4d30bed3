"""The cXML both sides of the stand-in Amazon share: elements, money, times, the envelope and its DOCTYPE.

What a document says is in `documents`; what is read is in `orders`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from lxml import etree

from punchout.sandbox.identifiers import cents
from punchout.sandbox.plan import Stamp

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_VERSION = "1.2.024"
_AGENT = "Amazon LLC eProcurement Application"
_DUNS = "128990368"
_PACIFIC = timezone(timedelta(hours=-8))
_BOGUS = {"bogus_utc": UTC, "bogus_west": timezone(timedelta(hours=-7))}

Element = etree._Element  # noqa: SLF001  lxml gives its element type no public name


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who the documents come from and go to, and the mode they state."""

    buyer: str
    secret: str
    mode: str


def node(tag: str, *content: Element | str, lang: str | None = None, **attributes: str) -> Element:
    """Make an element of texts and children, in order; attribute names are given as they are written."""
    made = etree.Element(tag, attributes)
    if lang:
        made.set(_LANGUAGE, lang)
    for item in content:
        if isinstance(item, str):
            made.text = (made.text or "") + item
        else:
            made.append(item)
    return made


def money(tag: str, amount: Decimal, described: str | None = None) -> Element:
    """Make an amount element; `described` adds the Description that Tax and Shipping want."""
    made = node(tag, node("Money", f"{cents(amount)}", currency="USD"))
    if described:
        made.append(node("Description", described, lang="en-US"))
    return made


def stamp(moment: datetime, style: Stamp) -> str:
    """Write a moment the way Amazon does: `zulu` in carts, `basic` (+0000) in confirmations, `pacific` in invoices.

    Amazon's defect is bogus: the time of a clock with that clock's own HH:MM where its offset belongs.
    """
    if style in _BOGUS:
        wall = moment.astimezone(_BOGUS[style])
        return wall.strftime("%Y-%m-%dT%H:%M:%S+%H:%M")
    if style == "zulu":
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    if style == "basic":
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
    return moment.astimezone(_PACIFIC).isoformat(timespec="seconds")


def request(body: Element, parties: Parties) -> Element:
    """Wrap the body of a Request."""
    return node("Request", body, deploymentMode=parties.mode)


def message(body: Element, parties: Parties) -> Element:
    """Wrap the body of a Message."""
    return node("Message", body, deploymentMode=parties.mode)


def document(part: Element, parties: Parties, payload: str, timestamp: str, *, module: str = "Fulfill") -> bytes:
    """Write a whole document. A cart (a Message) names Amazon by DUNS as well, as Amazon's carts do."""
    duns = [node("Credential", node("Identity", _DUNS), domain="DUNS")] if part.tag == "Message" else []
    amazon = node("Credential", node("Identity", "Amazon"), domain="NetworkId")
    secret = node("Credential", node("Identity", "Amazon"), node("SharedSecret", parties.secret), domain="NetworkId")
    header = node(
        "Header",
        node("From", *duns, amazon),
        node("To", node("Credential", node("Identity", parties.buyer), domain="NetworkId")),
        node("Sender", secret, node("UserAgent", _AGENT)),
    )
    root = node("cXML", header, part, lang="en-US", payloadID=payload, timestamp=timestamp)
    return serialised(root, module)


def order_document(part: Element, parties: Parties, agent: str, payload: str, timestamp: str) -> bytes:
    """Write a document of the buyer's to Amazon. Its SharedSecret is the documents' own: a copy of it comes to us."""
    buyer, secret = node("Identity", parties.buyer), node("SharedSecret", parties.secret)
    header = node(
        "Header",
        node("From", node("Credential", node("Identity", parties.buyer), domain="NetworkId")),
        node("To", node("Credential", node("Identity", "Amazon"), domain="NetworkId")),
        node("Sender", node("Credential", buyer, secret, domain="NetworkId"), node("UserAgent", agent)),
    )
    root = node("cXML", header, part, lang="en-US", payloadID=payload, timestamp=timestamp)
    return serialised(root, "cXML")


def response(code: int, text: str, detail: str, payload: str, timestamp: str) -> bytes:
    """Write a Response that holds nothing but a Status."""
    status = node("Status", detail, lang="en-US", code=str(code), text=text)
    return serialised(node("cXML", node("Response", status), payloadID=payload, timestamp=timestamp), "cXML")


def serialised(root: Element, module: str) -> bytes:
    """Write a root element as UTF-8 with the DOCTYPE of the DTD module it belongs to."""
    doctype = f'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/{_VERSION}/{module}.dtd">'
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=doctype)
