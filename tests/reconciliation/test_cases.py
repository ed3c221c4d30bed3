"""What goes wrong in practice, case by case: stage, positions and exceptions of each, from facts alone.

Documents that are kept out before they are facts (another body under a known payloadID, a test document in production)
are the ledger's to refuse; here stands what follows once facts are facts.
"""

from dataclasses import replace

from punchout.model.codes import Code
from punchout.model.exact import ONE
from punchout.model.moments import DAY, HOUR
from punchout.model.values import PartId
from punchout.reconciliation.reconcile import reconcile
from tests.reconciliation.histories import (
    MUCH_LATER,
    POLICY,
    SENT_AT,
    accept,
    add,
    at,
    billing,
    cart,
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
    result,
    sent,
    shipment,
    stated,
    usd,
)
from tests.reconciliation.stories import decided, shown, told

LATE = at("2026-03-04T15:00:00Z")
IN_SCOPE = replace(POLICY, receipts_in_scope=True)


def test_case_01_one_purchase_order_becomes_several_amazon_orders() -> None:
    first = confirmation(item(1, accept(3)), confirm_id="111-1")
    second = confirmation(item(2, reject(1)), item(3, accept(2)), confirm_id="111-2", notice=LATE)
    facts = add(sent(3, 1, 2), second, first)
    assert told(facts) == (
        "Order Confirmed",
        ["3/0/0", "0/0/0", "2/0/0"],
        ["CONF_REJECTED_LINE", "MULTI_VALUE_PROJECTED"],
    )
    assert (now(facts).order_confirmation_id, now(facts).order_confirmation_ids) == ("111-1", ("111-1", "111-2"))


def test_case_02_a_line_comes_in_two_shipments() -> None:
    facts = add(sent(3), confirmation(item(1, accept(3))), shipment((1, 1)))
    assert told(facts) == ("Partially Shipped", ["3/1/0"], [])
    rest = shipment((1, 2), shipment_id="S2", shipment_date=at("2026-03-06T09:00:00Z"))
    assert told(add(facts, rest)) == ("Shipped", ["3/3/0"], ["MULTI_VALUE_PROJECTED"])


def test_case_03_a_line_comes_in_two_invoices() -> None:
    facts = add(sent(3), shipment((1, 3)), invoice((1, 1)))
    assert told(facts) == ("Partially Invoiced", ["0/3/1"], [])
    rest = invoice((1, 2), invoice_id="I2")
    assert told(add(facts, rest)) == ("Invoiced", ["0/3/3"], ["MULTI_VALUE_PROJECTED"])


def test_case_04_one_invoice_bills_several_purchase_orders() -> None:
    own = replace(invoice((1, 3)).orders[0], ordinal=2)
    shared = stated(invoice(orders=(own,), subtotal=usd(500), shipping=usd(9), net=usd(509)), is_partial=True)
    assert told(add(sent(3), shipment((1, 3)), shared)) == ("Invoiced", ["0/3/3"], [])


def test_case_05_a_document_that_comes_twice_counts_once() -> None:
    notice = shipment((1, 2))
    twice = (stated(notice, 7), stated(notice, 8, received=SENT_AT + DAY))
    assert told(add(sent(3), *twice)) == ("Partially Shipped", ["0/2/0"], [])


def test_case_06_two_bodies_under_one_payload_id_give_one_result_in_either_order() -> None:
    one, other = (stated(shipment((1, quantity)), payload_id="same@supplier.example") for quantity in (1, 2))
    found = now(add(sent(3), one, other))
    assert found == now(add(sent(3), other, one))
    assert (shown(found)[0], len(found.versions)) == ("Partially Shipped", 2)


def test_case_07_an_invoice_under_a_new_payload_id_is_the_same_invoice() -> None:
    bill = invoice((1, 3))
    again = stated(bill, 8, payload_id="again@supplier.example")
    facts = add(sent(3), shipment((1, 3)), bill, again)
    assert told(facts) == ("Invoiced", ["0/3/3"], [])
    gone = invoice(operation="delete", original_payload_id="again@supplier.example")
    assert told(add(facts, gone)) == ("Shipped", ["0/3/0"], [])


def test_case_08_the_price_changed_between_cart_and_confirmation() -> None:
    dear = confirmation(item(1, accept(3, unit_price=usd(11))))
    assert told(add(sent(3), dear)) == ("Order Confirmed", ["3/0/0"], ["CONF_PRICE_UP"])
    old = history(request(3), cart(3), purchase_order(3))
    assert told(old, SENT_AT + 5 * DAY) == ("PO Created", ["0/0/0"], ["CART_AGEING"])
    refused = reconcile(old, POLICY, SENT_AT + 7 * DAY, ((Code.CART_EXPIRED, "cart is 7 days old or more"),))
    assert shown(refused) == ("PO Created", ["0/0/0"], ["CART_EXPIRED"])


def test_case_09_the_invoice_has_another_price_and_nobody_said_so() -> None:
    bill = billing(invoice_line(1, 1, 3, unit_price=usd(12), subtotal=usd(36)))
    facts = add(sent(3), confirmation(item(1, accept(3))), shipment((1, 3)), bill)
    assert told(facts) == ("Invoiced", ["3/3/3"], ["INV_PRICE_VARIANCE"])
    assert only(facts, "INV_PRICE_VARIANCE").amount_at_risk == 6 * ONE


