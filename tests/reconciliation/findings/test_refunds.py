"""What takes a bill back, and what looks like a bill that was there before."""

from typing import Any

import pytest

from punchout.model.exact import ONE
from tests.reconciliation.histories import (
    add,
    at,
    billing,
    codes,
    invoice,
    invoice_line,
    micros,
    only,
    payload_of,
    sent,
    shipment,
    stated,
    usd,
)

BILL = invoice((1, 3))
SHIPPED = add(sent(3), shipment((1, 3)), BILL)


def credit(*pairs: tuple[int | None, int], **more: Any) -> Any:  # noqa: ANN401 - any field
    return invoice(*pairs, **{"invoice_id": "C1", "purpose": "lineLevelCreditMemo", **more})


@pytest.mark.parametrize("reference", [{"original_invoice_id": "I1"}, {"original_payload_id": payload_of(BILL)}])
def test_a_credit_for_a_known_invoice_raises_nothing(reference: dict[str, str]) -> None:
    assert codes(add(SHIPPED, credit((1, 1), **reference))) == []


@pytest.mark.parametrize(
    ("reference", "detail"),
    [
        ({}, "names no invoice"),
        ({"original_invoice_id": "I9"}, "names I9"),
        ({"original_payload_id": "lost@supplier.example"}, "names lost@supplier.example"),
    ],
)
def test_a_credit_for_an_invoice_that_is_not_known_is_reported(reference: dict[str, str], detail: str) -> None:
    body = credit((1, 1), net=usd(-10), subtotal=usd(-10), **reference)
    found = only(add(SHIPPED, body), "CREDIT_UNREFERENCED")
    assert (found.detail, found.amount_at_risk, found.since) == (detail, 10 * ONE, micros("2026-03-06T12:00:00Z"))
    assert found.subject_key == f"{stated(body).source.body_sha256}#1"


def test_a_credit_is_no_invoice_that_another_credit_may_name() -> None:
    two = [credit((1, 1), original_invoice_id="I1"), credit((1, 1), invoice_id="C2", original_invoice_id="C1")]
    assert codes(add(SHIPPED, *two)) == ["CREDIT_UNREFERENCED"]


def test_a_credit_without_lines_is_for_a_person_to_allocate() -> None:
    body = credit(purpose="creditMemo", is_header_invoice=True, due=usd(-7), original_invoice_id="I1")
    found = only(add(SHIPPED, body), "CREDIT_HEADER_ONLY")
    assert (found.detail, found.amount_at_risk) == ("credit C1 of 7", 7 * ONE)


def test_a_credit_without_id_and_amount_is_reported_too() -> None:
    body = credit(purpose="creditMemo", invoice_id=None, orders=(), original_invoice_id="I1")
    found = only(add(SHIPPED, body), "CREDIT_HEADER_ONLY")
    assert (found.detail, found.subject_key[-2:]) == ("credit without id of 0", "#0")


def test_more_credited_than_billed_is_reported() -> None:
    found = only(add(SHIPPED, credit((1, 4), original_invoice_id="I1")), "CREDIT_OVER")
    assert (found.subject_key, found.detail, found.amount_at_risk) == ("PR1/10000", "4 credited, 3 billed", 10 * ONE)


def test_a_credit_is_expected_for_what_went_back_until_it_comes() -> None:
    back = add(SHIPPED, shipment((1, 2), shipment_id="S2", reason="return"))
    found = only(back, "CREDIT_EXPECTED")
    assert (found.detail, found.amount_at_risk) == ("2 went back, 2 of it is billed", 20 * ONE)
    assert "CREDIT_EXPECTED" not in codes(add(back, credit((1, 2), original_invoice_id="I1")))


def test_the_withdrawal_of_an_invoice_that_is_not_known_is_reported() -> None:
    lost = invoice(operation="delete", invoice_id="I9", original_payload_id="lost@supplier.example")
    found = only(add(SHIPPED, lost), "INV_DELETE_ORPHAN")
    assert found.detail == "withdraws lost@supplier.example"


def test_the_withdrawal_of_a_known_invoice_is_not_reported() -> None:
    gone = invoice(operation="delete", original_payload_id=payload_of(BILL))
    assert codes(add(SHIPPED, gone)) == []


AGAIN = invoice((1, 3), invoice_id="I2", invoice_date=at("2026-03-20T12:00:00Z"))


def test_a_second_bill_for_the_same_is_suspected() -> None:
    found = only(add(SHIPPED, AGAIN), "INV_SUSPECT_DUPLICATE")
    assert (found.detail, found.amount_at_risk) == ("bills the same as I1", 30 * ONE)
    assert found.subject_key == f"{stated(AGAIN).source.body_sha256}#1"


def test_equal_parcels_billed_one_by_one_are_no_duplicates() -> None:
    parcels = [shipment((1, 2)), shipment((1, 2), shipment_id="S2")]
    bills = [invoice((1, 2)), invoice((1, 2), invoice_id="I2")]
    assert "INV_SUSPECT_DUPLICATE" not in codes(add(sent(4), *parcels, *bills))


@pytest.mark.parametrize(
    "other",
    [
        invoice((1, 3), invoice_id="I2", invoice_date=at("2026-04-06T12:00:00Z")),
        invoice((1, 2), invoice_id="I2"),
        billing(invoice_line(1, 1, 3, unit_price=None, subtotal=None), invoice_id="I2"),
        credit((1, 3), original_invoice_id="I1"),
    ],
    ids=["a month later", "other quantity", "no amount", "credit"],
)
def test_what_bills_something_else_is_no_duplicate(other: object) -> None:
    assert "INV_SUSPECT_DUPLICATE" not in codes(add(SHIPPED, other))


def test_a_duplicate_of_an_invoice_without_id_is_suspected_too() -> None:
    first = invoice((1, 3), invoice_id=None, invoice_date=at("2026-03-05T12:00:00Z"))
    found = only(add(sent(3), shipment((1, 3)), first, BILL), "INV_SUSPECT_DUPLICATE")
    assert found.detail == "bills the same as an invoice without id"


def test_no_credit_is_expected_for_what_was_never_billed() -> None:
    facts = add(sent(3), shipment((1, 1), reason="return"))
    assert "CREDIT_EXPECTED" not in codes(facts)
