"""What an invoice says that a person should know of."""

from dataclasses import replace

from punchout.model.exact import ONE
from punchout.model.history import RequestHistory
from punchout.model.moments import DAY
from tests.reconciliation.histories import (
    MUCH_LATER,
    POLICY,
    SENT_AT,
    accept,
    add,
    at,
    billing,
    codes,
    confirmation,
    history,
    invoice,
    invoice_line,
    item,
    mark,
    micros,
    now,
    number,
    only,
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
    usd,
)


def test_a_bill_for_a_rejected_line_is_reported_as_such() -> None:
    facts = add(sent(3), confirmation(item(1, reject(3))), invoice((1, 2)))
    found = only(facts, "INV_REJECTED_LINE")
    assert (found.detail, found.amount_at_risk) == ("2 invoiced of a rejected line", 20 * ONE)


def test_a_bill_for_a_line_that_was_rejected_in_part_is_too_much_and_no_more() -> None:
    facts = add(sent(3), confirmation(item(1, accept(1), reject(2, 2))), shipment((1, 1)), invoice((1, 2)))
    assert "INV_REJECTED_LINE" not in codes(facts, MUCH_LATER)


def test_a_bill_for_a_cancelled_order_is_reported() -> None:
    facts = history(
        request(3), queued(3), mark(), result("refused"), resolved("cancelled", SENT_AT + 1), invoice((1, 3))
    )
    assert only(facts, "INV_REJECTED_LINE").detail == "3 invoiced of a cancelled line"


def test_a_bill_in_another_currency_is_reported_on_its_line() -> None:
    euros = replace(usd(30), currency="EUR")
    facts = add(sent(3), shipment((1, 3)), billing(invoice_line(1, 1, 3, unit_price=None, subtotal=euros)))
    assert only(facts, "CURRENCY_MISMATCH").detail == "ordered in USD, stated in EUR"


def test_a_bill_without_a_currency_is_taken_for_the_orders() -> None:
    bare = replace(usd(10), currency=None)
    facts = add(sent(3), shipment((1, 3)), billing(invoice_line(1, 1, 3, unit_price=bare, subtotal=None)))
    assert "CURRENCY_MISMATCH" not in codes(facts)


IN_SCOPE = replace(POLICY, receipts_in_scope=True)
DELIVERED = micros("2026-03-08T20:00:00Z")


def not_received(facts: RequestHistory, when: int) -> list[str]:
    found = now(facts, when, IN_SCOPE).exceptions
    return [one.severity.value for one in found if one.code == "INV_NOT_RECEIVED"]


BILLED = add(sent(3), shipment((1, 3)), invoice((1, 3)))


def test_what_is_billed_and_delivered_must_be_received_within_five_days_and_at_the_latest_ten() -> None:
    warned, failed = DELIVERED + 5 * DAY, DELIVERED + 10 * DAY
    assert [not_received(BILLED, when) for when in (warned - 1, warned, failed - 1, failed)] == [
        [],
        ["warning"],
        ["warning"],
        ["error"],
    ]
    assert now(BILLED, DELIVERED, IN_SCOPE).next_due_at == warned
    assert now(BILLED, warned, IN_SCOPE).next_due_at == failed
    found = only(BILLED, "INV_NOT_RECEIVED", failed, IN_SCOPE)
    assert (found.detail, found.amount_at_risk, found.since) == ("3 invoiced, 0 received", 30 * ONE, warned)


def test_a_receipt_ends_the_wait() -> None:
    order = stated(purchase_order(lines=(order_line(1, 3, received_quantity=number(3)),)), version=5)
    assert not_received(add(BILLED, order), MUCH_LATER) == []


def test_receipts_out_of_scope_are_not_missed() -> None:
    assert "INV_NOT_RECEIVED" not in codes(BILLED, MUCH_LATER)


def test_a_delivery_stated_by_day_counts_from_the_end_of_that_day_in_the_companys_zone() -> None:
    facts = add(sent(3), shipment((1, 3), delivery_date=at("2026-03-09")), invoice((1, 3)))
    assert now(facts, DELIVERED, IN_SCOPE).next_due_at == micros("2026-03-15T07:00:00Z")


def test_without_a_delivery_date_the_shipment_counts() -> None:
    facts = add(sent(3), shipment((1, 3), delivery_date=None), invoice((1, 3)))
    assert now(facts, DELIVERED, IN_SCOPE).next_due_at == micros("2026-03-10T09:00:00Z")


def test_a_shipment_without_any_date_sets_no_deadline() -> None:
    facts = add(sent(3), shipment((1, 3), delivery_date=None, shipment_date=None), invoice((1, 3)))
    assert not_received(facts, MUCH_LATER) == []
