"""Workers that send at the same time, and workers that die while they do."""

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from punchout.ledger.sending import outbox
from punchout.ledger.sending.dispatch import Marked, mark, recover, result
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.decisions import SEND_HELD
from punchout.ledger.tables.facts import SEND_MARKED, SEND_RESULT
from punchout.ledger.tables.logs import ATTEMPT
from punchout.model.moments import HOUR
from punchout.ordering.answers import Answer, Failure, Verdict
from punchout.ordering.refusals import Refusal
from resources.policies import sending_rules
from tests.support.ledgers import each, rows
from tests.support.plays import TAKEN, Play, Supplier
from tests.support.purchases import PENS, Purchase, orders_export, requests_export
from tests.support.stories import FIRST

NOT_CONNECTED = Answer(failure=Failure.NOT_CONNECTED)
UNAUTHORISED = Answer(http_status=200, is_cxml=True, cxml_code=401, cxml_text="no")
REFUSED = Answer(http_status=200, is_cxml=True, cxml_code=406, cxml_text="not acceptable")
MANY = [Purchase(number=f"PR{n:04}", order_id=f"1{n:05}", items=(PENS,)) for n in range(1, 9)]


def another(play: Play, **changes: dict[str, Any]) -> Play:
    """Give the exchange under other settings."""
    changed = Play(play.engine, play.settings.home, **changes)
    changed.now = play.now
    return changed


class TestDeadWorkers:
    """A worker may die between mark and result, or come back when nobody waits for it any more."""

    @pytest.fixture
    def marked(self, waiting: Play) -> tuple[Play, Marked]:
        exchange = waiting.exchange()
        with waiting.engine.begin() as connection:
            found = mark(connection, FIRST.payload_id, sending_rules(waiting.settings), exchange.clocks)
        assert isinstance(found, Marked)
        return waiting, found

    def later_wall(self, play: Play, hours: int) -> Any:  # noqa: ANN401 - clocks
        clocks = play.exchange().clocks
        return type(clocks)(clocks.as_of, clocks.wall + hours * HOUR)

    def test_an_attempt_that_still_runs_is_left_alone(self, marked: tuple[Play, Marked]) -> None:
        play, _ = marked
        with play.engine.begin() as connection:
            assert recover(connection, self.later_wall(play, 0)) == 0

    def test_an_attempt_whose_worker_is_gone_is_in_doubt(self, marked: tuple[Play, Marked]) -> None:
        play, _ = marked
        with play.engine.begin() as connection:
            assert recover(connection, self.later_wall(play, 1)) == 1
        play.sync()
        assert (play.order().state, play.supplier.bodies) == ("in_doubt", [])
        assert play.broken_promises() == {}

    def test_a_worker_that_was_given_up_writes_nothing(self, marked: tuple[Play, Marked]) -> None:
        play, mine = marked
        with play.engine.begin() as connection:
            recover(connection, self.later_wall(play, 1))
        before = rows(play.engine, OUTBOX), rows(play.engine, SEND_RESULT)
        verdict = Verdict(outcome="sent", detail="late")
        with play.engine.begin() as connection:
            assert not result(connection, mine, TAKEN, verdict, self.later_wall(play, 1))
        assert (rows(play.engine, OUTBOX), rows(play.engine, SEND_RESULT)) == before

    def test_a_result_is_not_written_twice(self, marked: tuple[Play, Marked]) -> None:
        play, mine = marked
        verdict = Verdict(outcome="sent", detail="once")
        with play.engine.begin() as connection:
            assert result(connection, mine, TAKEN, verdict, self.later_wall(play, 0))
            assert not result(connection, mine, TAKEN, verdict, self.later_wall(play, 0))

    def test_an_order_that_is_being_sent_is_not_marked_again(self, marked: tuple[Play, Marked]) -> None:
        play, _ = marked
        with play.engine.begin() as connection:
            assert mark(connection, FIRST.payload_id, sending_rules(play.settings), play.exchange().clocks) is None

    def test_a_sync_that_dies_on_the_way_leaves_the_order_in_doubt_for_the_next(self, waiting: Play) -> None:
        def die(_: bytes) -> None:
            raise KeyboardInterrupt

        waiting.supplier = Supplier(on_arrival=die)
        with pytest.raises(KeyboardInterrupt):
            waiting.sync()
        assert waiting.order().state == "sending"
        with waiting.engine.begin() as connection:
            assert recover(connection, self.later_wall(waiting, 1)) == 1
        assert waiting.order().state == "in_doubt"


@pytest.mark.parametrize("cap", [5, 100])
def test_four_dispatchers_at_once_send_each_order_once_and_pass_no_cap(play: Play, cap: int) -> None:
    capped = another(play, orders={"max_orders_per_day": cap})
    rows_of = [one.row() for one in MANY], [one.order_row() for one in MANY]
    capped.take_in(requests_export(*rows_of[0]), orders_export(*rows_of[1]))
    capped.exchange().queue_orders()
    barrier = threading.Barrier(4)

    def dispatch(_: int) -> int:
        exchange = capped.exchange()
        barrier.wait()
        return exchange.dispatch().outcomes.get("sent", 0)

    with ThreadPoolExecutor(4) as dispatchers:
        sent = sum(dispatchers.map(dispatch, range(4)))
    capped.sync()
    assert sent == len(capped.supplier.bodies) == len(set(capped.supplier.bodies)) == min(cap, len(MANY))
    assert capped.broken_promises() == {}


@pytest.mark.parametrize("ledgers", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
class TestAPersonMeanwhile:
    """A person may say something about an order while it is looked at, where more than one writes at a time."""

    def mark_while(self, play: Play, *steps: str) -> Marked | Refusal | None:
        """Mark the order, about which a person takes steps between the look at it and the mark."""

        def steps_are_taken() -> bool:
            for step in steps:
                order = play.order()
                each(play.engine, lambda c, o=order, s=step: outbox.move(c, o, s, "ann", play.now))  # type: ignore[misc]
            return False

        rules = dataclasses.replace(sending_rules(play.settings), kill_switch=steps_are_taken)
        with play.engine.begin() as connection:
            return mark(connection, FIRST.payload_id, rules, play.exchange().clocks)

    def test_an_order_that_is_held_does_not_leave(self, waiting: Play) -> None:
        assert self.mark_while(waiting, "hold") is None
        assert waiting.order().state == "hold"
        assert rows(waiting.engine, SEND_MARKED) == rows(waiting.engine, ATTEMPT) == []

    def test_an_order_that_is_held_and_let_go_again_leaves_after_the_word(self, waiting: Play) -> None:
        assert isinstance(self.mark_while(waiting, "hold", "release"), Marked)
        (marked,) = rows(waiting.engine, SEND_MARKED)
        assert marked["at"] == max(row["at"] for row in rows(waiting.engine, SEND_HELD)) == waiting.now + 1  # type: ignore[type-var]
