"""Writes an order as cXML: `OrderRequest` with its envelope, child by child in the order of the DTD.

Equal input gives equal bytes. The bytes are stored and sent as they are; only the SharedSecret is not in them: it is
put in by `with_secret` at the last moment. Which values an order carries is decided in `punchout.ordering`.
"""

import re
from dataclasses import dataclass

from lxml import etree

from cxml_parsers.writing import (
    Element,
    Heading,
    add,
    add_address,
    add_comment,
    add_extrinsic,
    add_money,
    add_part,
    add_text,
    document,
    start_request,
)
from punchout.model.exact import format_decimal
from punchout.model.moments import iso_utc
from punchout.model.orders import AccountShare, LineInstructions, OrderDraft, OrderedLine, StatedCharge
from punchout.model.values import Extrinsic, PartId

# Text and attribute values hold no bare `<`, so these bytes can only be the element of the Sender's Credential.
_NO_SECRET = b"<SharedSecret></SharedSecret>"
_SECRET = re.compile(rb"<SharedSecret>([^<]*)</SharedSecret>")
_PAYLOAD_ID = re.compile(rb'<cXML payloadID="([^"]*)"')
_NO_CLASSIFICATION = "UNSPSC"
_NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHeader(Heading):
    """What the envelope says, fixed when an order is queued.

    Attributes:
        takes: the types of OrderRequest that the supplier takes; as a rule new ones only (domain.md 2.5).
    """

    takes: frozenset[str] = frozenset({_NEW})


def write_order_request(draft: OrderDraft, header: OrderHeader) -> bytes:
    """Return the document in UTF-8, with an empty SharedSecret.

    Raises:
        ValueError: the supplier does not take orders of this type, a change names no earlier version or a new order
            does, instructions are for no line, a text holds a character that XML cannot carry, or the DTD version is
            none.
    """
    _check(draft, header)
    root, request = start_request(header)
    order = add(request, "OrderRequest")
    _add_order_header(order, draft, header.language)
    beside = {each.line_number: each for each in draft.instructions}
    for line in draft.lines:
        _add_item(order, line, beside.get(line.line_number, LineInstructions(line_number=0)), header.language)
    return document(root, header.dtd_version)


def _check(draft: OrderDraft, header: OrderHeader) -> None:
    if draft.type not in header.takes:
        raise ValueError(f"the supplier takes no OrderRequest of type {draft.type!r}")
    # DTD, OrderRequestHeader/@type: update and delete refer to the most recent OrderRequest of the order.
    if (draft.type == _NEW) != (draft.previous_payload_id is None):
        raise ValueError(
            f"an OrderRequest of type {draft.type!r} {'follows no' if draft.type == _NEW else 'names its'} earlier one"
        )
    numbers = [each.line_number for each in draft.instructions]
    strangers = {number for number in numbers if numbers.count(number) > 1} | (
        set(numbers) - {line.line_number for line in draft.lines}
    )
    if strangers:
        raise ValueError(f"instructions that are for no line, or for one twice: {sorted(strangers)}")


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


def _add_order_header(request: Element, draft: OrderDraft, language: str) -> None:
    made = add(
        request,
        "OrderRequestHeader",
        orderID=draft.order_id,
        orderDate=iso_utc(draft.order_date),
        type=draft.type,
        orderVersion=str(draft.order_version),
    )
    add_money(add(made, "Total"), draft.total, draft.currency)
    add_address(add(made, "ShipTo"), draft.ship_to, language)
    add_address(add(made, "BillTo"), draft.bill_to, language)
    _add_charge(made, "Shipping", draft.shipping, draft.currency, language)
    _add_charge(made, "Tax", draft.tax, draft.currency, language)
    for comment in draft.comments:
        add_comment(made, comment, language)
    if draft.previous_payload_id is not None:
        add(made, "DocumentReference", payloadID=draft.previous_payload_id)
    add_extrinsic(made, Extrinsic("UserEmail", draft.requester_email))
    if draft.business_unit is not None:
        add_extrinsic(made, Extrinsic("UserBusinessUnit", draft.business_unit))
    for extrinsic in draft.extrinsics:
        add_extrinsic(made, extrinsic)


def _add_item(request: Element, line: OrderedLine, beside: LineInstructions, language: str) -> None:
    delivery = beside.requested_delivery
    item = add(
        request,
        "ItemOut",
        quantity=format_decimal(line.quantity),
        lineNumber=str(line.line_number),
        requestedDeliveryDate=None if delivery is None else iso_utc(delivery),
    )
    add_part(item, PartId(line.supplier_part_id, line.supplier_part_aux_id))
    _add_detail(item, line, language)
    if beside.ship_to is not None:
        add_address(add(item, "ShipTo"), beside.ship_to, language)
    _add_charge(item, "Shipping", beside.shipping, line.currency, language)
    _add_charge(item, "Tax", beside.tax, line.currency, language)
    for share in beside.distributions:
        _add_distribution(item, share, line.currency, language)
    for comment in beside.comments:
        add_comment(item, comment, language)


def _add_detail(item: Element, line: OrderedLine, language: str) -> None:
    detail = add(item, "ItemDetail")
    add_money(add(detail, "UnitPrice"), line.unit_price, line.currency)
    add_text(detail, "Description", line.description, language)
    add(detail, "UnitOfMeasure", line.unit)
    # The DTD wants one; where the cart gave none, an empty one says so and invents nothing.
    domain = line.classification_domain or _NO_CLASSIFICATION
    add(detail, "Classification", line.classification, domain=domain)
    if line.manufacturer_part_id is not None:
        add(detail, "ManufacturerPartID", line.manufacturer_part_id)
    if line.manufacturer_name is not None:
        add(detail, "ManufacturerName", line.manufacturer_name)
    for extrinsic in line.extrinsics:
        add_extrinsic(detail, extrinsic)


def _add_charge(parent: Element, tag: str, charge: StatedCharge | None, currency: str, language: str) -> None:
    if charge is not None:
        made = add(parent, tag)
        add_money(made, charge.amount, currency)
        add_text(made, "Description", charge.description, language)


def _add_distribution(item: Element, share: AccountShare, currency: str, language: str) -> None:
    made = add(item, "Distribution")
    accounting = add(made, "Accounting", name=share.name)
    for segment in share.segments:
        # The DTD calls Segment deprecated; both of these are required.
        stated = add(accounting, "AccountingSegment", id=segment.id or "")
        add_text(stated, "Name", segment.type or "", language)
        add_text(stated, "Description", segment.description or "", language)
    add_money(add(made, "Charge"), share.charge, currency)
