"""Promises that slip or pass, and dates that cannot be."""

from dataclasses import replace
from typing import Any

import pytest

from punchout.model.exact import ONE
from punchout.model.moments import DAY
from tests.reconciliation.histories import (
    MUCH_LATER,
    NOW,
    POLICY,
    accept,
    add,
    at,
    codes,
    confirmation,
    history,
    invoice,
    item,
    micros,
    now,
    only,
    payload_of,
    purchase_order,
    reject,
    request,
    sent,
    shipment,
)

LATE = at("2026-03-04T15:00:00Z")


def promise(day: str, **more: Any) -> Any:  # noqa: ANN401 - any field
    return confirmation(item(1, accept(3, delivery_date=at(day))), **more)


FIRST = promise("2026-03-08")


def updated(day: str) -> object:
    return promise(day, operation="update", previous_payload_id=payload_of(FIRST), notice=LATE)


@pytest.mark.parametrize(
    ("day", "severity"),
    [("2026-03-10", None), ("2026-03-11", "warning"), ("2026-03-23", "warning"), ("2026-03-24", "error")],
)
def test_a_promise_may_slip_by_two_days_and_never_by_more_than_fifteen(day: str, severity: str | None) -> None:
    found = [one for one in now(add(sent(3), FIRST, updated(day))).exceptions if one.code == "CONF_DATE_SLIP"]
    assert [one.severity.value for one in found] == ([severity] if severity else [])


def test_a_ship_notice_may_be_what_slips() -> None:
    facts = add(sent(3), FIRST, shipment((1, 3), delivery_date=at("2026-03-12")))
    found = only(facts, "CONF_DATE_SLIP")
    assert found.detail == "delivery first promised for 2026-03-08, now for 2026-03-12"
    assert (found.subject_key, found.amount_at_risk) == ("PR1/10000", 30 * ONE)


def test_a_line_that_is_promised_in_parts_has_not_slipped() -> None:
    parts = (accept(1, delivery_date=at("2026-03-08")), accept(2, 2, delivery_date=at("2026-03-20")))
    assert "CONF_DATE_SLIP" not in codes(add(sent(3), confirmation(item(1, *parts))))


@pytest.mark.parametrize(
    "later",
    [
        confirmation(item(1, reject(3, delivery_date=at("2026-03-20"))), confirm_id="111-2"),
        shipment((1, 3), delivery_date=None),
        shipment((1, 3), reason="return", delivery_date=at("2026-03-20")),
    ],
    ids=["a rejection", "no date", "a return"],
)
def test_what_promises_no_delivery_does_not_slip(later: object) -> None:
    assert "CONF_DATE_SLIP" not in codes(add(sent(3), FIRST, later))


def test_what_was_never_promised_cannot_slip() -> None:
    facts = add(sent(3), confirmation(item(1, accept(3))), confirmation(type="accept", confirm_id="111-2"))
    assert "CONF_DATE_SLIP" not in codes(add(facts, shipment((1, 3))))


def test_nothing_shipped_two_days_after_the_promise_is_overdue() -> None:
    facts = add(sent(3), promise("2026-03-08T20:00:00Z"))
    due = micros("2026-03-10T20:00:00Z")
    assert ("SHIP_OVERDUE" in codes(facts, due - 1), now(facts).next_due_at) == (False, due)
    found = only(facts, "SHIP_OVERDUE", due)
    assert (found.detail, found.since) == ("nothing shipped 2 days after the promised date", due)
    assert now(facts, due).next_due_at is None


def test_a_promised_day_has_passed_at_its_end_in_the_companys_zone() -> None:
    assert now(add(sent(3), FIRST)).next_due_at == micros("2026-03-11T07:00:00Z")


def test_the_promised_shipment_outranks_the_promised_delivery() -> None:
    soon = accept(3, shipment_date=at("2026-03-06T20:00:00Z"), delivery_date=at("2026-03-20"))
    assert now(add(sent(3), confirmation(item(1, soon)))).next_due_at == micros("2026-03-08T20:00:00Z")


