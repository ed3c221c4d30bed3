"""Elements that occur at many places of cXML: money under its many parents, part ids, order references, comments."""

import re

from lxml import etree

from cxml_parsers import leaves
from cxml_parsers.places import Element
from cxml_parsers.walk import Reading, Shape, Values, one, take
from punchout.model.codes import Code
from punchout.model.unreadable import Unreadable, excerpt
from punchout.model.values import Comment, Extrinsic, Money, OrderReference, PartId

_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)
# The supplier's codes, which stand inside localised prose.
_ERROR_CODE = re.compile(r"(?<!\d)\d{3}-\d{3}(?!\d)", re.ASCII)


def money(reading: Reading, element: Element, path: str) -> Money | None:
    """Read `Money`. An empty amount is absent, not zero; the alternate amount is left unread."""
    stated = leaves.text(reading, element, path, ("currency",))
    currency = _currency(reading, element)
    if stated is None:
        return None
    amount = leaves.exact(reading, element, None, stated)
    if element.text is not None and len(stated) != len(element.text):
        reading.note(element, None, "white space around the amount")
    return Money(element.text or stated, amount, currency)


_PRICED = Shape(children={"Money": one("money", money)})


def priced(reading: Reading, element: Element, path: str) -> Money | None:
    """Read the `Money` in an element that stands for an amount: `UnitPrice`, `Total`, `Shipping`, `SubtotalAmount`."""
    values = take(reading, element, _PRICED, path)
    if "money" not in values:
        reading.note(element, None, "holds no Money, read as absent")
    value: Money | None = values.get("money")
    return value


def taxed(reading: Reading, element: Element, path: str) -> Money | None:
    """Read `Tax`: its `Money`; its details are left unread. The DTD wants a `Description`."""
    if next(element.iterchildren("Description"), None) is None:
        reading.note(element, "Description", "missing")
    return priced(reading, element, path)


def item_id(reading: Reading, element: Element, path: str) -> PartId | None:
    """Read `ItemID`, None where it names nothing. Ids of other domains are left unread."""
    values = take(reading, element, _ITEM_ID, path)
    named = PartId(values.get("part"), values.get("aux"))
    return None if named == PartId() else named


def document_reference(reading: Reading, element: Element, path: str) -> str | None:
    """Read `DocumentReference`: the payloadID of the document it points at, None where that is empty."""
    payload_id: str | None = take(reading, element, _DOCUMENT_REFERENCE, path).get("payload_id")
    return payload_id


def order_reference(reading: Reading, element: Element, path: str) -> OrderReference:
    """Read `OrderReference`, or `OrderIDInfo`, which states no payloadID."""
    return OrderReference(**take(reading, element, _ORDER_REFERENCE, path))


def with_order(reading: Reading, element: Element, values: Values, place: str) -> Values:
    """Make sure that `values` hold an order reference, with a note where it names no order."""
    reference: OrderReference = values.get("order") or OrderReference()
    if reference.order_id is None and reference.payload_id is None:
        reading.note(element, place, "names no order, neither by orderID nor by payloadID")
    return {**values, "order": reference}


def description(reading: Reading, element: Element, path: str) -> str | None:
    """Read `Description`: its own text without the `ShortName` inside, or that where there is nothing else."""
    names = [child for child in element if child.tag == "ShortName"]
    if not names or len(names) != len(element):
        return leaves.whole_text(reading, element, path)
    reading.leave_attributes(element, path)
    own = f"{path}/{element.tag}"
    stated = " ".join([element.text or "", *(name.tail or "" for name in names)]).strip()
    if stated:
        for name in names:
            reading.skip(name, own)
        return stated
    for name in names[1:]:
        reading.skip(name, own)
    return leaves.text(reading, names[0], own)


def comment(reading: Reading, element: Element, path: str) -> Comment | None:
    """Read `Comments` with its type; None where it is blank. Attachments are left unread."""
    kind = element.get("type")
    if kind == "confirmID":
        # An identifier, unlike other comments: an element inside would cut it.
        value = leaves.text(reading, element, path, ("type",))
    else:
        value = leaves.whole_text(reading, element, path, ("type",))
    return None if value is None else Comment(kind, value)


def comment_of_type(comments: tuple[Comment, ...], kind: str) -> str | None:
    """Return the text of the first comment of a type, None without one. Types are compared without regard to case."""
    wanted = kind.casefold()
    return next((each.text for each in comments if each.type is not None and each.type.casefold() == wanted), None)


def error_code(comments: tuple[Comment, ...], kind: str) -> str | None:
    """Return the supplier's error code: the `NNN-NNN` in the comment's prose, else the whole comment."""
    stated = comment_of_type(comments, kind)
    if stated is None:
        return None
    found = _ERROR_CODE.search(stated)
    return stated if found is None else found.group()


def extrinsic(reading: Reading, element: Element, path: str) -> Extrinsic | None:
    """Read `Extrinsic` by its name; one that holds elements is left unread, because no text stands for it."""
    name = element.get("name")
    if not name or len(element):
        reading.note(element, None, "has no name" if not name else "holds elements, left unread")
        reading.skip(element, path)
        return None
    reading.leave_attributes(element, path, ("name",))
    return Extrinsic(name, element.text or "")


def _currency(reading: Reading, element: Element) -> str | None:
    if element.get("currency") is None:
        reading.note(element, "@currency", "missing")
        return None
    stated = leaves.string(reading, element, "currency")
    if stated is None:
        return None
    if _CURRENCY.fullmatch(stated) is None:
        detail = f"not a currency code: {excerpt(stated)}"
        reading.refuse(element, "@currency", Unreadable(Code.STRUCT_INVALID, detail))
    if stated.upper() != stated:
        reading.note(element, "@currency", f"{excerpt(stated)} was read in capitals")
    return stated.upper()


def _auxiliary_id(reading: Reading, element: Element, path: str) -> str | None:
    """Read `SupplierPartAuxiliaryID` verbatim: it must go back unchanged, and the DTD lets it hold elements."""
    reading.leave_attributes(element, path)
    if len(element):
        own = f"{path}/{element.tag}"
        for child in element:
            reading.skip(child, own)
        return (element.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in element)
    if not (element.text or "").strip():
        reading.note(element, None, "empty, read as absent")
        return None
    return element.text


_ITEM_ID = Shape(
    children={
        "SupplierPartID": one("part", leaves.identifying_text),
        "SupplierPartAuxiliaryID": one("aux", _auxiliary_id),
    }
)
_DOCUMENT_REFERENCE = Shape(attributes={"payloadID": ("payload_id", leaves.identifier)})
_ORDER_REFERENCE = Shape(
    attributes={"orderID": ("order_id", leaves.identifier), "orderDate": ("order_date", leaves.moment)},
    children={"DocumentReference": one("payload_id", document_reference)},
)
