"""Orders that came in as documents: Business Central's where it sends, and anybody's where it should not have."""

from itertools import permutations
from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.ledger.engine import reading
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.projections import EXCEPTION, IDENTIFIER
from punchout.ledger.upkeep.rebuild import rebuild
from punchout.ledger.views.trace import trace
from resources import policies as from_settings
from tests.support.deliveries import Delivery
from tests.support.later_words import status_update
from tests.support.ledgers import Ledgers, rows
from tests.support.plays import LOST, TAKEN, Play, Supplier
from tests.support.purchases import (
    orders_export,
    requests_export,
)
from tests.support.stories import FIRST, confirmed, ordered, queued

COPY = FIRST.order_request()
PAYLOAD = "new-1-106001@bc.example"
# The supplier repeats the payloadID of the order it received.
CONFIRMED = confirmed().saying(PAYLOAD, instead_of=FIRST.payload_id)
BY_PAYLOAD_ALONE = CONFIRMED.saying("", instead_of='orderID="106001"')


@pytest.fixture
def bc(ledger: sa.Engine, tmp_path: Path) -> Play:
    """An exchange in which Business Central sends the orders."""
    return Play(ledger, tmp_path, orders={"sent_by": "bc"})


def codes(play: Play) -> set[str]:
    return set(play.request()["exceptions"])


def test_a_copy_shows_that_the_order_was_sent(bc: Play) -> None:
    bc.sync(*FIRST.exported())
    assert bc.request()["stage"] == "PO Created"
    bc.sync(COPY)
    shown = bc.request()
    assert (shown["stage"], shown["outbox_state"], shown["order_id"]) == ("PO Sent", None, FIRST.order_id)
    assert rows(bc.engine, OUTBOX) == []


def test_what_answers_it_speaks_of_its_own_line_numbers(bc: Play) -> None:
    bc.sync(*FIRST.exported(), FIRST.order_request(backwards=True))
    bc.sync(FIRST.confirmation("111-1", (1, "detail", "1"), (2, "detail", "2")))
    lines = {line["line_number"]: line["accepted"] for line in bc.request()["lines"]}
    assert lines == {10_000: "2", 20_000: "1"}


@pytest.mark.parametrize("told", list(permutations((*FIRST.exported(), COPY, BY_PAYLOAD_ALONE))))
def test_an_answer_is_found_by_the_payload_id_of_the_copy_whatever_came_first(
    bc: Play, told: tuple[Delivery, ...]
) -> None:
    for delivery in told:
        bc.sync(delivery)
    assert bc.request()["stage"] == "Order Confirmed"
    assert bc.broken_promises() == {}


def test_the_same_order_under_another_payload_id_may_be_a_second_one(bc: Play) -> None:
    bc.sync(*FIRST.exported(), COPY, FIRST.order_request(payload_id="again@bc.example"))
    assert "OUT_ALREADY_SENT" in codes(bc)
    bc.sync(CONFIRMED.saying("again@bc.example", instead_of=PAYLOAD).saying("", instead_of='orderID="106001"'))
    assert bc.request()["stage"] == "Order Confirmed"


def test_a_copy_waits_for_its_purchase_order(bc: Play) -> None:
    bc.sync(COPY)
    assert [one["code"] for one in bc.status()["document_exceptions"]] == ["ORDER_NOT_FOUND"]
    bc.sync(*FIRST.exported())
    assert (bc.request()["stage"], bc.status()["document_exceptions"]) == ("PO Sent", [])


def test_what_its_payload_id_belongs_to_moves_with_the_order(bc: Play) -> None:
    request, _ = FIRST.exported()
    stray = orders_export(FIRST.order_row(punchoutRequestNumber=None), name="stray.json")
    bc.sync(stray, COPY, BY_PAYLOAD_ALONE)
    assert [one["request_no"] for one in bc.status()["requests"]] == ["PO:106001"]
    bc.sync(request)
    assert bc.request()["stage"] == "Order Confirmed"
    owners = sa.select(IDENTIFIER.c.request_no).where(IDENTIFIER.c.value == PAYLOAD)
    assert [row["request_no"] for row in rows(bc.engine, owners)] == ["PR0001"]


def test_an_order_that_two_requests_claim_takes_its_payload_id_from_both(bc: Play) -> None:
    bc.sync(*FIRST.exported(), COPY, BY_PAYLOAD_ALONE)
    claim = requests_export(
        FIRST.row(number="PR0008", buyerCookie="other", lines=[]), at="02T18:00", name="second.json"
    )
    bc.sync(claim)
    assert {one["code"] for one in bc.status()["document_exceptions"]} == {"ORDER_REF_CONFLICT", "ORDER_NOT_FOUND"}
    assert bc.broken_promises() == {}


def test_an_overdue_confirmation_counts_from_what_the_copy_states(bc: Play) -> None:
    bc.sync(*FIRST.exported(), FIRST.order_request(ordered="02T09:00"))
    bc.later(15)
    bc.sync()
    assert "CONF_OVERDUE" not in codes(bc)
    bc.later(1)
    bc.sync()
    assert "CONF_OVERDUE" in codes(bc)
    bc.sync(CONFIRMED)
    assert "CONF_OVERDUE" not in codes(bc)


