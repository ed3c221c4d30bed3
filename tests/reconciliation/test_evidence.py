"""Why a value is what it is: the places it rests on and the rule that made it."""

from dataclasses import replace

import pytest

from punchout.model.documents import ShipPortion
from punchout.model.exact import ONE
from punchout.model.history import RequestHistory
from punchout.reconciliation.evidence import explain
from punchout.reconciliation.reasons import Reason
from tests.reconciliation.histories import (
    NOW,
    PAYLOAD,
    POLICY,
    REFERENCE,
    SENT_AT,
    accept,
    add,
    backorder,
    cart,
    confirmation,
    history,
    invoice,
    item,
    mark,
    micros,
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
    stated,
)

BC_SENDS = replace(POLICY, sent_by="bc")


def why(facts: RequestHistory, field: str, policy: object = POLICY) -> Reason:
    (found,) = [reason for reason in explain(facts, policy, NOW) if reason.field == field]  # type: ignore[arg-type]
    return found


def places(reason: Reason) -> list[tuple[int | None, str, tuple[int, ...], str]]:
    return [(place.document_id, place.record, place.ordinals, place.field) for place in reason.places]


def test_an_accepted_quantity_names_the_status_the_rule_and_its_share() -> None:
    facts = add(sent(3), stated(confirmation(item(1, accept(2), reject(1, 2))), 7))
    reason = why(facts, "accepted")
    assert (reason.subject_kind, reason.subject_key, reason.value) == ("line", "PR1/10000", "2")
    assert places(reason) == [(7, "ConfirmationStatus", (1, 1), "quantity")]
    (place,) = reason.places
    assert (place.rule, place.quantity) == ("L1/970", 2 * ONE)
    assert place.meaning == "line number agrees, and there is no part id to compare"


def test_a_quantity_that_the_header_decides_names_the_header() -> None:
    reason = why(add(sent(3), stated(confirmation(type="reject"), 7)), "rejected")
    assert places(reason) == [(7, "Confirmation", (), "type")]
    assert reason.places[0].rule == "HEADER/1000"


def test_a_backordered_quantity_is_explained_too() -> None:
    assert why(add(sent(3), confirmation(item(1, backorder(3)))), "backordered").value == "3"


def test_a_shipped_quantity_names_the_item_and_a_whole_shipment_its_portion() -> None:
    whole = shipment(portions=(ShipPortion(ordinal=1, order=REFERENCE),), shipment_id="S2")
    reason = why(add(sent(3), stated(shipment((1, 2)), 7), stated(whole, 8)), "shipped")
    assert places(reason) == [(7, "ShipItem", (1, 1), "quantity"), (8, "ShipPortion", (1,), "order")]
    assert [place.rule for place in reason.places] == ["L1/970", "WHOLE/1000"]


def test_a_return_is_explained_and_a_plan_is_not_counted() -> None:
    back = shipment((1, 1), shipment_id="S2", reason="return")
    plan = shipment((1, 1), shipment_id="S3", type="planned")
    facts = add(sent(3), stated(shipment((1, 2)), 7), stated(back, 8), stated(plan, 9))
    assert [place.document_id for place in why(facts, "returned").places] == [8]
    assert sorted(place.document_id or 0 for place in why(facts, "shipped").places) == [7, 8]


def test_invoiced_and_credited_quantities_name_the_invoice_lines() -> None:
    credit = invoice((1, 1), invoice_id="C1", purpose="lineLevelCreditMemo")
    facts = add(sent(3), stated(invoice((1, 3)), 7), stated(credit, 8))
    assert sorted(place.quantity or 0 for place in why(facts, "invoiced").places) == [-ONE, 3 * ONE]
    assert places(why(facts, "credited")) == [(8, "InvoiceLine", (1, 1), "quantity")]


@pytest.mark.parametrize(
    ("field", "value", "record", "of"),
    [
        ("shipping_date", "2026-03-05", "ShipNotice", "shipment_date"),
        ("delivery_date", "2026-03-08", "ShipNotice", "delivery_date"),
        ("invoice_id", "I1", "Invoice", "invoice_id"),
        ("invoice_date", "2026-03-06", "Invoice", "invoice_date"),
    ],
)
def test_a_projected_value_names_the_field_it_was_taken_from(field: str, value: str, record: str, of: str) -> None:
    facts = add(sent(3), stated(shipment((1, 3)), 7), stated(invoice((1, 3)), 7))
    reason = why(facts, field)
    assert (reason.value, places(reason)) == (value, [(7, record, (), of)])


