"""Many values into one: what Business Central's single fields show."""

from dataclasses import replace

import pytest

from punchout.model.moments import Moment
from tests.reconciliation.histories import (
    POLICY,
    accept,
    add,
    at,
    backorder,
    billing,
    confirmation,
    invoice,
    invoice_line,
    item,
    now,
    only_line,
    payload_of,
    sent,
    shipment,
)

EARLY, LATE = at("2026-03-04T08:00:00Z"), at("2026-03-04T15:00:00Z")


def test_the_order_confirmation_id_is_that_of_the_earliest_notice() -> None:
    late = confirmation(item(1, accept(1)), confirm_id="111-1", notice=LATE)
    early = confirmation(item(1, accept(1)), confirm_id="222-2", notice=EARLY)
    found = now(add(sent(3), late, early))
    assert (found.order_confirmation_id, found.order_confirmation_ids) == ("222-2", ("111-1", "222-2"))


def test_notices_are_compared_as_instants_not_as_text() -> None:
    late = confirmation(confirm_id="111-1", notice=at("2026-03-04T08:00:00-08:00"))
    early = confirmation(confirm_id="222-2", notice=at("2026-03-04T09:00:00+01:00"))
    assert now(add(sent(3), late, early)).order_confirmation_id == "222-2"


def test_the_number_of_a_status_outranks_the_headers() -> None:
    split = confirmation(item(1, accept(1, 1, confirm_id="333-3"), accept(2, 2, confirm_id="222-2")))
    found = now(add(sent(3), split))
    assert (found.order_confirmation_id, found.order_confirmation_ids) == ("333-3", ("222-2", "333-3"))


def test_a_status_without_a_number_has_the_headers() -> None:
    split = confirmation(item(1, accept(1, 1, confirm_id="333-3"), backorder(2, 2)))
    assert now(add(sent(3), split)).order_confirmation_ids == ("111-1", "333-3")


def test_of_one_notice_time_the_place_in_the_document_decides() -> None:
    one = confirmation(item(1, accept(1)), item(2, accept(1, confirm_id="000-0")), confirm_id="999-9")
    assert now(add(sent(1, 1), one)).order_confirmation_id == "999-9"


def test_of_one_notice_time_and_place_the_text_decides() -> None:
    both = [confirmation(item(1, accept(1)), confirm_id=text) for text in ("222-2", "111-1")]
    assert now(add(sent(3), *both)).order_confirmation_id == "111-1"


def test_a_replaced_confirmation_gives_no_number() -> None:
    first = confirmation(item(1, accept(3, confirm_id="333-3")))
    update = confirmation(item(1, accept(3)), operation="update", previous_payload_id=payload_of(first))
    assert now(add(sent(3), first, update)).order_confirmation_ids == ("111-1",)


def test_a_confirmation_without_any_number_gives_none() -> None:
    found = now(add(sent(3), confirmation(type="accept", confirm_id=None)))
    assert (found.order_confirmation_id, found.order_confirmation_ids, found.lines[0].amazon_orders) == (None, (), 0)


def test_a_shipment_without_dates_leaves_them_to_the_others() -> None:
    silent = shipment((1, 1), shipment_id="S2", shipment_date=None, delivery_date=None)
    line = only_line(add(sent(3), shipment((1, 1)), silent))
    assert (line.shipping_date, line.delivery_date) == ("2026-03-05", "2026-03-08")
    assert (line.shipments, line.shipping_dates, line.delivery_dates) == (2, 1, 1)


def test_the_shipping_date_is_the_first_and_the_delivery_date_the_last() -> None:
    first = shipment((1, 1))
    second = shipment(
        (1, 2),
        shipment_id="S2",
        shipment_date=at("2026-03-06T20:00:00Z"),
        delivery_date=at("2026-03-10T20:00:00Z"),
    )
    line = only_line(add(sent(3), second, first))
    assert (line.shipping_date, line.delivery_date) == ("2026-03-05", "2026-03-10")
    assert (line.shipping_dates, line.delivery_dates) == (2, 2)


