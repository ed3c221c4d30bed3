"""The axes and the header stage are total: every combination has exactly one value, the first whose condition holds.

The conditions are written here once more, each on its own as a predicate, and compared with what the functions say.
"""

# ruff: noqa: ARG005 - a condition takes all the numbers of its axis, also those it does not need

from collections.abc import Callable
from itertools import combinations_with_replacement, product

import pytest

from punchout.reconciliation.stages import (
    HeaderFacts,
    InvoiceAxis,
    LineState,
    MoveAxis,
    OrderAxis,
    Stage,
    header_stage,
    invoice_axis,
    order_axis,
    ship_axis,
)

ORDERED = range(5)
DECIDED = range(6)
MOVED = range(-1, 7)
BILLED = range(-3, 7)
FLAGS = (False, True)

# In the order in which the first match wins.
ORDER_CONDITIONS: dict[OrderAxis, Callable[[int, int, int, int, bool], bool]] = {
    OrderAxis.NONE: lambda o, a, r, b, c: o == 0,
    OrderAxis.CANCELLED: lambda o, a, r, b, c: c,
    OrderAxis.OVER: lambda o, a, r, b, c: a + r + b > o,
    OrderAxis.REJECTED: lambda o, a, r, b, c: r == o,
    OrderAxis.CONFIRMED: lambda o, a, r, b, c: a == o,
    OrderAxis.SETTLED: lambda o, a, r, b, c: a + r == o,
    OrderAxis.BACKORDERED: lambda o, a, r, b, c: b > 0 and a == 0,
    OrderAxis.SENT: lambda o, a, r, b, c: a == 0 and r == 0 and b == 0,
    OrderAxis.PARTIAL: lambda o, a, r, b, c: True,
}
# Written so that they exclude one another: exactly one holds.
SHIP_CONDITIONS: dict[MoveAxis, Callable[[int, int], bool]] = {
    MoveAxis.NONE: lambda x, eff: x <= 0,
    MoveAxis.OVER: lambda x, eff: x > 0 and x > eff,
    MoveAxis.FULL: lambda x, eff: x > 0 and x == eff,
    MoveAxis.PARTIAL: lambda x, eff: 0 < x < eff,
}
INVOICE_CONDITIONS: dict[InvoiceAxis, Callable[[int, int, bool], bool]] = {
    InvoiceAxis.CREDITED: lambda i, eff, credits_exist: credits_exist and i <= 0,
    InvoiceAxis.NONE: lambda i, eff, credits_exist: not credits_exist and i <= 0,
    InvoiceAxis.OVER: lambda i, eff, credits_exist: i > 0 and i > eff,
    InvoiceAxis.FULL: lambda i, eff, credits_exist: i > 0 and i == eff,
    InvoiceAxis.PARTIAL: lambda i, eff, credits_exist: 0 < i < eff,
}


def test_every_combination_of_decisions_has_the_first_order_axis_whose_condition_holds() -> None:
    for o, a, r, b, cancelled in product(ORDERED, DECIDED, DECIDED, DECIDED, FLAGS):
        holding = [value for value, holds in ORDER_CONDITIONS.items() if holds(o, a, r, b, cancelled)]
        assert order_axis(o, a, r, b, cancelled) is holding[0], (o, a, r, b, cancelled)


def test_every_shipped_quantity_has_the_one_ship_axis_whose_condition_holds() -> None:
    for x, eff in product(MOVED, DECIDED):
        assert [ship_axis(x, eff)] == [value for value, holds in SHIP_CONDITIONS.items() if holds(x, eff)], (x, eff)


def test_every_invoiced_quantity_has_the_one_invoice_axis_whose_condition_holds() -> None:
    for i, eff, credits_exist in product(BILLED, DECIDED, FLAGS):
        holding = [value for value, holds in INVOICE_CONDITIONS.items() if holds(i, eff, credits_exist)]
        assert [invoice_axis(i, eff, credits_exist)] == holding, (i, eff, credits_exist)


