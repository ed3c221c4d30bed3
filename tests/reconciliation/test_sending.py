"""Where the sending of an order stands, from the outbound facts and what answers them."""

import pytest

from punchout.model.moments import HOUR
from punchout.model.orders import SendReleased
from punchout.reconciliation.sending import SendState, sending
from tests.reconciliation.histories import (
    PAYLOAD,
    SENT_AT,
    add,
    confirmation,
    history,
    invoice,
    mark,
    queued,
    request,
    resolved,
    result,
    shipment,
)

ANSWERS = [confirmation(), shipment((1, 1)), invoice((1, 1))]
LET_GO = SendReleased(payload_id=PAYLOAD, by="ann", at=SENT_AT)


def test_nothing_queued_has_no_state() -> None:
    assert sending(history(request(1))).state is None


def test_an_approved_order_is_pending_once_it_is_queued() -> None:
    assert sending(history(queued(1))).state is SendState.PENDING


def test_a_manually_released_order_is_a_draft_until_a_person_lets_it_go() -> None:
    drafted = history(queued(1, release_mode="manual"))
    assert sending(drafted).state is SendState.DRAFT
    assert sending(add(drafted, LET_GO)).state is SendState.PENDING


def test_a_mark_without_a_result_is_being_sent() -> None:
    found = sending(history(queued(1), mark()))
    assert (found.state, found.marked_at) == (SendState.SENDING, SENT_AT)


@pytest.mark.parametrize("outcome", ["sent", "pending", "refused", "in_doubt", "blocked"])
def test_a_result_decides(outcome: str) -> None:
    assert sending(history(queued(1), mark(), result(outcome))).state == outcome


def test_an_outcome_nobody_knows_is_in_doubt() -> None:
    assert sending(history(queued(1), mark(), result("teapot"))).state is SendState.IN_DOUBT


def test_the_last_attempt_decides() -> None:
    facts = history(
        queued(1), mark(1), result("pending", 1), mark(2, SENT_AT + HOUR), result("sent", 2, SENT_AT + HOUR)
    )
    found = sending(facts)
    assert (found.state, found.attempt, found.marked_at) == (SendState.SENT, 2, SENT_AT + HOUR)


def test_a_second_attempt_without_a_result_is_being_sent_again() -> None:
    facts = history(queued(1), mark(1), result("pending", 1), mark(2, SENT_AT + HOUR))
    assert sending(facts).state is SendState.SENDING


def test_of_two_results_of_one_attempt_the_later_decides() -> None:
    facts = history(queued(1), mark(), result("in_doubt"), result("sent", when=SENT_AT + 1))
    assert sending(facts).state is SendState.SENT


def test_of_two_results_at_one_instant_the_one_that_forbids_sending_again_decides() -> None:
    assert sending(history(queued(1), mark(), result("pending"), result("in_doubt"))).state is SendState.IN_DOUBT


@pytest.mark.parametrize("outcome", ["sent", "pending", "cancelled"])
def test_a_persons_word_settles_an_order_in_doubt(outcome: str) -> None:
    facts = history(queued(1), mark(), result("in_doubt"), resolved(outcome, SENT_AT + HOUR))
    assert sending(facts).state == outcome


def test_the_latest_word_counts() -> None:
    facts = history(
        queued(1), mark(), result("in_doubt"), resolved("pending", SENT_AT + 1), resolved("sent", SENT_AT + 2)
    )
    assert sending(facts).state is SendState.SENT


def test_an_attempt_after_a_persons_word_overrides_it() -> None:
    facts = history(queued(1), mark(), result("in_doubt"), resolved("pending", SENT_AT + 1), mark(2, SENT_AT + 2))
    assert sending(facts).state is SendState.SENDING


def test_a_word_at_the_instant_of_the_attempt_never_lets_it_be_sent_again() -> None:
    facts = history(queued(1), mark(), result("in_doubt"))
    assert sending(add(facts, resolved("pending", SENT_AT))).state is SendState.IN_DOUBT
    assert sending(add(facts, resolved("sent", SENT_AT))).state is SendState.SENT


def test_an_order_reported_sent_without_any_attempt_counts_from_the_report() -> None:
    found = sending(history(queued(1, release_mode="manual"), resolved("sent", SENT_AT + 5)))
    assert (found.state, found.marked_at) == (SendState.SENT, SENT_AT + 5)


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_proves_that_an_order_in_doubt_was_sent(answer: object) -> None:
    assert sending(history(queued(1), mark(), result("in_doubt"), answer)).state is SendState.SENT


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_proves_that_an_order_whose_result_was_lost_was_sent(answer: object) -> None:
    assert sending(history(queued(1), mark(), answer)).state is SendState.SENT


def test_an_answer_outranks_a_person_who_let_the_order_be_sent_again() -> None:
    facts = history(queued(1), mark(), result("in_doubt"), resolved("pending", SENT_AT + 1), confirmation())
    assert sending(facts).state is SendState.SENT


def test_an_answer_changes_nothing_about_an_order_that_was_never_attempted() -> None:
    assert sending(history(queued(1), confirmation())).state is SendState.PENDING


@pytest.mark.parametrize("outcome", ["refused", "blocked"])
def test_an_answer_changes_nothing_about_an_order_that_was_turned_away(outcome: str) -> None:
    assert sending(history(queued(1), mark(), result(outcome), confirmation())).state == outcome


def test_the_highest_order_version_counts() -> None:
    second = queued(1, order_version=2, payload_id="order-2@buyer.example")
    found = sending(history(second, queued(1), mark(), result("sent")))
    assert (found.order, found.state) == (second, SendState.PENDING)
