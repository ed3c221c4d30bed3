"""Cases 1 to 12: splits and repetitions, prices, tax and charges."""

import pytest
import sqlalchemy as sa

from punchout.ledger.tables.projections import DOCUMENT_VERSION
from tests.support.cases import Case, billed, item, items, money, purchase_of, status, tax
from tests.support.purchases import requests_export


def test_case_01_one_purchase_order_becomes_several_amazon_orders(case: Case) -> None:
    case.order(3, 1, 2)
    case.arrive(
        case.confirm("111-2", item(2, 1, status("reject", 1)), item(3, 2), notice="03T15:00"),
        case.confirm("111-1", item(1, 3)),
        at="03T16:00",
    )
    assert case.told() == (
        "Order Confirmed",
        ["3/0/0", "0/0/0", "2/0/0"],
        ["CONF_REJECTED_LINE", "MULTI_VALUE_PROJECTED"],
    )
    assert case.request()["order_confirmation_id"] == "111-1"
    assert case.request()["order_confirmation_ids"] == ["111-1", "111-2"]


@pytest.mark.parametrize("case", [{"reconciliation": {"confirmation_policy": "strict_cxml"}}], indirect=True)
def test_under_the_rule_of_cxml_a_rejection_of_the_order_discards_what_was_confirmed_before(case: Case) -> None:
    case.order(3, 1)
    case.arrive(case.confirm("111-2", kind="reject", notice="03T15:00"), case.confirm("111-1", *items(3, 1)))
    assert case.told() == ("Rejected", ["0/0/0", "0/0/0"], ["CONF_REJECTED_LINE", "CONF_REJECTED_ORDER"])
    assert case.request()["order_confirmation_ids"] == ["111-2"]
    with case.play.engine.connect() as connection:
        standings = connection.execute(sa.select(DOCUMENT_VERSION.c.standing)).scalars()
        assert sorted(standings) == ["current", "superseded"]


def test_case_02_a_line_comes_in_two_shipments(case: Case) -> None:
    case.order(3)
    case.arrive(case.confirm("111-1", *items(3)), case.ship("S1", (1, 1)), at="05T12:00")
    assert case.told() == ("Partially Shipped", ["3/1/0"], [])
    case.arrive(case.ship("S2", (1, 2), shipped="06T09:00", notice="06T10:00"))
    assert case.told() == ("Shipped", ["3/3/0"], ["MULTI_VALUE_PROJECTED"])


def test_case_03_a_line_comes_in_two_invoices(case: Case) -> None:
    case.order(3)
    case.arrive(case.ship("S1", (1, 3)), case.bill("I1", billed(1, 1)))
    assert case.told() == ("Partially Invoiced", ["0/3/1"], [])
    case.arrive(case.bill("I2", billed(1, 2)))
    assert case.told() == ("Invoiced", ["0/3/3"], ["MULTI_VALUE_PROJECTED"])


def test_case_04_one_invoice_bills_several_purchase_orders(case: Case) -> None:
    case.order(2, number="PR0002", order_id="106002", part="B0OTHER00")
    other = case.ship("S2", (1, 2))
    case.order(3)
    second = purchase_of(2, number="PR0002", order_id="106002", part="B0OTHER00").billed((1, "2"))
    both = case.bill("I1", billed(1, 3), summary=money("SubtotalAmount", "50") + money("NetAmount", "50"))
    both = both.saying(f"</InvoiceDetailOrder>{second}", instead_of="</InvoiceDetailOrder>")
    case.arrive(case.ship("S1", (1, 3)), other, both)
    assert case.told("PR0001") == ("Invoiced", ["0/3/3"], [])
    assert case.told("PR0002") == ("Invoiced", ["0/2/2"], [])


def test_case_05_a_document_that_comes_twice_counts_once(case: Case) -> None:
    case.order(3)
    notice = case.ship("S1", (1, 2))
    case.arrive(notice, notice.again("again.xml"), at="05T12:00")
    case.arrive(notice.saying("<Request\n ", instead_of="<Request "), notice.again("third.xml"), at="05T13:00")
    assert case.told() == ("Partially Shipped", ["0/2/0"], [])
    documents = case.play.status()["documents"]
    assert (documents["duplicate"], documents["quarantined"], case.documents()) == (1, {}, [])


def test_case_06_the_second_body_under_one_payload_id_is_kept_apart(case: Case) -> None:
    case.order(3)
    notice = case.ship("S1", (1, 2))
    case.arrive(notice, at="05T12:00")
    case.arrive(notice.saying('quantity="1"', instead_of='quantity="2"'), at="05T13:00")
    assert case.told() == ("Partially Shipped", ["0/2/0"], [])
    assert case.documents() == ["PAYLOAD_REUSED"]


def test_case_07_an_invoice_under_a_new_payload_id_is_the_same_invoice_unless_it_says_something_else(
    case: Case,
) -> None:
    case.order(3)
    again = case.bill("I1", billed(1, 3), payload_id="again@amazon.example")
    case.arrive(case.ship("S1", (1, 3)), case.bill("I1", billed(1, 3)), again)
    assert (case.told(), case.documents()) == (("Invoiced", ["0/3/3"], []), [])
    case.arrive(case.bill("I1", billed(1, 2), payload_id="other@amazon.example"))
    assert (case.told(), case.documents()) == (("Invoiced", ["0/3/3"], []), ["INV_ID_REUSED"])


