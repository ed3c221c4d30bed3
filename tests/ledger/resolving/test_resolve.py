"""Finding a document's request: whatever comes first, in the end everything lies where it belongs."""

import pytest
import sqlalchemy as sa

from punchout.ledger.resolving.resolve import Known, learn, recheck_waiting, resolve
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.projections import ASSIGNMENT
from tests.support.deliveries import cxml
from tests.support.ledgers import each, rows
from tests.support.plays import Play
from tests.support.purchases import (
    document,
    orders_export,
    requests_export,
)
from tests.support.stories import FIRST, SECOND, STRAY, confirmed

WITHOUT_PAYLOAD = confirmed().saying("", instead_of=f'<DocumentReference payloadID="{FIRST.payload_id}"/>')
WITHOUT_ORDER = confirmed().saying("<OrderReference>", instead_of=f'<OrderReference orderID="{FIRST.order_id}">')


def placed_at(engine: sa.Engine) -> dict[tuple[int, int], tuple[str, str]]:
    """Give request and rule by document and portion."""
    return {
        (int(str(row["document_id"])), int(str(row["portion"]))): (str(row["request_no"]), str(row["rule"]))
        for row in rows(engine, ASSIGNMENT)
    }


def open_codes(play: Play) -> list[str]:
    return [one["code"] for one in play.status()["document_exceptions"]]


def test_a_document_before_its_order_waits_and_is_linked_when_the_export_comes(play: Play) -> None:
    play.take_in(WITHOUT_PAYLOAD)
    assert open_codes(play) == ["ORDER_NOT_FOUND"]
    play.take_in(*FIRST.exported())
    assert open_codes(play) == []
    assert placed_at(play.engine)[1, 1] == ("PR0001", "O2")


def test_the_purchase_order_alone_is_enough(play: Play) -> None:
    play.take_in(WITHOUT_PAYLOAD, orders_export(FIRST.order_row()))
    assert placed_at(play.engine)[1, 1] == ("PR0001", "O2")


def test_a_document_that_only_names_our_payload_id_is_linked_when_our_order_is_written(play: Play) -> None:
    play.take_in(WITHOUT_ORDER, *FIRST.exported())
    assert play.status()["documents"]["waiting"] == 1
    play.exchange().queue_orders()
    play.exchange().settle()
    assert placed_at(play.engine)[1, 1] == ("PR0001", "O1")


def test_a_cart_before_its_request_waits_under_its_cookie(play: Play) -> None:
    play.take_in(FIRST.cart())
    assert open_codes(play) == ["CART_UNKNOWN_COOKIE"]
    play.take_in(requests_export(FIRST.new_row()))
    assert open_codes(play) == []
    assert play.request()["stage"] == "Cart Received"


def test_a_document_that_names_two_orders_belongs_to_neither(placed: Play) -> None:
    placed.take_in(*SECOND.exported())
    torn = confirmed().saying(f'orderID="{SECOND.order_id}"', instead_of=f'orderID="{FIRST.order_id}"')
    placed.take_in(torn)
    assert open_codes(placed) == ["ORDER_REF_CONFLICT"]
    assert placed.request("PR0001")["stage"] == "PO Sent"
    assert placed.request("PR0002")["stage"] == "PO Created"


def test_a_document_is_taken_from_its_order_when_it_turns_out_to_name_another_too(play: Play) -> None:
    torn = confirmed().saying(f'orderID="{SECOND.order_id}"', instead_of=f'orderID="{FIRST.order_id}"')
    play.sync(*SECOND.exported(), torn)
    assert play.request("PR0002")["stage"] == "Order Confirmed"
    play.sync(*FIRST.exported())
    assert open_codes(play) == ["ORDER_REF_CONFLICT"]
    assert play.request("PR0002")["order_confirmation_id"] is None


def test_the_parts_of_one_invoice_go_to_the_orders_they_name(play: Play) -> None:
    play.take_in(*FIRST.exported(), *SECOND.exported())
    both = FIRST.invoice("I1", (1, "3")).saying(
        f"</InvoiceDetailOrder>{SECOND.billed((1, '2'))}", instead_of="</InvoiceDetailOrder>"
    )
    play.take_in(both)
    assert [play.request(number)["lines"][0]["invoiced"] for number in ("PR0001", "PR0002")] == ["3", "2"]


def test_a_part_without_its_order_waits_while_the_other_part_counts(play: Play) -> None:
    play.take_in(*FIRST.exported())
    both = FIRST.invoice("I1", (1, "3")).saying(
        f"</InvoiceDetailOrder>{SECOND.billed((1, '2'))}", instead_of="</InvoiceDetailOrder>"
    )
    play.take_in(both)
    assert play.status()["documents"]["waiting"] == 1
    assert play.request()["lines"][0]["invoiced"] == "3"
    play.take_in(*SECOND.exported())
    assert play.status()["documents"]["waiting"] == 0
    assert play.request("PR0002")["lines"][0]["invoiced"] == "2"


