"""Which version of a document stands, whatever came first."""

from zoneinfo import ZoneInfo

import pytest

from punchout.reconciliation.versions import confirmation_versions, invoice_versions, ship_notice_versions
from tests.reconciliation.histories import accept, at, confirmation, invoice, item, payload_of, shipment, stated

ZONE = ZoneInfo("America/Los_Angeles")
FIRST = confirmation(item(1, accept(1)))
EARLY, LATE = at("2026-03-04T08:00:00Z"), at("2026-03-04T18:00:00Z")


def test_an_update_replaces_the_confirmation_it_refers_to() -> None:
    update = confirmation(item(1, accept(2)), operation="update", previous_payload_id=payload_of(FIRST), notice=LATE)
    assert [one.body for one in confirmation_versions([stated(FIRST), stated(update)], ZONE).current] == [update]


def test_the_reference_outranks_the_notice_time() -> None:
    update = confirmation(item(1, accept(2)), operation="update", previous_payload_id=payload_of(FIRST), notice=EARLY)
    assert [one.body for one in confirmation_versions([stated(FIRST), stated(update)], ZONE).current] == [update]


def test_without_a_known_reference_the_later_notice_of_one_confirm_id_stands() -> None:
    update = confirmation(item(1, accept(2)), operation="update", previous_payload_id="lost", notice=LATE)
    assert [one.body for one in confirmation_versions([stated(update), stated(FIRST)], ZONE).current] == [update]


def test_an_older_version_that_arrives_late_does_not_come_back() -> None:
    second = confirmation(item(1, accept(2)), operation="update", previous_payload_id=payload_of(FIRST))
    third = confirmation(item(1, accept(3)), operation="update", previous_payload_id=payload_of(second), notice=EARLY)
    found = confirmation_versions([stated(third), stated(second), stated(FIRST)], ZONE)
    assert [one.body for one in found.current] == [third]
    assert sorted(state.standing for state in found.states) == ["current", "replaced", "replaced"]


def test_a_new_document_never_replaces_what_it_refers_to() -> None:
    other = confirmation(confirm_id="111-2", previous_payload_id=payload_of(FIRST))
    assert len(confirmation_versions([stated(FIRST), stated(other)], ZONE).current) == 2


def test_confirmations_without_a_confirm_id_all_stand() -> None:
    one, other = confirmation(confirm_id=None), confirmation(confirm_id=None, notice=LATE)
    assert [found.body for found in confirmation_versions([stated(other), stated(one)], ZONE).current] == [one, other]


def test_references_that_go_round_in_a_circle_say_nothing() -> None:
    one = confirmation(operation="update", previous_payload_id="p2", notice=EARLY)
    other = confirmation(operation="update", previous_payload_id="p1", notice=LATE)
    found = confirmation_versions([stated(one, payload_id="p1"), stated(other, payload_id="p2")], ZONE)
    assert [version.body for version in found.current] == [other]


def test_a_reference_into_a_circle_still_counts() -> None:
    one = confirmation(operation="update", previous_payload_id="p2", notice=EARLY, confirm_id=None)
    two = confirmation(operation="update", previous_payload_id="p1", notice=LATE, confirm_id=None)
    three = confirmation(operation="update", previous_payload_id="p1", confirm_id=None)
    found = confirmation_versions(
        [stated(one, payload_id="p1"), stated(two, payload_id="p2"), stated(three, payload_id="p3")], ZONE
    )
    assert {version.body for version in found.current} == {two, three}


def test_a_document_that_refers_to_itself_stands() -> None:
    own = confirmation(operation="update", previous_payload_id="p1")
    assert len(confirmation_versions([stated(own, payload_id="p1")], ZONE).current) == 1


def test_of_two_updates_of_one_version_the_later_stands() -> None:
    one = confirmation(item(1, accept(2)), operation="update", previous_payload_id=payload_of(FIRST), notice=EARLY)
    two = confirmation(item(1, accept(3)), operation="update", previous_payload_id=payload_of(FIRST), notice=LATE)
    found = confirmation_versions([stated(two), stated(FIRST), stated(one)], ZONE)
    assert [version.body for version in found.current] == [two]


def test_a_deleted_shipment_is_gone_and_says_what_deleted_it() -> None:
    notice = shipment((1, 1))
    delete = shipment(operation="delete", previous_payload_id=payload_of(notice), notice=LATE)
    found = ship_notice_versions([stated(notice), stated(delete)], ZONE)
    assert found.current == ()
    by = {state.standing: state.by for state in found.states}
    assert by == {"deleted": stated(delete).source.body_sha256, "deletes": None}


def test_a_deletion_of_an_invoice_repeats_its_date_and_still_comes_after_it() -> None:
    bill = invoice((1, 1))
    delete = invoice(operation="delete")
    assert invoice_versions([stated(delete), stated(bill)], ZONE).current == ()


def test_a_credit_memo_with_the_invoices_number_replaces_nothing() -> None:
    bill = invoice((1, 1))
    credit = invoice((1, 1), purpose="lineLevelCreditMemo", original_payload_id=payload_of(bill))
    debit = invoice((1, 1), purpose="debitMemo")
    assert len(invoice_versions([stated(bill), stated(credit), stated(debit)], ZONE).current) == 3


def test_invoices_without_a_number_all_stand() -> None:
    bills = [invoice((1, quantity), invoice_id=None) for quantity in (1, 2)]
    assert len(invoice_versions([stated(bill) for bill in bills], ZONE).current) == 2


def test_a_ship_notice_without_a_time_is_older_than_one_with() -> None:
    timeless = shipment((1, 1), notice=None)
    timely = shipment((1, 2), operation="update")
    assert [one.body for one in ship_notice_versions([stated(timely), stated(timeless)], ZONE).current] == [timely]


@pytest.mark.parametrize("day", ["2026-03-03", "2026-03-04"])
def test_a_day_comes_before_the_instants_of_that_day(day: str) -> None:
    dated = shipment((1, 1), notice=at(day))
    timely = shipment((1, 2), operation="new", notice=at("2026-03-05T00:30:00Z"))  # still the 4th in Los Angeles
    assert [one.body for one in ship_notice_versions([stated(timely), stated(dated)], ZONE).current] == [timely]


def test_a_day_comes_after_the_instants_of_the_day_before() -> None:
    timely = shipment((1, 1), notice=at("2026-03-05T07:30:00Z"))  # still the 4th in Los Angeles
    dated = shipment((1, 2), operation="new", notice=at("2026-03-05"))
    assert [one.body for one in ship_notice_versions([stated(dated), stated(timely)], ZONE).current] == [dated]


def test_one_content_delivered_under_two_payload_ids_is_one_version_known_by_both() -> None:
    update = confirmation(item(1, accept(2)), operation="update", previous_payload_id="again@supplier")
    twice = [stated(FIRST, 1), stated(FIRST, 2, payload_id="again@supplier")]
    assert [one.body for one in confirmation_versions([*twice, stated(update)], ZONE).current] == [update]
