"""Which lines belong together, and what is refused rather than guessed."""

from dataclasses import replace

import pytest

from punchout.model.business_central import BcOrder, BcRequest
from punchout.model.codes import Code
from punchout.model.documents import Cart
from punchout.model.history import RequestHistory
from punchout.model.orders import OrderDraft, OrderedLine
from punchout.model.values import PartId
from punchout.ordering.draft import draft_order
from punchout.ordering.refusals import Refusals
from tests.ordering.examples import (
    CART,
    NOW,
    ORDER,
    POLICY,
    REQUEST,
    history,
    number,
    with_cart_line,
    with_order_line,
    with_request_line,
)


def lines_of(facts: RequestHistory) -> tuple[OrderedLine, ...]:
    result = draft_order(facts, POLICY, NOW)
    assert isinstance(result, OrderDraft), result
    return result.lines


def reasons_of(facts: RequestHistory) -> list[tuple[Code, str]]:
    result = draft_order(facts, POLICY, NOW)
    assert isinstance(result, Refusals), result
    return [(reason.code, reason.where) for reason in result.reasons]


def unnumbered(order: BcOrder) -> BcOrder:
    return replace(order, lines=tuple(replace(line, punchout_line_number=None) for line in order.lines))


def of_parts(order: BcOrder, *parts: str | None) -> BcOrder:
    tied = zip(order.lines, parts, strict=True)
    return replace(order, lines=tuple(replace(line, line_type="Item", line_object_number=part) for line, part in tied))


def test_a_stated_line_number_outranks_the_sequence() -> None:
    order = replace(ORDER, lines=tuple(reversed(ORDER.lines)))
    swapped = replace(
        order, lines=tuple(replace(line, sequence=10000 * place) for place, line in enumerate(order.lines, 1))
    )
    assert [(line.bc_line_number, line.po_sequence, line.inferred) for line in lines_of(history(order=swapped))] == [
        (10000, 20000, False),
        (20000, 10000, False),
    ]


def test_lines_are_numbered_in_order_of_the_request_s_line_numbers() -> None:
    request = replace(REQUEST, lines=tuple(reversed(REQUEST.lines)))
    assert lines_of(history(request)) == lines_of(history())


@pytest.mark.parametrize(
    ("order", "reasons"),
    [
        pytest.param(
            with_order_line(1, punchout_line_number=10000), ["line 10000", "line 20000"], id="one line named twice"
        ),
        pytest.param(
            with_order_line(1, punchout_line_number=None), ["purchase order line 20000", "line 20000"], id="one unnamed"
        ),
        pytest.param(
            with_order_line(1, punchout_line_number=30000), ["purchase order line 20000", "line 20000"], id="unknown"
        ),
        pytest.param(replace(ORDER, lines=ORDER.lines[:1]), ["line 20000"], id="one missing"),
        pytest.param(replace(ORDER, lines=()), ["purchase order"], id="no lines"),
    ],
)
def test_lines_that_do_not_pair_one_to_one_refuse_the_order(order: BcOrder, reasons: list[str]) -> None:
    assert reasons_of(history(order=order)) == [(Code.OUT_VALIDATION, where) for where in reasons]


def test_a_comment_line_of_the_purchase_order_orders_nothing() -> None:
    remark = replace(ORDER.lines[0], sequence=15000, line_type="Comment", quantity=None, punchout_line_number=None)
    assert lines_of(history(order=replace(ORDER, lines=(*ORDER.lines, remark)))) == lines_of(history())


def test_lines_that_name_nothing_are_tied_by_sequence_and_marked_as_inferred() -> None:
    lines = lines_of(history(order=unnumbered(ORDER)))
    assert [(line.bc_line_number, line.po_sequence, line.inferred) for line in lines] == [
        (10000, 10000, True),
        (20000, 20000, True),
    ]


@pytest.mark.parametrize(
    ("order", "where"),
    [
        pytest.param(replace(ORDER, lines=ORDER.lines[:1]), "purchase order", id="another count"),
        pytest.param(with_order_line(0, quantity=number("2")), "line 10000", id="another quantity"),
        pytest.param(with_order_line(0, direct_unit_cost=number("20")), "line 10000", id="another price"),
        pytest.param(of_parts(ORDER, "0596007973", "0596007973"), "line 10000", id="another part"),
    ],
)
def test_a_sequence_with_a_witness_against_it_refuses_the_order(order: BcOrder, where: str) -> None:
    assert (Code.OUT_VALIDATION, where) in reasons_of(history(order=unnumbered(order)))


def test_part_ids_that_agree_let_a_sequence_stand_at_another_price() -> None:
    order = unnumbered(of_parts(with_order_line(0, direct_unit_cost=number("9")), "B0TEST0001", "0596007973"))
    assert all(line.inferred for line in lines_of(history(order=order)))


