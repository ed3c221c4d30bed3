"""Sessions that are opened here: their cart finds its request, once, in time, and the same in every ledger."""

import dataclasses
import json
import threading
from typing import Any

import pytest
import sqlalchemy as sa

from punchout.ledger.shopping import sessions, strays
from punchout.ledger.shopping.strays import StrayBounds
from punchout.ledger.tables.facts import SESSION_RETURNED, UPDATE_QUEUED
from punchout.ledger.upkeep.rebuild import rebuild
from punchout.model.keys import Account
from punchout.model.moments import DAY, HOUR
from punchout.model.sessions import SessionOpened
from resources.replaying import replay_ledger
from tests.support.deliveries import Delivery
from tests.support.ledgers import Ledgers, each, rows
from tests.support.plays import Play
from tests.support.purchases import ACCOUNT, requests_export
from tests.support.stories import FIRST, SECOND, of_session

UNNAMED = requests_export({**FIRST.new_row(), "buyerCookie": None})


def open_for(play: Play, cookie: str = "session-1", *, hours: float = 12) -> None:
    opened = SessionOpened(
        buyer_cookie=cookie, payload_id=f"{cookie}@us", at=play.now, expires=play.now + int(hours * HOUR)
    )
    with play.engine.begin() as connection:
        sessions.open_session(connection, FIRST.key, opened)


def refused(play: Play) -> list[str]:
    query = sa.text("SELECT reason, detail FROM document_state WHERE state = 'quarantined' ORDER BY document_id")
    with play.engine.connect() as connection:
        return [f"{row.reason}: {row.detail}" for row in connection.execute(query)]


def told(play: Play) -> list[dict[str, Any]]:
    carts = [row for row in rows(play.engine, UPDATE_QUEUED) if row["kind"] == "cart_lines"]
    return [json.loads(str(row["content"])) for row in carts]


def cart(cookie: str = "session-1", *, empty: bool = False) -> Delivery:
    return of_session(FIRST, cookie, empty=empty)


def test_the_cart_of_a_session_goes_to_its_request_and_its_lines_to_business_central(play: Play) -> None:
    play.sync(UNNAMED)
    open_for(play)
    play.sync(cart())
    assert play.request()["stage"] == "Cart Received"
    (update,) = told(play)
    assert [line["supplier_part_id"] for line in update["lines"]] == [item.part for item in FIRST.items]


def test_what_comes_first_means_nothing(ledgers: Ledgers, play: Play, tmp_path: Any) -> None:  # noqa: ANN401 - a path
    play.sync(UNNAMED)
    open_for(play)
    play.sync(cart())
    with ledgers.migrated() as engine:
        other = Play(engine, tmp_path / "other")
        open_for(other)
        other.sync(cart())
        other.sync(UNNAMED)
        assert (other.hash(), told(other)[0]["lines"]) == (play.hash(), told(play)[0]["lines"])


def test_a_session_opened_here_outranks_the_one_that_business_central_names(play: Play) -> None:
    play.sync(requests_export(FIRST.new_row()))
    open_for(play)
    play.sync(cart())
    assert play.request()["stage"] == "Cart Received"
    assert len(told(play)) == 1


def test_an_empty_cart_closes_its_session_and_leaves_the_request_to_another(play: Play) -> None:
    play.sync(UNNAMED)
    open_for(play)
    play.sync(cart(empty=True))
    assert [row["line_count"] for row in rows(play.engine, SESSION_RETURNED)] == [0]
    assert told(play) == []
    open_for(play, "session-2")
    play.sync(cart("session-2"))
    assert len(told(play)) == 1
    assert [one["code"] for one in play.request()["exceptions"]] == []


def test_a_cart_that_comes_after_its_session_has_expired_is_kept_and_not_taken(play: Play) -> None:
    play.sync(UNNAMED)
    open_for(play, hours=1)
    play.later(1.01)
    play.sync(cart())
    assert refused(play) == ["CART_UNKNOWN_COOKIE: its session expired at 2026-03-02T18:00:00+00:00"]
    assert (told(play), rows(play.engine, SESSION_RETURNED)) == ([], [])


def test_what_is_not_taken_holds_no_key_so_that_whatever_comes_next_is_told_the_same(play: Play) -> None:
    play.sync(UNNAMED)
    open_for(play, hours=1)
    play.later(1.01)
    play.sync(cart())
    play.sync(cart().saying("again@amazon", instead_of="session-1@amazon"), of_session(SECOND, "session-1"))
    assert [one.partition(":")[0] for one in refused(play)] == ["CART_UNKNOWN_COOKIE"] * 3


