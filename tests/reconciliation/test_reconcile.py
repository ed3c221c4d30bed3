"""One request through its stages, and what is said of it besides."""

from dataclasses import replace

import pytest

from punchout.model.history import RequestHistory
from punchout.model.keys import key_of_order
from punchout.reconciliation.reconcile import reconcile
from tests.reconciliation.histories import (
    KEY,
    MUCH_LATER,
    NOW,
    ORDER_ID,
    POLICY,
    SENT_AT,
    accept,
    add,
    at,
    backorder,
    cart,
    confirmation,
    history,
    invoice,
    item,
    mark,
    micros,
    now,
    number,
    order_line,
    purchase_order,
    queued,
    reject,
    request,
    resolved,
    result,
    sent,
    shipment,
)

BC_SENDS = replace(POLICY, sent_by="bc")
BARE = request(status="open", purchase_order_number=None, released=None)


def stage(facts: RequestHistory) -> str:
    return now(facts).stage.value


def test_a_request_without_a_cart_is_new() -> None:
    assert stage(history(BARE)) == "New"


def test_nothing_known_is_new() -> None:
    assert stage(RequestHistory(key=KEY)) == "New"


def test_a_cart_is_received() -> None:
    assert stage(history(BARE, cart(3))) == "Cart Received"


def test_a_request_without_lines_shows_no_cart_that_business_central_has_received() -> None:
    facts = history(request(status="open", lines=(), purchase_order_number=None))
    assert now(facts, policy=replace(POLICY, received_by="bc")).stage == "New"


@pytest.mark.parametrize(("received_by", "expected"), [("bc", "Cart Received"), ("pipeline", "New")])
def test_lines_of_the_request_mean_a_cart_only_where_business_central_receives_it(
    received_by: str, expected: str
) -> None:
    listed = request(3, status="open", purchase_order_number=None)
    policy = replace(POLICY, received_by=received_by)  # type: ignore[arg-type]
    assert now(history(listed), policy=policy).stage == expected


def test_a_request_waits_for_approval() -> None:
    assert stage(history(replace(BARE, status="pendingApproval"), cart(3))) == "Pending Approval"


def test_a_request_is_released() -> None:
    assert stage(history(request(3, purchase_order_number=None), cart(3))) == "Released"


def test_a_request_has_its_purchase_order() -> None:
    found = now(history(request(3), cart(3), purchase_order(3)))
    assert (found.stage, found.order_id, found.outbox_state) == ("PO Created", ORDER_ID, None)


def test_a_purchase_order_is_known_by_the_requests_word() -> None:
    assert stage(history(request(3))) == "PO Created"


@pytest.mark.parametrize("outcome", ["pending", "in_doubt", "blocked"])
def test_an_order_that_the_supplier_may_not_have_is_queued(outcome: str) -> None:
    found = now(history(request(3), queued(3), mark(), result(outcome)))
    assert (found.stage, found.outbox_state) == ("PO Queued", outcome)


def test_an_order_is_sent() -> None:
    found = now(sent(3))
    assert (found.stage, found.outbox_state, found.lines[0].order_axis) == ("PO Sent", "sent", "sent")


def test_a_refused_order_failed() -> None:
    assert stage(history(request(3), queued(3), mark(), result("refused"))) == "Send Failed"


def test_a_refused_order_that_is_confirmed_all_the_same_is_confirmed() -> None:
    facts = history(request(3), queued(3), mark(), result("refused"), confirmation(item(1, accept(3))))
    assert stage(facts) == "Order Confirmed"


def test_an_order_is_confirmed_in_part_while_some_quantity_waits() -> None:
    assert stage(add(sent(3), confirmation(item(1, accept(1), backorder(2, 2))))) == "Partially Confirmed"


def test_an_order_with_a_rejected_line_is_confirmed_when_the_others_are() -> None:
    assert stage(add(sent(3, 1), confirmation(item(1, accept(3)), item(2, reject(1))))) == "Order Confirmed"


