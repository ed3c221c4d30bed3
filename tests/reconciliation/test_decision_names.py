"""A decision counts for what it was about, whatever a request and its lines are called by now."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchout.model.decisions import AnalystDecision
from punchout.model.exact import ONE
from punchout.model.history import RequestHistory
from punchout.model.keys import key_of_order
from punchout.reconciliation.results import Reconciled
from tests.reconciliation.copies import copied_line, order_copy
from tests.reconciliation.histories import (
    KEY,
    ORDER_ID,
    POLICY,
    SENT_AT,
    accept,
    add,
    billing,
    cart,
    codes,
    confirmation,
    history,
    invoice_line,
    item,
    now,
    only,
    order_line,
    part_of,
    purchase_order,
    request,
    request_line,
    sent,
    shipment,
    stated,
    usd,
)
from tests.reconciliation.stories import decided

STAND_IN = key_of_order(KEY.account, ORDER_ID)
BC_SENDS = replace(POLICY, sent_by="bc")
STRANGER = billing(invoice_line(1, 97, 2))
PLACE = f"{stated(STRANGER).source.body_sha256}#1.1"
CONFIRMED = confirmation(item(1, accept(3, unit_price=usd(12))), item(2, accept(1)))
# Numbered otherwise than the purchase order's lines, so that the two can be told apart.
REQUEST = request(
    lines=(
        request_line(1, 3, line_number=70_000, supplier_part_id=part_of(1).supplier_part_id),
        request_line(2, 1, line_number=80_000, supplier_part_id=part_of(2).supplier_part_id),
    )
)
ORDER = purchase_order(
    lines=(order_line(1, 3, punchout_line_number=70_000), order_line(2, 1, punchout_line_number=80_000))
)
ANSWERS = (CONFIRMED, STRANGER)
UNCLAIMED = history(replace(ORDER, punchout_request_number=None), *ANSWERS, key=STAND_IN)
CLAIMED = history(REQUEST, ORDER, *ANSWERS)


def judged(facts: RequestHistory, *decisions: AnalystDecision) -> Reconciled:
    return now(add(facts, *decisions), policy=BC_SENDS)


def closed(found: Reconciled) -> list[str]:
    return [line.key for line in found.lines if line.order_axis == "cancelled"]


def test_a_line_that_was_closed_before_its_order_was_claimed_is_closed_in_the_request() -> None:
    line = replace(decided("close_line", "PO:PO1/order:2"), at=SENT_AT)
    facts = history(REQUEST, ORDER)
    assert closed(judged(history(ORDER, key=STAND_IN), line)) == ["order:2"]
    assert closed(judged(facts, line)) == ["80000"]


def test_a_price_that_was_accepted_before_is_accepted_in_the_request() -> None:
    price = decided("accept_price", "PO:PO1/order:1", price=12 * ONE)
    assert "CONF_PRICE_UP" in codes(judged(CLAIMED))
    assert "CONF_PRICE_UP" not in codes(judged(UNCLAIMED, price))
    assert "CONF_PRICE_UP" not in codes(judged(CLAIMED, price))


def test_an_exception_of_a_line_that_was_let_be_before_is_let_be_in_the_request() -> None:
    waiver = decided("waive", "PO:PO1/order:1", code="CONF_PRICE_UP")
    assert [one.subject_key for one in judged(CLAIMED, waiver).waived] == ["PR1/70000"]


def test_an_exception_of_the_order_as_a_whole_that_was_let_be_is_let_be_in_the_request() -> None:
    copy, again = order_copy(3, 1), replace(stated(order_copy(3, 1)).source, payload_id="again@bc.example")
    twice = add(CLAIMED, copy, replace(stated(copy), source=again))
    assert "OUT_ALREADY_SENT" in codes(judged(twice))
    found = judged(twice, decided("waive", "PO:PO1", code="OUT_ALREADY_SENT"))
    assert [(one.code.value, one.subject_key) for one in found.waived] == [("OUT_ALREADY_SENT", "PR1")]


def test_who_knew_of_an_exception_before_knows_of_it_in_the_request() -> None:
    known = decided("acknowledge", "PO:PO1/order:1", code="CONF_PRICE_UP")
    (found,) = [one for one in judged(CLAIMED, known).exceptions if one.code == "CONF_PRICE_UP"]
    assert (found.subject_key, found.acknowledged_by) == ("PR1/70000", "ann")


def test_a_place_that_was_put_on_a_line_before_is_on_the_same_line_in_the_request() -> None:
    link = decided("link", PLACE, line_key="order:2")
    for facts, key in ((UNCLAIMED, "order:2"), (CLAIMED, "80000")):
        assert [one.line_key for one in judged(facts, link).links if one.rule == "DECISION"] == [key]


def test_of_a_decision_before_the_claim_and_one_after_it_the_later_stands() -> None:
    before = decided("accept_price", "PO:PO1/order:1", price=12 * ONE, at=SENT_AT + 1)
    after = decided("accept_price", "PR1/70000", price=11 * ONE, at=SENT_AT + 2)
    assert "CONF_PRICE_UP" in codes(judged(CLAIMED, before, after))
    assert "CONF_PRICE_UP" not in codes(judged(CLAIMED, replace(before, at=SENT_AT + 3), after))


def test_a_number_of_a_stand_ins_line_is_that_of_the_purchase_orders_line() -> None:
    numbered = request(3, 1)
    crossed = purchase_order(
        lines=(order_line(1, 3, punchout_line_number=20_000), order_line(2, 1, punchout_line_number=10_000))
    )
    assert closed(judged(history(numbered, crossed), decided("close_line", "PO:PO1/10000"))) == ["20000"]


def test_a_line_that_only_the_copy_of_the_order_has_is_found_by_its_place_there() -> None:
    extra = copied_line(3, 2, line_number=9)
    copy = order_copy(3, 1, extra)
    short = replace(ORDER, lines=ORDER.lines[:2])
    line = decided("close_line", "PO:PO1/copy:3")
    assert closed(judged(history(short, copy, key=STAND_IN), line)) == ["copy:3"]
    grown = replace(REQUEST, lines=(*REQUEST.lines, request_line(3, 2, line_number=90_000)))
    assert closed(judged(history(grown, short, copy), line)) == ["90000"]


def test_a_line_of_the_cart_that_was_decided_about_is_the_requests_line_later() -> None:
    price = decided("accept_price", "PR1/cart:1", price=12 * ONE)
    facts = add(sent(3), confirmation(item(1, accept(3, unit_price=usd(12)))))
    assert codes(facts) == ["CONF_PRICE_UP"]
    assert codes(add(facts, price)) == []


UNPLACED = [
    decided("close_line", "PO:PO1/order:3"),
    decided("accept_price", "PO:PO1/97", price=ONE),
    decided("waive", "PO:PO1/copy:1", code="CONF_PRICE_UP"),
    decided("link", PLACE, line_key="order:9"),
]


@pytest.mark.parametrize("decision", UNPLACED, ids=lambda one: one.kind)
def test_a_decision_about_a_line_that_the_request_has_not_is_told_with_who_took_it(decision: AnalystDecision) -> None:
    (found,) = [one for one in judged(CLAIMED, decision).exceptions if one.code == "DECISION_UNPLACED"]
    assert (found.subject_key, found.since, found.amount_at_risk) == ("PR1", decision.at, 0)
    assert decision.kind in found.detail
    assert "by ann" in found.detail
    assert (decision.line_key or decision.subject) in found.detail


def test_a_decision_about_another_purchase_order_that_the_request_once_claimed_is_told() -> None:
    other = replace(ORDER, number="PO0")
    found = judged(add(CLAIMED, other), decided("waive", "PO:PO0", code="OUT_ALREADY_SENT"))
    assert "DECISION_UNPLACED" in codes(found)


def test_what_is_told_of_decisions_that_name_nothing_can_be_let_be() -> None:
    waiver = decided("waive", "PR1", code="DECISION_UNPLACED")
    assert "DECISION_UNPLACED" not in codes(judged(CLAIMED, UNPLACED[0], waiver))


def test_nothing_is_told_while_the_lines_of_the_request_may_still_come() -> None:
    early = history(request(purchase_order_number=None, status="open"), cart(3, 1), replace(ORDER))
    assert "DECISION_UNPLACED" not in codes(add(early, decided("close_line", "PO:PO1/order:1")))


def test_a_place_that_was_put_elsewhere_later_is_not_told() -> None:
    later = decided("link", PLACE, line_key="70000", at=SENT_AT + 1)
    assert "DECISION_UNPLACED" not in codes(judged(CLAIMED, UNPLACED[3], later))


def test_a_place_of_another_request_in_the_same_document_is_not_told() -> None:
    elsewhere = decided("link", f"{PLACE.partition('#')[0]}#2.1", line_key="order:9")
    assert "DECISION_UNPLACED" not in codes(judged(CLAIMED, elsewhere))


KEYS = {"order:1": "70000", "order:2": "80000"}
by_people = st.fixed_dictionaries({"by": st.sampled_from(("ann", "bob")), "at": st.integers(SENT_AT, SENT_AT + 2)})


@st.composite
def in_both_names(draw: Callable[[Any], Any]) -> tuple[AnalystDecision, AnalystDecision]:
    """Make a decision by the stand-in's names, and the same by those of the request."""
    kind = draw(st.sampled_from(("link", "waive", "acknowledge", "accept_price", "close_line")))
    key, more = draw(st.sampled_from(sorted(KEYS))), draw(by_people)
    if kind == "link":
        return decided(kind, PLACE, line_key=key, **more), decided(kind, PLACE, line_key=KEYS[key], **more)
    if kind in {"waive", "acknowledge"}:
        more["code"] = draw(st.sampled_from(("CONF_PRICE_UP", "INV_QTY_OVER", "SHIP_OVERDUE")))
    if kind == "accept_price":
        more["price"] = draw(st.integers(1, 15)) * ONE
    return decided(kind, f"PO:PO1/{key}", **more), decided(kind, f"PR1/{KEYS[key]}", **more)


@given(
    decisions=st.lists(in_both_names(), max_size=5),
    mixed=st.randoms(use_true_random=False),
    shipped=st.booleans(),
)
def test_a_request_comes_to_the_same_whichever_of_its_names_decisions_were_taken_under(
    decisions: list[tuple[AnalystDecision, AnalystDecision]], mixed: Random, *, shipped: bool
) -> None:
    facts = add(CLAIMED, shipment((1, 3))) if shipped else CLAIMED
    expected = judged(facts, *(own for _, own in decisions))
    told = [mixed.choice(both) for both in decisions]
    mixed.shuffle(told)
    assert judged(facts, *told) == expected


def test_an_exception_that_names_nothing_of_the_request_has_a_warning_and_an_action() -> None:
    found = only(add(sent(3), decided("close_line", "PO:PO1/order:3"), purchase_order(3)), "DECISION_UNPLACED")
    assert found.severity == "warning"
