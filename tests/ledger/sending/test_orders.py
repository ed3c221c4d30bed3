"""Writing orders down: before anything leaves, with identity and exact bytes, and one order once."""

import dataclasses
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa

from punchout.ledger.bodies import sha256
from punchout.ledger.sending import outbox, switches
from punchout.ledger.sending.orders import _each_once
from punchout.ledger.tables.facts import ORDER_BODY, ORDER_LINE, ORDER_QUEUED, SEND_MARKED
from punchout.model.codes import Code
from punchout.model.orders import OrderDraft
from punchout.ordering.draft import draft_order
from tests.ordering.examples import NOW, POLICY, history
from tests.support.ledgers import each, rows
from tests.support.plays import Play
from tests.support.purchases import ACCOUNT, Purchase, orders_export, requests_export
from tests.support.stories import FIRST, SECOND, STRAY, confirmed, ordered


def bodies(engine: sa.Engine) -> list[bytes]:
    return [bytes(row["body"]) for row in rows(engine, ORDER_BODY)]  # type: ignore[call-overload]


def test_an_order_is_written_down_with_its_exact_bytes_before_anything_leaves(play: Play) -> None:
    play.take_in(*FIRST.exported(), FIRST.cart())
    play.exchange().queue_orders()
    (queued,), (body,) = rows(play.engine, ORDER_QUEUED), bodies(play.engine)
    assert queued["payload_id"] == FIRST.payload_id
    assert queued["body_sha256"] == sha256(body)
    assert ET.fromstring(body).get("payloadID") == FIRST.payload_id  # noqa: S314 - we wrote it
    assert rows(play.engine, SEND_MARKED) == []
    assert play.supplier.bodies == []


def test_what_leaves_is_what_was_written_down(placed: Play) -> None:
    again = Play(placed.engine, placed.settings.home)
    ordered(again, SECOND)
    assert again.supplier.bodies == [bodies(placed.engine)[-1]]


def test_an_order_carries_the_moment_of_the_sync_that_queued_it(placed: Play) -> None:
    (body,) = bodies(placed.engine)
    assert ET.fromstring(body).get("timestamp") == "2026-03-02T18:00:00+00:00"  # noqa: S314 - we wrote it


def test_the_line_map_is_frozen_when_the_order_is_queued(placed: Play) -> None:
    changed = orders_export(FIRST.order_row(modified="02T19:00", purchaseOrderLines=[]), at="02T19:00", name="new.json")
    placed.sync(changed)
    lines = rows(placed.engine, sa.select(ORDER_LINE).order_by("line_number"))
    assert [(line["line_number"], line["bc_line_number"], line["cart_position"]) for line in lines] == [
        (1, 10_000, 1),
        (2, 20_000, 2),
    ]
    assert [line["ordered"] for line in placed.request()["lines"]] == ["3", "1"]


def test_a_second_sync_queues_and_sends_nothing_more(placed: Play) -> None:
    synced = placed.sync(*(one.again("again.json") for one in FIRST.exported()))
    assert (synced.queued, dict(synced.dispatched.outcomes)) == (0, {})
    assert len(bodies(placed.engine)) == 1


def test_a_request_released_by_hand_leaves_a_draft_that_waits_for_a_person(play: Play) -> None:
    play.sync(requests_export(FIRST.row(releaseMode="manual")), orders_export(FIRST.order_row()))
    play.later(1)
    play.sync()
    assert (play.order().state, play.request()["outbox_state"], play.supplier.bodies) == ("draft", "draft", [])
    with play.engine.begin() as connection:
        outbox.send_draft(connection, play.order(), "ann", play.now)
    play.sync()
    assert (play.order().state, len(play.supplier.bodies)) == ("sent", 1)