@pytest.mark.parametrize(
    ("code", "stage", "exception"),
    [
        (200, "PO Sent", set()),
        (400, "Send Failed", {"SEND_PERMANENT"}),
        (403, "Send Failed", {"SEND_PERMANENT"}),
        (409, "PO Queued", {"SEND_AMBIGUOUS"}),
        (500, "PO Queued", {"SEND_AMBIGUOUS"}),
    ],
)
def test_what_the_supplier_says_of_it_later_decides(bc: Play, code: int, stage: str, exception: set[str]) -> None:
    bc.sync(*FIRST.exported(), COPY, status_update(PAYLOAD, 201), status_update(PAYLOAD, code, said="03T11:00"))
    assert (bc.request()["stage"], codes(bc) & {"SEND_PERMANENT", "SEND_AMBIGUOUS"}) == (stage, exception)
    bc.sync(CONFIRMED)
    assert (bc.request()["stage"], codes(bc) & {"SEND_PERMANENT", "SEND_AMBIGUOUS"}) == ("Order Confirmed", set())


def test_a_word_about_an_order_waits_for_its_copy(bc: Play) -> None:
    bc.sync(*FIRST.exported(), status_update(PAYLOAD, 400))
    assert bc.request()["stage"] == "PO Created"
    bc.sync(COPY)
    assert bc.request()["stage"] == "Send Failed"


def test_a_change_that_the_supplier_refused_leaves_the_order_as_it_was(bc: Play) -> None:
    change = FIRST.order_request(operation="delete", previous=PAYLOAD, ordered="03T09:00")
    bc.sync(*FIRST.exported(), COPY, change)
    assert bc.request()["stage"] == "Cancelled"
    bc.sync(status_update("delete-1-106001@bc.example", 400))
    assert bc.request()["stage"] == "PO Sent"


def test_every_value_says_in_which_place_of_the_copy_it_was_found(bc: Play) -> None:
    bc.sync(*FIRST.exported(), COPY, status_update(PAYLOAD, 400))
    agreed = from_settings.policies(bc.settings)
    with reading(bc.engine) as connection:
        values = trace(connection, FIRST.key, agreed, bc.now)["values"]
    places = {(one["subject"], one["field"]): [each["path"] for each in one["sources"]] for one in values}
    assert places["line 20000", "ordered"] == ["/cXML/Request/OrderRequest/ItemOut[2]/@quantity"]
    assert places["request", "stage"] == [
        "/cXML/Request/OrderRequest/OrderRequestHeader/@orderID",
        "/cXML/Request/StatusUpdateRequest/Status/@code",
    ]
    assert {one["rule"] for one in values if one["field"] == "ordered"} == {"as the copy of the order states"}


# Where the orders are sent from here.


def test_an_order_of_which_a_copy_came_is_tracked_and_never_written_down_here(play: Play) -> None:
    play.sync(COPY)
    play.sync(*FIRST.exported(), FIRST.cart())
    shown = play.request()
    assert (shown["stage"], shown["adopted"], shown["outbox_state"]) == ("PO Sent", True, None)
    assert play.supplier.bodies == []
    assert "ORDER_ADOPTED" in codes(play)


def test_an_order_that_waits_to_be_sent_is_held_back_when_a_copy_of_it_comes(play: Play) -> None:
    queued(play)
    play.sync(COPY)
    assert play.supplier.bodies == []
    order = play.order()
    assert (order.state, order.reason) == (
        "pending",
        "somebody else has sent this order, as a copy of it shows, and it never left from here",
    )
    assert "OUT_ALREADY_SENT" in codes(play)


def test_an_order_that_has_left_and_that_somebody_else_has_sent_too_is_critical(play: Play) -> None:
    ordered(play)
    play.sync(COPY)
    assert play.request()["stage"] == "PO Sent"
    (found,) = rows(play.engine, sa.select(EXCEPTION).where(EXCEPTION.c.code == "OUT_ALREADY_SENT"))
    assert (found["severity"], len(play.supplier.bodies)) == ("critical", 1)
    assert play.broken_promises() == {}


def test_the_copy_of_what_left_from_here_says_nothing_new(play: Play) -> None:
    ordered(play)
    before = play.request()
    play.sync(FIRST.order_request(payload_id=FIRST.payload_id))
    assert play.request() == before
    assert play.broken_promises() == {}


def test_a_copy_of_our_own_order_does_not_settle_a_doubt_and_the_suppliers_word_does(play: Play) -> None:
    play.supplier = Supplier((LOST, TAKEN))
    ordered(play)
    play.sync(FIRST.order_request(payload_id=FIRST.payload_id))
    assert (play.order().state, play.request()["outbox_state"]) == ("in_doubt", "in_doubt")
    play.sync(status_update(FIRST.payload_id, 200))
    assert (play.order().state, play.request()["outbox_state"]) == ("sent", "sent")
    assert play.broken_promises() == {}


def test_an_order_of_ours_that_the_supplier_refuses_later_has_failed(play: Play) -> None:
    ordered(play)
    play.sync(status_update(FIRST.payload_id, 400))
    assert (play.request()["stage"], play.request()["outbox_state"]) == ("Send Failed", "sent")
    assert "SEND_PERMANENT" in codes(play)
    assert play.broken_promises() == {}


def test_it_is_the_same_ledger_after_a_rebuild(ledgers: Ledgers, tmp_path: Path) -> None:
    with ledgers.migrated() as engine:
        play = Play(engine, tmp_path, orders={"sent_by": "bc"})
        play.sync(*FIRST.exported(), COPY, BY_PAYLOAD_ALONE, status_update(PAYLOAD, 200))
        grown = play.hash()
        with engine.begin() as connection:
            rebuild(connection)
        play.exchange().settle()
        assert play.hash() == grown
