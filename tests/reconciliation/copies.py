"""Orders that somebody else sent, as copies of them say, and what the supplier says of an order later."""

from dataclasses import replace
from typing import Any

from punchout.model.answers import StatusUpdate
from punchout.model.history import Stated
from punchout.model.order_documents import OrderRequest, OrderRequestLine
from tests.reconciliation.histories import ORDER_ID, PRICE, at, micros, number, part_of, stated, usd


def copied_line(line: int, quantity: int, **changes: Any) -> OrderRequestLine:  # noqa: ANN401 - any field
    made = OrderRequestLine(
        ordinal=line,
        line_number=line,
        quantity=number(quantity),
        part=part_of(line),
        unit_price=usd(PRICE),
        unit="EA",
        description=f"Thing {line}",
    )
    return replace(made, **changes)


def order_copy(*lines: int | OrderRequestLine, **changes: Any) -> OrderRequest:  # noqa: ANN401 - any field
    """Give an OrderRequest of somebody else's; a line is its quantity or itself, which keeps its own number."""
    made = OrderRequest(
        order_id=ORDER_ID,
        order_date=at("2026-03-04T16:30:00Z"),
        type="new",
        total=usd(100),
        lines=tuple(
            copied_line(place, line) if isinstance(line, int) else replace(line, ordinal=place)
            for place, line in enumerate(lines, 1)
        ),
    )
    return replace(made, **changes)


def word(code: int, payload_id: str, when: str = "2026-03-04T18:00:00Z", **changes: Any) -> Stated[Any]:  # noqa: ANN401 - any field
    """Give a status update on a document, said at a time."""
    made = StatusUpdate(code=code, text="text", payload_id=payload_id, **changes)
    return stated(made, timestamp=micros(when), payload_id=f"{code}-{when}@supplier.example")
