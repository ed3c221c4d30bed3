"""Cases 25 to 37: substitutes, credits, missing numbers, answers of the supplier, other currencies, wrong addresses."""

import pytest

from punchout.ordering.answers import Answer
from tests.support.cases import Case, billed, item, items, money, part, purchase_of, status
from tests.support.deliveries import Delivery
from tests.support.later_words import about
from tests.support.plays import Supplier
from tests.support.purchases import (
    orders_export,
    requests_export,
)


def credit(case: Case, credit_id: str, *lines: str, of: str) -> Delivery:
    """Give a credit memo of lines, which names the invoice it is about."""
    return about(case.bill(credit_id, *lines, purpose="lineLevelCreditMemo", dated="09T00:00"), invoice_id=of)


def test_case_25_a_substitute_is_confirmed_shipped_and_billed(case: Case) -> None:
    case.order(3)
    other = f'<ItemIn quantity="3">{part("B0NEW00001")}</ItemIn>'
    case.arrive(
        case.confirm("111-1", item(1, 3, status("detail", 3, other))),
        case.ship("S1", (1, 3)),
        case.bill("I1", billed(1, 3, about=part("B0NEW00001"))),
    )
    assert case.told() == ("Invoiced", ["3/3/3"], ["SUBSTITUTION"])


def test_case_26_a_credit_without_lines_is_left_to_a_person(case: Case) -> None:
    case.order(3)
    header = case.bill("C1", summary=money("DueAmount", "-5"), purpose="creditMemo")
    header = header.saying("<InvoiceDetailHeaderOrder>", instead_of="<InvoiceDetailOrder>")
    header = header.saying("</InvoiceDetailHeaderOrder>", instead_of="</InvoiceDetailOrder>")
    header = header.saying(
        '<InvoiceDetailHeaderIndicator isHeaderInvoice="yes"/>', instead_of="<InvoiceDetailHeaderIndicator/>"
    )
    case.arrive(case.ship("S1", (1, 3)), case.bill("I1", billed(1, 3)), about(header, invoice_id="I1"))
    assert case.told() == ("Invoiced", ["0/3/3"], ["CREDIT_HEADER_ONLY"])


def test_case_27_a_refund_is_a_negative_line_of_a_standard_invoice(case: Case) -> None:
    case.order(3, 1)
    refund = billed(1, -1, place=2, more=money("SubtotalAmount", "-10.00"))
    case.arrive(
        case.ship("S1", (1, 3), (2, 1)),
        case.bill("I1", billed(1, 3)),
        case.bill("I2", billed(2, 1), refund, dated="06T00:00"),
    )
    assert case.told() == ("Partially Invoiced", ["0/3/2", "0/1/1"], [])
    assert case.request()["lines"][0]["invoice_id"] == "I1"


def test_case_28_a_credit_names_an_invoice_that_is_not_known(case: Case) -> None:
    case.order(3)
    unknown = credit(case, "C1", billed(1, -1), of="I9")
    case.arrive(case.ship("S1", (1, 3)), case.bill("I1", billed(1, 3)), unknown, at="09T12:00")
    assert case.told() == ("Partially Invoiced", ["0/3/2"], ["CREDIT_UNREFERENCED"])


def test_case_29_a_lost_parcel_waits_for_its_credit(case: Case) -> None:
    case.order(3)
    back = case.ship("S2", (1, 3)).saying('shipmentID="S2" reason="return"', instead_of='shipmentID="S2"')
    case.arrive(case.ship("S1", (1, 3)), case.bill("I1", billed(1, 3)), back)
    assert case.told() == ("Invoiced", ["0/0/3"], ["CREDIT_EXPECTED"])
    case.arrive(credit(case, "C1", billed(1, -3), of="I1"), at="09T12:00")
    assert case.told() == ("Invoiced", ["0/0/0"], [])


@pytest.mark.parametrize(
    ("reference", "rule"),
    [
        ('<OrderReference orderID="PO 0106001"/>', "O3"),
        ('<SupplierOrderInfo orderID="111-1"/>', "O4"),
        ("<OrderReference/>", "O5"),
    ],
)
def test_case_30_the_purchase_order_number_is_missing_or_mistyped(case: Case, reference: str, rule: str) -> None:
    case.order(3)
    shipment = '<ShipNoticeIDInfo shipNoticeID="S1"/>' if rule == "O5" else ""
    bill = case.purchase.nameless(case.bill("I1", billed(1, 3, more=shipment)), in_place_of_order=reference)
    case.arrive(bill, at="04T12:00")
    placed = ("Invoiced", ["0/0/3"], ["CONF_OVERDUE"]) if rule == "O3" else ("PO Sent", ["0/0/0"], ["CONF_OVERDUE"])
    assert case.told()[:2] == placed[:2]
    assert case.documents() == ([] if rule == "O3" else ["ORDER_NOT_FOUND"])
    case.arrive(case.confirm("111-1", *items(3)), case.ship("S1", (1, 3)))
    assert (case.told(), case.documents()) == (("Invoiced", ["3/3/3"], []), [])


