"""Sending: marked before it leaves, once, under every switch and cap, and never again while it is in doubt."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from punchout.ledger.engine import open_engine
from punchout.ledger.sending import outbox, switches
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.facts import SEND_MARKED, SEND_RESULT
from punchout.ledger.tables.logs import ATTEMPT
from punchout.ordering.answers import Answer, Failure
from resources.errors import ConfigurationError
from resources.exchange import Exchange
from tests.support.ledgers import each, rows
from tests.support.plays import LOST, TAKEN, Play, Supplier
from tests.support.purchases import ACCOUNT, PENS, Purchase
from tests.support.stories import FIRST, confirmed

NOT_CONNECTED = Answer(failure=Failure.NOT_CONNECTED)
UNAUTHORISED = Answer(http_status=200, is_cxml=True, cxml_code=401, cxml_text="no")
REFUSED = Answer(http_status=200, is_cxml=True, cxml_code=406, cxml_text="not acceptable")
MANY = [Purchase(number=f"PR{n:04}", order_id=f"1{n:05}", items=(PENS,)) for n in range(1, 9)]


def another(play: Play, **changes: dict[str, Any]) -> Play:
    """Give the exchange under other settings."""
    changed = Play(play.engine, play.settings.home, **changes)
    changed.now = play.now
    return changed


def test_the_mark_is_committed_before_the_first_byte_leaves(waiting: Play) -> None:
    onlooker = open_engine(waiting.engine.url)
    seen: list[object] = []

    def look(_: bytes) -> None:
        seen.extend((row["attempt"], row["at"]) for row in rows(onlooker, SEND_MARKED))
        seen.extend(row["state"] for row in rows(onlooker, OUTBOX))

    waiting.supplier = Supplier(on_arrival=look)
    waiting.sync()
    onlooker.dispose()
    assert seen == [(1, waiting.now), "sending"]


def test_no_transaction_is_open_while_the_order_is_on_its_way(waiting: Play) -> None:
    def write(_: bytes) -> None:
        each(waiting.engine, lambda c: switches.set_switch(c, "other", on=True, by="ann", reason=None, at=1))

    waiting.supplier = Supplier(on_arrival=write)
    assert dict(waiting.sync().dispatched.outcomes) == {"sent": 1}


OUTCOMES = {
    "taken": (TAKEN, "sent", "PO Sent"),
    "lost": (LOST, "in_doubt", "PO Queued"),
    "refused": (REFUSED, "refused", "Send Failed"),
    "not connected": (NOT_CONNECTED, "pending", "PO Queued"),
    "unauthorised": (UNAUTHORISED, "blocked", "PO Queued"),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_answer_decides_the_state_in_outbox_facts_and_stage_alike(waiting: Play, name: str) -> None:
    answer, state, stage = OUTCOMES[name]
    waiting.supplier = Supplier((answer,))
    waiting.sync()
    request = waiting.request()
    assert (waiting.order().state, request["outbox_state"], request["stage"]) == (state, state, stage)
    assert [row["outcome"] for row in rows(waiting.engine, SEND_RESULT)] == [state]
    assert [row["outcome"] for row in rows(waiting.engine, ATTEMPT)] == [state]
    assert waiting.broken_promises() == {}


def test_what_provably_did_not_leave_is_sent_again_with_the_same_bytes(waiting: Play) -> None:
    waiting.supplier = Supplier((NOT_CONNECTED, TAKEN))
    waiting.sync()
    waiting.later(1)
    waiting.sync()
    assert waiting.order().state == "sent"
    assert len(waiting.supplier.bodies) == 2
    assert len(set(waiting.supplier.bodies)) == 1


def test_a_server_that_asks_for_patience_gets_it(waiting: Play) -> None:
    waiting.supplier = Supplier((Answer(http_status=429, retry_after=1800), TAKEN))
    waiting.sync()
    waiting.later(0.25)
    waiting.sync()
    assert len(waiting.supplier.bodies) == 1
    waiting.later(0.25)
    waiting.sync()
    assert waiting.order().state == "sent"


def test_an_answer_that_blocks_switches_the_channel_off_for_every_order(play: Play) -> None:
    play.supplier = Supplier((UNAUTHORISED, TAKEN))
    exports = [one for purchase in MANY[:3] for one in purchase.exported()]
    play.sync(*exports)
    assert len(play.supplier.bodies) == 1
    assert sorted(str(row["state"]) for row in rows(play.engine, OUTBOX)) == ["blocked", "pending", "pending"]
    with play.engine.connect() as connection:
        assert not switches.is_on(connection, switches.ORDERS)


def test_a_blocked_order_leaves_after_a_person_released_it_and_the_channel(waiting: Play) -> None:
    waiting.supplier = Supplier((UNAUTHORISED, TAKEN))
    waiting.sync()
    waiting.later(1)
    order = waiting.order()
    each(waiting.engine, lambda connection: outbox.move(connection, order, "release", "ann", waiting.now))
    assert waiting.broken_promises() == {}
    waiting.switch_on()
    waiting.sync()
    assert (waiting.order().state, waiting.broken_promises()) == ("sent", {})


class TestGates:
    """Whatever is not switched on keeps an order here, and says so."""

    @pytest.fixture(params=[
        ({"orders": {"send_enabled": False}}, "sending is not enabled in the settings"),
        ({"orders": {"cutover_at": None}}, "no cut-over is set"),
        ({"orders": {"sent_by": "bc"}}, "orders are not sent from here"),
        ({"orders": {"max_order_amount": "49.99"}}, "above the cap of one order"),
        ({"orders": {"max_amount_per_day": "49.99"}}, "above what the day's amount has left"),
        ({"company": {"local_currency": "EUR"}}, "a cap cannot be compared with another currency"),
    ], ids=lambda param: param[1])  # fmt: skip
    def held(self, request: pytest.FixtureRequest, waiting: Play) -> tuple[Play, str]:
        changes, reason = request.param
        return another(waiting, **changes), reason

    def test_a_setting_keeps_an_order_here_and_says_so(self, held: tuple[Play, str]) -> None:
        play, reason = held
        play.exchange().dispatch()
        assert play.supplier.bodies == []
        assert play.order().state == "pending"
        assert str(play.request()["outbox_reason"]).startswith(reason)

    def test_the_switch_of_the_ledger_keeps_an_order_here(self, waiting: Play) -> None:
        each(waiting.engine, lambda c: switches.set_switch(c, "orders", on=False, by="ann", reason="x", at=1))
        assert self._held_by(waiting) == "sending is not enabled in the ledger (50.00 USD)"

    def test_a_switch_that_was_never_set_is_off(self, ledger: sa.Engine, tmp_path: Path) -> None:
        play = Play(ledger, tmp_path)
        play.sync(*FIRST.exported())
        assert (play.supplier.bodies, play.order().state) == ([], "pending")

    def test_the_kill_switch_keeps_an_order_here(self, waiting: Play) -> None:
        waiting.settings.orders.kill_switch.touch()
        assert self._held_by(waiting) == "the kill switch is set (50.00 USD)"

    def test_a_shut_gate_keeps_an_order_here(self, waiting: Play) -> None:
        each(waiting.engine, lambda c: switches.set_gate(c, ACCOUNT, "bc_orders", {"rows": "gone"}, 1))
        assert self._held_by(waiting) == "the latest checks of the imports failed (50.00 USD)"

    def test_a_shut_gate_of_another_company_holds_nothing_here(self, waiting: Play) -> None:
        other = type(ACCOUNT)("FABRIKAM", "AMAZON")
        each(waiting.engine, lambda c: switches.set_gate(c, other, "bc_orders", {"rows": "gone"}, 1))
        assert dict(waiting.exchange().dispatch().outcomes) == {"sent": 1}

    def test_what_was_held_leaves_once_the_cause_is_gone(self, waiting: Play) -> None:
        waiting.settings.orders.kill_switch.touch()
        waiting.sync()
        waiting.settings.orders.kill_switch.unlink()
        waiting.sync()
        assert (waiting.order().state, len(waiting.supplier.bodies)) == ("sent", 1)

    def _held_by(self, play: Play) -> str:
        held = play.exchange().dispatch().held_back
        assert play.supplier.bodies == []
        return held[FIRST.payload_id]


class TestAChannelThatIsNotSetUp:
    """What is wrong with the settings of the channel is told of an order that could leave, before it is marked."""

    def test_it_stops_an_order_that_may_leave_before_it_is_marked(self, waiting: Play) -> None:
        with pytest.raises(ConfigurationError, match=r"supplier\.order_url"):
            Exchange(waiting.settings, waiting.engine, waiting.now).send(FIRST.payload_id)
        assert (waiting.order().state, rows(waiting.engine, SEND_MARKED)) == ("pending", [])

    def test_of_an_order_that_is_held_back_anyway_it_is_not_told(self, waiting: Play) -> None:
        waiting.settings.orders.kill_switch.touch()
        held = Exchange(waiting.settings, waiting.engine, waiting.now).dispatch().held_back
        assert held == {FIRST.payload_id: "the kill switch is set (50.00 USD)"}
        assert waiting.order().reason == held[FIRST.payload_id]


@pytest.mark.parametrize(
    ("cap", "leaves"), [({"max_orders_per_day": 2}, 2), ({"max_amount_per_day": "95.00"}, 3), ({}, 8)]
)
def test_no_more_than_the_caps_leave_on_one_day(play: Play, cap: dict[str, Any], leaves: int) -> None:
    capped = another(play, orders=cap)
    capped.sync(*(one for purchase in MANY for one in purchase.exported()))
    capped.later(1)
    capped.sync()
    assert len(capped.supplier.bodies) == leaves


def test_a_new_day_in_the_company_s_zone_has_new_caps(play: Play) -> None:
    capped = another(play, orders={"max_orders_per_day": 1})
    capped.sync(*(one for purchase in MANY[:2] for one in purchase.exported()))
    capped.later(14)  # 2026-03-03T07:00Z: still the 2nd in Los Angeles
    capped.sync()
    assert len(capped.supplier.bodies) == 1
    capped.later(1)
    capped.sync()
    assert len(capped.supplier.bodies) == 2


def test_an_order_that_is_tried_again_counts_once_against_the_caps(play: Play) -> None:
    capped = another(play, orders={"max_orders_per_day": 1})
    capped.supplier = Supplier((NOT_CONNECTED, TAKEN))
    capped.sync(*FIRST.exported())
    capped.later(1)
    capped.sync()
    assert capped.order().state == "sent"


class TestAnsweredElsewhere:
    """An order that was answered before it left was ordered by somebody else."""

    @pytest.fixture
    def answered(self, waiting: Play) -> Play:
        waiting.settings.orders.kill_switch.touch()
        waiting.sync(confirmed())
        waiting.settings.orders.kill_switch.unlink()
        return waiting

    def test_it_is_held_back_and_says_why(self, answered: Play) -> None:
        for _ in range(2):
            answered.later(1)
            answered.sync()
        assert (answered.order().state, answered.supplier.bodies) == ("pending", [])
        assert str(answered.request()["outbox_reason"]).startswith("the supplier has answered this order")
        assert answered.broken_promises() == {}

    def test_it_leaves_when_a_person_lets_it_go(self, answered: Play) -> None:
        for step in ("hold", "release"):
            order = answered.order()
            each(answered.engine, lambda c, o=order, s=step: outbox.move(c, o, s, "ann", answered.now))  # type: ignore[misc]
        answered.sync()
        assert (answered.order().state, len(answered.supplier.bodies)) == ("sent", 1)
        assert answered.broken_promises() == {}

    def test_one_order_that_is_answered_holds_no_other_back(self, answered: Play) -> None:
        answered.sync(*MANY[2].exported())
        assert len(answered.supplier.bodies) == 1


class TestDoubt:
    """What cannot be proved unsent is never sent again by itself."""

    @pytest.fixture
    def doubtful(self, waiting: Play) -> Play:
        waiting.supplier = Supplier((LOST, TAKEN))
        waiting.sync()
        return waiting

    def test_no_sync_sends_it_again(self, doubtful: Play) -> None:
        for _ in range(3):
            doubtful.later(24)
            doubtful.sync(*(one.again("again.json") for one in FIRST.exported()))
        assert (doubtful.order().state, len(doubtful.supplier.bodies)) == ("in_doubt", 1)
        assert "SEND_AMBIGUOUS" in doubtful.request()["exceptions"]

    @pytest.mark.parametrize(
        "evidence", [confirmed(), FIRST.ship_notice("S1", (1, "1")), FIRST.invoice("I1", (1, "1"))]
    )
    def test_an_inbound_document_that_names_it_moves_it_to_sent(self, doubtful: Play, evidence: Any) -> None:  # noqa: ANN401
        doubtful.later(1)
        doubtful.sync(evidence)
        assert (doubtful.order().state, doubtful.request()["outbox_state"]) == ("sent", "sent")
        assert (len(doubtful.supplier.bodies), doubtful.broken_promises()) == (1, {})

    def test_a_person_s_word_that_it_never_arrived_sends_the_same_bytes_once_more(self, doubtful: Play) -> None:
        doubtful.later(1)
        settle(doubtful, "pending")
        doubtful.sync()
        doubtful.later(1)
        doubtful.sync()
        assert (doubtful.order().state, doubtful.order().attempt) == ("sent", 2)
        assert len(doubtful.supplier.bodies) == 2
        assert len(set(doubtful.supplier.bodies)) == 1
        assert doubtful.broken_promises() == {}

    def test_a_word_given_at_the_moment_of_the_attempt_counts_for_one_more_attempt(self, doubtful: Play) -> None:
        settle(doubtful, "pending")
        doubtful.sync()
        assert (doubtful.order().state, doubtful.request()["outbox_state"]) == ("sent", "sent")
        assert doubtful.broken_promises() == {}

    def test_one_word_is_not_good_for_two_attempts(self, doubtful: Play) -> None:
        doubtful.supplier = Supplier((LOST,))
        settle(doubtful, "pending")
        doubtful.sync()
        doubtful.later(1)
        doubtful.sync()
        assert (doubtful.order().state, len(doubtful.supplier.bodies)) == ("in_doubt", 1)
        assert doubtful.broken_promises() == {}

    @pytest.mark.parametrize(("word", "stage"), [("sent", "PO Sent"), ("cancelled", "Cancelled")])
    def test_a_person_s_other_words_end_the_doubt_without_sending(self, doubtful: Play, word: str, stage: str) -> None:
        doubtful.later(1)
        settle(doubtful, word)
        doubtful.sync()
        assert (doubtful.order().state, doubtful.request()["stage"]) == (word, stage)
        assert (len(doubtful.supplier.bodies), doubtful.broken_promises()) == (1, {})

    def test_an_answer_that_comes_after_a_person_s_word_stops_the_second_attempt(self, doubtful: Play) -> None:
        doubtful.later(1)
        settle(doubtful, "pending")
        doubtful.sync(confirmed())
        assert (doubtful.order().state, len(doubtful.supplier.bodies)) == ("sent", 1)
        assert doubtful.broken_promises() == {}

    def test_an_answer_stops_an_order_that_is_held_after_a_person_s_word(self, doubtful: Play) -> None:
        doubtful.later(1)
        settle(doubtful, "pending")
        order = doubtful.order()
        each(doubtful.engine, lambda connection: outbox.move(connection, order, "hold", "ann", doubtful.now))
        doubtful.sync(confirmed())
        assert doubtful.order().state == "sent"


def settle(play: Play, word: str) -> None:
    order = play.order()
    each(play.engine, lambda connection: outbox.settle(connection, order, word, "ann", "called them", play.now))