def test_an_order_of_which_everything_waits_is_still_only_sent() -> None:
    assert stage(add(sent(3), confirmation(item(1, backorder(3))))) == "PO Sent"


def test_an_order_of_which_all_is_rejected_is_rejected() -> None:
    assert stage(add(sent(3), confirmation(item(1, reject(3))))) == "Rejected"


def test_an_order_ships_in_part_and_in_full() -> None:
    facts = add(sent(3, 1), confirmation(type="accept"), shipment((1, 3)))
    assert stage(facts) == "Partially Shipped"
    assert stage(add(facts, shipment((2, 1), shipment_id="S2"))) == "Shipped"


def test_an_order_is_invoiced_in_part_and_in_full() -> None:
    facts = add(sent(3, 1), confirmation(type="accept"), shipment((1, 3), (2, 1)), invoice((1, 3)))
    assert stage(facts) == "Partially Invoiced"
    assert stage(add(facts, invoice((2, 1), invoice_id="I2"))) == "Invoiced"


def test_a_full_credit_does_not_bring_an_invoiced_order_back() -> None:
    credit = invoice((1, 3), invoice_id="C1", purpose="lineLevelCreditMemo")
    assert stage(add(sent(3), shipment((1, 3)), invoice((1, 3)), credit)) == "Invoiced"


def received(quantity: int) -> RequestHistory:
    order = purchase_order(lines=(order_line(1, 3, received_quantity=number(quantity)),))
    return history(
        request(3),
        order,
        queued(3),
        mark(),
        result("sent"),
        confirmation(type="accept"),
        shipment((1, 3)),
        invoice((1, 3)),
    )


def test_with_receipts_in_scope_an_order_is_closed_when_all_has_arrived() -> None:
    policy = replace(POLICY, receipts_in_scope=True)
    stages = [now(received(quantity), policy=policy).stage for quantity in (0, 2, 3)]
    assert stages == ["Invoiced", "Invoiced", "Closed"]


def test_an_open_error_keeps_an_order_from_being_closed() -> None:
    over = add(received(3), invoice((1, 1), invoice_id="I2"))
    assert now(over, policy=replace(POLICY, receipts_in_scope=True)).stage == "Invoiced"


def test_without_receipts_in_scope_invoiced_is_the_last_stage() -> None:
    assert stage(received(3)) == "Invoiced"


def test_a_person_cancels_an_order_that_never_left() -> None:
    found = now(history(request(3), queued(3), resolved("cancelled", SENT_AT + 1)))
    assert (found.stage, found.outbox_state, found.lines[0].order_axis) == ("Cancelled", "cancelled", "cancelled")


def test_an_answer_settles_an_order_in_doubt() -> None:
    facts = add(
        history(request(3), purchase_order(3), queued(3), mark(), result("in_doubt")),
        confirmation(item(1, accept(3))),
    )
    found = now(facts)
    assert (found.outbox_state, found.stage, found.exceptions) == ("sent", "Order Confirmed", ())


def test_an_order_from_before_the_cut_over_is_adopted_and_tracked() -> None:
    policy = replace(POLICY, cutover_at=micros("2026-03-03T18:00:00Z"))
    facts = history(request(3), purchase_order(3))
    found = now(facts, policy=policy)
    assert (found.adopted, found.stage, found.lines[0].inferred) == (True, "PO Created", True)
    confirmed = now(add(facts, confirmation(item(1, accept(3)))), policy=policy)
    assert (confirmed.stage, confirmed.lines[0].accepted) == ("Order Confirmed", confirmed.lines[0].ordered)


def test_an_adopted_order_with_a_confirmation_id_in_business_central_is_sent() -> None:
    found = now(history(request(3, order_confirmation_id="111-1"), purchase_order(3)))
    assert (found.adopted, found.stage, found.outbox_state) == (True, "PO Sent", None)