@pytest.mark.parametrize(
    ("request_row", "reason"),
    [
        (with_request_line(0, supplier_part_auxiliary_id=None), (Code.AUX_ID_MISSING, "line 10000")),
        (with_request_line(0, supplier_part_auxiliary_id="135-1, 1"), (Code.AUX_ID_CHANGED, "line 10000")),
        (with_request_line(0, supplier_part_id="B0TEST9999"), (Code.OUT_VALIDATION, "line 10000")),
        (with_request_line(1, line_number=10000), (Code.OUT_VALIDATION, "line 10000")),
    ],
)
def test_a_line_that_is_not_the_cart_s_refuses_the_order(request_row: BcRequest, reason: tuple[Code, str]) -> None:
    assert reason in reasons_of(history(request_row))


def test_numbers_that_several_lines_share_are_told_in_order() -> None:
    doubled = [replace(REQUEST.lines[0], line_number=number) for number in (30000, 20000, 10000) for _ in range(2)]
    result = draft_order(history(replace(REQUEST, lines=tuple(doubled))), POLICY, NOW)
    assert isinstance(result, Refusals)
    told = [one.where for one in result.reasons if one.detail == "is there more than once"]
    assert told == ["line 10000", "line 20000", "line 30000"]


def test_exchanged_auxiliary_ids_follow_the_part_they_came_with() -> None:
    """Both lines name the same part, so the auxiliary id alone tells the offers apart."""
    cart = replace(
        CART, lines=tuple(replace(line, part=PartId("B0SAME", line.part.supplier_part_aux_id)) for line in CART.lines)
    )
    request = with_request_line(0, supplier_part_id="B0SAME", supplier_part_auxiliary_id="135-1,2")
    second = replace(REQUEST.lines[1], supplier_part_id="B0SAME", supplier_part_auxiliary_id="135-1,1")
    facts = history(replace(request, lines=(request.lines[0], second)), cart=cart)
    assert [line.cart_position for line in lines_of(facts)] == [2, 1]


def test_the_same_item_twice_in_the_cart_is_told_apart_by_its_position() -> None:
    twin = replace(CART.lines[0], ordinal=2, description="Pens again")
    cart = replace(CART, lines=(CART.lines[0], twin))
    request = with_request_line(1, supplier_part_id="B0TEST0001", supplier_part_auxiliary_id="135-1,1")
    assert [line.description for line in lines_of(history(request, cart=cart))] == ["Pens", "Pens again"]


def test_a_line_inserted_before_the_first_takes_the_place_of_no_item() -> None:
    """Business Central numbers it 5000, so it is no item's nth; the first item is still line 10000's."""
    cart = replace(CART, lines=(CART.lines[0], replace(CART.lines[0], ordinal=2)))
    inserted = with_request_line(
        1, line_number=5000, supplier_part_id="B0TEST0001", supplier_part_auxiliary_id="135-1,1"
    )
    lines = lines_of(history(inserted, with_order_line(1, punchout_line_number=5000), cart))
    assert [(line.bc_line_number, line.cart_position) for line in lines] == [(5000, 2), (10000, 1)]


def test_a_line_removed_from_the_request_is_not_ordered() -> None:
    request, order = replace(REQUEST, lines=REQUEST.lines[1:]), replace(ORDER, lines=ORDER.lines[1:])
    lines = lines_of(history(request, order))
    assert [(line.line_number, line.bc_line_number, line.cart_position) for line in lines] == [(1, 20000, 2)]


def test_an_item_is_not_ordered_on_two_lines() -> None:
    request = with_request_line(1, supplier_part_id="B0TEST0001", supplier_part_auxiliary_id="135-1,1")
    assert (Code.OUT_VALIDATION, "line 20000") in reasons_of(history(request))


def test_a_cart_without_auxiliary_ids_asks_for_none() -> None:
    cart = with_cart_line(0, part=PartId("B0TEST0001"))
    request = with_request_line(0, supplier_part_auxiliary_id=None)
    assert lines_of(history(request, cart=cart))[0].supplier_part_aux_id is None


def test_without_a_cart_the_request_s_own_part_ids_are_sent() -> None:
    line = lines_of(history(cart=None))[0]
    assert (line.supplier_part_id, line.supplier_part_aux_id, line.cart_position) == ("B0TEST0001", "135-1,1", None)


@pytest.mark.parametrize("cart", [None, replace(CART, buyer_cookie="another")])
def test_without_a_cart_a_missing_auxiliary_id_refuses_the_order(cart: Cart | None) -> None:
    request = with_request_line(1, supplier_part_auxiliary_id=None)
    assert reasons_of(history(request, cart=cart)) == [(Code.AUX_ID_MISSING, "line 20000")]
