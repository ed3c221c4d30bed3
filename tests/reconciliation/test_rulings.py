"""Decisions of named people outrank every rule, and only what they say changes."""

from dataclasses import replace

import pytest

from punchout.model.codes import Code
from punchout.model.decisions import AnalystDecision
from punchout.model.exact import ONE
from punchout.model.history import RequestHistory
from punchout.model.values import PartId
from punchout.reconciliation.evidence import explain
from punchout.reconciliation.rulings import lets_be, without_ignored_carts
from tests.reconciliation.histories import (
    MUCH_LATER,
    NOW,
    POLICY,
    SENT_AT,
    accept,
    add,
    backorder,
    billing,
    cart,
    codes,
    confirmation,
    history,
    invoice,
    invoice_line,
    item,
    mark,
    now,
    only,
    part_of,
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
from tests.reconciliation.stories import decided

STRANGER = billing(invoice_line(1, 97, 2))
PLACE = f"{stated(STRANGER).source.body_sha256}#1.1"
FACTS = add(sent(3, 1), STRANGER)


def invoiced(facts: RequestHistory) -> list[int]:
    return [line.invoiced // ONE for line in now(facts).lines]


def test_a_place_that_a_person_puts_on_a_line_counts_there() -> None:
    facts = add(FACTS, decided("link", PLACE, line_key="20000"))
    assert (invoiced(facts), codes(facts)) == ([0, 2], ["INV_QTY_OVER"])
    (link,) = now(facts).links
    assert (link.rule, link.confidence) == ("DECISION", 1000)
    (reason,) = [one for one in explain(facts, POLICY, NOW) if one.field == "invoiced"]
    assert reason.places[0].meaning == "a person put it there"


def test_a_decision_outranks_a_rule_that_is_certain_and_a_unit_that_is_not() -> None:
    bill = billing(invoice_line(1, 1, 1, part=part_of(1), unit="BX"))
    place = f"{stated(bill).source.body_sha256}#1.1"
    assert invoiced(add(sent(3, 1), bill, decided("link", place, line_key="20000"))) == [0, 1]


def test_a_place_that_a_person_takes_off_its_line_is_reported_until_it_is_put_on_another() -> None:
    bill = invoice((1, 3))
    place = f"{stated(bill).source.body_sha256}#1.1"
    off = decided("unlink", place)
    facts = add(sent(3, 1), bill, off)
    assert (invoiced(facts), codes(facts)) == ([0, 0], ["LINE_NOT_FOUND"])
    assert invoiced(add(facts, decided("link", place, line_key="20000", at=SENT_AT + 1))) == [0, 3]


def test_of_two_decisions_of_one_moment_the_one_that_does_less_stands() -> None:
    both = (decided("unlink", PLACE), decided("link", PLACE, line_key="20000"))
    assert invoiced(add(FACTS, *both)) == invoiced(add(FACTS, *reversed(both))) == [0, 0]


def test_a_decision_for_a_line_that_is_not_in_the_order_decides_nothing() -> None:
    assert codes(add(FACTS, decided("link", PLACE, line_key="97"))) == ["LINE_NOT_FOUND"]


def test_a_charge_that_a_person_puts_on_a_line_is_goods() -> None:
    bill = billing(invoice_line(1, None, 1, description="Freight"))
    place = f"{stated(bill).source.body_sha256}#1.1"
    facts = add(sent(3), bill, decided("link", place, line_key="10000"))
    assert (invoiced(facts), now(facts).charges) == ([1], ())


def test_confirmed_and_shipped_places_can_be_put_on_a_line_too() -> None:
    strange, notice = confirmation(item(97, accept(1))), shipment((97, 1))
    places = (f"{stated(strange).source.body_sha256}#1", f"{stated(notice).source.body_sha256}#1.1")
    facts = add(sent(1), strange, notice, *(decided("link", place, line_key="10000") for place in places))
    line = now(facts).lines[0]
    assert (line.accepted, line.shipped, codes(facts)) == (ONE, ONE, [])


def test_a_waived_exception_stands_in_nobodys_way_and_is_still_there_to_see() -> None:
    facts = add(FACTS, decided("waive", PLACE, code="LINE_NOT_FOUND"))
    found = now(facts)
    assert (codes(found), [one.code for one in found.waived]) == ([], [Code.LINE_NOT_FOUND])


def test_a_waiver_of_another_code_or_subject_waives_nothing() -> None:
    others = (decided("waive", PLACE, code="INV_QTY_OVER"), decided("waive", "PR1", code="LINE_NOT_FOUND"))
    assert codes(add(FACTS, *others)) == ["LINE_NOT_FOUND"]


def test_a_waived_error_does_not_keep_a_request_from_being_closed() -> None:
    policy = replace(POLICY, receipts_in_scope=True)
    order = purchase_order(3)
    line = replace(order.lines[0], received_quantity=order.lines[0].quantity)
    row = stated(replace(order, lines=(line,)), version=5)
    facts = add(sent(3), row, shipment((1, 3)), invoice((1, 3), invoice_id="I2"), STRANGER)
    waiver = decided("waive", PLACE, code="LINE_NOT_FOUND")
    assert [now(one, policy=policy).stage.value for one in (facts, add(facts, waiver))] == ["Invoiced", "Closed"]


def test_an_acknowledged_exception_holds_and_says_who_knows_of_it() -> None:
    found = only(add(FACTS, decided("acknowledge", PLACE, code="LINE_NOT_FOUND")), "LINE_NOT_FOUND")
    assert found.acknowledged_by == "ann"
    assert only(FACTS, "LINE_NOT_FOUND").acknowledged_by is None


DEAR = add(
    sent(3),
    confirmation(item(1, accept(3, unit_price=usd(12)))),
    shipment((1, 3)),
    billing(invoice_line(1, 1, 3, unit_price=usd(13), subtotal=usd(39))),
)


def test_an_accepted_price_settles_what_was_confirmed_and_billed_up_to_it() -> None:
    assert codes(DEAR) == ["CONF_PRICE_UP", "INV_PRICE_VARIANCE"]
    assert codes(add(DEAR, decided("accept_price", "PR1/10000", price=12 * ONE))) == ["INV_PRICE_VARIANCE"]
    assert codes(add(DEAR, decided("accept_price", "PR1/10000", price=13 * ONE))) == []


def test_the_latest_of_two_accepted_prices_stands() -> None:
    first = decided("accept_price", "PR1/10000", price=13 * ONE)
    second = decided("accept_price", "PR1/10000", price=11 * ONE, at=SENT_AT + 1)
    assert "CONF_PRICE_UP" in codes(add(DEAR, second, first))


def test_an_accepted_price_without_a_price_accepts_nothing() -> None:
    assert codes(add(DEAR, decided("accept_price", "PR1/10000"))) == codes(DEAR)


def test_a_later_acceptance_without_a_price_takes_none_back() -> None:
    agreed = decided("accept_price", "PR1/10000", price=13 * ONE)
    blank = decided("accept_price", "PR1/10000", at=SENT_AT + 1)
    assert codes(add(DEAR, agreed, blank)) == codes(add(DEAR, agreed)) != codes(DEAR)


CLOSE = decided("close_line", "PR1/10000")


def test_a_closed_line_waits_for_nothing_more() -> None:
    parts = confirmation(item(1, accept(1), reject(1, 2), backorder(1, 3)), item(2, accept(1)))
    facts = add(sent(3, 1), parts, shipment((1, 1), (2, 1)), invoice((1, 1), (2, 1)))
    assert codes(facts) == ["CONF_BACKORDER", "CONF_PARTIAL_QTY", "CONF_REJECTED_LINE"]
    closed = now(add(facts, CLOSE))
    assert (codes(closed), closed.stage) == ([], "Invoiced")
    line = closed.lines[0]
    assert (line.accepted, line.rejected, line.backordered) == (ONE, ONE, ONE)
    assert (line.effective, line.order_axis, line.ship_axis) == (ONE, "settled", "full")


def test_a_line_that_is_closed_before_anything_came_is_cancelled() -> None:
    found = now(add(sent(3, 1), confirmation(item(1, accept(3)), item(2, accept(1))), CLOSE))
    assert [line.order_axis.value for line in found.lines] == ["cancelled", "confirmed"]
    assert found.stage == "Order Confirmed"
    assert now(add(sent(3), CLOSE)).stage == "Cancelled"


def test_what_is_billed_beyond_what_came_of_a_closed_line_is_too_much() -> None:
    facts = add(sent(3), confirmation(item(1, accept(3))), shipment((1, 2)), invoice((1, 3)), CLOSE)
    assert only(facts, "INV_QTY_OVER").detail == "3 invoiced, 2 came before it was closed"


def test_an_ignored_document_counts_for_nothing() -> None:
    notice = shipment((1, 3))
    sha = stated(notice).source.body_sha256
    facts = add(sent(3), notice, decided("ignore_doc", sha))
    found = now(facts)
    assert (found.lines[0].shipped, found.links) == (0, ())
    assert [(state.body_sha256, state.standing) for state in found.versions] == [(sha, "ignored")]


def test_an_ignored_update_replaces_nothing() -> None:
    first = shipment((1, 1))
    update = shipment((1, 3), operation="update", notice=MOMENT)
    facts = add(sent(3), first, update, decided("ignore_doc", f"{stated(update).source.body_sha256}#1"))
    assert now(facts).lines[0].shipped == ONE


MOMENT = shipment().shipment_date


def test_an_ignored_cart_is_nothing_to_order_from_and_leaves_everything_else_where_it_was() -> None:
    stays, goes = stated(cart(3)), stated(cart(4, cookie="cookie-2"))
    notice = shipment((1, 3))
    ignored = [decided("ignore_doc", stated(body).source.body_sha256) for body in (goes.body, notice)]
    facts = add(history(request(3), stays, goes), notice, *ignored)
    assert without_ignored_carts(facts) == replace(facts, carts=(stays,))


def test_an_ignored_answer_still_proves_that_the_supplier_has_the_order() -> None:
    answer = confirmation(item(1, accept(3)))
    base = history(request(3), purchase_order(3), cart(3), queued(3), mark(), result("in_doubt"), answer)
    found = now(add(base, decided("ignore_doc", stated(answer).source.body_sha256)), MUCH_LATER)
    assert (found.outbox_state, found.stage, found.lines[0].accepted) == ("sent", "PO Sent", 0)


@pytest.mark.parametrize("kind", ["link", "unlink", "waive", "accept_price", "close_line", "ignore_doc", "acknowledge"])
def test_a_decision_about_something_else_changes_nothing(kind: str) -> None:
    other = decided(kind, "elsewhere", line_key="10000", code="LINE_NOT_FOUND", price=ONE)  # type: ignore[arg-type]
    assert now(add(FACTS, other)) == now(FACTS)


def test_a_conflict_is_settled_by_a_decision() -> None:
    bill = billing(invoice_line(1, 1, 3, part=PartId("B0NEW")))
    place = f"{stated(bill).source.body_sha256}#1.1"
    facts = add(sent(3), bill, shipment((1, 3)))
    assert codes(facts) == ["LINE_PART_CONFLICT"]
    assert codes(add(facts, decided("link", place, line_key="10000"))) == []


@pytest.mark.parametrize(
    ("decision", "is_let_be"),
    [
        (decided("waive", PLACE, code="ORDER_NOT_FOUND"), True),
        (decided("ignore_doc", PLACE.partition("#")[0]), True),
        (decided("waive", PLACE, code="ORDER_REF_CONFLICT"), False),
        (decided("waive", f"{PLACE}.1", code="ORDER_NOT_FOUND"), False),
        (decided("acknowledge", PLACE, code="ORDER_NOT_FOUND"), False),
        (decided("ignore_doc", "0" * 64), False),
    ],
)
def test_an_exception_of_a_document_without_a_request_is_let_be_by_its_code_and_place_or_with_its_document(
    decision: AnalystDecision,
    is_let_be: bool,  # noqa: FBT001 - what the rows above say
) -> None:
    assert lets_be([decision], Code.ORDER_NOT_FOUND, PLACE) is is_let_be
