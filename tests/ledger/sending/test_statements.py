"""How many statements orders take: a batch as many as one order, and each that leaves a few, however many wait."""

from punchout.ledger.sending import switches
from tests.support.ledgers import Ledgers, each
from tests.support.plays import Play
from tests.support.purchases import Item, Purchase, orders_export, requests_export
from tests.support.statements import statements
from tests.support.stories import FIRST


def purchase(number: int) -> Purchase:
    """Give a purchase with as many lines as its number says."""
    items = (Item(f"B{number}-{line}", f"{number},{line}", "1", "9.00") for line in range(number))
    return Purchase(number=f"PR{number:04}", order_id=f"1{number:05}", items=tuple(items))


PURCHASES = [purchase(number) for number in range(1, 9)]
LOCK = {"sqlite": 0, "postgres": 1}
"""SQLite has one writer anyway; on PostgreSQL a row is locked."""


def take_in(play: Play, *purchases: Purchase) -> None:
    name = purchases[0].number
    requests = requests_export(*(one.row() for one in purchases), name=f"{name}-requests.json")
    play.take_in(requests, orders_export(*(one.order_row() for one in purchases), name=f"{name}-orders.json"))


def queue(play: Play, *purchases: Purchase) -> int:
    """Have orders written down; give how many statements that took."""
    take_in(play, *purchases)
    with statements(play.engine) as asked:
        assert play.exchange().queue_orders().queued == len(purchases)
    return len(asked)


def send(play: Play, purchase: Purchase) -> list[str]:
    """Have an order sent; give the statements that took."""
    with statements(play.engine) as asked:
        play.exchange().send(purchase.payload_id)
    return asked


def test_a_batch_of_orders_is_written_down_by_as_many_statements_as_one_order(play: Play) -> None:
    first = queue(play, PURCHASES[0])
    assert queue(play, *PURCHASES[1:]) == first


def test_an_order_that_leaves_takes_thirteen_statements_however_many_wait_or_have_left(
    play: Play, ledgers: Ledgers
) -> None:
    queue(play, *PURCHASES)
    send(play, PURCHASES[0])  # Nobody had the lock before: the first order makes its row.
    counts = {one.number: len(send(play, one)) for one in PURCHASES[1:]}
    assert set(counts.values()) == {13 + LOCK[ledgers.kind]}
    assert len(play.supplier.bodies) == len(PURCHASES)


def test_an_order_that_is_kept_here_for_the_same_reason_again_takes_four_statements_and_none_writes(
    waiting: Play, ledgers: Ledgers
) -> None:
    each(waiting.engine, lambda c: switches.set_switch(c, switches.ORDERS, on=False, by="ann", reason="x", at=1))
    send(waiting, FIRST)
    again = send(waiting, FIRST)
    assert len(again) == 4 + LOCK[ledgers.kind]
    assert all(one.startswith("SELECT") for one in again)
