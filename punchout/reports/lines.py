"""The lines of a request, as the page shows them: a row for each, with what became of it. Every value is text here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from punchout.reports.amounts import LOCAL_CURRENCY, money, worth
from punchout.reports.matches import MatchCells, match_cells
from punchout.reports.text import visible, visible_id

_AXES = (("order_axis", ""), ("ship_axis", "ship "), ("receipt_axis", "receipt "), ("invoice_axis", "invoice "))
_BESIDE = ("rejected", "backordered", "returned", "credited")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value of a line, and how many distinct values were folded into it."""

    text: str
    values: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One line. `ordered` to `invoiced` are quantities, `value` is what was ordered at its price, in `currency`."""

    number: str
    part: str
    description: str
    tracking: Sequence[str]
    ordered: str
    accepted: str
    shipped: str
    invoiced: str
    value: str
    currency: str
    shipping_date: Field
    delivery_date: Field
    invoice_id: Field
    invoice_date: Field
    match: MatchCells
    state: str


def line_row(line: Mapping[str, Any], request: Mapping[str, Any]) -> LineRow:
    """Return the row of a line of a request."""
    amount, currency = line_worth(line, request)
    return LineRow(
        number=_line_number(line),
        part=visible_id(line["supplier_part_id"] or ""),
        description=line.get("description") or "",
        tracking=[visible_id(number) for number in line.get("tracking", ())],
        ordered=line["ordered"],
        accepted=line["accepted"],
        shipped=line["shipped"],
        invoiced=line["invoiced"],
        value="" if line.get("unit_price") is None else money(amount, currency),
        currency=visible(currency or LOCAL_CURRENCY),
        shipping_date=Field(text=line["shipping_date"] or "", values=line.get("shipping_dates", 0)),
        delivery_date=Field(text=line["delivery_date"] or "", values=line.get("delivery_dates", 0)),
        invoice_id=Field(text=visible_id(line["invoice_id"] or ""), values=line.get("invoice_ids", 0)),
        invoice_date=Field(text=line["invoice_date"] or "", values=line.get("invoice_dates", 0)),
        match=match_cells(line),
        state=", ".join(_state(line)),
    )


def line_worth(line: Mapping[str, Any], request: Mapping[str, Any]) -> tuple[int, str | None]:
    """Return what a line costs at the ordered price: what is ordered, and before there is an order what is wanted."""
    currency = line.get("currency") or request.get("currency")
    quantity = line.get("requested") if line["ordered"] == "0" else line["ordered"]
    return worth(quantity, line.get("unit_price"), currency), currency


def _line_number(line: Mapping[str, Any]) -> str:
    if line["line_number"] is not None:
        return str(line["line_number"])
    position = line.get("cart_position")
    return f"order {line.get('order_line_number')}" if position is None else f"cart {position}"


def _state(line: Mapping[str, Any]) -> Iterator[str]:
    """Say where a line stands: the axes that have begun, and the quantities that have no column of their own."""
    for axis, word in _AXES:
        value = line.get(axis, "none")
        if value != "none":
            yield f"{word}{value}"
    if line["ordered"] == "0" and line.get("requested"):
        yield f"{line['requested']} requested"
    for name in _BESIDE:
        if line.get(name, "0") != "0":
            yield f"{line[name]} {name}"
    confirmed = line.get("confirmed_price")
    if confirmed is not None and confirmed != line.get("unit_price"):
        yield f"price {line.get('unit_price') or 'unknown'} → {confirmed}"
    if line.get("inferred"):
        yield "line number inferred"
