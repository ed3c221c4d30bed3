"""Finding things by any identifier a person may hold."""

import pytest

from punchout.ledger.bodies import sha256
from punchout.ledger.search import Found, find, names_of
from punchout.model.keys import RequestKey
from tests.support.deliveries import payload_of
from tests.support.plays import Play
from tests.support.stories import FIRST, UNKNOWN, confirmed


def found(play: Play, identifier: str) -> Found:
    with play.engine.connect() as connection:
        return find(connection, identifier)


LEADING_TO_FIRST = {
    "request": "PR0001",
    "purchase order": "106001",
    "payloadID of our order": FIRST.payload_id,
    "BuyerCookie": FIRST.cookie,
    "the supplier's order": "111-1",
    "shipment": "S1",
    "tracking number": "1ZS1",
    "invoice": "I1",
    "credit": "C1",
    "part": "0596007973",
    "payloadID of a document": payload_of("PR0001-shipment-S2-new"),
    "the hash of a document's bytes": sha256(FIRST.cart().data),
    "with white space around it": "  106001\n",
}


@pytest.mark.parametrize("kind", LEADING_TO_FIRST)
def test_a_request_is_found_by(told: Play, kind: str) -> None:
    assert found(told, LEADING_TO_FIRST[kind]).requests == (FIRST.key,)


def test_a_part_leads_to_every_request_that_has_it(told: Play) -> None:
    numbers = [key.request_no for key in found(told, "B0TEST0001").requests]
    assert numbers == ["PO:106003", "PR0001", "PR0002", "PR0004"]


def test_a_purchase_order_without_a_request_is_found_by_its_number(told: Play) -> None:
    assert found(told, "106003").requests == (RequestKey("CONTOSO", "AMAZON", "PO:106003"),)


def test_a_document_that_belongs_to_nobody_yet_is_found_itself(told: Play) -> None:
    (document,) = found(told, UNKNOWN.order_id).documents
    assert (document.kind, document.state, document.resolution) == ("ConfirmationRequest", "accepted", "waiting")
    assert document.names == (confirmed(UNKNOWN).name,)


@pytest.mark.parametrize("by", ["hash", "payloadID"])
def test_a_refused_document_is_found_with_its_reason(told: Play, by: str) -> None:
    reused = FIRST.invoice("I1", (1, "3"))
    identifier = {"hash": sha256(reused.data), "payloadID": payload_of("PR0001-invoice-I1-standard")}[by]
    reasons = [document.reason for document in found(told, identifier).documents]
    assert reasons == ["PAYLOAD_REUSED"]


@pytest.mark.parametrize("nothing", ["4711", "", "portion", "%", "10600_"])
def test_nothing_is_found_for_what_nobody_carries(told: Play, nothing: str) -> None:
    assert found(told, nothing) == Found((), ())


def test_a_document_has_the_names_it_was_delivered_under_in_their_order(play: Play) -> None:
    play.deliver(confirmed(), confirmed().again("b.xml"), confirmed().again("a.xml"), confirmed().again("b.xml"))
    with play.engine.connect() as connection:
        assert names_of(connection, [1]) == {1: (confirmed().name, "b.xml", "a.xml")}
