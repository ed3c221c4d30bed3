"""Holding and withholding are facts: they are seen, they are derived again, and a rebuilt ledger knows them."""

import pytest

from punchout.ledger.sending import outbox, switches
from punchout.ledger.tables.decisions import SEND_HELD
from punchout.ledger.tables.facts import SEND_WITHHELD
from punchout.ledger.upkeep.rebuild import rebuild
from punchout.ordering.answers import Answer
from tests.support.ledgers import each, rows
from tests.support.plays import Play, Supplier
from tests.support.stories import FIRST

UNAUTHORISED = Answer(http_status=200, is_cxml=True, cxml_code=401, cxml_text="no")


def step(play: Play, name: str, reason: str | None = None) -> None:
    order = play.order()
    each(play.engine, lambda connection: outbox.move(connection, order, name, "ann", play.now, reason))


def rebuilt(play: Play) -> Play:
    each(play.engine, rebuild)
    play.exchange().settle()
    return play


def test_a_held_order_is_shown_as_held_and_by_whom(waiting: Play) -> None:
    step(waiting, "hold", "wait for the budget")
    waiting.sync()
    request = waiting.request()
    assert (request["outbox_state"], request["stage"]) == ("hold", "PO Queued")
    (found,) = [one for one in request["exception_details"] if one["code"] == "OUT_BLOCKED"]
    assert found["detail"] == "held by ann: wait for the budget"
    assert waiting.broken_promises() == {}


def test_an_order_that_was_let_go_is_held_by_nobody(waiting: Play) -> None:
    step(waiting, "hold")
    step(waiting, "release")
    waiting.supplier = Supplier((Answer(http_status=429, retry_after=3600),))
    waiting.sync()
    assert (waiting.request()["outbox_state"], waiting.request()["exceptions"]) == ("pending", [])


def test_steps_at_one_moment_keep_their_order(waiting: Play) -> None:
    for name in ("hold", "release", "hold", "release", "hold"):
        step(waiting, name)
    times = [row["at"] for row in rows(waiting.engine, SEND_HELD)]
    assert times == sorted(set(times), key=str)
    waiting.sync()
    assert (waiting.order().state, waiting.request()["outbox_state"]) == ("hold", "hold")


def test_a_rebuilt_ledger_knows_who_is_held(waiting: Play) -> None:
    step(waiting, "hold")
    waiting.sync()
    before = waiting.hash()
    assert rebuilt(waiting).hash() == before
    assert waiting.request()["outbox_state"] == "hold"


def test_a_blocked_order_that_was_released_waits_at_once_and_is_no_exception_any_more(waiting: Play) -> None:
    waiting.supplier = Supplier((UNAUTHORISED,))
    waiting.sync()
    assert "OUT_BLOCKED" in waiting.request()["exceptions"]
    step(waiting, "release")
    waiting.take_in()
    assert (waiting.order().state, waiting.request()["outbox_state"]) == ("pending", "pending")
    assert waiting.request()["exceptions"] == []
    assert waiting.broken_promises() == {}


def test_one_release_is_not_good_for_two_blocked_attempts(waiting: Play) -> None:
    waiting.supplier = Supplier((UNAUTHORISED,))
    for _ in range(2):
        waiting.switch_on()
        waiting.sync()
        if waiting.order().attempt == 1:
            step(waiting, "release")
    assert (waiting.order().attempt, waiting.request()["outbox_state"]) == (2, "blocked")
    assert waiting.broken_promises() == {}


@pytest.fixture
def withheld(waiting: Play) -> Play:
    """An order that the kill switch keeps here."""
    waiting.settings.orders.kill_switch.touch()
    waiting.sync()
    return waiting


def test_an_order_that_is_kept_here_is_an_exception_with_the_reason(withheld: Play) -> None:
    (found,) = [one for one in withheld.request()["exception_details"] if one["code"] == "OUT_BLOCKED"]
    assert found["detail"] == "the kill switch is set (50.00 USD)"
    assert (found["amount_at_risk"], found["subject_key"]) == ("50", "PR0001")
    assert withheld.broken_promises() == {}


def test_trying_again_for_the_same_reason_writes_nothing(withheld: Play) -> None:
    before = withheld.hash()
    for _ in range(3):
        withheld.later(1)
        withheld.sync()
    assert len(rows(withheld.engine, SEND_WITHHELD)) == 1
    assert withheld.hash() == before


def test_another_reason_takes_the_place_of_the_first(withheld: Play) -> None:
    withheld.settings.orders.kill_switch.unlink()
    each(withheld.engine, lambda c: switches.set_switch(c, switches.ORDERS, on=False, by="ann", reason="x", at=1))
    withheld.sync()
    (found,) = [one for one in withheld.request()["exception_details"] if one["code"] == "OUT_BLOCKED"]
    assert str(found["detail"]).startswith("sending is not enabled in the ledger")


def test_an_order_that_left_after_all_is_no_exception(withheld: Play) -> None:
    withheld.settings.orders.kill_switch.unlink()
    withheld.sync()
    assert (withheld.order().state, withheld.request()["exceptions"]) == ("sent", [])
    assert withheld.broken_promises() == {}


def test_a_reason_from_before_an_attempt_says_nothing_about_the_time_after_it(withheld: Play) -> None:
    withheld.settings.orders.kill_switch.unlink()
    withheld.supplier = Supplier((Answer(http_status=429, retry_after=3600),))
    withheld.sync()
    assert (withheld.request()["outbox_state"], withheld.request()["exceptions"]) == ("pending", [])


def test_a_rebuilt_ledger_knows_what_kept_an_order_here(withheld: Play) -> None:
    before = withheld.hash()
    assert rebuilt(withheld).hash() == before
    assert FIRST.number in {one["request_no"] for one in withheld.status()["requests"]}
