"""Decisions by the names that a request and its lines go by now.

A decision is kept for ever under the names of the day it was taken on, and those may change. A purchase order that no
request claims goes by `PO:<orderID>` and numbers its lines itself (`order:n`, and `copy:n` for what only the copy of
the order has); a request's lines are the cart's (`cart:n`) until Business Central holds some. When a request claims the
order, or its lines come, a decision counts for what it was about: it is read under the new name in every result, and
is the same whether it was taken before or after. What names an order or a line that the request has not counts for
nothing, and is reported (`findings.decisions`). What a decision does is `rulings`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from punchout.model.decisions import AnalystDecision
from punchout.model.history import RequestHistory
from punchout.model.keys import key_of_order
from punchout.reconciliation.copied_lines import number_of
from punchout.reconciliation.line_map import goods_of, request_lines_of
from punchout.reconciliation.rows import Rows

PASSING = re.compile(r"(order|copy|cart):([0-9]+)", re.ASCII)
"""The key of a line that has none of Business Central's yet: another, or none, may stand in its place later."""


class Line(Protocol):
    """What a line may be known by."""

    @property
    def key(self) -> str:
        """Its key."""

    @property
    def order_line_number(self) -> int | None:
        """Its number in the order."""

    @property
    def po_sequence(self) -> int | None:
        """Its number in Business Central's purchase order."""

    @property
    def cart_position(self) -> int | None:
        """Its place in the cart, from 1."""


@dataclass(frozen=True, slots=True)
class Named:
    """A decision as it was kept, and as it counts; None where it names nothing that the request has."""

    kept: AnalystDecision
    counts: AnalystDecision | None


def named_now(history: RequestHistory, rows: Rows, lines: Iterable[Line]) -> tuple[Named, ...]:
    """Return the decisions about a request with what they are about by its present names.

    Args:
        history: with the decisions, also those about purchase orders before the request claimed them.
        rows: the current rows of the request.
        lines: its lines as they are now.
    """
    # As a rule nobody has decided anything.
    if not history.decisions:
        return ()
    names = _Names(history, rows, tuple(lines))
    return tuple(Named(one, names.of(one)) for one in history.decisions)


class _Names:
    def __init__(self, history: RequestHistory, rows: Rows, lines: Sequence[Line]) -> None:
        self._history = history
        self._rows = rows
        self._lines = lines
        self._keys = {line.key for line in lines}
        self._request = history.key.request_no
        orders = {row.body.number for row in history.orders}
        stand_ins = {key_of_order(history.key.account, order).request_no: order for order in orders}
        self._stand_ins = {name: order for name, order in stand_ins.items() if name != self._request}

    def of(self, decision: AnalystDecision) -> AnalystDecision | None:
        """Return a decision by the present names of what it is about."""
        if decision.line_key is not None:
            return replace(decision, line_key=self._line(decision.line_key) or decision.line_key)
        owner, slash, line = decision.subject.rpartition("/")
        if decision.subject in self._stand_ins:
            owner, slash, line = decision.subject, "", ""
        if owner not in self._stand_ins:
            key = self._line(line) if slash and owner == self._request else None
            return decision if key is None else replace(decision, subject=f"{owner}/{key}")
        if self._stand_ins[owner] != self._rows.order_id:
            return None
        if not slash:
            return replace(decision, subject=self._request)
        # A plain number is one of Business Central's: there of the purchase order's lines, here of the request's.
        now = self._of_sequence(int(line)) if line.isascii() and line.isdecimal() else self._line(line)
        return None if now is None else replace(decision, subject=f"{self._request}/{now}")

    def _line(self, name: str) -> str | None:
        """Return the key of the line that a key means now; None where there is none."""
        passing = PASSING.fullmatch(name)
        if name in self._keys or passing is None:
            return name if name in self._keys else None
        form, number = passing[1], int(passing[2])
        if form == "cart":
            return self._only(lambda line: line.cart_position == number)
        if form == "copy":
            return self._of_copy(number)
        goods = goods_of(self._rows.order.body) if self._rows.order is not None else []
        return self._of_sequence(goods[number - 1].sequence) if 0 < number <= len(goods) else None

    def _of_sequence(self, sequence: int) -> str | None:
        """Return the line that a line of the purchase order is, or that it was made from."""
        found = self._only(lambda line: line.po_sequence == sequence)
        if found is not None or self._rows.order is None or self._rows.request is None:
            return found
        asked = request_lines_of(goods_of(self._rows.order.body), self._rows.request.body).get(sequence)
        key = "" if asked is None else str(asked.line_number)
        return key if key in self._keys else None

    def _of_copy(self, place: int) -> str | None:
        """Return the line at a place of the copy of the order; None where copies disagree about its number."""
        copies = (one.body for one in self._history.order_requests if one.body.order_id == self._rows.order_id)
        numbers = {number_of(line) for copy in copies for line in copy.lines if line.ordinal == place}
        return self._only(lambda line: numbers == {line.order_line_number})

    def _only(self, is_meant: Callable[[Line], bool]) -> str | None:
        found = [line.key for line in self._lines if is_meant(line)]
        return found[0] if len(found) == 1 else None
