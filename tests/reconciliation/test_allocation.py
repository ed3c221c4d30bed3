"""Which shipment fills the order, which invoice a shipment, which credit an invoice: oldest first, never too much."""

from dataclasses import replace

from punchout.model.exact import ONE
from punchout.model.history import RequestHistory
from punchout.model.values import Number
from tests.reconciliation.histories import (
    accept,
    add,
    at,
    billing,
    confirmation,
    invoice,
    invoice_line,
    item,
    now,
    sent,
    shipment,
    stated,
)

FIRST = shipment((1, 1), shipment_id="S1")
SECOND = shipment((1, 2), shipment_id="S2", shipment_date=at("2026-03-06T09:00:00Z"))
NAMES: dict[str, str] = {}


def named(body: object, name: str) -> object:
    one = stated(body)
    NAMES[one.source.body_sha256] = name
    return one


def poured(facts: RequestHistory, kind: str) -> list[tuple[str, str, int]]:
    found = now(facts).allocations
    return sorted(
        (NAMES[one.body_sha256], NAMES.get(one.base_sha256, one.base), one.quantity // ONE)
        for one in found
        if one.kind == kind
    )


SHIPPED = add(sent(3), confirmation(item(1, accept(3))), named(SECOND, "S2"), named(FIRST, "S1"))


def test_an_invoice_fills_the_oldest_shipment_first() -> None:
    assert poured(add(SHIPPED, named(invoice((1, 2)), "I1")), "invoice") == [("I1", "S1", 1), ("I1", "S2", 1)]


def test_of_two_invoices_the_older_is_served_first() -> None:
    newer = named(invoice((1, 2), invoice_id="I2", invoice_date=at("2026-03-07T12:00:00Z")), "I2")
    facts = add(SHIPPED, newer, named(invoice((1, 1)), "I1"))
    assert poured(facts, "invoice") == [("I1", "S1", 1), ("I2", "S2", 2)]


def test_what_is_not_shipped_yet_fills_the_order() -> None:
    facts = add(sent(3), named(FIRST, "S1"), named(invoice((1, 3)), "I1"))
    assert poured(facts, "invoice") == [("I1", "S1", 1), ("I1", "order", 2)]


def test_what_is_more_than_was_ordered_stays_unallocated() -> None:
    facts = add(SHIPPED, named(shipment((1, 1), shipment_id="S3", shipment_date=at("2026-03-07T09:00:00Z")), "S3"))
    assert poured(facts, "ship_notice") == [("S1", "order", 1), ("S2", "order", 2), ("S3", "excess", 1)]
    assert ("I1", "excess", 1) in poured(add(SHIPPED, named(invoice((1, 4)), "I1")), "invoice")


def test_a_credit_takes_the_oldest_invoice_back_and_makes_room() -> None:
    credit = named(invoice((1, 2), invoice_id="C1", purpose="lineLevelCreditMemo"), "C1")
    facts = add(SHIPPED, named(invoice((1, 5)), "I1"), credit)
    assert poured(facts, "invoice") == [("C1", "I1", 2), ("I1", "S1", 1), ("I1", "S2", 2), ("I1", "order", 2)]


def test_a_credit_of_what_was_never_billed_stays_unallocated() -> None:
    credit = named(invoice((1, 2), purpose="lineLevelCreditMemo"), "C1")
    assert poured(add(SHIPPED, credit), "invoice") == [("C1", "excess", 2)]


def test_the_smallest_quantity_there_is_can_be_taken_back() -> None:
    line = replace(invoice_line(1, 1, 1, subtotal=None), quantity=Number("0.000001", 1))
    credit = billing(line, invoice_id="C1", purpose="lineLevelCreditMemo")
    found = now(add(SHIPPED, named(billing(line), "I1"), named(credit, "C1"))).allocations
    assert {(NAMES[one.body_sha256], one.base, one.quantity) for one in found if one.kind == "invoice"} == {
        ("I1", "shipment", 1),
        ("C1", "invoice", 1),
    }


def test_a_return_makes_room_for_another_shipment() -> None:
    back = shipment((1, 1), shipment_id="S3", reason="return")
    again = named(shipment((1, 1), shipment_id="S4", shipment_date=at("2026-03-09T09:00:00Z")), "S4")
    assert ("S4", "order", 1) in poured(add(SHIPPED, back, again), "ship_notice")
