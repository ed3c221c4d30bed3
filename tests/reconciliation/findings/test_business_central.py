"""What Business Central did to an order that the supplier has, or may have."""

from dataclasses import replace

import pytest

from punchout.model.codes import Severity
from punchout.model.history import RequestHistory
from tests.reconciliation.histories import (
    POLICY,
    accept,
    add,
    codes,
    confirmation,
    history,
    invoice,
    item,
    mark,
    now,
    number,
    only,
    order_line,
    ordered_line,
    purchase_order,
    queued,
    reject,
    request,
    result,
    sent,
    shipment,
    stated,
    usd,
)

EMPTIED = stated(purchase_order(lines=(order_line(1, 0), replace(order_line(2, 0), quantity=None))), version=5)
WITHOUT_LINES = stated(purchase_order(lines=()), version=5)


@pytest.mark.parametrize("row", [EMPTIED, WITHOUT_LINES], ids=["no quantity", "no line"])
def test_an_order_that_is_cancelled_here_only_must_be_cancelled_there(row: object) -> None:
    found = only(add(sent(3, 1), row), "BC_CANCELLED_NOT_AT_AMAZON")
    assert (found.subject_key, found.severity) == ("PR1", Severity.CRITICAL)
    assert found.detail == "purchase order PO1 has no quantity left, nothing was shipped"


def test_the_quantities_and_the_stage_stay_as_they_were_queued() -> None:
    found = now(add(sent(3, 1), EMPTIED))
    assert ([line.ordered for line in found.lines], found.stage) == ([3_000_000, 1_000_000], "PO Sent")


def test_after_the_shipment_it_is_an_error() -> None:
    assert only(add(sent(3, 1), EMPTIED, shipment((1, 1))), "BC_CANCELLED_NOT_AT_AMAZON").severity is Severity.ERROR


@pytest.mark.parametrize("outcome", ["in_doubt", "sent"])
def test_an_order_that_may_have_left_counts_as_sent(outcome: str) -> None:
    facts = history(request(3), EMPTIED, queued(3), mark(), result(outcome))
    assert "BC_CANCELLED_NOT_AT_AMAZON" in codes(facts)


@pytest.mark.parametrize(
    "facts",
    [
        history(request(3), EMPTIED, queued(3)),
        history(request(3), EMPTIED, queued(3), mark(), result("refused")),
        history(request(3), EMPTIED, confirmation(item(1, accept(3)))),
        add(sent(3), stated(purchase_order(3), version=5)),
        add(sent(3, 1), EMPTIED, confirmation(type="reject")),
        history(queued(3), mark(), result("sent")),
    ],
    ids=["not sent", "refused", "adopted", "not emptied", "all rejected", "no purchase order"],
)
def test_nothing_is_to_be_cancelled_there(facts: RequestHistory) -> None:
    assert "BC_CANCELLED_NOT_AT_AMAZON" not in codes(facts)


def test_one_line_that_is_left_keeps_the_order_alive() -> None:
    row = stated(purchase_order(lines=(order_line(1, 0), order_line(2, 1))), version=5)
    assert "BC_CANCELLED_NOT_AT_AMAZON" not in codes(add(sent(3, 1), row))


@pytest.mark.parametrize(("local", "expected"), [("USD", []), ("EUR", ["CURRENCY_MISMATCH"]), (None, [])])
def test_a_blank_currency_is_the_local_one(local: str | None, expected: list[str]) -> None:
    policy = replace(POLICY, sent_by="bc", local_currency=local)
    order = purchase_order(lines=(order_line(1, 3),), currency_code=None)
    priced = confirmation(item(1, accept(3, unit_price=usd(10))))
    found = now(history(request(3), order, priced, shipment((1, 3))), policy=policy)
    assert [one.code.value for one in found.exceptions] == expected


def test_a_rejected_order_needs_no_cancelling_line_by_line() -> None:
    facts = add(sent(3), EMPTIED, confirmation(item(1, reject(3))), invoice())
    assert "BC_CANCELLED_NOT_AT_AMAZON" not in codes(facts)


def row(*lines: object, **more: object) -> object:
    return stated(purchase_order(lines=lines, **more), version=5)


def test_a_purchase_order_that_was_changed_after_sending_says_how() -> None:
    changed = row(order_line(1, 4, direct_unit_cost=number(9)))
    found = only(add(sent(3), changed), "BC_QTY_PRICE_DRIFT")
    assert (found.subject_key, found.detail) == ("PR1/10000", "quantity 4, ordered 3, price 9, ordered 10")


def test_a_line_that_is_gone_and_one_that_was_added_are_reported() -> None:
    facts = add(sent(3, 1), row(order_line(1, 3), order_line(5, 1)))
    missing, drift = only(facts, "BC_LINE_MISSING"), only(facts, "BC_QTY_PRICE_DRIFT")
    assert (missing.subject_key, missing.detail) == ("PR1/20000", "purchase order line 20000 is gone")
    assert (drift.subject_key, drift.detail) == ("PR1", "purchase order lines that were not ordered: 50000")


def test_a_comment_line_and_a_blank_price_change_nothing() -> None:
    facts = add(sent(3), row(order_line(1, 3, direct_unit_cost=None), order_line(2, 0, line_type="Comment")))
    assert codes(facts) == []


def test_a_line_of_an_order_that_nobody_can_place_is_missing() -> None:
    lines = (replace(ordered_line(1, 3), po_sequence=None),)
    facts = history(request(3), row(order_line(1, 3)), queued(3, lines=lines), mark(), result("sent"))
    assert only(facts, "BC_LINE_MISSING").detail == "purchase order line without sequence is gone"


def test_changes_before_sending_are_no_drift() -> None:
    assert "BC_QTY_PRICE_DRIFT" not in codes(history(request(3), row(order_line(1, 4)), queued(3)))


@pytest.mark.parametrize(("status", "expected"), [("Open", []), (None, []), ("Draft", ["BC_STATUS_UNEXPECTED"])])
def test_a_purchase_order_that_is_reopened_after_sending_is_reported(status: str | None, expected: list[str]) -> None:
    assert codes(add(sent(3), row(order_line(1, 3), status=status))) == expected


def test_an_order_that_left_without_a_purchase_order_here_is_reported() -> None:
    found = only(history(request(3), queued(3), mark(), result("sent")), "BC_PO_MISSING")
    assert (found.detail, found.subject_key) == ("purchase order PO1 is not known", "PR1")
    assert "BC_PO_MISSING" not in codes(history(request(3), queued(3)))
    assert "BC_PO_MISSING" not in codes(history(request(3, purchase_order_number=None), shipment((1, 3))))
