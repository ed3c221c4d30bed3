"""What a ship notice says that a person should know of."""

from punchout.model.documents import ShipPortion
from punchout.model.exact import ONE
from tests.reconciliation.histories import (
    REFERENCE,
    accept,
    add,
    codes,
    confirmation,
    item,
    micros,
    number,
    only,
    order_line,
    payload_of,
    purchase_order,
    reject,
    sent,
    shipment,
    stated,
)

WHOLE = (ShipPortion(ordinal=1, order=REFERENCE),)


def test_more_shipped_than_accepted_is_reported() -> None:
    facts = add(sent(3), confirmation(item(1, accept(2), reject(1, 2))), shipment((1, 3)))
    found = only(facts, "SHIP_OVER_QTY")
    assert (found.subject_key, found.detail, found.amount_at_risk) == (
        "PR1/10000",
        "3 shipped, 2 accepted",
        10 * ONE,
    )


def test_without_a_confirmation_more_shipped_than_ordered_is_reported() -> None:
    assert only(add(sent(3), shipment((1, 4))), "SHIP_OVER_QTY").detail == "4 shipped, 3 ordered"


def test_a_shipment_of_a_rejected_line_is_reported_as_such() -> None:
    facts = add(sent(3), confirmation(item(1, reject(3))), shipment((1, 3)))
    assert {"SHIP_OVER_QTY", "SHIP_REJECTED_LINE"} < set(codes(facts))
    assert only(facts, "SHIP_REJECTED_LINE").detail == "3 shipped of a rejected line"


def test_a_portion_without_items_is_reported_as_long_as_it_stands() -> None:
    notice = shipment(portions=WHOLE)
    found = only(add(sent(3), notice), "SHIP_WHOLE_ORDER_IMPLIED")
    assert (found.subject_key, found.detail, found.since) == (
        "PR1",
        "no items in S1",
        micros("2026-03-05T10:00:00Z"),
    )
    delete = shipment(operation="delete", previous_payload_id=payload_of(notice), portions=())
    assert codes(add(sent(3), notice, delete)) == []


def test_a_portion_without_items_in_a_notice_without_id_is_reported_too() -> None:
    facts = add(sent(3), shipment(portions=WHOLE, shipment_id=None))
    assert only(facts, "SHIP_WHOLE_ORDER_IMPLIED").detail == "no items in one without shipmentID"


def test_a_shipment_without_a_tracking_number_is_good_to_know() -> None:
    assert only(add(sent(3), shipment((1, 3), tracking=())), "TRACKING_MISSING").detail == "shipment S1"
    nameless = shipment((1, 3), tracking=(), shipment_id=None)
    assert only(add(sent(3), nameless), "TRACKING_MISSING").detail == "shipment without shipmentID"


def test_a_planned_shipment_needs_no_tracking_number() -> None:
    assert codes(add(sent(3), shipment((1, 3), tracking=(), type="planned"))) == []


NOTICE = shipment((1, 3))
DELETION = shipment(operation="delete", previous_payload_id=payload_of(NOTICE), portions=())


def received(quantity: int) -> object:
    line = order_line(1, 3, received_quantity=number(quantity))
    return stated(purchase_order(lines=(line,)), version=5)


def test_goods_that_were_received_and_whose_ship_notice_was_deleted_are_reported() -> None:
    found = only(add(sent(3), NOTICE, DELETION, received(2)), "SHIP_DELETED_AFTER_RECEIPT")
    assert (found.detail, found.amount_at_risk) == ("2 received of a shipment that was withdrawn", 20 * ONE)


def test_a_ship_notice_that_was_deleted_before_a_receipt_or_replaced_is_no_trouble() -> None:
    update = shipment((1, 3), operation="update", previous_payload_id=payload_of(NOTICE), tracking=("1Z",))
    assert codes(add(sent(3), NOTICE, DELETION)) == []
    assert codes(add(sent(3), NOTICE, update, received(3))) == []


def test_what_an_update_takes_off_a_shipment_is_not_withdrawn() -> None:
    update = shipment((1, 1), operation="update", previous_payload_id=payload_of(NOTICE), tracking=("1Z",))
    assert "SHIP_DELETED_AFTER_RECEIPT" not in codes(add(sent(3), NOTICE, update, received(3)))


def test_the_deletion_of_a_plan_withdraws_nothing() -> None:
    plan = shipment((1, 3), type="planned")
    deletion = shipment(operation="delete", previous_payload_id=payload_of(plan), portions=())
    assert "SHIP_DELETED_AFTER_RECEIPT" not in codes(add(sent(3), plan, deletion, received(2)))
