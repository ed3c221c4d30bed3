"""Which request a document belongs to."""

from punchout.model.codes import Code
from punchout.model.keys import RequestKey, key_of_order
from punchout.reconciliation.order_rules import Belonging, belonging
from tests.reconciliation.histories import KEY

OTHER = RequestKey("CRONUS", "amazon", "PR2")
STAND_IN = key_of_order(KEY.account, "PO1")
PAYLOAD, ORDER, COOKIE = ("payload", "order-1"), ("order", "PO1"), ("cookie", "c-1")


def test_the_payload_id_of_our_order_comes_first() -> None:
    assert belonging({ORDER, PAYLOAD}, {PAYLOAD: {KEY}, ORDER: {KEY}}) == Belonging(KEY, "O1")


def test_the_order_number_is_enough() -> None:
    assert belonging({ORDER, PAYLOAD}, {ORDER: {KEY}}) == Belonging(KEY, "O2")


def test_a_cart_belongs_by_its_cookie() -> None:
    assert belonging({COOKIE}, {COOKIE: {KEY}}) == Belonging(KEY, "COOKIE")


def test_two_identifiers_of_different_requests_tie_a_document_to_neither() -> None:
    assert belonging({ORDER, PAYLOAD}, {PAYLOAD: {KEY}, ORDER: {OTHER}}).code is Code.ORDER_REF_CONFLICT


def test_one_identifier_of_two_requests_ties_a_document_to_neither() -> None:
    assert belonging({ORDER}, {ORDER: {KEY, OTHER}}).code is Code.ORDER_REF_CONFLICT


def test_a_request_outranks_the_stand_in_for_its_purchase_order() -> None:
    assert belonging({ORDER}, {ORDER: {STAND_IN, KEY}}) == Belonging(KEY, "O2")


def test_a_purchase_order_without_a_request_is_found_by_its_stand_in() -> None:
    assert belonging({ORDER}, {ORDER: {STAND_IN}}) == Belonging(STAND_IN, "O2")


def test_what_nobody_knows_waits_for_its_order_or_its_cart() -> None:
    assert belonging({ORDER}, {}).code is Code.ORDER_NOT_FOUND
    assert belonging({COOKIE}, {}).code is Code.CART_UNKNOWN_COOKIE