def test_case_10_tax_was_added_and_the_goods_still_match() -> None:
    agreed = confirmation(item(1, accept(3, tax=usd(1))))
    facts = add(sent(3), agreed, shipment((1, 3)), billing(invoice_line(1, 1, 3, tax=usd(4))))
    assert told(facts) == ("Invoiced", ["3/3/3"], ["INV_TAX_VARIANCE"])
    assert now(facts).three_way[0].word == "matched"


def test_case_11_shipping_that_nobody_confirmed_is_never_forced_on_a_line() -> None:
    freight = invoice_line(2, None, 1, description="Shipping", unit_price=usd(5), subtotal=usd(5))
    facts = add(sent(3), shipment((1, 3)), billing(invoice_line(1, 1, 3), freight))
    assert told(facts) == ("Invoiced", ["0/3/3"], ["INV_CHARGE_UNEXPECTED"])
    assert [(one.kind, one.amount) for one in now(facts).charges] == [("shipping", 5 * ONE)]


def test_case_12_a_dropped_discount_leaves_a_gap_that_is_named() -> None:
    bill = invoice((1, 3), subtotal=usd(30), gross=usd(30), net=usd(28))
    facts = add(sent(3), shipment((1, 3)), bill)
    assert told(facts) == ("Invoiced", ["0/3/3"], ["INV_TOTAL_MISMATCH"])
    assert only(facts, "INV_TOTAL_MISMATCH").detail == "the net amount is off by -2"


def test_case_13_a_line_is_rejected_and_the_rest_can_be_closed() -> None:
    facts = add(sent(3, 1), confirmation(item(1, accept(1), reject(2, 2, error_code="123-456")), item(2, accept(1))))
    expected = ("Order Confirmed", ["1/0/0", "1/0/0"])
    assert told(facts) == (*expected, ["CONF_PARTIAL_QTY", "CONF_REJECTED_LINE"])
    arrived = add(facts, shipment((1, 1)), decided("close_line", "PR1/10000"))
    assert told(arrived) == ("Partially Shipped", ["1/1/0", "1/0/0"], [])


def test_case_14_cancelled_in_business_central_only() -> None:
    emptied = stated(purchase_order(lines=(order_line(1, 0),)), version=5)
    facts = add(sent(3), confirmation(item(1, accept(3))), emptied)
    assert told(facts) == ("Order Confirmed", ["3/0/0"], ["BC_CANCELLED_NOT_AT_AMAZON"])
    assert told(add(facts, shipment((1, 3)))) == ("Shipped", ["3/3/0"], ["BC_CANCELLED_NOT_AT_AMAZON"])


def test_case_15_invoiced_and_not_received() -> None:
    facts = add(sent(3), shipment((1, 3)), invoice((1, 3)))
    due = micros("2026-03-13T20:00:00Z")
    assert told(facts, due - 1, IN_SCOPE) == ("Invoiced", ["0/3/3"], [])
    assert told(facts, due, IN_SCOPE) == ("Invoiced", ["0/3/3"], ["INV_NOT_RECEIVED"])


def test_case_16_less_was_received_than_shipped() -> None:
    row = stated(purchase_order(lines=(order_line(1, 3, received_quantity=number(2)),)), version=5)
    facts = add(sent(3), row, shipment((1, 3)), invoice((1, 3)))
    assert told(facts, MUCH_LATER, IN_SCOPE) == ("Invoiced", ["0/3/3"], ["INV_NOT_RECEIVED"])
    assert (now(facts).lines[0].receipt_axis, now(facts, policy=IN_SCOPE).three_way[0].word) == (
        "partial",
        "not received",
    )


def test_case_17_the_invoice_comes_before_ship_notice_and_confirmation() -> None:
    facts = add(sent(3), invoice((1, 3)))
    waited = micros("2026-03-09T12:00:00Z")
    assert told(facts, waited - 1) == ("Invoiced", ["0/0/3"], [])
    assert told(facts, waited) == ("Invoiced", ["0/0/3"], ["INV_BEFORE_SHIP"])
    late = (confirmation(item(1, accept(3))), shipment((1, 3)))
    assert told(add(facts, *late), waited) == ("Invoiced", ["3/3/3"], [])


def test_case_18_the_confirmation_never_comes() -> None:
    assert told(sent(3), SENT_AT + 24 * HOUR) == ("PO Sent", ["0/0/0"], ["CONF_OVERDUE"])
    assert told(add(sent(3), shipment((1, 3))), MUCH_LATER) == ("Shipped", ["0/3/0"], [])


def test_case_19_documents_number_lines_in_their_own_way() -> None:
    twins = tuple(replace(line, supplier_part_id="B0TWIN") for line in queued(3, 2).lines)
    base = history(request(3, 2), purchase_order(3, 2), queued(3, 2, lines=twins), mark(), result("sent"))
    bills = billing(*(invoice_line(n, 10_000 * n, q, part=PartId("B0TWIN")) for n, q in ((1, 3), (2, 2))))
    facts = add(base, shipment((1, 3), (2, 2)), bills)
    assert told(facts) == ("Invoiced", ["0/3/3", "0/2/2"], [])
    assert [link.rule for link in now(facts).links if link.kind == "invoice"] == ["L6", "L6"]