def test_a_document_that_names_nothing_waits_and_stops_nothing(play: Play) -> None:
    nothing = document("naked", '<Request><ShipNoticeRequest><ShipNoticeHeader shipmentID="S9" operation="new" '
        'noticeDate="2026-03-04T09:00:00+00:00" shipmentDate="2026-03-04T09:00:00+00:00"/><ShipNoticePortion>'
        "<OrderReference/></ShipNoticePortion></ShipNoticeRequest></Request>")  # fmt: skip
    play.take_in(nothing)
    assert open_codes(play) == ["ORDER_NOT_FOUND"]


def test_a_purchase_order_without_a_request_has_a_key_of_its_own(play: Play) -> None:
    play.take_in(orders_export(STRAY.order_row(punchoutRequestNumber=None)), confirmed(STRAY))
    request = play.request("PO:106003")
    assert (request["order_id"], request["adopted"], request["lines"][0]["accepted"]) == ("106003", True, "3")


@pytest.mark.parametrize("by", ["the request", "the purchase order"])
def test_a_request_that_claims_a_purchase_order_takes_everything_and_the_stand_in_disappears(
    play: Play, by: str
) -> None:
    play.take_in(orders_export(STRAY.order_row(punchoutRequestNumber=None)), confirmed(STRAY))
    claim = {
        "the request": requests_export(STRAY.row()),
        "the purchase order": orders_export(STRAY.order_row(modified="02T18:00"), name="again.json"),
    }[by]
    play.take_in(claim)
    assert [request["request_no"] for request in play.status()["requests"]] == ["PR0003"]
    assert play.request("PR0003")["lines"][0]["accepted"] == "3"
    assert play.broken_promises() == {}


def test_a_request_that_a_purchase_order_names_is_there_before_its_own_row(play: Play) -> None:
    play.take_in(orders_export(FIRST.order_row()))
    assert play.request("PR0001")["order_id"] == "106001"


def test_an_answer_to_our_request_needs_no_order(play: Play) -> None:
    play.take_in(document("answer", '<Response><Status code="200" text="OK"/></Response>'))
    assert play.status()["documents"] == {"accepted": 1, "waiting": 0, "duplicate": 0, "quarantined": {}}


def test_nothing_is_rechecked_without_a_new_identifier(play: Play) -> None:
    play.take_in(confirmed(STRAY), cxml("x.xml", b"<x/>"))
    each(play.engine, lambda connection: _assert_none(recheck_waiting(connection)))


def test_identifiers_of_one_account_find_nothing_in_another(play: Play) -> None:
    other = Play(play.engine, play.settings.home, company={"id": "FABRIKAM"})
    key = type(FIRST.key)("FABRIKAM", "AMAZON", "PR0001")
    each(play.engine, lambda connection: learn(connection, [Known("order", FIRST.order_id, key)]))
    play.take_in(confirmed())
    assert open_codes(other) == ["ORDER_NOT_FOUND"]


def _assert_none(count: int) -> None:
    assert count == 0


class TestSideBySide:
    """Two workers on PostgreSQL, who do not see each other's work until it is committed."""

    @pytest.fixture(autouse=True)
    def _two_at_once(self, ledger: sa.Engine) -> None:
        if ledger.dialect.name == "sqlite":
            pytest.skip("SQLite has one writer at a time")

    def test_a_document_and_its_identifier_committed_side_by_side_find_each_other(self, play: Play) -> None:
        play.deliver(WITHOUT_PAYLOAD)
        play.exchange().parse()
        with play.engine.begin() as resolving:
            resolve(resolving, 10)
            each(play.engine, lambda learning: learn(learning, [Known("order", FIRST.order_id, FIRST.key)]))
        assert [row["resolution"] for row in rows(play.engine, DOCUMENT_STATE)] == ["waiting"]
        each(play.engine, recheck_waiting)
        play.exchange().settle()
        assert placed_at(play.engine) == {(1, 1): ("PR0001", "O2")}

    def test_a_purchase_order_claimed_while_it_is_being_placed_goes_to_its_request(self, play: Play) -> None:
        play.deliver(orders_export(STRAY.order_row(punchoutRequestNumber=None)))
        play.exchange().import_exports("bc_orders")
        with play.engine.begin() as resolving:
            resolve(resolving, 10)
            each(play.engine, lambda learning: learn(learning, [Known("order", STRAY.order_id, STRAY.key)]))
        each(play.engine, recheck_waiting)
        play.exchange().settle()
        assert [request for request, _ in placed_at(play.engine).values()] == ["PR0003"]