def test_where_business_central_sends_nothing_is_adopted() -> None:
    facts = history(request(3), purchase_order(3))
    assert now(facts, policy=BC_SENDS).stage == "PO Created"
    found = now(add(facts, confirmation(item(1, backorder(3)))), policy=BC_SENDS)
    assert (found.adopted, found.outbox_state, found.stage, found.exceptions[0].code) == (
        False,
        None,
        "PO Sent",
        "CONF_BACKORDER",
    )


def test_money_at_risk_of_an_order_that_was_not_queued_is_the_purchase_orders() -> None:
    facts = history(request(3), purchase_order(3), confirmation(type="reject"))
    (found,) = [one for one in now(facts, policy=BC_SENDS).exceptions if one.code == "CONF_REJECTED_ORDER"]
    assert (found.amount_at_risk, found.currency) == (30_000_000, "USD")


def test_a_purchase_order_without_a_request_is_tracked_too() -> None:
    facts = history(purchase_order(3), confirmation(item(1, accept(3))), key=key_of_order(KEY.account, ORDER_ID))
    found = now(facts, policy=BC_SENDS)
    assert (found.key.request_no, found.stage) == ("PO:PO1", "Order Confirmed")


def test_a_price_that_nobody_knows_puts_nothing_at_risk() -> None:
    bare = purchase_order(currency_code=None, lines=(order_line(1, 3, direct_unit_cost=None, punchout_line_number=9),))
    facts = history(request(3), bare, confirmation(type="reject"))
    (found,) = [one for one in now(facts, policy=BC_SENDS).exceptions if one.code == "CONF_REJECTED_ORDER"]
    assert (found.amount_at_risk, found.currency) == (0, None)


def test_every_line_stands_at_its_own_value_of_the_order_axis() -> None:
    found = now(add(sent(3, 1, 1), confirmation(item(1, accept(3)), item(2, reject(1)))))
    assert sorted(line.order_axis.value for line in found.lines) == ["confirmed", "rejected", "sent"]


def events(facts: RequestHistory) -> list[tuple[str, int]]:
    return [(event.what, event.at) for event in now(facts, MUCH_LATER).timeline]


def test_the_timeline_tells_what_happened_at_the_times_the_facts_state() -> None:
    noticed = confirmation(item(1, accept(3)), notice=at("2026-03-04T18:00:00Z"))
    facts = add(sent(3), noticed, shipment((1, 3)), invoice((1, 3)))
    assert events(facts) == [
        ("Released", micros("2026-03-03T16:00:00Z")),
        ("Cart Received", SENT_AT),
        ("PO Queued", SENT_AT),
        ("PO Sent", SENT_AT),
        ("Confirmation", micros("2026-03-04T18:00:00Z")),
        ("Shipment", micros("2026-03-05T09:00:00Z")),
        ("Invoice", micros("2026-03-06T12:00:00Z")),
    ]


def test_a_refusal_stands_in_the_timeline() -> None:
    facts = history(queued(3), mark(), result("refused", when=SENT_AT + 5))
    assert events(facts) == [("PO Queued", SENT_AT), ("Send Failed", SENT_AT + 5)]


def test_returns_plans_and_credits_are_called_what_they_are() -> None:
    facts = add(
        sent(3),
        shipment((1, 1), shipment_id="S2", type="planned"),
        shipment((1, 1), shipment_id="S3", reason="return"),
        invoice((1, 1), purpose="lineLevelCreditMemo"),
    )
    assert {what for what, _ in events(facts)} >= {"Planned Shipment", "Return", "Credit"}


@pytest.mark.parametrize("shipped", [None, at("2026-03-05")])
def test_a_shipment_without_an_instant_stands_at_its_notice(shipped: object) -> None:
    facts = history(shipment((1, 1), shipment_date=shipped))
    assert events(facts) == [("Shipment", micros("2026-03-05T10:00:00Z"))]


def test_a_release_known_by_its_day_has_no_place_in_the_timeline() -> None:
    assert events(history(request(3, released=at("2026-03-03")))) == []


def test_reconciling_says_nothing_about_the_clock() -> None:
    facts = sent(3)
    assert reconcile(facts, POLICY, NOW) == reconcile(facts, POLICY, NOW)
