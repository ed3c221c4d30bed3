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
    only,
    payload_of,
    reject,
    sent,
    shipment,
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
