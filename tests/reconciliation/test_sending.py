"""Where the sending of an order stands, from the outbound facts and what answers them."""

from dataclasses import replace
from typing import Any

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
from tests.reconciliation.steps import held, lapsed, withheld

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


def test_a_result_that_says_nothing_more_is_told_from_one_that_does_whichever_comes_first() -> None:
    silent, telling = result("in_doubt"), result("in_doubt", detail="reset by peer")
    for both in ((silent, telling), (telling, silent)):
        assert sending(history(queued(1), mark(), *both)).result == telling


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


WAITS = history(queued(1))
DOUBTFUL = history(queued(1), mark(), result("in_doubt"))


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        (history(queued(1, release_mode="manual")), LET_GO),
        (WAITS, mark()),
        (history(queued(1), mark()), result("refused")),
        (DOUBTFUL, resolved("sent", SENT_AT + 1)),
        (WAITS, held(SENT_AT)),
        (WAITS, withheld(SENT_AT)),
        (history(queued(1), mark(), result("pending")), lapsed()),
    ],
    ids=["released", "marked", "ended", "resolved", "held", "withheld", "lapsed"],
)
def test_what_befell_another_version_of_the_order_says_nothing_of_this_one(facts: Any, step: Any) -> None:  # noqa: ANN401 - any fact
    before = sending(facts)
    assert sending(add(facts, step)) != before
    assert sending(add(facts, replace(step, payload_id="order-0@buyer.example"))) == before


def test_a_word_that_holds_keeps_an_order_that_waits_and_a_word_that_lets_go_ends_it() -> None:
    kept = history(queued(1), held(SENT_AT))
    assert sending(kept).state is SendState.HOLD
    assert sending(add(kept, held(SENT_AT + 1, is_held=False))).state is SendState.PENDING


def test_of_two_words_at_one_instant_the_one_that_holds_counts() -> None:
    assert sending(history(queued(1), held(SENT_AT), held(SENT_AT, is_held=False))).state is SendState.HOLD


def test_of_two_words_that_hold_at_one_instant_one_stands_whichever_comes_first() -> None:
    for both in ((held(SENT_AT, reason="a"), held(SENT_AT, reason="b")), (held(SENT_AT, reason="b"), held(SENT_AT))):
        assert sending(history(queued(1), *both)) == sending(history(queued(1), *reversed(both)))


def test_a_draft_that_was_held_and_let_go_is_a_draft_again() -> None:
    drafted = history(queued(1, release_mode="manual"), held(SENT_AT))
    assert sending(drafted).state is SendState.HOLD
    assert sending(add(drafted, held(SENT_AT + 1, is_held=False))).state is SendState.DRAFT


@pytest.mark.parametrize("outcome", ["sent", "refused", "in_doubt", "blocked"])
def test_no_word_holds_what_has_left_or_was_turned_away(outcome: str) -> None:
    assert sending(history(queued(1), held(SENT_AT), mark(), result(outcome))).state == outcome


def test_a_blocked_order_waits_again_from_the_word_that_lets_it_go() -> None:
    blocked = history(queued(1), mark(), result("blocked"))
    assert sending(add(blocked, held(SENT_AT, is_held=False))).state is SendState.BLOCKED
    assert sending(add(blocked, held(SENT_AT + 1, is_held=False))).state is SendState.PENDING


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_proves_that_an_order_held_after_an_attempt_was_sent(answer: object) -> None:
    facts = history(queued(1), mark(), result("pending"), held(SENT_AT + 1), answer)
    assert (sending(facts).state, sending(facts).held) == (SendState.SENT, None)


def test_an_answer_changes_nothing_about_an_order_held_before_any_attempt() -> None:
    assert sending(history(queued(1), held(SENT_AT), confirmation())).state is SendState.HOLD


def test_an_attempt_that_must_not_be_repeated_any_more_is_in_doubt() -> None:
    facts = history(queued(1), mark(), result("pending", may_have_left=True), lapsed())
    assert sending(facts).state is SendState.IN_DOUBT
    assert sending(add(facts, resolved("pending", SENT_AT + 2 * HOUR))).state is SendState.PENDING


def test_a_lapse_says_nothing_about_the_next_attempt() -> None:
    later = SENT_AT + 3 * HOUR
    facts = history(queued(1), mark(), result("pending"), lapsed(), mark(2, later), result("sent", 2, later))
    assert sending(facts).state is SendState.SENT


def test_what_last_kept_a_waiting_order_here_is_known_until_its_next_attempt() -> None:
    facts = history(queued(1), withheld(SENT_AT - 2), withheld(SENT_AT - 1, "no cut-over is set"))
    assert getattr(sending(facts).withheld, "detail", None) == "no cut-over is set"
    assert sending(add(facts, mark(), result("pending"))).withheld is None


def test_nothing_withholds_an_order_that_does_not_wait() -> None:
    assert sending(history(queued(1), withheld(SENT_AT), held(SENT_AT))).withheld is None
