"""Which document a document is: what repeats another is counted, what contradicts another is kept apart."""

import pytest
import sqlalchemy as sa

from punchout.ledger.documents import quarantine
from punchout.ledger.documents.receive import Arrival, receive
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import BC_REQUEST
from punchout.model.codes import Code
from punchout.model.keys import Account
from tests.support.deliveries import payload_of
from tests.support.later_words import status_update
from tests.support.ledgers import rows
from tests.support.plays import Play
from tests.support.purchases import requests_export
from tests.support.stories import FIRST, SECOND

CONFIRMATION = FIRST.confirmation("111-1", (1, "detail", "3"))
SHIPMENT = FIRST.ship_notice("S1", (1, "3"))
INVOICE = FIRST.invoice("I1", (1, "3"))
ORDER = FIRST.order_request()
CART = SECOND.cart()
OTHER_PAYLOAD = "another@amazon.example"


def states(engine: sa.Engine) -> list[tuple[object, object]]:
    """Give state and reason of every cXML document, in the order of their receipt."""
    return [(one["state"], one["reason"]) for one in rows(engine, sa.select(DOCUMENT_STATE).order_by("document_id"))]


REPEATED = {
    "a confirmation": (CONFIRMATION, FIRST.confirmation("111-1", (1, "detail", "3"), payload_id=OTHER_PAYLOAD), "DOC"),
    "a shipment": (SHIPMENT, FIRST.ship_notice("S1", (1, "3"), payload_id=OTHER_PAYLOAD), "DOC"),
    "an invoice": (INVOICE, FIRST.invoice("I1", (1, "3"), payload_id=OTHER_PAYLOAD), "INV"),
    "a cart": (CART, SECOND.cart(payload_id=OTHER_PAYLOAD), "DOC"),
    "a reserialised order": (ORDER, ORDER.saying("<OrderRequest\n>", instead_of="<OrderRequest>"), "DOC"),
    "a reserialised document": (CONFIRMATION, CONFIRMATION.saying("<Request\n  ", instead_of="<Request "), "DOC"),
}


@pytest.mark.parametrize("name", REPEATED)
@pytest.mark.parametrize("at_once", [True, False], ids=["in one batch", "one after the other"])
def test_what_says_the_same_again_is_a_duplicate_and_changes_nothing(play: Play, name: str, *, at_once: bool) -> None:
    original, again, kind = REPEATED[name]
    batches = [(original, again)] if at_once else [(original,), (again,)]
    for batch in batches:
        play.take_in(*batch)
    assert states(play.engine) == [("accepted", None), ("duplicate", f"{kind}_DUPLICATE")]


def test_a_duplicate_leaves_the_ledger_as_it_was(placed: Play) -> None:
    placed.sync(INVOICE)
    before = placed.hash()
    placed.sync(REPEATED["an invoice"][1])
    assert placed.hash() == before


