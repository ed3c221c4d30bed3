"""What an invoice says that a person should know of."""

from dataclasses import replace

from punchout.model.exact import ONE
from tests.reconciliation.histories import (
    MUCH_LATER,
    SENT_AT,
    accept,
    add,
    billing,
    codes,
    confirmation,
    history,
    invoice,
    invoice_line,
    item,
    mark,
    only,
    queued,
    reject,
    request,
    resolved,
    result,
    sent,
    shipment,
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
