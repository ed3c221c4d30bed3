"""The lines of an order that somebody else sent, read off the copy of its OrderRequest.

What was ordered is what the copy says: line numbers, parts, quantities, prices. Which line of Business Central each of
them is follows from part id and auxiliary part id, then from the quantity, and only where those do not tell from the
order of the lines; then the line is marked inferred. The copy that stands is `placement`.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from punchout.model.exact import Millionths
from punchout.model.order_documents import OrderRequest, OrderRequestLine
from punchout.reconciliation.line_map import (
    Basis,
    LineMap,
    MappedLine,
    from_request,
    goods_of,
    received_of,
    request_lines_of,
)
from punchout.reconciliation.part_codes import codes_of
from punchout.reconciliation.rows import Rows
from punchout.reconciliation.statements import in_place


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A line of Business Central: how it would be shown, and what tells it from the others."""

    shown: MappedLine
    part: str | None
    aux: str | None
    quantity: Millionths | None
    price: Millionths | None


_Sign: TypeAlias = Callable[[_Row], Hashable | None]

# Each sign finds its lines among those that the signs before it have left; None means that a line does not carry it.
_BY_PART: tuple[_Sign, ...] = (
    lambda row: (row.part, row.aux, row.quantity) if row.part and row.aux else None,
    lambda row: (row.part, row.aux) if row.part and row.aux else None,
    lambda row: (row.part, row.quantity) if row.part else None,
    lambda row: row.part,
)
# A purchase order's line on an account names no part.
_BY_AMOUNT: _Sign = lambda row: (row.quantity, row.price)  # noqa: E731 - one of a list of signs


def copied_line_map(rows: Rows, order: OrderRequest) -> LineMap:
    """Return the lines of an order as its copy states them, each tied to its line of Business Central if there is one.

    A line that is none of Business Central's has the key `copy:n`, n its place in the copy.
    """
    ordered = in_place(order.lines)
    ours = list(_rows(rows))
    tied, inferred = _tied([_row_of(line) for line in ordered], ours)
    lines = tuple(
        _line(line, ours[tied[place]].shown if place in tied else None, is_inferred=place in inferred)
        for place, line in enumerate(ordered)
    )
    return LineMap(basis=Basis.COPY, lines=lines)


def number_of(line: OrderRequestLine) -> int:
    """Return the number that answers refer to: the line's own, else its place (cXML: lineNumber is optional)."""
    return line.ordinal if line.line_number is None else line.line_number


def _tied(theirs: Sequence[_Row], ours: Sequence[_Row]) -> tuple[dict[int, int], set[int]]:
    """Return which of our lines each line of the copy is, by place, and for which of them only their order tells it."""
    tied: dict[int, int] = {}
    inferred: set[int] = set()
    for sign in (*_BY_PART, _BY_AMOUNT):
        free = [place for place in range(len(ours)) if place not in tied.values()]
        if sign is _BY_AMOUNT:
            free = [place for place in free if ours[place].part is None]
        here = _by_sign(sign, ours, free)
        there = _by_sign(sign, theirs, [place for place in range(len(theirs)) if place not in tied])
        for value, places in there.items():
            pairs = list(zip(places, here.get(value, ()), strict=False))
            tied.update(pairs)
            if len(places) > 1 or len(here.get(value, ())) > 1:
                inferred.update(place for place, _ in pairs)
    return tied, inferred


def _by_sign(sign: _Sign, rows: Sequence[_Row], places: Sequence[int]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for place in places:
        value = sign(rows[place])
        if value is not None:
            found[value].append(place)
    return found


def _rows(rows: Rows) -> Iterator[_Row]:
    """Yield the request's lines, each with its purchase order line, then purchase order lines of no request line."""
    request = rows.request.body if rows.request is not None else None
    order = rows.order.body if rows.order is not None else None
    goods = goods_of(order) if order is not None else []
    asked_by, received = request_lines_of(goods, request), received_of(order)
    bought_by = {asked.line_number: line for line in goods if (asked := asked_by.get(line.sequence)) is not None}
    for asked in sorted(request.lines, key=lambda line: line.line_number) if request is not None else ():
        shown = from_request(asked, rows.cart_lines, None)
        bought = bought_by.get(asked.line_number)
        if bought is not None:
            shown = replace(shown, po_sequence=bought.sequence, received=received.get(bought.sequence, 0))
        yield _Row(
            shown=shown,
            part=shown.supplier_part_id,
            aux=_plain(shown.supplier_part_aux_id),
            quantity=shown.requested,
            price=shown.unit_price,
        )
    for number, line in enumerate(goods, start=1):
        if line.sequence not in asked_by:
            yield _Row(
                shown=MappedLine(
                    key=f"order:{number}",
                    po_sequence=line.sequence,
                    description=line.description,
                    received=received.get(line.sequence, 0),
                ),
                part=None if line.line_type == "Account" else line.line_object_number,
                aux=None,
                quantity=line.quantity.value if line.quantity is not None else None,
                price=line.direct_unit_cost.value if line.direct_unit_cost is not None else None,
            )


def _row_of(line: OrderRequestLine) -> _Row:
    """Return the signs of a line of the copy."""
    return _Row(
        shown=MappedLine(key=""),
        part=line.part.supplier_part_id,
        aux=_plain(line.part.supplier_part_aux_id),
        quantity=line.quantity.value,
        price=line.unit_price.amount if line.unit_price is not None else None,
    )


def _line(line: OrderRequestLine, ours: MappedLine | None, *, is_inferred: bool) -> MappedLine:
    basis = ours or MappedLine(key=f"copy:{line.ordinal}")
    return replace(
        basis,
        order_line_number=number_of(line),
        supplier_part_id=line.part.supplier_part_id or basis.supplier_part_id,
        supplier_part_aux_id=line.part.supplier_part_aux_id or basis.supplier_part_aux_id,
        description=line.description or basis.description,
        unit=line.unit or basis.unit,
        currency=line.unit_price.currency if line.unit_price is not None else basis.currency,
        unit_price=line.unit_price.amount if line.unit_price is not None else basis.unit_price,
        ordered=line.quantity.value,
        inferred=is_inferred,
        codes=basis.codes | codes_of(line.extrinsics, line.manufacturer_part_id),
    )


def _plain(aux: str | None) -> str | None:
    """Return an auxiliary part id without blanks, which are not told apart."""
    return "".join(aux.split()) or None if aux is not None else None
