"""Which lines a request has, from cart to order."""

from dataclasses import replace
from typing import Any

import pytest

from punchout.model.exact import ONE
from punchout.model.history import RequestHistory
from punchout.model.keys import key_of_order
from punchout.model.values import PartId
from punchout.reconciliation.results import LinePosition
from punchout.reconciliation.rows import current_rows
from tests.reconciliation.histories import (
    KEY,
    ORDER_ID,
    POLICY,
    SENT_AT,
    add,
    cart,
    cart_line,
    history,
    now,
    number,
    order_line,
    ordered_line,
    purchase_order,
    queued,
    request,
    request_line,
    sent,
    stated,
)

BC_SENDS = replace(POLICY, sent_by="bc")


def lines(facts: RequestHistory) -> tuple[LinePosition, ...]:
    return now(facts).lines


def inferred(*facts: object) -> tuple[LinePosition, ...]:
    return now(history(*facts), policy=BC_SENDS).lines


def test_a_cart_shows_as_a_preview_without_line_numbers() -> None:
    found = lines(history(request(status="open", purchase_order_number=None), cart(3, 1)))
    assert [(line.key, line.line_number, line.cart_position, line.requested, line.ordered) for line in found] == [
        ("cart:1", None, 1, 3 * ONE, 0),
        ("cart:2", None, 2, ONE, 0),
    ]


def test_a_cart_line_without_a_price_shows_none() -> None:
    bare = replace(cart(1), lines=(cart_line(1, 1, unit_price=None),))
    (line,) = lines(history(bare))
    assert (line.price_ordered, line.currency) == (None, None)


def test_lines_of_the_request_replace_the_preview() -> None:
    found = lines(history(request(3, 1, status="open"), cart(3, 1)))
    assert [(line.key, line.line_number, line.cart_position, line.ordered) for line in found] == [
        ("10000", 10_000, 1, 0),
        ("20000", 20_000, 2, 0),
    ]


def test_a_request_line_at_another_number_finds_its_cart_line_by_the_only_part() -> None:
    moved = request(status="open", lines=(request_line(1, 3, line_number=15_000),))
    assert lines(history(moved, cart(3, 1)))[0].cart_position == 1


def test_a_request_line_whose_part_is_twice_in_the_cart_is_found_by_its_place_or_not_at_all() -> None:
    twins = replace(cart(1, 1), lines=(cart_line(1, 1), cart_line(2, 1, part=cart_line(1, 1).part)))
    wanted = (
        request_line(2, 1, supplier_part_id=cart_line(1, 1).part.supplier_part_id),
        request_line(3, 1, supplier_part_id=cart_line(1, 1).part.supplier_part_id),
    )
    assert [line.cart_position for line in lines(history(request(lines=wanted, status="open"), twins))] == [2, None]


def test_a_cart_of_an_earlier_session_does_not_count() -> None:
    facts = history(request(status="open"), cart(9, cookie="cookie-0"))
    assert lines(facts) == ()


def test_the_current_row_is_the_one_with_the_highest_version() -> None:
    rows = [stated(request(quantity, status="open"), version=quantity) for quantity in (1, 3, 2)]
    assert lines(history(*rows))[0].requested == 3 * ONE


@pytest.mark.parametrize(("versions", "stands"), [((1, 2), 1), ((2, 1), 0), ((1, 1), 0)])
def test_one_content_in_several_rows_is_the_latest_version_as_it_was_first_received(
    versions: tuple[int, int], stands: int
) -> None:
    rows = [stated(request(3), place, version=each, received=SENT_AT + place) for place, each in enumerate(versions)]
    for facts in (history(*rows), history(*reversed(rows))):
        assert current_rows(facts, None).request == rows[stands]


def test_blank_quantities_and_prices_of_a_request_line_stay_blank() -> None:
    blank = replace(request_line(1, 1), quantity=None, unit_price=None)
    (line,) = lines(history(request(lines=(blank,))))
    assert (line.requested, line.price_ordered) == (None, None)


def test_a_queued_order_has_its_frozen_map_whatever_business_central_says_later() -> None:
    facts = add(sent(3), stated(request(7), version=99))
    (line,) = lines(facts)
    assert (line.ordered, line.order_line_number, line.line_number, line.po_sequence) == (3 * ONE, 1, 10_000, 10_000)


def test_an_ordered_line_without_a_request_line_has_a_key_of_its_own() -> None:
    order = replace(queued(1), lines=(replace(ordered_line(1, 1), bc_line_number=None, po_sequence=None),))
    (line,) = lines(history(order))
    assert (line.key, line.line_number) == ("order:1", None)


def test_what_is_received_comes_from_the_purchase_order() -> None:
    received = purchase_order(lines=(order_line(1, 3, received_quantity=number(2)),))
    (line,) = lines(history(request(3), received, queued(3)))
    assert line.received == 2 * ONE


def test_where_business_central_sends_the_purchase_order_is_the_order_by_sequence() -> None:
    backwards = purchase_order(
        lines=(
            order_line(1, 3, sequence=20_000, punchout_line_number=10_000),
            order_line(2, 1, sequence=10_000, punchout_line_number=20_000),
        )
    )
    found = inferred(request(3, 1), cart(3, 1), backwards)
    assert [(line.order_line_number, line.line_number, line.ordered, line.cart_position) for line in found] == [
        (1, 20_000, ONE, 2),
        (2, 10_000, 3 * ONE, 1),
    ]
    assert all(line.inferred for line in found)