NOT_OURS = {
    "released before the cut-over": {"releasedDateTime": "2025-12-31T23:59:59Z"},
    "confirmed in Business Central": {"orderConfirmationId": "111-0"},
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_an_order_of_somebody_else_is_tracked_and_never_sent(play: Play, name: str) -> None:
    play.sync(requests_export(FIRST.row(**NOT_OURS[name])), orders_export(FIRST.order_row()))
    assert (play.request()["adopted"], bodies(play.engine)) == (True, [])


def test_an_order_that_was_answered_before_it_was_queued_is_never_sent(play: Play) -> None:
    play.sync(confirmed())
    play.sync(*FIRST.exported())
    assert (play.request()["adopted"], play.request()["stage"]) == (True, "Order Confirmed")
    assert bodies(play.engine) == []


@pytest.mark.parametrize("status", ["open", "pendingApproval"])
def test_a_request_that_is_not_released_is_not_ordered(play: Play, status: str) -> None:
    play.sync(requests_export(FIRST.row(status=status)), orders_export(FIRST.order_row()))
    assert bodies(play.engine) == []


def test_a_request_that_cannot_be_ordered_says_why_and_is_tried_again(play: Play) -> None:
    play.sync(requests_export(FIRST.row(requesterEmail=None)), orders_export(FIRST.order_row()))
    (found,) = play.request()["exception_details"]
    assert found["code"] == Code.OUT_VALIDATION
    assert "mail" in found["detail"].lower()
    play.sync(requests_export(FIRST.row(modified="02T17:30"), at="02T17:30", name="better.json"))
    assert (play.request()["outbox_state"], play.request()["exceptions"]) == ("sent", [])


def test_where_business_central_sends_nothing_is_ever_queued(play: Play) -> None:
    theirs = Play(play.engine, play.settings.home, orders={"sent_by": "bc"})
    theirs.sync(*FIRST.exported())
    assert (bodies(play.engine), theirs.supplier.bodies) == ([], [])


def test_nothing_is_queued_while_the_checks_of_the_imports_have_failed(play: Play) -> None:
    each(play.engine, lambda c: switches.set_gate(c, ACCOUNT, "bc_orders", {"rows": "half are gone"}, play.now))
    assert play.sync(*FIRST.exported()).queued == 0
    each(play.engine, lambda c: switches.set_gate(c, ACCOUNT, "bc_orders", {}, play.now))
    assert play.sync().queued == 1


CLAIM = Purchase(number="PR0002", order_id=FIRST.order_id)


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one after the other"])
def test_a_purchase_order_that_two_requests_claim_is_never_ordered_twice(play: Play, *, at_once: bool) -> None:
    order = orders_export(FIRST.order_row(punchoutRequestNumber=None))
    if at_once:
        play.sync(requests_export(FIRST.row(), CLAIM.row()), order)
    else:
        play.sync(requests_export(FIRST.row()), order)
        play.sync(requests_export(CLAIM.row(), name="claim.json"))
    play.later(1)
    play.sync()
    assert len(play.supplier.bodies) == (0 if at_once else 1)
    assert play.broken_promises() == {}


def test_a_purchase_order_already_ordered_for_another_request_is_refused_with_its_reason(placed: Play) -> None:
    order = orders_export(CLAIM.order_row(modified="02T19:00"), at="02T19:00", name="moved.json")
    placed.sync(requests_export(CLAIM.row(), name="claim.json"), order)
    assert len(bodies(placed.engine)) == 1


@pytest.mark.parametrize("days", [1, 6])
def test_the_age_of_a_cart_is_told_as_of_now(play: Play, days: int) -> None:
    play.sync(requests_export(FIRST.new_row()), FIRST.cart())
    play.later(24 * 7)
    expired = requests_export(FIRST.row(releaseMode="manual"), at="09T17:00", name="late.json")
    play.sync(expired, orders_export(FIRST.order_row()))
    assert play.request()["exceptions"] == ["CART_EXPIRED"]
    play.later(24 * days)
    play.sync()
    assert play.broken_promises() == {}


def test_an_item_that_was_not_in_the_cart_is_not_ordered(play: Play) -> None:
    other = dataclasses.replace(FIRST, items=(dataclasses.replace(FIRST.items[0], part="B0OTHER"), FIRST.items[1]))
    play.sync(FIRST.cart(), *other.exported())
    assert play.request()["exceptions"] == ["OUT_VALIDATION"]


def test_an_order_that_differs_from_its_cart_leaves_and_the_difference_is_told_for_good(play: Play) -> None:
    play.sync(FIRST.cart().saying("9.00", instead_of="10.00"))
    play.sync(*FIRST.exported())
    for _ in range(2):
        assert play.request()["outbox_state"] == "sent"
        (found,) = play.request()["exception_details"]
        assert (found["code"], found["severity"], found["line_number"]) == (Code.OUT_ROUNDTRIP_DIFF, "warning", 10_000)
        assert (found["amount_at_risk"], found["detail"]) == ("3", "unit price 10 USD, the cart 9 USD")
        play.later(1)
        play.sync()


def test_of_two_requests_whose_orders_were_drafted_together_the_first_has_the_purchase_order() -> None:
    draft = draft_order(history(), POLICY, NOW)
    assert isinstance(draft, OrderDraft)
    other = dataclasses.replace(draft, order_id="another")
    keys = [FIRST.key, SECOND.key, STRAY.key]
    drafts = dict(zip(keys, (draft, draft, other), strict=True))
    assert list(_each_once(keys, drafts)) == [(FIRST.key, draft), (STRAY.key, other)]
