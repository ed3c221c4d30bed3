"""The lines that everything is measured against.

An order that was queued here has its frozen map; an order of somebody else is read off its copy (`copied_lines`), else
off the purchase order and marked inferred; before that there are the request's lines, and before those the cart's as a
preview. Which rows are read is `rows`, how a frozen map is made `punchout.ordering`, how an inbound line finds its line
`matching`.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from punchout.model.business_central import BcOrder, BcOrderLine, BcRequest, BcRequestLine
from punchout.model.documents import CartLine
from punchout.model.exact import Millionths
from punchout.model.orders import OrderedLine, OrderQueued
from punchout.model.values import Number
from punchout.reconciliation.part_codes import PartCode, codes_of
from punchout.reconciliation.rows import Rows

_CART_STEP = 10_000
"""Business Central numbers lines in steps of 10000; a cart's line n is added as n times this."""


class Basis(StrEnum):
    """Where the lines were read."""

    ORDER = "order"
    COPY = "copy of the order"
    PURCHASE_ORDER = "purchase order"
    REQUEST = "request"
    CART = "cart"


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedLine:
    """One line. Attributes as in `results.LinePosition`; `codes` are other codes of its part."""

    key: str
    order_line_number: int | None = None
    bc_line_number: int | None = None
    po_sequence: int | None = None
    cart_position: int | None = None
    supplier_part_id: str | None = None
    supplier_part_aux_id: str | None = None
    description: str | None = None
    unit: str | None = None
    currency: str | None = None
    unit_price: Millionths | None = None
    requested: Millionths | None = None
    ordered: Millionths = 0
    received: Millionths = 0
    inferred: bool = False
    codes: frozenset[PartCode] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMap:
    """The lines, in order, and where they were read."""

    basis: Basis
    lines: tuple[MappedLine, ...]

    @property
    def is_order(self) -> bool:
        """Whether these are an order's lines, so that the supplier's documents can speak of them."""
        return self.basis in {Basis.ORDER, Basis.COPY, Basis.PURCHASE_ORDER}


def line_map(rows: Rows, queued: OrderQueued | None, *, placed_elsewhere: bool) -> LineMap:
    """Return the lines of the request.

    Args:
        rows: the current rows.
        queued: the order as it was queued here, if it was.
        placed_elsewhere: the order is adopted or Business Central's to send, so its purchase order is the order.
    """
    if queued is not None:
        ordered = sorted(queued.lines, key=lambda line: line.line_number)
        received = received_of(rows.order.body if rows.order is not None else None)
        return LineMap(basis=Basis.ORDER, lines=tuple(_from_order(line, received) for line in ordered))
    if placed_elsewhere and rows.order is not None:
        return LineMap(basis=Basis.PURCHASE_ORDER, lines=_from_purchase_order(rows, rows.order.body))
    if rows.request is not None and rows.request.body.lines:
        cart, currency = rows.cart_lines, rows.request.body.currency_code
        request_lines = sorted(rows.request.body.lines, key=lambda line: line.line_number)
        return LineMap(basis=Basis.REQUEST, lines=tuple(from_request(line, cart, currency) for line in request_lines))
    preview = tuple(_from_cart(line) for line in rows.cart_lines.values())
    return LineMap(basis=Basis.CART, lines=preview)


def _from_order(line: OrderedLine, received: dict[int, Millionths]) -> MappedLine:
    return MappedLine(
        key=f"order:{line.line_number}" if line.bc_line_number is None else str(line.bc_line_number),
        order_line_number=line.line_number,
        bc_line_number=line.bc_line_number,
        po_sequence=line.po_sequence,
        cart_position=line.cart_position,
        supplier_part_id=line.supplier_part_id,
        supplier_part_aux_id=line.supplier_part_aux_id,
        description=line.description,
        unit=line.unit,
        currency=line.currency,
        unit_price=line.unit_price,
        requested=line.quantity,
        ordered=line.quantity,
        received=received.get(line.po_sequence or 0, 0),
        inferred=line.inferred,
        codes=codes_of(line.extrinsics, line.manufacturer_part_id),
    )


def _from_purchase_order(rows: Rows, order: BcOrder) -> tuple[MappedLine, ...]:
    """Number the purchase order's goods lines 1..n by sequence, as a sender would have done."""
    goods = goods_of(order)
    wanted = request_lines_of(goods, rows.request.body if rows.request is not None else None)
    cart, received = rows.cart_lines, received_of(order)
    lines = []
    for number, line in enumerate(goods, start=1):
        asked = wanted.get(line.sequence)
        basis = MappedLine(key=f"order:{number}") if asked is None else from_request(asked, cart, None)
        lines.append(
            MappedLine(
                key=basis.key,
                order_line_number=number,
                bc_line_number=basis.bc_line_number,
                po_sequence=line.sequence,
                cart_position=basis.cart_position,
                supplier_part_id=basis.supplier_part_id,
                supplier_part_aux_id=basis.supplier_part_aux_id,
                description=basis.description or line.description,
                unit=line.unit_of_measure_code or basis.unit,
                currency=order.currency_code,
                unit_price=basis.unit_price if line.direct_unit_cost is None else line.direct_unit_cost.value,
                requested=basis.requested,
                ordered=_value(line.quantity) or 0,
                received=received.get(line.sequence, 0),
                inferred=True,
                codes=basis.codes,
            )
        )
    return tuple(lines)


