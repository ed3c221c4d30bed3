"""Repetitions: only where the supplier was shown to take them, at most three, in time, with the same bytes."""

from dataclasses import replace

import pytest

from punchout.ledger.sending import conformance, outbox
from punchout.ledger.tables.facts import SEND_LAPSED, SEND_RESULT
from punchout.ordering.answers import Answer
from tests.support.ledgers import each, rows
from tests.support.plays import BUSY, LOST, TAKEN, Play, Supplier
from tests.support.purchases import ACCOUNT
from tests.support.stories import ONE_SEEN, confirmed

UNAVAILABLE = Answer(http_status=503)
LONGEST_WAIT = 0.27  # hours: a little more than 16 minutes


@pytest.fixture
def repeating(waiting: Play) -> Play:
    """An order that waits to go to a supplier that was shown to take repeats for one order."""
    each(waiting.engine, lambda c: conformance.record(c, ACCOUNT, ONE_SEEN))
    return waiting.under(supplier={"dedupes_payload_id": True})


@pytest.mark.parametrize("answer", [BUSY, UNAVAILABLE], ids=["cXML 560", "HTTP 503"])
def test_a_busy_supplier_is_asked_again_with_the_same_bytes(repeating: Play, answer: Answer) -> None:
    repeating.supplier = Supplier((answer, TAKEN))
    repeating.sync()
    assert repeating.order().state == "pending"
    repeating.later(LONGEST_WAIT)
    repeating.sync()
    assert (repeating.order().state, repeating.order().attempt) == ("sent", 2)
    assert len(set(repeating.supplier.bodies)) == 1
    assert repeating.broken_promises() == {}


def test_it_is_not_asked_again_before_the_wait_is_over(repeating: Play) -> None:
    repeating.supplier = Supplier((replace(BUSY, retry_after=600), TAKEN))
    repeating.sync()
    repeating.later(0.15)
    repeating.sync()
    assert len(repeating.supplier.bodies) == 1


def test_after_three_repetitions_what_remains_is_a_doubt(repeating: Play) -> None:
    repeating.supplier = Supplier((BUSY,))
    for _ in range(8):
        repeating.sync()
        repeating.later(LONGEST_WAIT)
    assert len(repeating.supplier.bodies) == 4
    assert (repeating.order().state, repeating.request()["outbox_state"]) == ("in_doubt", "in_doubt")
    assert [row["outcome"] for row in rows(repeating.engine, SEND_RESULT)] == ["pending"] * 3 + ["in_doubt"]
    assert "SEND_AMBIGUOUS" in repeating.request()["exceptions"]
    assert repeating.broken_promises() == {}


def test_a_repetition_that_nobody_made_in_time_is_a_doubt(repeating: Play) -> None:
    repeating.supplier = Supplier((BUSY, TAKEN))
    repeating.sync()
    repeating.later(20.1)
    ended = repeating.sync()
    assert dict(ended.dispatched.outcomes) == {"in_doubt": 1}
    assert (len(repeating.supplier.bodies), repeating.order().state) == (1, "in_doubt")
    assert repeating.request()["outbox_state"] == "in_doubt"
    assert repeating.broken_promises() == {}


@pytest.mark.parametrize("withdrawn", ["the setting", "the record"])
def test_an_order_is_not_repeated_once_it_is_no_longer_held_that_the_supplier_takes_repeats(
    repeating: Play, withdrawn: str
) -> None:
    repeating.supplier = Supplier((BUSY, TAKEN))
    repeating.sync()
    repeating.later(1)
    if withdrawn == "the record":
        two_seen = replace(ONE_SEEN, orders_seen=2, at=repeating.now)
        each(repeating.engine, lambda c: conformance.record(c, ACCOUNT, two_seen))
        repeating.sync()
    else:
        without = repeating.under()
        without.sync()
    assert (len(repeating.supplier.bodies), repeating.order().state) == (1, "in_doubt")
    assert len(rows(repeating.engine, SEND_LAPSED)) == 1


def test_a_doubt_that_lapsed_can_be_sent_again_by_a_person_s_word(repeating: Play) -> None:
    repeating.supplier = Supplier((BUSY, TAKEN))
    repeating.sync()
    repeating.later(21)
    repeating.sync()
    order = repeating.order()
    each(repeating.engine, lambda c: outbox.settle(c, order, "pending", "ann", "not in their list", repeating.now))
    repeating.sync()
    assert (repeating.order().state, len(repeating.supplier.bodies)) == ("sent", 2)
    assert repeating.broken_promises() == {}


def test_an_answer_that_comes_before_the_repetition_stops_it(repeating: Play) -> None:
    repeating.supplier = Supplier((BUSY, TAKEN))
    repeating.sync()
    repeating.later(1)
    repeating.sync(confirmed())
    assert (repeating.order().state, len(repeating.supplier.bodies)) == ("sent", 1)
    assert repeating.broken_promises() == {}


@pytest.mark.parametrize("answer", [BUSY, UNAVAILABLE, LOST])
def test_without_the_setting_no_answer_leads_to_a_repetition(waiting: Play, answer: Answer) -> None:
    each(waiting.engine, lambda c: conformance.record(c, ACCOUNT, ONE_SEEN))
    waiting.supplier = Supplier((answer, TAKEN))
    for _ in range(3):
        waiting.sync()
        waiting.later(1)
    assert (waiting.order().state, len(waiting.supplier.bodies)) == ("in_doubt", 1)


def test_the_setting_without_a_record_keeps_every_order_here_and_says_so(waiting: Play) -> None:
    play = waiting.under(supplier={"dedupes_payload_id": True})
    play.sync()
    assert (play.supplier.bodies, play.order().state) == ([], "pending")
    assert str(play.request()["outbox_reason"]).startswith("supplier.dedupes_payload_id is set, and no conformance")
    assert "OUT_BLOCKED" in play.request()["exceptions"]


def test_a_record_of_two_orders_is_no_record_of_one(waiting: Play) -> None:
    each(waiting.engine, lambda c: conformance.record(c, ACCOUNT, replace(ONE_SEEN, orders_seen=2)))
    play = waiting.under(supplier={"dedupes_payload_id": True})
    play.sync()
    assert play.supplier.bodies == []


def test_a_record_for_another_supplier_is_none_for_this_one(waiting: Play) -> None:
    other = type(ACCOUNT)(ACCOUNT.company, "ANOTHER")
    each(waiting.engine, lambda c: conformance.record(c, other, ONE_SEEN))
    play = waiting.under(supplier={"dedupes_payload_id": True})
    play.sync()
    assert play.supplier.bodies == []