def test_case_08_the_price_changed_between_cart_and_confirmation(case: Case) -> None:
    case.order(3)
    case.arrive(case.confirm("111-1", item(1, 3, status("accept", 3, money("UnitPrice", "11")))), at="03T12:00")
    assert case.told() == ("Order Confirmed", ["3/0/0"], ["CONF_PRICE_UP"])


def test_case_08_a_cart_grows_old_before_it_is_ordered_and_too_old_to_be(case: Case) -> None:
    request, order = case.purchase.exported()
    case.arrive(case.purchase.cart(), at="02T17:00")
    case.arrive(request.saying('"status": "open"', instead_of='"status": "released"'), order, at="07T17:00")
    assert case.told() == ("PO Created", ["0/0/0"], ["CART_AGEING"])
    row = case.purchase.row(modified="09T16:00")
    case.arrive(requests_export(row, at="09T16:30", name="late.json"), at="09T17:00")
    assert case.told() == ("PO Created", ["0/0/0"], ["CART_EXPIRED"])
    assert case.play.supplier.bodies == []


def test_case_09_the_invoice_has_another_price_and_nobody_said_so(case: Case) -> None:
    case.order(3)
    case.arrive(case.confirm("111-1", *items(3)), case.ship("S1", (1, 3)), case.bill("I1", billed(1, 3, price="12.00")))
    assert case.told() == ("Invoiced", ["3/3/3"], ["INV_PRICE_VARIANCE"])
    assert case.at_risk("INV_PRICE_VARIANCE") == "6"
    match = case.request()["lines"][0]["match"]
    assert (match["word"], match["price_base"], match["price_expected"], match["price_invoiced"]) == (
        "price",
        "confirmed",
        "10",
        "12",
    )


@pytest.mark.parametrize(
    ("case", "word", "exceptions"),
    [
        ({}, "price", ["INV_PRICE_VARIANCE"]),
        ({"reconciliation": {"tolerances": {"price_percent": 1}}}, "within tolerance", []),
    ],
    indirect=["case"],
)
def test_case_09_what_a_price_may_be_off_by_is_set_by_the_company(case: Case, word: str, exceptions: list[str]) -> None:
    case.order(3)
    case.arrive(case.ship("S1", (1, 3)), case.bill("I1", billed(1, 3, price="10.08")))
    assert case.told() == ("Invoiced", ["0/3/3"], exceptions)
    assert case.request()["lines"][0]["match"]["word"] == word


def test_case_10_tax_was_added_and_the_goods_still_match(case: Case) -> None:
    case.order(3)
    case.arrive(
        case.confirm("111-1", item(1, 3, status("accept", 3, tax("1.00")))),
        case.ship("S1", (1, 3)),
        case.bill("I1", billed(1, 3, more=tax("4.00"))),
    )
    assert case.told() == ("Invoiced", ["3/3/3"], ["INV_TAX_VARIANCE"])
    match = case.request()["lines"][0]["match"]
    assert (match["word"], match["tax_expected"], match["tax_invoiced"]) == ("matched", "1", "4")


def test_case_11_shipping_that_nobody_confirmed_is_never_forced_on_a_line(case: Case) -> None:
    case.order(3)
    freight = billed(0, 1, place=2, price="5.00", about="<Description xml:lang='en'>Shipping</Description>")
    case.arrive(case.ship("S1", (1, 3)), case.bill("I1", billed(1, 3), freight))
    assert case.told() == ("Invoiced", ["0/3/3"], ["INV_CHARGE_UNEXPECTED"])
    assert [(one["kind"], one["amount"]) for one in case.request()["charges"]] == [("shipping", "5")]


@pytest.mark.parametrize("case", [{"reconciliation": {"charge_words": {"toll": "shipping"}}}], indirect=True)
def test_case_11_a_company_names_its_own_words_for_charges(case: Case) -> None:
    case.order(3)
    toll = billed(0, 1, place=2, price="5.00", about="<Description xml:lang='en'>Road toll</Description>")
    case.arrive(case.ship("S1", (1, 3)), case.bill("I1", billed(1, 3), toll))
    assert [(one["kind"], one["amount"]) for one in case.request()["charges"]] == [("shipping", "5")]


def test_case_12_a_dropped_discount_leaves_a_gap_that_is_named(case: Case) -> None:
    case.order(3)
    summary = money("SubtotalAmount", "30") + money("GrossAmount", "30") + money("NetAmount", "28")
    case.arrive(case.ship("S1", (1, 3)), case.bill("I1", billed(1, 3), summary=summary))
    assert case.told() == ("Invoiced", ["0/3/3"], ["INV_TOTAL_MISMATCH"])
    (found,) = case.request()["exception_details"]
    assert found["detail"] == "the net amount is off by -2"