def goods_of(order: BcOrder) -> list[BcOrderLine]:
    """Return the lines that an OrderRequest would carry, by sequence: comment lines order nothing."""
    goods = (line for line in order.lines if line.line_type != "Comment" and line.quantity is not None)
    return sorted(goods, key=lambda line: line.sequence)


def request_lines_of(goods: list[BcOrderLine], request: BcRequest | None) -> dict[int, BcRequestLine]:
    """Return the request line of each purchase order line, by sequence number of the latter.

    A stated number counts if it exists and is stated once. Where no line states one, sequence counts, but only if
    number, quantities and part ids agree throughout.
    """
    asked = sorted(request.lines, key=lambda line: line.line_number) if request is not None else []
    stated = Counter(line.punchout_line_number for line in goods if line.punchout_line_number is not None)
    if stated:
        by_number = {line.line_number: line for line in asked if stated[line.line_number] == 1}
        pairs = ((line.sequence, by_number.get(line.punchout_line_number or 0)) for line in goods)
        return {sequence: wanted for sequence, wanted in pairs if wanted is not None}
    if len(goods) != len(asked) or not all(map(_agree, goods, asked)):
        return {}
    return {line.sequence: wanted for line, wanted in zip(goods, asked, strict=True)}


def _agree(line: BcOrderLine, asked: BcRequestLine) -> bool:
    """Compare quantity and part id; a G/L account names no part, so the price is the witness then."""
    if _value(line.quantity) != _value(asked.quantity):
        return False
    if line.line_type == "Account" or line.line_object_number is None:
        return asked.unit_price is None or _value(asked.unit_price) == _value(line.direct_unit_cost)
    return line.line_object_number == asked.supplier_part_id


def _value(number: Number | None) -> Millionths | None:
    return number.value if number is not None else None


def from_request(line: BcRequestLine, cart: dict[int, CartLine], currency: str | None) -> MappedLine:
    """Return a line of the request before it is ordered; the cart's auxiliary part id outranks the request's."""
    origin = _cart_line_of(line, cart)
    aux_id = origin.part.supplier_part_aux_id if origin is not None else line.supplier_part_auxiliary_id
    return MappedLine(
        key=str(line.line_number),
        bc_line_number=line.line_number,
        cart_position=origin.ordinal if origin is not None else None,
        supplier_part_id=line.supplier_part_id,
        supplier_part_aux_id=aux_id,
        description=line.description,
        unit=line.unit_of_measure_code,
        currency=currency,
        unit_price=_value(line.unit_price),
        requested=_value(line.quantity),
        codes=_codes(origin),
    )


def _cart_line_of(line: BcRequestLine, cart: dict[int, CartLine]) -> CartLine | None:
    """Find the cart's line: the one at its place if the part is the same, else the only one of that part."""
    position, rest = divmod(line.line_number, _CART_STEP)
    at_place = cart.get(position) if not rest else None
    if at_place is not None and at_place.part.supplier_part_id == line.supplier_part_id:
        return at_place
    same = [one for one in cart.values() if one.part.supplier_part_id == line.supplier_part_id]
    return same[0] if len(same) == 1 else None


def _from_cart(line: CartLine) -> MappedLine:
    return MappedLine(
        key=f"cart:{line.ordinal}",
        cart_position=line.ordinal,
        supplier_part_id=line.part.supplier_part_id,
        supplier_part_aux_id=line.part.supplier_part_aux_id,
        description=line.description,
        unit=line.unit,
        currency=line.unit_price.currency if line.unit_price is not None else None,
        unit_price=line.unit_price.amount if line.unit_price is not None else None,
        requested=line.quantity.value,
        codes=_codes(line),
    )


def _codes(line: CartLine | None) -> frozenset[PartCode]:
    return codes_of(line.extrinsics, line.manufacturer_part_id) if line is not None else frozenset()


def received_of(order: BcOrder | None) -> dict[int, Millionths]:
    """Return what was received of each line of a purchase order, by sequence."""
    lines = order.lines if order is not None else ()
    return {line.sequence: line.received_quantity.value for line in lines if line.received_quantity is not None}