USED = payload_of("PR0001-confirmation-111-1-new")
CONFLICTS = {
    "a payloadID": (
        CONFIRMATION,
        FIRST.confirmation("111-9", (2, "detail", "1"), payload_id=USED),
        Code.PAYLOAD_REUSED,
    ),
    "a confirmID": (
        CONFIRMATION,
        FIRST.confirmation("111-1", (1, "detail", "2"), payload_id=OTHER_PAYLOAD),
        Code.DOC_CONFLICT,
    ),
    "a shipmentID": (SHIPMENT, FIRST.ship_notice("S1", (1, "2"), payload_id=OTHER_PAYLOAD), Code.DOC_CONFLICT),
    "an invoiceID": (INVOICE, FIRST.invoice("I1", (1, "2"), payload_id=OTHER_PAYLOAD), Code.INV_ID_REUSED),
    "an orderID": (ORDER, FIRST.order_request(ordered="02T18:00", payload_id=OTHER_PAYLOAD), Code.DOC_CONFLICT),
    "an orderID, with the version told": (
        ORDER,
        FIRST.order_request(version=1, payload_id=OTHER_PAYLOAD),
        Code.DOC_CONFLICT,
    ),
    "the payloadID of an order": (
        ORDER,
        SECOND.order_request(payload_id="new-1-106001@bc.example"),
        Code.PAYLOAD_REUSED,
    ),
    "a BuyerCookie": (
        CART,
        SECOND.cart(payload_id=OTHER_PAYLOAD).saying(">11.00<", instead_of=">10.00<"),
        Code.CART_REPLAYED,
    ),
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_number_used_again_for_something_else_is_a_conflict_and_the_first_one_stands(play: Play, name: str) -> None:
    original, other, reason = CONFLICTS[name]
    play.take_in(original)
    play.take_in(other)
    assert states(play.engine) == [("accepted", None), ("quarantined", reason)]
    with play.engine.connect() as connection:
        (refused,) = quarantine.listed(connection)
    assert refused.detail == "contradicts document 1"
    assert reason in [one["code"] for one in play.status()["document_exceptions"]]


VERSIONS = {
    "an update of a confirmation": FIRST.confirmation("111-1", (1, "detail", "2"), operation="update"),
    "an update of a shipment": FIRST.ship_notice("S1", (1, "2"), operation="update"),
    "the withdrawal of a shipment": FIRST.ship_notice("S1", (1, "3"), operation="delete"),
    "another version of an order": FIRST.order_request(version=2, payload_id="2@bc.example"),
    "the same order under another payloadID": FIRST.order_request(payload_id=OTHER_PAYLOAD),
    "an update of an order": FIRST.order_request(operation="update"),
    "the deletion of an order": FIRST.order_request(operation="delete"),
    "a credit with the invoice's number": FIRST.invoice("I1", (1, "-1"), purpose="lineLevelCreditMemo"),
}


@pytest.mark.parametrize("name", VERSIONS)
def test_another_version_is_no_conflict(play: Play, name: str) -> None:
    play.take_in(CONFIRMATION, SHIPMENT, INVOICE, ORDER, VERSIONS[name])
    assert {state for state, _ in states(play.engine)} == {"accepted"}


def test_two_updates_that_differ_in_what_they_replace_are_two_versions(play: Play) -> None:
    updates = [
        FIRST.ship_notice("S1", (1, "2"), operation="update", previous=f"v{n}@x", payload_id=f"u{n}@x") for n in (1, 2)
    ]
    play.take_in(SHIPMENT, *updates)
    assert {state for state, _ in states(play.engine)} == {"accepted"}


def test_confirmations_without_a_number_of_their_own_do_not_contradict_each_other(play: Play) -> None:
    nameless = [
        FIRST.confirmation("x", (1, "detail", quantity), payload_id=f"{quantity}@x").saying(
            "", instead_of='confirmID="x" '
        )
        for quantity in ("1", "2")
    ]
    play.take_in(*nameless)
    assert {state for state, _ in states(play.engine)} == {"accepted"}


def test_the_same_word_about_an_order_at_another_time_is_another_word(play: Play) -> None:
    words = [status_update("1@bc", code, said=said) for code, said in ((200, "03T10:00"), (500, "03T11:00"))]
    play.take_in(*words, status_update("1@bc", 200, said="03T12:00"))
    assert {state for state, _ in states(play.engine)} == {"accepted"}


def test_a_forgery_under_a_used_payload_id_does_not_take_the_number_of_the_genuine_document(placed: Play) -> None:
    placed.sync(SHIPMENT)
    forged = FIRST.invoice("I1", (1, "999"), payload_id=payload_of("PR0001-shipment-S1-new"))
    placed.sync(forged, INVOICE)
    assert states(placed.engine)[-2:] == [("quarantined", "PAYLOAD_REUSED"), ("accepted", None)]
    assert placed.request()["lines"][0]["invoiced"] == "3"


def test_a_document_of_a_sender_who_is_not_accepted_takes_no_number(placed: Play) -> None:
    forged = FIRST.invoice("I1", (1, "999")).saying("<Identity>Mallory<", instead_of="<Identity>Amazon<")
    placed.sync(forged)
    placed.sync(INVOICE)
    assert placed.request()["lines"][0]["invoiced"] == "3"


def test_two_suppliers_have_numbers_of_their_own(play: Play) -> None:
    play.take_in(CONFIRMATION)
    other = FIRST.confirmation("111-1", (1, "detail", "2"))
    with play.engine.begin() as connection:
        receive(connection, [Arrival(Account("CONTOSO", "OTHER"), "cxml", "cxml", "a.xml", other.data)], play.now)
    play.take_in()
    assert {state for state, _ in states(play.engine)} == {"accepted"}


@pytest.mark.parametrize("name", CONFLICTS)
def test_of_two_that_come_together_the_first_one_stands(play: Play, name: str) -> None:
    original, other, reason = CONFLICTS[name]
    play.take_in(original, other)
    assert states(play.engine) == [("accepted", None), ("quarantined", reason)]


def test_an_export_that_comes_again_byte_for_byte_is_read_once(play: Play) -> None:
    requests, orders = FIRST.exported()
    play.take_in(requests, orders)
    before = play.hash()
    play.take_in(requests.again("later.json"), orders)
    assert (play.hash(), len(states(play.engine))) == (before, 2)


def test_a_full_export_that_repeats_a_row_adds_no_fact(play: Play) -> None:
    play.take_in(*FIRST.exported())
    play.take_in(requests_export(FIRST.row(), SECOND.row(), at="02T18:00", scope="full"))
    assert sorted(str(row["number"]) for row in rows(play.engine, BC_REQUEST)) == ["PR0001", "PR0002"]