@pytest.mark.parametrize("axis", list(OrderAxis))
def test_every_order_axis_is_reached_by_some_numbers(axis: OrderAxis) -> None:
    assert axis in {line.order for line in LINES}


def _reachable_lines() -> list[LineState]:
    """Every state of a line that any combination of numbers reaches; the header sees nothing else of it."""
    found: set[LineState] = set()
    moves = {eff: {ship_axis(x, eff) for x in MOVED} for eff in DECIDED}
    bills = {eff: {invoice_axis(i, eff, flag) for i in BILLED for flag in FLAGS} for eff in DECIDED}
    for o, a, r, b, cancelled, named in product(ORDERED, DECIDED, DECIDED, DECIDED, FLAGS, FLAGS):
        eff = a if named else o
        order = order_axis(o, a, r, b, cancelled)
        found.update(
            LineState(order=order, ship=ship, receipt=receipt, invoice=bill, accepted=a > 0, resolved=a + r >= o)
            for ship, receipt, bill in product(moves[eff], moves[eff], bills[eff])
        )
    return sorted(found, key=repr)


LINES = _reachable_lines()
MOVED_ALL = {MoveAxis.FULL, MoveAxis.OVER}
BILLED_ALL = {InvoiceAxis.FULL, InvoiceAxis.OVER, InvoiceAxis.CREDITED}


def _ordered(facts: HeaderFacts) -> list[LineState]:
    return [line for line in facts.lines if line.order != "none"]


def _dead(line: LineState) -> bool:
    """All of it is refused."""
    return line.order != "cancelled" and line.resolved and not line.accepted


def _live(facts: HeaderFacts) -> list[LineState]:
    return [
        line for line in _ordered(facts) if not _dead(line) and not (line.order == "cancelled" and line.ship == "none")
    ]


def _any_line(facts: HeaderFacts, holds: Callable[[LineState], bool]) -> bool:
    return any(holds(line) for line in _live(facts))


def _all_lines(facts: HeaderFacts, holds: Callable[[LineState], bool]) -> bool:
    return bool(_live(facts)) and all(holds(line) for line in _live(facts))


def _nothing_lives(facts: HeaderFacts) -> bool:
    return bool(_ordered(facts)) and not _live(facts)


def _arrived(facts: HeaderFacts) -> bool:
    return _all_lines(facts, lambda line: line.ship in MOVED_ALL and line.receipt in MOVED_ALL)


HEADER_CONDITIONS: dict[Stage, Callable[[HeaderFacts], bool]] = {
    Stage.REJECTED: lambda facts: _nothing_lives(facts) and all(_dead(line) for line in _ordered(facts)),
    Stage.CLOSED: lambda facts: (
        facts.receipts_in_scope
        and not facts.open_errors
        and _arrived(facts)
        and _all_lines(facts, lambda line: line.invoice in BILLED_ALL)
    ),
    Stage.INVOICED: lambda facts: _all_lines(facts, lambda line: line.invoice in BILLED_ALL),
    Stage.PARTIALLY_INVOICED: lambda facts: _any_line(facts, lambda line: line.invoice != "none"),
    Stage.SHIPPED: lambda facts: _all_lines(facts, lambda line: line.ship in MOVED_ALL),
    Stage.PARTIALLY_SHIPPED: lambda facts: _any_line(facts, lambda line: line.ship != "none"),
    Stage.ORDER_CONFIRMED: lambda facts: (
        _all_lines(facts, lambda line: line.resolved) and _any_line(facts, lambda line: line.accepted)
    ),
    Stage.PARTIALLY_CONFIRMED: lambda facts: _any_line(facts, lambda line: line.accepted),
    Stage.SEND_FAILED: lambda facts: not _nothing_lives(facts) and facts.sending == "refused",
    Stage.CANCELLED: lambda facts: _nothing_lives(facts) or facts.sending == "cancelled",
    Stage.PO_SENT: lambda facts: facts.at_supplier,
    Stage.PO_QUEUED: lambda facts: facts.sending is not None,
    Stage.PO_CREATED: lambda facts: facts.purchase_order,
    Stage.RELEASED: lambda facts: facts.bc_status == "released",
    Stage.PENDING_APPROVAL: lambda facts: facts.bc_status == "pendingApproval",
    Stage.CART_RECEIVED: lambda facts: facts.cart,
    Stage.NEW: lambda facts: True,
}


