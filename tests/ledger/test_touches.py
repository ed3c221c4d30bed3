"""The queue of touched requests: nothing that was asked for is lost, whoever works on it and whenever."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from punchout.ledger import touches
from punchout.ledger.draining import drain
from punchout.ledger.fact_rows import BC_REQUEST
from punchout.ledger.reconciling.histories import histories
from punchout.ledger.reconciling.reconcile import reconcile_touched, touch_due
from punchout.ledger.tables.control import REQUEST_WORK, TOUCH
from punchout.model.keys import RequestKey
from resources.policies import policies
from tests.support.ledgers import each, rows
from tests.support.plays import Play
from tests.support.purchases import PENS, Purchase, requests_export
from tests.support.stories import FIRST

MANY = [Purchase(number=f"PR{n:04}", order_id=f"1{n:05}", items=(PENS,)) for n in range(1, 25)]


def reconcile(play: Play, connection: sa.Connection, limit: int = 100) -> int:
    return reconcile_touched(connection, policies(play.settings), play.now, limit).total


def test_a_touch_asked_for_twice_is_worked_off_once(play: Play) -> None:
    each(play.engine, lambda c: touches.touch(c, [FIRST.key, FIRST.key]), lambda c: touches.touch(c, [FIRST.key]))
    with play.engine.begin() as connection:
        assert touches.touched(connection, 10) == [FIRST.key]
        assert reconcile(play, connection) == 1
    assert rows(play.engine, TOUCH) == []


def test_the_longest_waiting_request_comes_first(play: Play) -> None:
    wanted = [MANY[3].key, MANY[1].key, MANY[2].key]
    each(play.engine, *(lambda c, key=key: touches.touch(c, [key]) for key in (*wanted, wanted[0])))
    with play.engine.connect() as connection:
        assert touches.touched(connection, 2) == wanted[:2]


def test_a_sync_ends_with_no_touch_left(play: Play) -> None:
    play.sync(*FIRST.exported(), FIRST.cart())
    with play.engine.connect() as connection:
        assert touches.count(connection) == 0


def test_a_touch_is_gone_with_the_transaction_that_failed(play: Play) -> None:
    def touch_and_fail(connection: sa.Connection) -> None:
        touches.touch(connection, [FIRST.key])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        each(play.engine, touch_and_fail)
    assert rows(play.engine, TOUCH) == []


def test_a_request_is_looked_at_again_when_its_time_has_come_and_not_before(placed: Play) -> None:
    due = rows(placed.engine, sa.select(REQUEST_WORK.c.next_due_at))[0]["next_due_at"]
    with placed.engine.begin() as connection:
        assert touch_due(connection, int(str(due)) - 1) == 0
        assert touch_due(connection, int(str(due))) == 1


def test_an_overdue_confirmation_shows_without_any_document(placed: Play) -> None:
    placed.later(24)
    placed.sync()
    assert placed.request()["exceptions"] == ["CONF_OVERDUE"]


def test_a_result_that_did_not_change_is_not_written_again(placed: Play) -> None:
    each(placed.engine, lambda connection: touches.touch(connection, [FIRST.key]))
    with placed.engine.begin() as connection:
        assert reconcile_touched(connection, policies(placed.settings), placed.now, 10).changed == 0


class TestInterleaved:
    """What one worker sees and another commits meanwhile; only PostgreSQL has both at once."""

    @pytest.fixture(autouse=True)
    def _two_at_once(self, ledger: sa.Engine) -> None:
        if ledger.dialect.name == "sqlite":
            pytest.skip("SQLite has one writer at a time")

    def test_facts_that_come_between_reading_and_deleting_are_looked_at_again(self, play: Play) -> None:
        play.take_in(requests_export(FIRST.row(status="open", purchaseOrderNumber=None)))
        each(play.engine, lambda connection: touches.touch(connection, [FIRST.key]))
        later = requests_export(FIRST.row(modified="02T17:30", status="pendingApproval", purchaseOrderNumber=None))

        with play.engine.begin() as worker:
            seen = touches.seqs_of(worker, [FIRST.key])[FIRST.key]
            before = histories(worker, [FIRST.key])
            play.deliver(later)  # another transaction, committed before the worker ends
            play.exchange().import_exports("bc_requests")
            touches.done(worker, seen)

        assert len(before[FIRST.key].requests) == 1
        with play.engine.connect() as connection:
            assert touches.count(connection) == 1
        play.exchange().settle()
        assert play.request()["stage"] == "Pending Approval"

    def test_the_worker_itself_leaves_a_touch_that_came_while_it_worked(
        self, play: Play, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        play.take_in(requests_export(FIRST.row(status="open", purchaseOrderNumber=None)))
        each(play.engine, lambda connection: touches.touch(connection, [FIRST.key]))
        later = requests_export(FIRST.row(modified="02T17:30", status="pendingApproval", purchaseOrderNumber=None))

        def and_meanwhile(connection: sa.Connection, keys: list[RequestKey]) -> object:
            found = histories(connection, keys)
            monkeypatch.undo()
            play.deliver(later)
            play.exchange().import_exports("bc_requests")
            return found

        monkeypatch.setattr("punchout.ledger.reconciling.reconcile.histories", and_meanwhile)
        with play.engine.begin() as worker:
            assert reconcile(play, worker) == 1
        assert play.request()["stage"] == "New"
        play.exchange().settle()
        assert play.request()["stage"] == "Pending Approval"

    def test_two_workers_never_have_one_request_at_once(self, play: Play) -> None:
        play.take_in(requests_export(FIRST.row()))
        each(play.engine, lambda connection: touches.touch(connection, [FIRST.key]))
        with play.engine.begin() as first, play.engine.begin() as second:
            assert (reconcile(play, first), reconcile(play, second)) == (1, 0)

    def test_two_workers_share_what_waits(self, play: Play) -> None:
        play.take_in(requests_export(*(one.row() for one in MANY[:2])))
        each(play.engine, lambda connection: touches.touch(connection, [one.key for one in MANY[:2]]))
        with play.engine.begin() as first:
            assert reconcile(play, first, limit=1) == 1
            with play.engine.begin() as second:
                assert reconcile(play, second, limit=2) == 1
        assert rows(play.engine, TOUCH) == []


def test_two_workers_who_drain_at_once_lose_nothing_and_do_nothing_twice(play: Play) -> None:
    exports = [requests_export(*(one.row() for one in MANY[start::4]), name=f"{start}.json") for start in range(4)]
    play.deliver(*exports)
    rules = policies(play.settings)
    barrier = threading.Barrier(2)

    def work(_: int) -> int:
        barrier.wait()
        play.exchange().import_exports("bc_requests")
        done = 0
        for _ in range(200):
            done += drain(play.engine, lambda connection: reconcile_touched(connection, rules, play.now, 3)).changed
            with play.engine.begin() as connection:
                if not touches.count(connection):
                    break
        return done

    with ThreadPoolExecutor(2) as workers:
        done = sum(workers.map(work, range(2)))
    assert done == len(MANY)
    assert [request["stage"] for request in play.status()["requests"]] == ["PO Created"] * len(MANY)
    assert len(rows(play.engine, BC_REQUEST.table)) == len(MANY)
    assert play.broken_promises() == {}


def test_two_workers_who_take_in_the_same_documents_at_once_keep_each_once(play: Play) -> None:
    documents = [one.ship_notice(f"S-{one.number}", (1, "1")) for one in MANY]
    barrier = threading.Barrier(2)

    def work(_: int) -> int:
        barrier.wait()
        new = play.deliver(*documents).new
        play.exchange().parse()
        return new

    with ThreadPoolExecutor(2) as workers:
        assert sum(workers.map(work, range(2))) == len(MANY)
    play.take_in()
    assert play.status()["documents"] == {"accepted": 0, "waiting": len(MANY), "duplicate": 0, "quarantined": {}}
    assert play.broken_promises() == {}


def test_a_second_worker_passes_over_what_the_first_has_taken_and_takes_the_next(play: Play) -> None:
    if play.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: a second worker waits for the first")
    keys = [one.key for one in MANY]
    each(play.engine, lambda c: touches.touch(c, keys), lambda c: touches.touch(c, keys[:5]))
    with play.engine.begin() as first, play.engine.begin() as second:
        taken = [touches.touched(connection, 10) for connection in (first, second)]
    assert [len(one) for one in taken] == [10, 10]
    assert not set(taken[0]) & set(taken[1])


def test_a_touch_that_another_worker_has_taken_is_left_to_him(play: Play) -> None:
    if play.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: a second worker waits for the first")
    each(play.engine, lambda c: touches.touch(c, [FIRST.key]), lambda c: touches.touch(c, [FIRST.key]))
    with play.engine.begin() as first, play.engine.begin() as second:
        touches.touched(first, 1)
        assert [len(seqs) for seqs in touches.seqs_of(second, [FIRST.key]).values()] == [1]