def test_a_line_without_documents_has_no_dates_to_explain() -> None:
    fields = {reason.field for reason in explain(sent(3), POLICY, NOW)}
    assert fields == {"stage", "order_id", "outbox_state", "ordered"}


def test_the_order_confirmation_id_names_the_header_or_the_status() -> None:
    split = confirmation(item(1, accept(1), accept(2, 2, confirm_id="111-2")))
    reason = why(add(sent(3), stated(split, 7)), "order_confirmation_id")
    assert (reason.value, reason.rule) == ("111-1", "earliest notice of 2")
    assert places(reason) == [(7, "Confirmation", (), "confirm_id"), (7, "ConfirmationStatus", (1, 2), "confirm_id")]


@pytest.mark.parametrize(
    ("more", "stage", "record"),
    [
        ((confirmation(item(1, accept(3))),), "Order Confirmed", "ConfirmationStatus"),
        ((shipment((1, 3)),), "Shipped", "ShipItem"),
        ((invoice((1, 3)),), "Invoiced", "InvoiceLine"),
        ((), "PO Sent", "OrderQueued"),
    ],
)
def test_a_stage_names_the_statements_of_the_axis_that_decides(
    more: tuple[object, ...], stage: str, record: str
) -> None:
    reason = why(add(sent(3), *more), "stage")
    assert (reason.value, reason.places[0].record) == (stage, record)


def test_a_stage_before_the_order_names_the_row() -> None:
    waiting = request(3, status="pendingApproval", purchase_order_number=None)
    reason = why(history(stated(waiting, 7, row=4)), "stage")
    assert places(reason) == [(7, "BcRequest", (4,), "status")]


def test_a_stage_of_a_cart_alone_names_nothing() -> None:
    assert why(history(cart(3)), "stage").places == ()


def test_the_outbox_state_names_the_facts_of_sending() -> None:
    facts = history(request(3), queued(3), mark(), result("in_doubt"), resolved("sent", SENT_AT + 1))
    reason = why(facts, "outbox_state")
    assert [place.record for place in reason.places] == ["OrderQueued", "SendMarked", "SendResult", "SendResolved"]
    assert {place.source for place in reason.places} == {PAYLOAD}
    assert reason.places[0].meaning is None


def test_an_order_that_waits_names_what_was_queued_alone() -> None:
    assert [place.record for place in why(history(queued(3)), "outbox_state").places] == ["OrderQueued"]


def test_the_ordered_quantity_is_the_frozen_one() -> None:
    reason = why(sent(3), "ordered")
    assert (reason.value, places(reason)) == ("3", [(None, "OrderedLine", (1,), "quantity")])


def test_where_business_central_sends_the_ordered_quantity_is_the_purchase_orders() -> None:
    facts = history(request(3), stated(purchase_order(3), 7, row=2))
    assert places(why(facts, "ordered", BC_SENDS)) == [(7, "BcOrderLine", (2, 1), "quantity")]


def test_the_received_quantity_names_the_purchase_order_line() -> None:
    other = order_line(2, 1)
    order = purchase_order(lines=(order_line(1, 3, received_quantity=number(2)), other))
    facts = history(request(3), stated(order, 7, row=2), queued(3))
    assert (why(facts, "received").value, places(why(facts, "received"))) == (
        "2",
        [(7, "BcOrderLine", (2, 1), "received_quantity")],
    )


def test_an_order_id_names_the_row_that_states_it() -> None:
    by_order = why(history(request(3), stated(purchase_order(3), 7)), "order_id")
    by_request = why(history(stated(request(3), 8)), "order_id")
    assert (places(by_order), places(by_request)) == (
        [(7, "BcOrder", (0,), "number")],
        [(8, "BcRequest", (0,), "purchase_order_number")],
    )


def test_an_adopted_order_names_what_answered_it() -> None:
    answers = (stated(confirmation(), 7), stated(shipment((1, 1)), 8), stated(invoice((1, 1)), 9))
    reason = why(history(request(3), purchase_order(3), *answers), "adopted")
    assert [record for _, record, _, _ in places(reason)] == ["Confirmation", "ShipNotice", "Invoice"]


def test_an_order_adopted_by_its_release_names_the_row() -> None:
    policy = replace(POLICY, cutover_at=micros("2026-03-04T00:00:00Z"))
    reason = why(history(stated(request(3), 7), purchase_order(3)), "adopted", policy)
    assert places(reason) == [(7, "BcRequest", (0,), "released")]


def test_every_line_is_explained() -> None:
    facts = add(sent(3, 1), confirmation(type="accept"))
    keys = {reason.subject_key for reason in explain(facts, POLICY, NOW) if reason.field == "accepted"}
    assert keys == {"PR1/10000", "PR1/20000"}