def test_a_second_cart_of_one_session_is_a_replay(play: Play) -> None:
    play.sync(UNNAMED)
    open_for(play)
    play.sync(cart())
    other = of_session(SECOND, "session-1").saying("again@amazon", instead_of="session-1@amazon")
    play.sync(other)
    assert [one.partition(":")[0] for one in refused(play)] == ["CART_REPLAYED"]
    assert len(told(play)) == 1


def test_of_two_sessions_of_one_request_the_first_cart_with_lines_is_taken(play: Play) -> None:
    play.sync(UNNAMED)
    open_for(play)
    open_for(play, "session-2")
    play.sync(cart("session-2"))
    play.sync(cart())
    assert refused(play) == ["CART_REPLAYED: request PR0001 has the cart of another session"]


def test_a_cart_that_was_turned_away_is_turned_away_again_and_no_copy_of_anything(play: Play) -> None:
    play.sync(UNNAMED)
    open_for(play)
    open_for(play, "session-2")
    second = cart("session-2")
    play.sync(cart(), second)
    play.sync(dataclasses.replace(second, data=second.data + b"\n"))
    assert [one.partition(":")[0] for one in refused(play)] == ["CART_REPLAYED"] * 2


def test_a_session_that_is_opened_has_its_request_looked_at_again(play: Play) -> None:
    play.sync(requests_export(FIRST.new_row()), FIRST.cart())
    blank = {**FIRST.new_row(), "buyerCookie": None, "lastModifiedDateTime": "2026-03-02T09:00:00Z"}
    play.sync(requests_export(blank, name="blank.json"))
    assert play.request()["stage"] == "Cart Received"
    open_for(play)
    play.sync()
    assert play.request()["stage"] == "New"
    grown = play.hash()
    each(play.engine, rebuild)
    play.exchange().settle()
    assert play.hash() == grown


def test_two_carts_of_one_request_that_are_read_at_once_are_one_cart_and_one_refusal(play: Play) -> None:
    play.sync(UNNAMED)
    open_for(play)
    open_for(play, "session-2")
    play.deliver(cart(), cart("session-2"))
    exchange = play.exchange()
    workers = [threading.Thread(target=exchange.parse) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(rows(play.engine, SESSION_RETURNED)) == 1
    assert [one.partition(":")[0] for one in refused(play)] == ["CART_REPLAYED"]


def test_the_cookie_of_another_account_is_unknown(play: Play) -> None:
    open_for(play)
    with play.engine.begin() as connection:
        assert sessions.session_of(connection, ACCOUNT, "session-1") is not None
        assert sessions.session_of(connection, Account("OTHER", "AMAZON"), "session-1") is None
        assert sessions.session_of(connection, ACCOUNT, "session") is None


def test_a_replay_and_a_rebuild_judge_the_same(ledgers: Ledgers, play: Play) -> None:
    play.sync(UNNAMED)
    open_for(play, hours=1)
    open_for(play, "session-2")
    play.sync(cart("session-2"))
    play.later(2)
    play.sync(cart())
    grown = play.hash()
    with ledgers.blank() as target:
        found = replay_ledger(play.settings, play.engine, target)
        assert (found.differences, found.hashes) == ([], (grown, grown))
        assert len(rows(target, SESSION_RETURNED)) == 1
    each(play.engine, rebuild)
    play.exchange().settle()
    assert play.hash() == grown


def test_a_request_has_its_cart_from_the_moment_it_came(play: Play) -> None:
    play.sync(UNNAMED)
    open_for(play)
    with play.engine.begin() as connection:
        assert sessions.shopped_for(connection, FIRST.key)[1] is False
    play.deliver(cart())
    play.exchange().parse()
    with play.engine.begin() as connection:
        assert sessions.shopped_for(connection, FIRST.key)[1] is True


@pytest.mark.parametrize(("size", "room"), [(40, True), (41, False)])
def test_strangers_carts_are_kept_up_to_a_bound_a_day(play: Play, size: int, room: bool) -> None:  # noqa: FBT001 - a case
    bounds = StrayBounds(carts=3, size=100)
    with play.engine.begin() as connection:
        strays.note_kept(connection, "a", 60, play.now)
        assert strays.has_room(connection, size, bounds, play.now) is room
        strays.note_kept(connection, "b", 0, play.now)
        strays.note_kept(connection, "c", 0, play.now)
        assert not strays.has_room(connection, 0, bounds, play.now)
        assert strays.has_room(connection, 100, bounds, play.now + DAY)
