"""What Business Central should be told about a request: the difference between what is known there and here. Pure.

What Business Central holds is its current row, overlaid by what was already sent to it. A value is never blanked, and
a value that is there already is not sent again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from punchout.model.business_central import BcRequest
from punchout.model.documents import Cart, CartLine
from punchout.model.exact import Millionths
from punchout.model.updates import CartLinesUpdate, CartUpdateLine, TrackingUpdate, TrackingUpdateLine

_LINE_FIELDS = ("shipping_date", "delivery_date", "invoice_id", "invoice_date")
_LINE_STEP = 10_000
_DESCRIPTION_LENGTH = 100


@dataclass(frozen=True, slots=True)
class LineDates:
    """What Business Central is told of one line; dates are ISO in the company's zone."""

    line_number: int | None
    shipping_date: str | None
    delivery_date: str | None
    invoice_id: str | None
    invoice_date: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a request stands, as far as Business Central is told of it; `lines` in their order."""

    stage: str
    order_confirmation_id: str | None
    lines: tuple[LineDates, ...]


def takes_lines(request: BcRequest) -> bool:
    """Tell whether the lines of a cart may be added to a request: it is open, and has none."""
    return request.status == "open" and not request.lines


def cart_update(update_id: str, request: BcRequest, cart: Cart, local_currency: str) -> CartLinesUpdate | None:
    """Return the update that adds a cart's lines to an open request without any; None where there is nothing to add."""
    if not takes_lines(request) or not cart.lines:
        return None
    currency = next((line.unit_price.currency for line in cart.lines if line.unit_price), None)
    return CartLinesUpdate(
        update_id=update_id,
        number=request.number,
        currency_code=None if currency == local_currency else currency,
        lines=tuple(_cart_line(line) for line in cart.lines),
    )


def tracking_update(
    update_id: str,
    request: BcRequest,
    standing: Standing,
    told: Sequence[TrackingUpdate],
    stage_map: Mapping[str, str],
) -> TrackingUpdate | None:
    """Return the update that brings a request up to date; None where nothing differs.

    Args:
        update_id: its id, new for each update.
        request: Business Central's current row.
        standing: where the request stands.
        told: earlier updates, oldest first.
        stage_map: Business Central's names of stages that differ from ours.
    """
    head, lines = _known(request, told)
    stage = stage_map.get(standing.stage, standing.stage)
    changed_lines = tuple(line for dates in standing.lines if (line := _line_update(dates, lines)) is not None)
    new_stage = stage if stage != head["stage"] else None
    confirmation = standing.order_confirmation_id
    new_confirmation = confirmation if confirmation not in (None, head["order_confirmation_id"]) else None
    if new_stage is None and new_confirmation is None and not changed_lines:
        return None
    return TrackingUpdate(
        update_id=update_id,
        number=request.number,
        stage=new_stage,
        order_confirmation_id=new_confirmation,
        lines=changed_lines,
    )


def _cart_line(line: CartLine) -> CartUpdateLine:
    price: Millionths = line.unit_price.amount if line.unit_price else 0
    return CartUpdateLine(
        line_number=line.ordinal * _LINE_STEP,
        supplier_part_id=line.part.supplier_part_id or "",
        supplier_part_auxiliary_id=line.part.supplier_part_aux_id,
        # Business Central's field; the full text stays here.
        description=(line.description or "")[:_DESCRIPTION_LENGTH],
        quantity=line.quantity.value,
        unit_of_measure_code=line.unit or "",
        unit_price=price,
    )


def _known(request: BcRequest, told: Sequence[TrackingUpdate]) -> tuple[dict[str, Any], dict[int, dict[str, Any]]]:
    head: dict[str, Any] = {"stage": request.stage, "order_confirmation_id": request.order_confirmation_id}
    lines = {line.line_number: {name: getattr(line, name) for name in _LINE_FIELDS} for line in request.lines}
    for update in told:
        head.update({name: value for name in head if (value := getattr(update, name)) is not None})
        for line in update.lines:
            of_line = lines.setdefault(line.line_number, dict.fromkeys(_LINE_FIELDS))
            of_line.update({name: value for name in _LINE_FIELDS if (value := getattr(line, name)) is not None})
    return head, lines


def _line_update(dates: LineDates, known: Mapping[int, Mapping[str, Any]]) -> TrackingUpdateLine | None:
    if dates.line_number is None or dates.line_number not in known:
        return None
    of_line = known[dates.line_number]
    changed = {name: value for name in _LINE_FIELDS if (value := getattr(dates, name)) not in (None, of_line[name])}
    return TrackingUpdateLine(line_number=dates.line_number, **changed) if changed else None
