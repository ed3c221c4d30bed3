"""`Money` under its many parents: prices, totals, charges, and taxes with what they are made of.

An empty amount is absent, never zero; alternate amounts are left unread. What amounts add up to is decided elsewhere.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from cxml_parsers import leaves, quick
from cxml_parsers.attributes import Attributes, Values, attributes_of
from cxml_parsers.keeping import keep
from cxml_parsers.leaves import Read
from cxml_parsers.places import attribute_step
from cxml_parsers.prose import prose
from cxml_parsers.rules import Into, Leaf, Many, whole
from cxml_parsers.scan import XML_SPACE, Head, Scan
from cxml_parsers.shapes import Act, Shape, Site, again, inner_node, through
from punchout.model.codes import Code
from punchout.model.making import maker
from punchout.model.taxes import TaxDetail
from punchout.model.unreadable import Unreadable, excerpt
from punchout.model.values import Money, Number

_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)
_USUAL_MONEY = re.compile(r'Money currency="([A-Z]{3})"')
_LONGEST_DESCRIPTION = 80
_money = maker(Money)


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


def _usual_money(piece: str) -> Money | None:
    """Read a piece of `Money` that needs no word; None for all others."""
    head, _, text = piece.partition(">")
    currency = _CURRENCIES.get(head)
    if currency is None:
        found = _USUAL_MONEY.fullmatch(head)
        if found is None:
            return None
        currency = found.group(1)
        keep(_CURRENCIES, head, currency)
    amount = quick.plain(text)
    if amount is None:
        return None
    value: Money = _money(text, amount, currency)
    return value


_CURRENCIES: Final[dict[str, str]] = {}
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
    shape: Shape = field(default_factory=lambda: _amount())  # noqa: PLW0108 - defined below

    def learn(self, site: Site, scan: Scan, index: int, head: Head) -> tuple[Act, str | None]:
        """See `Rule`: straight for `Money` alone or with one Description behind it, else by the shape."""
        position, close, is_described = site.at[self.to], site.close, self.is_described
        described: dict[str, tuple[str, ...]] = {}
        known = _PERCENTAGE if self.percentage is not None else {}
        stated = attributes_of(scan, index, head, known, inner_node(site))

        def by_shape(scan: Scan, index: int, _piece: str, values: Values) -> int:
            return self._by_shape(site, stated, scan, index, values)

        key = whole(head, scan, index)
        if key != "piece" or head.is_empty:
            return by_shape, key

        def act(scan: Scan, index: int, piece: str, values: Values) -> int:
            pieces = scan.pieces
            if values[position] is not None or pieces[index + 2] != "/Money>":
                return by_shape(scan, index, piece, values)
            money = _usual_money(pieces[index + 1])
            if money is None:
                return by_shape(scan, index, piece, values)
            behind = pieces[index + 3]
            if behind == close and not is_described:
                values[position] = money
                return index + 4
            unread = described.get(behind)
            if unread is None or pieces[index + 4] != "/Description>" or pieces[index + 5] != close:
                _learn_description(site, described, scan, index + 3)
                return by_shape(scan, index, piece, values)
            values[position] = money
            scan.leave(unread)
            return index + 6

        return act, key

    def _by_shape(self, site: Site, stated: Attributes, scan: Scan, index: int, values: Values) -> int:
        position, node = site.at[self.to], inner_node(site)
        if values[position] is not None:
            return again(site, scan, index)
        made = node.blank.copy()
        stated.put(scan, index, made)
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
    if not piece.startswith("Description") or len(piece) > _LONGEST_DESCRIPTION:
        return
    head = scan.head(index)
    if head.tag == "Description" and not head.is_empty and len(head.attributes) < 2 and "xmlns" not in head.text:  # noqa: PLR2004
        own = f"{site.path}/Description"
        text = (own,) if piece.partition(">")[2].strip(XML_SPACE) else ()
        keep(known, piece, (*text, *(f"{own}/{attribute_step(name)}" for name, _ in head.attributes)))


_PERCENTAGE: Final = {"percentageRate": ("percentage", leaves.optional_decimal)}


@dataclass(frozen=True, slots=True)
class _Detail(Priced):
    """An amount inside a `TaxDetail`, which has no details of its own."""

    shape: Shape = field(default_factory=lambda: Shape(record=_Amount, children={"Money": MONEY}))


_TAX_DETAIL: Final = Shape(
    record=TaxDetail,
    attributes={
        "category": ("category", leaves.string),
        "purpose": ("purpose", leaves.string),
        "percentageRate": ("percentage", leaves.optional_decimal),
        "taxPointDate": ("tax_point", leaves.optional_moment),
    },
    children={"TaxLocation": prose("location"), "TaxableAmount": _Detail("taxable"), "TaxAmount": _Detail("amount")},
)


def _amount() -> Shape:
    return Shape(record=_Amount, children={"Money": MONEY, "TaxDetail": Many("details", _TAX_DETAIL)})


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