def test_a_comment_line_of_the_purchase_order_is_no_line_of_the_order() -> None:
    commented = purchase_order(
        lines=(
            replace(order_line(1, 1), line_type="Comment", quantity=None, punchout_line_number=None),
            order_line(2, 3, punchout_line_number=10_000),
        )
    )
    (line,) = inferred(request(3), commented)
    assert (line.order_line_number, line.po_sequence, line.line_number) == (1, 20_000, 10_000)


def unlinked(*changes: dict[str, Any]) -> tuple[LinePosition, ...]:
    """A two-line request and a purchase order that does not name its lines; each dict changes an order line."""
    made = [order_line(line, quantity, punchout_line_number=None) for line, quantity in ((1, 3), (2, 1))]
    changed = [replace(line, **change) for line, change in zip(made, changes, strict=True)]
    return inferred(request(3, 1), purchase_order(lines=tuple(changed)))


def test_without_stated_numbers_lines_agree_by_sequence() -> None:
    assert [line.line_number for line in unlinked({}, {})] == [10_000, 20_000]


def test_lines_agree_by_sequence_in_whatever_order_the_requests_lines_come() -> None:
    backwards = request(lines=(request_line(2, 1), request_line(1, 3)))
    bought = purchase_order(lines=tuple(order_line(*pair, punchout_line_number=None) for pair in ((1, 3), (2, 1))))
    assert [line.line_number for line in inferred(backwards, bought)] == [10_000, 20_000]


def test_account_lines_agree_by_price() -> None:
    account = {"line_type": "Account", "line_object_number": "61000"}
    assert [line.line_number for line in unlinked(account, account)] == [10_000, 20_000]


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": number(2)},
        {"line_object_number": "B0OTHER"},
        {"line_type": "Account", "direct_unit_cost": number(11)},
        {"line_type": "Account", "direct_unit_cost": None},
    ],
)
def test_one_line_that_does_not_agree_leaves_all_of_them_unmapped(change: dict[str, Any]) -> None:
    found = unlinked(change, {})
    assert [(line.key, line.line_number, line.supplier_part_id) for line in found] == [
        ("order:1", None, None),
        ("order:2", None, None),
    ]


def test_another_number_of_lines_leaves_all_of_them_unmapped() -> None:
    bare = purchase_order(lines=(order_line(1, 3, punchout_line_number=None),))
    assert [line.line_number for line in inferred(request(3, 1), bare)] == [None]


def test_a_request_line_without_a_price_agrees_with_any_account_line() -> None:
    account = order_line(1, 3, punchout_line_number=None, line_type="Account")
    wanted = request(lines=(request_line(1, 3, unit_price=None),))
    assert [line.line_number for line in inferred(wanted, purchase_order(lines=(account,)))] == [10_000]


def test_a_request_line_that_two_order_lines_claim_belongs_to_neither() -> None:
    both = purchase_order(lines=(order_line(1, 3), order_line(2, 1, punchout_line_number=10_000)))
    assert [line.line_number for line in inferred(request(3, 1), both)] == [None, None]


def test_an_order_line_that_names_an_unknown_line_is_not_mapped() -> None:
    stranger = purchase_order(lines=(order_line(1, 3, punchout_line_number=99),))
    assert [line.line_number for line in inferred(request(3), stranger)] == [None]


def test_the_auxiliary_id_of_an_inferred_line_is_the_carts() -> None:
    basket = replace(cart(3), lines=(cart_line(1, 3, part=PartId("B0PART0001", "999-9,9")),))
    (line,) = inferred(request(3), basket, purchase_order(3))
    assert line.supplier_part_aux_id == "999-9,9"


def test_an_inferred_line_without_a_cost_keeps_the_requests_price() -> None:
    (line,) = inferred(request(3), purchase_order(lines=(order_line(1, 3, direct_unit_cost=None),)))
    assert line.price_ordered == 10 * ONE


def test_of_several_purchase_orders_the_one_the_request_names_counts() -> None:
    facts = history(request(3), purchase_order(3), purchase_order(9, number="PO0"))
    assert now(facts, policy=BC_SENDS).lines[0].ordered == 3 * ONE


def test_a_purchase_order_that_is_named_and_not_known_leaves_the_requests_lines() -> None:
    facts = history(request(3, purchase_order_number="PO9"), purchase_order(4))
    found = now(facts, policy=BC_SENDS)
    assert (found.order_id, found.lines[0].ordered) == ("PO9", 0)


def test_without_a_name_the_only_purchase_order_counts() -> None:
    found = now(history(request(3, purchase_order_number=None), purchase_order(3)), policy=BC_SENDS)
    assert (found.order_id, found.lines[0].ordered) == (ORDER_ID, 3 * ONE)


def test_a_purchase_order_without_a_request_has_lines_without_numbers() -> None:
    facts = history(purchase_order(3), key=key_of_order(KEY.account, ORDER_ID))
    (line,) = now(facts, policy=BC_SENDS).lines
    assert (line.key, line.line_number, line.ordered) == ("order:1", None, 3 * ONE)


def test_an_order_line_of_no_request_line_is_described_as_the_purchase_order_has_it() -> None:
    lettered = order_line(1, 3, description="Binders, blue", punchout_line_number=99)
    (line,) = inferred(request(3), purchase_order(lines=(lettered,)))
    assert (line.description, line.unit, line.price_ordered) == ("Binders, blue", "EA", 10 * ONE)


def test_of_nothing_there_are_no_lines() -> None:
    assert now(RequestHistory(key=KEY)).lines == ()
