"""What waits in the ledger, as those see it who start syncs and sendings."""

import sqlalchemy as sa

from punchout.ledger.engine import reading
from punchout.ledger.sending import switches
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.views.work_waiting import WaitingDocuments, pending_orders, ready_requests, waiting_documents
from tests.support.plays import Play
from tests.support.purchases import ACCOUNT
from tests.support.stories import FIRST, confirmed, queued


def waiting(play: Play) -> WaitingDocuments:
    with reading(play.engine) as connection:
        return waiting_documents(connection)


def kinds(found: WaitingDocuments) -> set[str]:
    return {name for name in ("received", "pending", "touched") if getattr(found, name) is not None}


def ready(play: Play) -> list[str]:
    with reading(play.engine) as connection:
        return list(ready_requests(connection, ACCOUNT))


def pending(play: Play, later: int = 0) -> list[str]:
    with reading(play.engine) as connection:
        return list(pending_orders(connection, play.now + later))


def test_nothing_waits_in_an_empty_ledger(play: Play) -> None:
    assert not waiting(play)


def test_a_document_waits_from_its_receipt_to_the_end_of_the_sync(play: Play) -> None:
    play.sync(*FIRST.exported())
    assert not waiting(play)
    play.deliver(confirmed())
    assert kinds(waiting(play)) == {"received"}
    # As it stands when it was posted: read, and not yet given to its request.
    play.exchange().parse()
    assert kinds(waiting(play)) == {"pending"}
    play.sync()
    assert not waiting(play)


def test_a_touched_request_waits(play: Play) -> None:
    queued(play)
    assert not waiting(play)
    play.exchange().dispatch()
    assert kinds(waiting(play)) == {"touched"}


def test_the_same_work_has_the_same_marks_and_more_work_has_others(play: Play) -> None:
    play.deliver(confirmed())
    first = waiting(play)
    assert waiting(play) == first
    play.deliver(confirmed().again("once-more.xml"), FIRST.ship_notice("S1", (1, "1")))
    assert waiting(play) != first


def test_a_ready_request_waits_until_its_order_is_written_down(play: Play) -> None:
    play.take_in(*FIRST.exported())
    assert ready(play) == [FIRST.number]
    play.exchange().queue_orders()
    assert ready(play) == []


def test_while_a_gate_is_shut_no_request_is_ready(play: Play) -> None:
    play.take_in(*FIRST.exported())
    with play.engine.begin() as connection:
        switches.set_gate(connection, ACCOUNT, "bc_requests", {"columns": "one is missing"}, play.now)
    assert ready(play) == []


def test_an_order_waits_until_it_leaves(play: Play) -> None:
    queued(play)
    (order,) = pending(play)
    assert order.endswith(" 0")
    play.exchange().dispatch()
    assert pending(play) == []


def test_an_order_that_is_to_be_tried_later_waits_from_then_on(play: Play) -> None:
    queued(play)
    (waits_now,) = pending(play)
    with play.engine.begin() as connection:
        connection.execute(sa.update(OUTBOX).values(next_try_at=play.now + 60))
    assert (pending(play), pending(play, 60)) == ([], [waits_now])
