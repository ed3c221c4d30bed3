"""What people do with orders: each step is possible where it makes sense, refused elsewhere, and audited."""

import pytest

from punchout.ledger.errors import NotPossibleError
from punchout.ledger.sending import outbox
from punchout.ledger.tables.logs import AUDIT
from tests.support.ledgers import each, rows
from tests.support.plays import LOST, Play, Supplier
from tests.support.purchases import orders_export, requests_export
from tests.support.stories import FIRST, SECOND


def drafted(play: Play) -> Play:
    play.sync(requests_export(FIRST.row(releaseMode="manual")), orders_export(FIRST.order_row()))
    return play


def test_a_draft_can_be_sent_once(play: Play) -> None:
    order = drafted(play).order()
    each(play.engine, lambda c: outbox.send_draft(c, order, "ann", play.now))
    with pytest.raises(NotPossibleError, match="somebody else"):
        each(play.engine, lambda c: outbox.send_draft(c, order, "bob", play.now))


def test_an_order_that_was_sent_cannot_be_sent_again_by_hand(placed: Play) -> None:
    with pytest.raises(NotPossibleError, match="106001 is sent"):
        each(placed.engine, lambda c: outbox.send_draft(c, placed.order(), "ann", placed.now))


@pytest.mark.parametrize("step", ["hold", "release"])
def test_an_order_that_left_can_be_neither_held_nor_released(placed: Play, step: str) -> None:
    with pytest.raises(NotPossibleError, match="106001 is sent"):
        each(placed.engine, lambda c: outbox.move(c, placed.order(), step, "ann", placed.now))


def test_an_order_that_is_held_stays_until_it_is_released(play: Play) -> None:
    play.take_in(*FIRST.exported())
    play.exchange().queue_orders()
    each(play.engine, lambda c: outbox.move(c, play.order(), "hold", "ann", play.now))
    play.sync()
    assert (play.order().state, play.supplier.bodies) == ("hold", [])
    each(play.engine, lambda c: outbox.move(c, play.order(), "release", "ann", play.now))
    play.sync()
    assert play.order().state == "sent"


def test_a_draft_that_was_held_and_released_is_a_draft_again(play: Play) -> None:
    drafted(play)
    for step in ("hold", "release"):
        each(play.engine, lambda c, step=step: outbox.move(c, play.order(), step, "ann", play.now))  # type: ignore[misc]
    play.sync()
    assert (play.order().state, play.supplier.bodies, play.broken_promises()) == ("draft", [], {})


def test_a_draft_that_was_sent_by_hand_held_and_released_is_sent(play: Play) -> None:
    order = drafted(play).order()
    each(play.engine, lambda c: outbox.send_draft(c, order, "ann", play.now))
    for step in ("hold", "release"):
        each(play.engine, lambda c, step=step: outbox.move(c, play.order(), step, "ann", play.now))  # type: ignore[misc]
    play.sync()
    assert play.order().state == "sent"


@pytest.mark.parametrize("word", ["sent", "pending", "cancelled"])
def test_only_an_order_in_doubt_can_be_resolved(placed: Play, word: str) -> None:
    with pytest.raises(NotPossibleError, match="only an order in doubt"):
        each(placed.engine, lambda c: outbox.settle(c, placed.order(), word, "ann", "x", placed.now))


def test_a_doubt_cannot_be_resolved_to_anything_else(play: Play) -> None:
    play.supplier = Supplier((LOST,))
    play.sync(*FIRST.exported())
    with pytest.raises(NotPossibleError):
        each(play.engine, lambda c: outbox.settle(c, play.order(), "draft", "ann", "x", play.now))
    assert play.order().state == "in_doubt"


def test_every_step_says_who_did_what(play: Play) -> None:
    play.supplier = Supplier((LOST,))
    order = drafted(play).order()
    each(play.engine, lambda c: outbox.send_draft(c, order, "ann", play.now))
    play.sync()
    each(play.engine, lambda c: outbox.settle(c, play.order(), "sent", "bob", "they called", play.now))
    assert [(row["who"], row["command"], row["subject"], row["detail"]) for row in rows(play.engine, AUDIT)] == [
        ("ann", "outbox send", "106001", None),
        ("bob", "outbox resolve", "106001", "sent: they called"),
    ]


@pytest.mark.parametrize("identifier", ["PR0001", "106001", FIRST.payload_id])
def test_an_order_is_found_by_request_purchase_order_and_payload_id(placed: Play, identifier: str) -> None:
    found = placed.order(identifier)
    assert (found.key, found.order_id, found.payload_id) == (FIRST.key, "106001", FIRST.payload_id)
    assert (found.total, found.currency, found.attempt) == (50_000_000, "USD", 1)


def test_an_order_that_is_not_there_is_not_found(placed: Play) -> None:
    with pytest.raises(NotPossibleError, match="no order for 4711"):
        placed.order("4711")


def test_orders_are_listed_and_counted_by_state(placed: Play) -> None:
    second = requests_export(SECOND.row(releaseMode="manual"), name="second.json")
    placed.sync(second, orders_export(SECOND.order_row(), name="second-order.json"))
    with placed.engine.connect() as connection:
        assert [one.order_id for one in outbox.orders(connection)] == ["106001", "106002"]
        assert [one.order_id for one in outbox.orders(connection, state="draft")] == ["106002"]
        assert outbox.counts(connection) == {"sent": 1, "draft": 1}