@pytest.mark.parametrize(("first", "second"), [(EARLY, LATE), (LATE, EARLY)])
def test_dates_are_chosen_by_what_they_say_and_not_by_when_they_were_told(first: Moment, second: Moment) -> None:
    sooner = shipment((1, 1), notice=first)
    moved = {"shipment_date": at("2026-03-06T20:00:00Z"), "delivery_date": at("2026-03-10T20:00:00Z")}
    line = only_line(add(sent(3), sooner, shipment((1, 2), shipment_id="S2", notice=second, **moved)))
    assert (line.shipping_date, line.delivery_date) == ("2026-03-05", "2026-03-10")


@pytest.mark.parametrize(
    ("zone", "day"), [("America/Los_Angeles", "2026-03-05"), ("UTC", "2026-03-06"), ("Asia/Tokyo", "2026-03-06")]
)
def test_dates_are_cut_in_the_companys_zone(zone: str, day: str) -> None:
    facts = add(sent(3), shipment((1, 3), shipment_date=at("2026-03-06T07:59:00Z")))
    assert only_line(facts, policy=replace(POLICY, zone=zone)).shipping_date == day


def test_daylight_saving_time_moves_the_cut() -> None:
    before = shipment((1, 1), shipment_date=at("2026-03-08T07:30:00Z"))
    after = shipment((1, 1), shipment_date=at("2026-03-09T07:30:00Z"))
    days = [only_line(add(sent(3), notice)).shipping_date for notice in (before, after)]
    assert days == ["2026-03-07", "2026-03-09"]


def test_a_stated_day_stays_what_it_says() -> None:
    facts = add(sent(3), shipment((1, 3), delivery_date=at("2026-03-09")))
    assert only_line(facts).delivery_date == "2026-03-09"


def test_returns_give_no_dates() -> None:
    line = only_line(add(sent(3), shipment((1, 3), reason="return")))
    assert (line.shipping_date, line.delivery_date) == (None, None)


def test_a_confirmations_promised_date_is_not_a_delivery_date() -> None:
    promised = confirmation(item(1, accept(3, delivery_date=at("2026-03-09"))))
    assert only_line(add(sent(3), promised)).delivery_date is None


def test_a_ship_notice_without_dates_gives_none() -> None:
    line = only_line(add(sent(3), shipment((1, 3), shipment_date=None, delivery_date=None)))
    assert (line.shipping_date, line.shipping_dates) == (None, 0)


def test_the_invoice_is_the_earliest_by_date_then_by_id() -> None:
    late = invoice((1, 1), invoice_id="I0", invoice_date=at("2026-03-07T12:00:00Z"))
    same = [invoice((1, 1), invoice_id=text) for text in ("I2", "I1")]
    line = only_line(add(sent(3), late, *same))
    assert (line.invoice_id, line.invoice_date) == ("I1", "2026-03-06")
    assert (line.invoice_ids, line.invoice_dates) == (3, 2)


def test_credits_give_no_invoice() -> None:
    credit = invoice((1, 1), invoice_id="C1", purpose="lineLevelCreditMemo", invoice_date=at("2026-03-01"))
    refund = billing(invoice_line(1, 1, -1), invoice_id="I0", invoice_date=at("2026-03-02"))
    line = only_line(add(sent(3), invoice((1, 3)), credit, refund))
    assert (line.invoice_id, line.invoice_ids) == ("I1", 1)


def test_an_invoice_without_a_number_still_has_a_date() -> None:
    line = only_line(add(sent(3), invoice((1, 3), invoice_id=None)))
    assert (line.invoice_id, line.invoice_date) == (None, "2026-03-06")


def test_one_invoice_that_bills_a_line_twice_is_one_value() -> None:
    line = only_line(add(sent(3), invoice((1, 1), (1, 2))))
    assert (line.invoice_ids, line.invoice_dates) == (1, 1)
