"""Elements that occur at many places of cXML: money under its many parents, part ids, order references, comments."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from cxml_parsers import leaves, quick
from cxml_parsers.leaves import Read
from cxml_parsers.making import maker
from cxml_parsers.places import attribute_step, step_of
from cxml_parsers.scan import XML_SPACE, Head, Scan, unescaped
from cxml_parsers.shapes import Act, Into, Leaf, Many, One, Shape, Site, Values, again, attributes_of, inner_node, through
from punchout.model.codes import Code
from punchout.model.taxes import TaxDetail
from punchout.model.unreadable import Unreadable, excerpt
from punchout.model.values import Comment, Extrinsic, Money, Number, OrderReference, PartId

_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)
# The supplier's codes, which stand inside localised prose.
_ERROR_CODE = re.compile(r"(?<!\d)\d{3}-\d{3}(?!\d)", re.ASCII)
_USUAL_MONEY = re.compile(r'Money currency="([A-Z]{3})"')
_MOST_REMEMBERED = 4096
_money, _comment, _extrinsic, _part_id = maker(Money), maker(Comment), maker(Extrinsic), maker(PartId)


# Money --------------------------------------------------------------------------------------------------------------


def _money_reader(_site: Site, head: Head) -> Read:
    """Read `Money`. An empty amount is absent, not zero; the alternate amount is left unread."""
    stated = dict(head.attributes)

    def read(scan: Scan, index: int, place: str | None, text: str) -> Money | None:
        trimmed = leaves.string(scan, index, place, text)
        currency = _currency(scan, index, stated.get("currency"))
        if trimmed is None:
            return None
        amount = leaves.exact(scan, index, place, trimmed)
        if len(trimmed) != len(text):
            scan.note(index, place, "white space around the amount")
        value: Money = _money(text, amount, currency)
        return value

    return read


def _currency(scan: Scan, index: int, stated: str | None) -> str | None:
    if stated is None:
        scan.note(index, "@currency", "missing")
        return None
    currency = leaves.string(scan, index, "@currency", stated)
    if currency is None:
        return None
    if _CURRENCY.fullmatch(currency) is None:
        detail = f"not a currency code: {excerpt(currency)}"
        scan.refuse(index, "@currency", Unreadable(Code.STRUCT_INVALID, detail))
    if currency.upper() != currency:
        scan.note(index, "@currency", f"{excerpt(currency)} was read in capitals")
    return currency.upper()


class _MoneyTable(dict[str, Money | None]):
    """Pieces of `Money` that need no word, and what they say; None for all others."""

    def __missing__(self, piece: str) -> Money | None:
        head, _, text = piece.partition(">")
        currency = _CURRENCIES.get(head) or self._currency(head)
        amount = None if currency is None else quick.plain(text)
        if amount is None:
            return None
        value: Money = _money(text, amount, currency)
        if len(self) < _MOST_REMEMBERED:
            self[piece] = value
        return value

    @staticmethod
    def _currency(head: str) -> str | None:
        found = _USUAL_MONEY.fullmatch(head)
        if found is None or len(_CURRENCIES) >= _MOST_REMEMBERED:
            return None
        return _CURRENCIES.setdefault(head, found.group(1))


_CURRENCIES: Final[dict[str, str]] = {}
_MONEYS: Final = _MoneyTable()
MONEY: Final = Leaf("money", read_of=_money_reader, known=("currency",))


@dataclass(frozen=True, slots=True)
class _Amount:
    """What stands in an element that stands for an amount."""

    money: Money | None = None
    percentage: Number | None = None
    details: tuple[TaxDetail, ...] = ()


@dataclass(frozen=True, slots=True)
class Priced:
    """An element that stands for an amount: `UnitPrice`, `Total`, `Shipping`, `SubtotalAmount`, `Tax`.

    Attributes:
        to: the field its Money fills.
        is_described: the DTD wants a `Description` beside the Money.
        percentage: the field its `percentageRate` fills.
        details: the field its `TaxDetail`s fill.
        shape: what it holds.
    """

    to: str
    is_described: bool = False
    percentage: str | None = None
    details: str | None = None
    shape: Shape = field(default_factory=lambda: _AMOUNT)

    def learn(self, site: Site, scan: Scan, index: int, head: Head) -> tuple[Act, str | None]:
        """See `Rule`: straight for `Money` alone or with one Description behind it, else by the shape."""
        position, close, is_described = site.at[self.to], site.close, self.is_described
        described: dict[str, tuple[str, ...]] = {}
        own = head.attributes

        def act(scan: Scan, index: int, piece: str, values: Values) -> int:
            pieces = scan.pieces
            if values[position] is not None or pieces[index + 2] != "/Money>":
                return self._by_shape(site, scan, index, values)
            money = _MONEYS[pieces[index + 1]]
            if money is None:
                return self._by_shape(site, scan, index, values)
            behind = pieces[index + 3]
            if behind == close and not is_described:
                values[position] = money
                return index + 4
            unread = described.get(behind)
            if unread is None or pieces[index + 4] != "/Description>" or pieces[index + 5] != close:
                _learn_description(site, described, scan, index + 3)
                return self._by_shape(site, scan, index, values)
            values[position] = money
            scan.unread.add(unread)
            return index + 6

        whole = head.text + ">"
        is_plain = not own and not head.is_empty and scan.pieces[index] == whole
        return act if is_plain else self._once(site), "piece" if is_plain else None

    def _once(self, site: Site) -> Act:
        def act(scan: Scan, index: int, piece: str, values: Values) -> int:
            return self._by_shape(site, scan, index, values)

        return act

    def _by_shape(self, site: Site, scan: Scan, index: int, values: Values) -> int:
        position, node = site.at[self.to], inner_node(site)
        if values[position] is not None:
            return again(site, scan, index)
        head = scan.head(index)
        made = node.blank.copy()
        known = _PERCENTAGE if self.percentage is not None else {}
        attributes_of(scan, index, head, known, node).put(scan, index, made)
        end = through(node, site, scan, index, made)
        if made[0] is None and (id(made), 0) not in scan.absent:
            scan.note(index, None, "holds no Money, read as absent")
        if self.is_described and not _holds_description(scan, index, end):
            scan.note(index, "Description", "missing")
        amount: _Amount = node.finish(scan, index, made)
        if amount.money is None:
            scan.absent.add((id(values), position))
        values[position] = amount.money
        if self.percentage is not None:
            values[site.at[self.percentage]] = amount.percentage
        if self.details is not None:
            values[site.at[self.details]] = list(amount.details)
        elif amount.details:
            scan.skip(index, site.around)
        return end


def _holds_description(scan: Scan, index: int, end: int) -> bool:
    return any(piece.startswith("Description") for piece in scan.pieces[index:end])


def _learn_description(site: Site, known: dict[str, tuple[str, ...]], scan: Scan, index: int) -> None:
    """Remember a Description of a few words, which stands in every amount of a sender."""
    piece = scan.pieces[index]
    if not piece.startswith("Description") or len(piece) > 80 or len(known) >= _MOST_REMEMBERED:  # noqa: PLR2004
        return
    head = scan.head(index)
    if head.tag == "Description" and not head.is_empty and len(head.attributes) < 2 and "xmlns" not in head.text:  # noqa: PLR2004
        own = f"{site.path}/Description"
        text = (own,) if piece.partition(">")[2].strip(XML_SPACE) else ()
        known[piece] = (*text, *(f"{own}/{attribute_step(name)}" for name, _ in head.attributes))


_PERCENTAGE: Final = {"percentageRate": ("percentage", leaves.decimal)}


@dataclass(frozen=True, slots=True)
class _Detail(Priced):
    """An amount inside a `TaxDetail`, which has no details of its own."""

    shape: Shape = field(default_factory=lambda: Shape(record=_Amount, children={"Money": MONEY}))


_TAX_DETAIL: Final = Shape(
    record=TaxDetail,
    attributes={
        "category": ("category", leaves.string),
        "purpose": ("purpose", leaves.string),
        "percentageRate": ("percentage", leaves.decimal),
        "taxPointDate": ("tax_point", leaves.moment),
    },
    children={"TaxLocation": Leaf("location"), "TaxableAmount": _Detail("taxable"), "TaxAmount": _Detail("amount")},
)
_AMOUNT: Final = Shape(record=_Amount, children={"Money": MONEY, "TaxDetail": Many("details", _TAX_DETAIL)})
SHIPPING: Final = Priced("shipping")
TAX: Final = Priced("tax", is_described=True, details="tax_details")
"""`Tax` with what it is made of."""
PRICE_BASIS: Final = Into(
    Shape(
        attributes={
            "quantity": ("price_basis_quantity", leaves.decimal),
            "conversionFactor": ("price_basis_factor", leaves.decimal),
        },
        children={"UnitOfMeasure": Leaf("price_basis_unit")},
    )
)
"""`PriceBasisQuantity`: the quantity that a unit price is for."""


# Prose --------------------------------------------------------------------------------------------------------------


def whole_text(scan: Scan, index: int, path: str) -> tuple[str | None, int]:
    """Read all text of an element and of what stands inside it, so that nothing is cut; None where blank."""
    scan.note(index, None, "elements stand inside the text; all of their text was read")
    pieces, depth, at, said = scan.pieces, 0, index, []
    while True:
        piece = pieces[at]
        if piece[0] == "/":
            depth -= 1
        else:
            head = scan.head(at)
            scan.in_order(at, head, ())
            if at != index:
                scan.leave_attributes(head, f"{path}/{step_of(head.tag)}")
            depth += not head.is_empty
        at += 1
        if depth == 0:
            return " ".join(unescaped("".join(said)).split()) or None, at
        said.append(piece.partition(">")[2])


def prose_inside(scan: Scan, index: int, site: Site, _head: Head, _read: Read) -> tuple[Any, int]:
    """Read all text of a leaf that holds elements."""
    return whole_text(scan, index, site.path)


def _comment_reader(_site: Site, head: Head) -> Read:
    kind = dict(head.attributes).get("type")

    def read(scan: Scan, index: int, place: str | None, text: str) -> Comment | None:
        value = text.strip(XML_SPACE) or leaves.string(scan, index, place, text)
        return None if value is None else _comment(kind, value)

    return read


def _comment_inside(scan: Scan, index: int, site: Site, head: Head, _read: Read) -> tuple[Any, int]:
    kind = dict(head.attributes).get("type")
    if kind == "confirmID":
        # An identifier, unlike other comments: an element inside would cut it.
        inner = scan.head(index + 1).tag
        detail = f"an element stands inside the text: {inner[:60]}"
        scan.refuse(index, None, Unreadable(Code.STRUCT_INVALID, detail))
    value, end = whole_text(scan, index, site.path)
    return None if value is None else Comment(kind, value), end


def _description_inside(scan: Scan, index: int, site: Site, _head: Head, _read: Read) -> tuple[Any, int]:
    """Read `Description`: its own text without the `ShortName` inside, or that where there is nothing else."""
    own, names, at = [scan.pieces[index].partition(">")[2]], [], index + 1
    while scan.pieces[at][0] != "/":
        head = scan.head(at)
        is_leaf = head.is_empty or scan.pieces[at + 1] == "/ShortName>" or scan.pieces[at + 1][:11] == "/ShortName>"
        if head.tag != "ShortName" or not is_leaf:
            return whole_text(scan, index, site.path)
        names.append(at)
        at += 1 if head.is_empty else 2
        own.append(scan.pieces[at - 1].partition(">")[2])
    stated = unescaped(" ".join(own)).strip()
    for name in names if stated else names[1:]:
        scan.skip(name, site.path)
    if stated:
        return stated, at + 1
    head = scan.head(names[0])
    scan.leave_attributes(head, f"{site.path}/ShortName")
    return leaves.string(scan, names[0], None, unescaped(scan.pieces[names[0]].partition(">")[2])), at + 1


def _extrinsic_reader(site: Site, head: Head) -> Read:
    name = dict(head.attributes).get("name")

    def read(scan: Scan, index: int, place: str | None, text: str) -> Extrinsic | None:
        if not name:
            scan.note(index, place, "has no name")
            scan.skip(index, site.around)
            return None
        # Without a value it is kept all the same, because it must go back.
        value: Extrinsic = _extrinsic(name, text)
        return value

    return read


def _extrinsic_inside(scan: Scan, index: int, site: Site, head: Head, _read: Read) -> tuple[Any, int]:
    name = dict(head.attributes).get("name")
    scan.note(index, None, "holds elements, left unread" if name else "has no name")
    return None, scan.skip(index, site.around)


def _auxiliary_id(scan: Scan, index: int, place: str | None, text: str) -> str | None:
    if not text.strip():
        scan.note(index, place, "empty, read as absent")
        return None
    return text


def _auxiliary_id_inside(scan: Scan, index: int, site: Site, _head: Head, _read: Read) -> tuple[Any, int]:
    """Read `SupplierPartAuxiliaryID` verbatim: it must go back unchanged, and the DTD lets it hold elements."""
    at = index + 1
    while scan.pieces[at][0] != "/":
        at = scan.skip(at, site.path)
    element = scan.element(index)
    inner = "".join(etree.tostring(child, encoding="unicode") for child in element)
    return (element.text or "") + inner, at + 1


def comments(to: str = "comments") -> Leaf:
    """Read `Comments` with its type; a blank one is not collected. Attachments are left unread."""
    return Leaf(to, read_of=_comment_reader, known=("type",), may_repeat="many", inside=_comment_inside)


COMMENTS: Final = comments()
DESCRIPTION: Final = Leaf("description", may_repeat="first", inside=_description_inside)
EXTRINSICS: Final = Leaf(
    "extrinsics", read_of=_extrinsic_reader, known=("name",), may_repeat="many", inside=_extrinsic_inside
)
"""`Extrinsic` by its name; one that holds elements is left unread, because no text stands for it."""


def prose(to: str) -> Leaf:
    """Read text, and all text of what stands inside."""
    return Leaf(to, inside=prose_inside)


def comment_of_type(comments: tuple[Comment, ...], kind: str) -> str | None:
    """Return the text of the first comment of a type, None without one. Types are compared without regard to case."""
    for each in comments:
        if each.type is not None and (each.type == kind or each.type.casefold() == kind.casefold()):
            return each.text
    return None


def text_of_type(kind: str) -> Callable[[tuple[Comment, ...]], str | None]:
    """Return what finds the text of the first comment of a type."""
    return lambda comments: comment_of_type(comments, kind)


def error_code_of_type(kind: str) -> Callable[[tuple[Comment, ...]], str | None]:
    """Return what finds the supplier's error code: the `NNN-NNN` in the comment's prose, else the whole comment."""

    def find(comments: tuple[Comment, ...]) -> str | None:
        stated = comment_of_type(comments, kind)
        found = None if stated is None else _ERROR_CODE.search(stated)
        return stated if found is None else found.group()

    return find


# References ---------------------------------------------------------------------------------------------------------

DETAIL: Final = Shape(
    children={
        "UnitPrice": Priced("unit_price"),
        "Description": DESCRIPTION,
        "UnitOfMeasure": Leaf("unit"),
        "PriceBasisQuantity": PRICE_BASIS,
        "Classification": Leaf(
            "classification", attributes={"domain": ("classification_domain", leaves.string)}, may_repeat="first"
        ),
        "ManufacturerPartID": Leaf("manufacturer_part_id"),
        "ManufacturerName": Leaf("manufacturer_name"),
        "Extrinsic": EXTRINSICS,
    }
)
"""`ItemDetail`, in a cart and in an order alike."""
@dataclass(frozen=True, slots=True)
class _ItemId:
    """What stands in an `ItemID`."""

    supplier_part_id: str | None = None
    supplier_part_aux_id: str | None = None
    buyer_part_id: str | None = None


_ITEM_ID: Final = Shape(
    record=_ItemId,
    children={
        "SupplierPartID": Leaf("supplier_part_id", leaves.identifier),
        "SupplierPartAuxiliaryID": Leaf("supplier_part_aux_id", _auxiliary_id, inside=_auxiliary_id_inside),
        "BuyerPartID": Leaf("buyer_part_id", leaves.identifier),
    },
)


@dataclass(frozen=True, slots=True)
class Part:
    """`ItemID`: the supplier's part into one field, the buyer's own id into another. Ids of other domains are left."""

    to: str = "part"
    buyer: str = "buyer_part_id"
    shape: Shape = _ITEM_ID

    def learn(self, site: Site, scan: Scan, index: int, head: Head) -> tuple[Act, str | None]:
        """See `Rule`."""
        node, position, buyer = inner_node(site), site.at[self.to], site.at[self.buyer]
        is_plain = not head.attributes and not head.is_empty and scan.pieces[index] == head.text + ">"
        stated = attributes_of(scan, index, head, {}, node)

        def act(scan: Scan, index: int, piece: str, values: Values) -> int:
            if values[position] is not None:
                return again(site, scan, index)
            made: Values = [None, None, None]
            if is_plain:
                end = node.fill(scan, index, made)
            else:
                stated.put(scan, index, made)
                end = through(node, site, scan, index, made)
            values[position] = _part_id(made[0], made[1])
            values[buyer] = made[2]
            return end

        return act, "piece" if is_plain else None


PART: Final = Part()
SUBSTITUTE_ID: Final = Shape(
    record=PartId, children={name: rule for name, rule in _ITEM_ID.children.items() if name != "BuyerPartID"}
)


def document_reference(to: str) -> Mapping[str, Any]:
    """Return the children of what points at another document by its payloadID."""
    return {"DocumentReference": Into(Shape(attributes={"payloadID": (to, leaves.identifier)}))}


ORDER_REFERENCE: Final = Shape(
    record=OrderReference,
    attributes={"orderID": ("order_id", leaves.identifier), "orderDate": ("order_date", leaves.moment)},
    children=document_reference("payload_id"),
    remark=lambda made: (
        "names no order, neither by orderID nor by payloadID" if made.order_id is None and made.payload_id is None else None
    ),
)
"""`OrderReference`, or `OrderIDInfo`, which states no payloadID."""
ORDER: Final = One("order", ORDER_REFERENCE)
NO_ORDER: Final = OrderReference()
NO_PART: Final = PartId()
