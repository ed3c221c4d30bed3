"""The few steps that every cXML document we write is made of: envelope, addresses, money, declaration and DOCTYPE.

Equal input gives equal bytes. What a document says is in the module of its kind.
"""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from lxml import etree

from punchout.model.exact import Millionths, format_decimal, minor_units
from punchout.model.moments import Micros, iso_utc
from punchout.model.orders import Address
from punchout.model.values import Comment, Credential, Extrinsic, PartId

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml's only name for the type

LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_VERSION = re.compile(r"1\.\d\.\d{3}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the envelope of a request says.

    Attributes:
        payload_id: of the document, the same on every attempt.
        timestamp: likewise.
        environment: `production` or `test`.
        sender: stands in From and Sender, where the SharedSecret goes.
        recipient: stands in To.
        user_agent: the name of the software.
        dtd_version: the cXML version named in the DOCTYPE.
        language: of descriptions and names.
    """

    payload_id: str
    timestamp: Micros
    environment: str
    sender: Credential
    recipient: Credential
    user_agent: str
    dtd_version: str = "1.2.071"
    language: str = "en-US"


def start(payload_id: str, timestamp: Micros, language: str) -> Element:
    """Return the root of a document."""
    root = etree.Element("cXML", {"payloadID": payload_id, "timestamp": iso_utc(timestamp)})
    root.set(LANG, language)
    return root


def start_request(heading: Heading) -> tuple[Element, Element]:
    """Return the root of a document with its Header, and its `Request`; the SharedSecret is empty."""
    root = start(heading.payload_id, heading.timestamp, heading.language)
    header = add(root, "Header")
    _add_credential(add(header, "From"), heading.sender)
    _add_credential(add(header, "To"), heading.recipient)
    sender = add(header, "Sender")
    add(_add_credential(sender, heading.sender), "SharedSecret", "")
    add(sender, "UserAgent", heading.user_agent)
    return root, add(root, "Request", deploymentMode=heading.environment)


def add(parent: Element, tag: str, text: str | None = None, **attributes: str | None) -> Element:
    """Append an element; an attribute that is None is left out.

    Raises:
        ValueError: text or attribute holds a character that XML cannot carry.
    """
    made = etree.SubElement(parent, tag)
    if text is not None:
        made.text = text
    for name, value in attributes.items():
        if value is not None:
            made.set(name, value)
    return made


def add_text(parent: Element, tag: str, text: str, language: str, **attributes: str | None) -> Element:
    """Append an element whose text is in a language: a name, a description, a comment."""
    made = add(parent, tag, text, **attributes)
    made.set(LANG, language)
    return made


def add_money(parent: Element, amount: Millionths, currency: str) -> Element:
    """Append `Money`, with at least the decimals of its currency and never rounded."""
    return add(parent, "Money", format_decimal(amount, decimals=minor_units(currency)), currency=currency)


def add_part(parent: Element, part: PartId) -> Element:
    """Append `ItemID`; the auxiliary id goes back as it came."""
    made = add(parent, "ItemID")
    add(made, "SupplierPartID", part.supplier_part_id or "")
    if part.supplier_part_aux_id is not None:
        add(made, "SupplierPartAuxiliaryID", part.supplier_part_aux_id)
    return made


def add_address(parent: Element, address: Address, language: str) -> None:
    """Append `Address`, child by child in the order of the DTD."""
    made = add(parent, "Address", isoCountryCode=address.country, addressID=address.address_id)
    add_text(made, "Name", address.name, language)
    postal = add(made, "PostalAddress")
    for line in address.deliver_to:
        add(postal, "DeliverTo", line)
    for line in address.street:
        add(postal, "Street", line)
    add(postal, "City", address.city)
    if address.state is not None:
        add(postal, "State", address.state)
    if address.post_code is not None:
        add(postal, "PostalCode", address.post_code)
    add(postal, "Country", address.country_name or address.country, isoCountryCode=address.country)
    if address.email is not None:
        add(made, "Email", address.email)


def add_comment(parent: Element, comment: Comment, language: str) -> None:
    """Append `Comments`."""
    add_text(parent, "Comments", comment.text, language, type=comment.type)


def add_extrinsic(parent: Element, extrinsic: Extrinsic) -> None:
    """Append `Extrinsic`; one without a value is written all the same, because it must go back."""
    add(parent, "Extrinsic", extrinsic.value, name=extrinsic.name)


def document(root: Element, dtd_version: str) -> bytes:
    """Return a whole document in UTF-8, without white space that was not there.

    Raises:
        ValueError: `dtd_version` is no cXML version.
    """
    if _VERSION.fullmatch(dtd_version) is None:
        raise ValueError(f"not a cXML version: {dtd_version!r}")
    dtd = f"http://xml.cxml.org/schemas/cXML/{dtd_version}/cXML.dtd"
    prolog = f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE cXML SYSTEM "{dtd}">\n'
    return prolog.encode() + etree.tostring(root, encoding="UTF-8", xml_declaration=False)


def _add_credential(parent: Element, credential: Credential) -> Element:
    made = add(parent, "Credential", domain=credential.domain)
    add(made, "Identity", credential.identity)
    return made
