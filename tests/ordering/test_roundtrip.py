"""Whether the order's lines say what the cart's items said; every difference is named, and none stops the order."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchout.model.documents import CartLine
from punchout.model.exact import ONE
from punchout.model.orders import OrderDraft, OrderedLine, OrderQueued
from punchout.model.values import Extrinsic, PartId
from punchout.ordering.draft import draft_order
from punchout.ordering.roundtrip import differences, order_differences
from tests.ordering.examples import CART, NOW, POLICY, history, number, usd, with_cart_line, with_order_line

ITEM = CART.lines[0]


def drafted() -> OrderDraft:
    made = draft_order(history(), POLICY, NOW)
    assert isinstance(made, OrderDraft)
    return made


LINE = drafted().lines[0]


def queued(lines: tuple[OrderedLine, ...], version: int = 1) -> OrderQueued:
    return OrderQueued(
        order_id="106001",
        order_version=version,
        payload_id=f"{version}@contoso.example",
        environment="test",
        release_mode="approval",
        currency="USD",
        total=0,
        body_sha256="x",
        at=NOW,
        lines=lines,
    )


def test_an_order_as_it_is_drafted_gives_everything_back() -> None:
    assert order_differences(history(), drafted()) == ()


@pytest.mark.parametrize(
    ("changed", "detail"),
    [
        ({"supplier_part_id": "B0OTHER"}, "part id B0OTHER, the cart B0TEST0001"),
        ({"supplier_part_aux_id": None}, "auxiliary part id missing, the cart 135-1,1"),
        ({"unit": "PK"}, "unit PK, the cart EA"),
        ({"classification": "1"}, "classification 1, the cart 44121704"),
        ({"classification_domain": None}, "classification domain missing, the cart UNSPSC"),
        ({"unit_price": 11 * ONE}, "unit price 11 USD, the cart 10 USD"),
        ({"currency": "EUR"}, "unit price 10 EUR, the cart 10 USD"),
        ({"extrinsics": ITEM.extrinsics[:1]}, "Extrinsic category missing, the cart NA"),
        (
            {"extrinsics": (ITEM.extrinsics[0], Extrinsic("category", "office"))},
            "Extrinsic category office, the cart NA",
        ),
        ({"extrinsics": (*ITEM.extrinsics, Extrinsic("own", "1"))}, "Extrinsic own 1, the cart not there"),
    ],
)
def test_a_difference_names_the_field_and_both_values(changed: dict[str, object], detail: str) -> None:
    assert differences(ITEM, replace(LINE, **changed)) == (detail,)  # type: ignore[arg-type]


@given(st.lists(st.builds(Extrinsic, st.sampled_from("ab"), st.sampled_from("xy")), max_size=5))
def test_the_order_of_extrinsics_is_no_difference_and_their_number_is(stated: list[Extrinsic]) -> None:
    shuffled = sorted(stated, key=lambda each: (each.value, each.name), reverse=True)
    item, line = replace(ITEM, extrinsics=tuple(stated)), replace(LINE, extrinsics=tuple(shuffled))
    assert differences(item, line) == ()
    for position in range(len(stated)):
        lost = tuple(shuffled[:position] + shuffled[position + 1 :])
        assert len(differences(item, replace(line, extrinsics=lost))) == 1


def test_what_the_cart_does_not_say_is_no_difference() -> None:
    assert differences(CartLine(ordinal=1, quantity=number("3"), part=PartId(), extrinsics=ITEM.extrinsics), LINE) == ()


def test_another_price_in_the_purchase_order_is_told_with_what_it_comes_to_and_stops_nothing() -> None:
    facts = history(order=with_order_line(0, direct_unit_cost=number("12.50")))
    draft = draft_order(facts, POLICY, NOW)
    assert isinstance(draft, OrderDraft)
    (found,) = order_differences(facts, draft)
    assert (found.bc_line_number, found.amount) == (10000, 7_500_000)
    assert found.detail == "unit price 12.5 USD, the cart 10 USD"


def test_once_an_order_is_queued_its_frozen_lines_are_compared() -> None:
    facts = history(order=with_order_line(0, direct_unit_cost=number("12.50")))
    frozen = replace(facts, queued=(queued(drafted().lines),))
    assert order_differences(frozen, draft_order(frozen, POLICY, NOW)) == ()
    latest = (replace(LINE, unit_price=9 * ONE), drafted().lines[1])
    both = replace(frozen, queued=(queued(latest, 2), queued(drafted().lines, 1)))
    assert [one.detail for one in order_differences(both, None)] == ["unit price 9 USD, the cart 10 USD"]


@pytest.mark.parametrize("facts", [history(cart=None), history(order=None), history(cart=replace(CART, lines=()))])
def test_without_a_cart_or_an_order_there_is_nothing_to_compare(facts: object) -> None:
    assert order_differences(facts, None) == ()  # type: ignore[arg-type]


def test_a_cart_that_came_back_with_another_price_is_a_difference() -> None:
    facts = history(cart=with_cart_line(1, unit_price=usd("19.99")))
    found = order_differences(facts, draft_order(facts, POLICY, NOW))
    assert [(one.bc_line_number, one.amount) for one in found] == [(20000, 10_000)]