def test_case_31_a_test_document_in_production_is_kept_out(case: Case) -> None:
    case.order(3)
    notice = case.ship("S1", (1, 3))
    case.arrive(notice.saying('deploymentMode="test"', instead_of='deploymentMode="production"'), at="03T12:00")
    assert (case.told(), case.documents()) == (("PO Sent", ["0/0/0"], []), ["ENV_MISMATCH"])
    case.arrive(notice)
    assert case.told()[:2] == ("Shipped", ["0/3/0"])


@pytest.mark.parametrize(
    ("answer", "stage", "code"),
    [
        (Answer(http_status=200, is_cxml=True, cxml_code=401), "PO Queued", "OUT_BLOCKED"),
        (Answer(http_status=200, is_cxml=True, cxml_code=400), "Send Failed", "SEND_PERMANENT"),
        (Answer(http_status=500), "PO Queued", "SEND_AMBIGUOUS"),
    ],
    ids=["a credential is refused with HTTP 200", "the order is refused with HTTP 200", "an HTML page"],
)
def test_case_32_the_body_of_an_answer_counts_and_a_page_says_nothing(
    case: Case, answer: Answer, stage: str, code: str
) -> None:
    case.play.supplier = Supplier((answer,))
    case.order(3)
    assert case.told() == (stage, ["0/0/0"], [code])
    assert len(case.play.supplier.bodies) == 1


def test_case_33_already_processed_is_in_doubt_until_a_document_answers(case: Case) -> None:
    known = Answer(http_status=200, is_cxml=True, cxml_code=500, cxml_text="PO has already been processed")
    case.play.supplier = Supplier((known,))
    case.order(3)
    assert case.told() == ("PO Queued", ["0/0/0"], ["SEND_AMBIGUOUS"])
    case.wait("03T12:00")
    assert len(case.play.supplier.bodies) == 1
    case.arrive(case.confirm("111-1", *items(3)), at="03T13:00")
    assert case.told() == ("Order Confirmed", ["3/0/0"], [])
    assert case.play.order().state == "sent"


def test_case_34_a_mangled_description_moves_nothing(case: Case) -> None:
    case.order(3)
    mangled = f"{part('B0TEST0001')}<Description xml:lang='en'>Th\u00c3\u00afng 1 \u2026</Description>"
    case.arrive(case.ship("S1", (1, 3)), case.bill("I1", billed(1, 3, about=mangled)))
    assert case.told() == ("Invoiced", ["0/3/3"], [])
    assert case.request()["lines"][0]["description"] == "Part B0TEST0001"


def test_case_35_an_update_that_omits_lines_replaces_its_own_confirmation_only(case: Case) -> None:
    case.order(3, 1, 2)
    case.arrive(
        case.confirm("111-1", *items(3, 1), payload_id="first@amazon.example"),
        case.confirm("111-2", item(3, 2)),
        at="03T12:00",
    )
    assert case.told()[:2] == ("Order Confirmed", ["3/0/0", "1/0/0", "2/0/0"])
    update = case.confirm("111-1", item(1, 3), operation="update", previous="first@amazon.example", notice="03T15:00")
    case.arrive(update, at="03T16:00")
    assert case.told() == ("Partially Confirmed", ["3/0/0", "0/0/0", "2/0/0"], ["MULTI_VALUE_PROJECTED"])


@pytest.mark.parametrize(
    ("case", "codes"),
    [({"company": {"local_currency": "USD"}}, ["CURRENCY_MISMATCH"]), ({"company": {"local_currency": "EUR"}}, [])],
    indirect=["case"],
    ids=["dollars were ordered", "a blank currency is the local one"],
)
def test_case_36_another_currency_is_held_and_a_blank_one_is_the_local_one(case: Case, codes: list[str]) -> None:
    case.arrive(
        requests_export(case.purchase.row(orderConfirmationId="111-0")),
        orders_export(case.purchase.order_row()),
        at="02T18:00",
    )
    case.arrive(case.ship("S1", (1, 3)), case.bill("I1", billed(1, 3, currency="EUR")))
    assert case.told()[:2] == ("Invoiced", ["0/3/3"])
    assert [code for code in case.told()[2] if code == "CURRENCY_MISMATCH"] == codes


@pytest.mark.parametrize("field", ["shipToCity", "requesterEmail"])
def test_case_37_a_wrong_group_or_address_holds_the_order(case: Case, field: str) -> None:
    case.purchase = purchase_of(3)
    address: dict[str, str] = {field: ""} if field.startswith("shipTo") else {}
    person: dict[str, str] = {} if address else {field: ""}
    case.arrive(case.purchase.cart(), at="02T17:00")
    case.arrive(
        requests_export(case.purchase.row(**person)), orders_export(case.purchase.order_row(**address)), at="02T18:00"
    )
    assert case.told() == ("PO Created", ["0/0/0"], ["OUT_VALIDATION"])
    assert case.play.supplier.bodies == []
