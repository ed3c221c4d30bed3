"""Writes an order as cXML: `OrderRequest` with its envelope, child by child in the order of the DTD.

Equal input gives equal bytes. The bytes are stored and sent as they are; only the SharedSecret is not in them: it is
put in by `with_secret` at the last moment. Which values an order carries is decided in `punchout.ordering`.
"""

import re
from dataclasses import dataclass

from lxml import etree

from cxml_parsers.writing import Element, add, add_money, document
from punchout.model.exact import format_decimal
from punchout.model.moments import Micros, iso_utc
from punchout.model.orders import Address, OrderDraft, OrderedLine
from punchout.model.values import Comment, Credential, Extrinsic

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Text and attribute values hold no bare `<`, so these bytes can only be the element of the Sender's Credential.
_NO_SECRET = b"<SharedSecret></SharedSecret>"
_SECRET = re.compile(rb"<SharedSecret>([^<]*)</SharedSecret>")
_PAYLOAD_ID = re.compile(rb'<cXML payloadID="([^"]*)"')
_NO_CLASSIFICATION = "UNSPSC"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHeader:
    """What the envelope says, fixed when an order is queued.

    Attributes:
        payload_id: of `punchout.ordering.identity`; the same on every attempt.
        timestamp: when the order was queued; the same on every attempt.
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


def write_order_request(draft: OrderDraft, header: OrderHeader) -> bytes:
    """Return the document in UTF-8, with an empty SharedSecret.

    Raises:
        ValueError: a text holds a character that XML cannot carry, or the DTD version is none.
    """
    root = etree.Element("cXML", {"payloadID": header.payload_id, "timestamp": iso_utc(header.timestamp)})
    root.set(_LANG, header.language)
    _add_header(root, header)
    request = add(add(root, "Request", deploymentMode=header.environment), "OrderRequest")
    _add_order_header(request, draft, header.language)
    for line in draft.lines:
        _add_item(request, line, header.language)
    return document(root, header.dtd_version)


def with_secret(stored: bytes, secret: str) -> bytes:
    """Return the stored bytes with the SharedSecret in its place, and nothing else changed.

    Raises:
        ValueError: there is not exactly one place for it, or the secret is empty or cannot be written. It is never
            named.
    """
    if not secret:
        raise ValueError("the secret is empty")
    if stored.count(_NO_SECRET) != 1:
        raise ValueError("the stored order has not exactly one empty SharedSecret")
    element = etree.Element("SharedSecret")
    try:
        element.text = secret
    except ValueError:
        raise ValueError("the secret holds a character that XML cannot carry") from None
    # As ASCII: what the secret holds beyond it becomes character references.
    return stored.replace(_NO_SECRET, etree.tostring(element, encoding="US-ASCII", xml_declaration=False))


def secret_in(sent: bytes) -> str | None:
    """Return the SharedSecret of an order's bytes, so that it can be masked in what is told of the answer."""
    found = _SECRET.search(sent)
    return etree.fromstring(found.group()).text if found else None


def payload_id_in(sent: bytes) -> str | None:
    """Return the payloadID of an order's bytes."""
    found = _PAYLOAD_ID.search(sent)
    return found.group(1).decode() if found else None


def _add_header(root: Element, header: OrderHeader) -> None:
    envelope = add(root, "Header")
    _add_credential(add(envelope, "From"), header.sender)
    _add_credential(add(envelope, "To"), header.recipient)
    sender = add(envelope, "Sender")
    credential = _add_credential(sender, header.sender)
    add(credential, "SharedSecret", "")
    add(sender, "UserAgent", header.user_agent)


def _add_credential(parent: Element, credential: Credential) -> Element:
    made = add(parent, "Credential", domain=credential.domain)
    add(made, "Identity", credential.identity)
    return made


def _add_order_header(request: Element, draft: OrderDraft, language: str) -> None:
    made = add(
        request,
        "OrderRequestHeader",
        orderID=draft.order_id,
        orderDate=iso_utc(draft.order_date),
        type="new",
        orderVersion=str(draft.order_version),
    )
    add_money(add(made, "Total"), draft.total, draft.currency)
    _add_address(add(made, "ShipTo"), draft.ship_to, language)
    _add_address(add(made, "BillTo"), draft.bill_to, language)
    for comment in draft.comments:
        _add_comment(made, comment, language)
    _add_extrinsic(made, Extrinsic("UserEmail", draft.requester_email))
    if draft.business_unit is not None:
        _add_extrinsic(made, Extrinsic("UserBusinessUnit", draft.business_unit))


def _add_address(parent: Element, address: Address, language: str) -> None:
    made = add(parent, "Address", isoCountryCode=address.country, addressID=address.address_id)
    add(made, "Name", address.name).set(_LANG, language)
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


def _add_item(request: Element, line: OrderedLine, language: str) -> None:
    item = add(request, "ItemOut", quantity=format_decimal(line.quantity), lineNumber=str(line.line_number))
    part = add(item, "ItemID")
    add(part, "SupplierPartID", line.supplier_part_id)
    if line.supplier_part_aux_id is not None:
        add(part, "SupplierPartAuxiliaryID", line.supplier_part_aux_id)
    detail = add(item, "ItemDetail")
    add_money(add(detail, "UnitPrice"), line.unit_price, line.currency)
    add(detail, "Description", line.description).set(_LANG, language)
    add(detail, "UnitOfMeasure", line.unit)
    # The DTD wants one; where the cart gave none, an empty one says so and invents nothing.
    domain = line.classification_domain or _NO_CLASSIFICATION
    add(detail, "Classification", line.classification, domain=domain)
    if line.manufacturer_part_id is not None:
        add(detail, "ManufacturerPartID", line.manufacturer_part_id)
    if line.manufacturer_name is not None:
        add(detail, "ManufacturerName", line.manufacturer_name)
    for extrinsic in line.extrinsics:
        _add_extrinsic(detail, extrinsic)


def _add_comment(parent: Element, comment: Comment, language: str) -> None:
    add(parent, "Comments", comment.text, type=comment.type).set(_LANG, language)


def _add_extrinsic(parent: Element, extrinsic: Extrinsic) -> None:
    add(parent, "Extrinsic", extrinsic.value, name=extrinsic.name)
