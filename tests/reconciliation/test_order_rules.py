"""Which request a document belongs to."""

import pytest

from punchout.model.codes import Code
from punchout.model.keys import RequestKey, key_of_order
from punchout.reconciliation.order_rules import OUTRANKED, TAUGHT, Belonging, Identifier, belonging, names_below
from tests.reconciliation.histories import KEY

OTHER = RequestKey("CRONUS", "amazon", "PR2")
STAND_IN = key_of_order(KEY.account, "PO1")
FORM, CONFIRM, SHIPMENT = ("order_form", "106001"), ("confirm", "111-1"), ("shipment", "S1")
TRACKING, ORIGINAL = ("tracking", "1Z1"), ("original", "I1")
PAYLOAD, ORDER, COOKIE = ("payload", "order-1"), ("order", "PO1"), ("cookie", "c-1")


def test_the_payload_id_of_our_order_comes_first() -> None:
    assert belonging({ORDER, PAYLOAD}, {PAYLOAD: {KEY}, ORDER: {KEY}}) == Belonging(KEY, "O1", PAYLOAD)


def test_the_order_number_is_enough() -> None:
    assert belonging({ORDER, PAYLOAD}, {ORDER: {KEY}}) == Belonging(KEY, "O2", ORDER)


def test_a_cart_belongs_by_its_cookie() -> None:
    assert belonging({COOKIE}, {COOKIE: {KEY}}) == Belonging(KEY, "COOKIE", COOKIE)


def test_two_identifiers_of_different_requests_tie_a_document_to_neither() -> None:
    assert belonging({ORDER, PAYLOAD}, {PAYLOAD: {KEY}, ORDER: {OTHER}}).code is Code.ORDER_REF_CONFLICT


def test_one_identifier_of_two_requests_ties_a_document_to_neither() -> None:
    assert belonging({ORDER}, {ORDER: {KEY, OTHER}}).code is Code.ORDER_REF_CONFLICT


def test_a_request_outranks_the_stand_in_for_its_purchase_order() -> None:
    assert belonging({ORDER}, {ORDER: {STAND_IN, KEY}}) == Belonging(KEY, "O2", ORDER)


def test_a_purchase_order_without_a_request_is_found_by_its_stand_in() -> None:
    assert belonging({ORDER}, {ORDER: {STAND_IN}}) == Belonging(STAND_IN, "O2", ORDER)


def test_what_nobody_knows_waits_for_its_order_or_its_cart() -> None:
    assert belonging({ORDER}, {}).code is Code.ORDER_NOT_FOUND
    assert belonging({COOKIE}, {}).code is Code.CART_UNKNOWN_COOKIE


WEAKER = [(FORM, "O3"), (CONFIRM, "O4"), (SHIPMENT, "O5"), (TRACKING, "O5"), (ORIGINAL, "O6")]
PAIRS = [(one, other) for place, one in enumerate(WEAKER) for other in WEAKER[place + 1 :]]


@pytest.mark.parametrize(("pair", "rule"), WEAKER)
def test_what_a_document_calls_its_things_by_finds_the_order_where_nothing_firmer_does(
    pair: Identifier, rule: str
) -> None:
    assert belonging({ORDER, pair}, {pair: {KEY}}) == Belonging(KEY, rule, pair)
    assert belonging({ORDER, pair}, {pair: {KEY}, ORDER: {OTHER}}) == Belonging(OTHER, "O2", ORDER)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_of_the_other_rules_the_first_that_finds_one_decides(
    first: tuple[Identifier, str], second: tuple[Identifier, str]
) -> None:
    found = belonging({first[0], second[0]}, {first[0]: {KEY}, second[0]: {OTHER}})
    assert found == Belonging(KEY, first[1], first[0])


def test_a_rule_that_finds_several_leaves_it_to_the_next_and_in_the_end_to_a_person() -> None:
    assert belonging({FORM, CONFIRM}, {FORM: {KEY, OTHER}, CONFIRM: {KEY}}) == Belonging(KEY, "O4", CONFIRM)
    assert belonging({FORM, CONFIRM}, {FORM: {KEY, OTHER}}).code is Code.ORDER_REF_CONFLICT


def test_nothing_weaker_settles_a_contradiction_of_firm_identifiers() -> None:
    torn = belonging({ORDER, PAYLOAD, CONFIRM}, {PAYLOAD: {KEY}, ORDER: {OTHER}, CONFIRM: {KEY}})
    assert torn.code is Code.ORDER_REF_CONFLICT


def test_every_rule_hears_only_rules_of_lower_rank() -> None:
    for rule in TAUGHT:
        assert rule.name not in names_below(rule.rank)
        assert {"O1", "O2", "O3"} <= names_below(rule.rank)


def test_our_own_identifiers_and_the_cookie_are_never_set_aside() -> None:
    assert {"O3", "O4", "O5", "O6"} == OUTRANKED