@pytest.mark.parametrize(
    "facts",
    [
        (FIRST, shipment((1, 1))),
        (FIRST, shipment((1, 1)), shipment((1, 1), shipment_id="S2", reason="return")),
        (confirmation(item(1, reject(3, delivery_date=at("2026-03-08")))),),
        (confirmation(item(1, accept(3))),),
        (confirmation(type="accept"),),
        (confirmation(item(1, accept(0, delivery_date=at("2026-03-08")), reject(3, 2))),),
    ],
    ids=["shipped", "came back", "rejected", "no promise", "header only", "nothing accepted"],
)
def test_nothing_is_overdue(facts: tuple[object, ...]) -> None:
    assert "SHIP_OVERDUE" not in codes(add(sent(3), *facts), MUCH_LATER)


@pytest.mark.parametrize(
    ("dates", "detail"),
    [
        ({"delivery_date": at("2026-03-05T08:00:00Z")}, "delivered before it was shipped"),
        ({"delivery_date": at("2026-03-04")}, "delivered before it was shipped"),
        ({"shipment_date": at("2026-03-04T16:59:59Z")}, "shipped before it was ordered"),
        ({"shipment_date": at("2026-03-03")}, "shipped before it was ordered"),
        (
            {"shipment_date": at("2026-03-03"), "delivery_date": at("2026-03-02")},
            "delivered before it was shipped, shipped before it was ordered",
        ),
    ],
)
def test_dates_that_cannot_be_are_reported(dates: dict[str, Any], detail: str) -> None:
    assert only(add(sent(3), shipment((1, 3), **dates)), "SHIP_DATE_ORDER").detail == detail


@pytest.mark.parametrize(
    "dates",
    [
        {"delivery_date": at("2026-03-05")},
        {"delivery_date": None},
        {"shipment_date": None},
        {"shipment_date": at("2026-03-03"), "type": "planned"},
    ],
)
def test_dates_that_can_be_raise_nothing(dates: dict[str, Any]) -> None:
    assert "SHIP_DATE_ORDER" not in codes(add(sent(3), shipment((1, 3), **dates)))


def test_an_order_of_somebody_else_was_made_when_its_purchase_order_says() -> None:
    early = shipment((1, 3), shipment_date=at("2026-03-01"))
    dated, undated = purchase_order(3, order_date=at("2026-03-02")), purchase_order(3)
    assert "SHIP_DATE_ORDER" in codes(history(request(3), dated, early))
    assert "SHIP_DATE_ORDER" not in codes(history(request(3), undated, early))
    assert "SHIP_DATE_ORDER" not in codes(history(request(3), early))


TOMORROW = at("2026-03-06T16:00:01Z")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (confirmation(item(1, accept(3)), notice=TOMORROW), "noticeDate 2026-03-06T16:00:01Z"),
        (shipment((1, 3), shipment_date=TOMORROW, delivery_date=None), "shipmentDate 2026-03-06T16:00:01Z"),
        (invoice((1, 3), invoice_date=TOMORROW), "invoiceDate 2026-03-06T16:00:01Z"),
    ],
)
def test_a_date_more_than_a_day_ahead_is_reported_until_it_is_near(body: object, detail: str) -> None:
    facts = add(sent(3), body)
    assert only(facts, "FUTURE_DATED").detail == detail
    until = now(facts).next_due_at
    assert until == NOW + ONE
    assert "FUTURE_DATED" not in codes(facts, until)


def test_a_day_begins_at_midnight_in_the_companys_zone() -> None:
    facts = add(sent(3), invoice((1, 3), invoice_date=at("2026-03-07")))
    assert now(facts).next_due_at == micros("2026-03-07T08:00:00Z") - DAY
    there = replace(POLICY, zone="Asia/Tokyo")
    assert "FUTURE_DATED" not in [one.code for one in now(facts, micros("2026-03-05T15:00:00Z"), there).exceptions]


@pytest.mark.parametrize("changes", [{"type": "planned"}, {"shipment_date": None}])
def test_a_plan_and_a_missing_date_claim_nothing(changes: dict[str, Any]) -> None:
    facts = add(sent(3), shipment((1, 3), **{"shipment_date": TOMORROW, "delivery_date": None, **changes}))
    assert "FUTURE_DATED" not in codes(facts)