def _first_holding(facts: HeaderFacts) -> Stage:
    return next(stage for stage, holds in HEADER_CONDITIONS.items() if holds(facts))


def _facts(
    *lines: LineState, sending: str | None = "sent", receipts: bool = False, errors: bool = False
) -> HeaderFacts:
    return HeaderFacts(
        cart=True,
        bc_status="released",
        purchase_order=True,
        sending=sending,
        at_supplier=sending == "sent",
        lines=lines,
        receipts_in_scope=receipts,
        open_errors=errors,
    )


def test_every_line_alone_gives_exactly_the_header_stage_whose_condition_holds_first() -> None:
    for line, sending, receipts, errors in product(LINES, ("sent", "refused", "cancelled", "pending"), FLAGS, FLAGS):
        facts = _facts(line, sending=sending, receipts=receipts, errors=errors)
        assert header_stage(facts) is _first_holding(facts), facts


def test_every_pair_of_lines_gives_exactly_the_header_stage_whose_condition_holds_first() -> None:
    # Receipts only ever decide with everything else complete, so one value of each is enough beside the others.
    reduced = [line for line in LINES if line.receipt in {line.ship, MoveAxis.NONE}]
    for pair in combinations_with_replacement(reduced, 2):
        facts = _facts(*pair, receipts=True)
        assert header_stage(facts) is _first_holding(facts), facts


def test_the_order_of_the_lines_does_not_matter() -> None:
    few = LINES[::7]
    for one, other in product(few, few):
        assert header_stage(_facts(one, other)) is header_stage(_facts(other, one))


def test_before_any_line_is_ordered_every_combination_has_the_first_stage_whose_condition_holds() -> None:
    sendings = (None, "draft", "pending", "sending", "sent", "in_doubt", "blocked", "refused", "cancelled")
    statuses = (None, "open", "pendingApproval", "released", "something else")
    unordered = tuple(line for line in LINES if line.order is OrderAxis.NONE)[:2]
    for lines, cart, status, order, sending, known in product(((), unordered), FLAGS, statuses, FLAGS, sendings, FLAGS):
        facts = HeaderFacts(
            cart=cart,
            bc_status=status,
            purchase_order=order,
            sending=sending,
            at_supplier=known,
            lines=lines,
            receipts_in_scope=False,
            open_errors=False,
        )
        assert header_stage(facts) is _first_holding(facts), facts


def test_every_stage_is_reached() -> None:
    with_lines = {header_stage(_facts(line, receipts=True)) for line in LINES} | {
        header_stage(_facts(*pair)) for pair in product(LINES[::5], repeat=2)
    }
    before = {Stage.NEW, Stage.CART_RECEIVED, Stage.PENDING_APPROVAL, Stage.RELEASED, Stage.PO_CREATED, Stage.PO_QUEUED}
    assert with_lines >= set(Stage) - before - {Stage.SEND_FAILED}


def test_a_line_that_was_cancelled_and_shipped_all_the_same_is_not_hidden() -> None:
    line = LineState(
        order=OrderAxis.CANCELLED,
        ship=MoveAxis.PARTIAL,
        receipt=MoveAxis.NONE,
        invoice=InvoiceAxis.NONE,
        accepted=False,
        resolved=False,
    )
    assert header_stage(_facts(line, sending="cancelled")) is Stage.PARTIALLY_SHIPPED


def test_more_rejected_than_ordered_is_still_rejected() -> None:
    line = LineState(
        order=order_axis(2, 0, 4, 0, cancelled=False),
        ship=MoveAxis.NONE,
        receipt=MoveAxis.NONE,
        invoice=InvoiceAxis.NONE,
        accepted=False,
        resolved=True,
    )
    assert line.order is OrderAxis.OVER
    assert header_stage(_facts(line)) is Stage.REJECTED
