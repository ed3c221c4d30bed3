"""For which requests a session may be opened, what its setup says, and which cart of several sessions counts."""

from dataclasses import replace
from itertools import permutations

import pytest

from punchout.model.business_central import BcRequest
from punchout.model.documents import Cart
from punchout.model.history import RequestHistory, Stated
from punchout.model.sessions import SessionOpened
from punchout.model.values import Extrinsic
from punchout.ordering.draft import cart_of
from punchout.ordering.shopping import Hindrance, hindrance, setup_of
from punchout.reconciliation.rows import current_rows
from tests.ordering.examples import CART, REQUEST, history, source

OPEN = replace(
    REQUEST,
    status="open",
    released=None,
    purchase_order_number=None,
    lines=(),
    requester_email=" ann@contoso.example ",
    buyer_cookie=None,
)


def shopping(request: BcRequest = OPEN, *carts: Cart, sessions: tuple[str, ...] = ()) -> RequestHistory:
    stated = tuple(Stated(source(f"{place}{cart.buyer_cookie}"), cart) for place, cart in enumerate(carts))
    opened = tuple(
        SessionOpened(buyer_cookie=cookie, payload_id=f"{cookie}@us", at=1, expires=2) for cookie in sessions
    )
    return replace(history(request, order=None, cart=None), carts=stated, sessions=opened)


def of(cookie: str, *, empty: bool = False) -> Cart:
    return replace(CART, buyer_cookie=cookie, lines=() if empty else CART.lines)


def counting(known: RequestHistory, request: BcRequest = OPEN) -> str | None:
    """Give the cookie of the cart that counts, for whoever reconciles and for whoever orders."""
    ordered, reconciled = cart_of(known, request), current_rows(known, None).cart
    cookies = [None if cart is None else cart.body.buyer_cookie for cart in (ordered, reconciled)]
    assert cookies[0] == cookies[1]
    return cookies[0]


def test_an_open_request_without_a_cart_may_be_shopped_for() -> None:
    assert hindrance(shopping(), has_cart=False) is None


@pytest.mark.parametrize(
    ("known", "has_cart", "found"),
    [
        (replace(shopping(), requests=()), False, Hindrance.UNKNOWN),
        (shopping(replace(OPEN, purchase_order_number="106001")), False, Hindrance.ORDERED),
        (history(OPEN, cart=None), False, Hindrance.ORDERED),
        (shopping(replace(OPEN, status="released")), False, Hindrance.RELEASED),
        (shopping(replace(OPEN, status="pendingApproval")), False, Hindrance.SUBMITTED),
        (shopping(replace(OPEN, lines=REQUEST.lines)), False, Hindrance.HAS_CART),
        (shopping(), True, Hindrance.HAS_CART),
        (shopping(replace(OPEN, requester_email=None)), False, Hindrance.NO_EMAIL),
        (shopping(replace(OPEN, requester_email="not an address")), False, Hindrance.NO_EMAIL),
    ],
)
def test_a_request_for_which_one_would_shop_in_vain_may_not(
    known: RequestHistory,
    has_cart: bool,  # noqa: FBT001 - a case
    found: Hindrance,
) -> None:
    assert hindrance(known, has_cart=has_cart) is found


def test_the_setup_names_the_user_as_the_supplier_knows_them() -> None:
    request = replace(OPEN, business_unit=None)
    made = setup_of(request, buyer_cookie="c", return_url="https://us/return", business_unit="Office", user=None)
    assert (made.operation, made.buyer_cookie, made.browser_form_post) == ("create", "c", "https://us/return")
    assert made.extrinsics == (
        Extrinsic("UserEmail", "ann@contoso.example"),
        Extrinsic("UserBusinessUnit", "Office"),
    )
    assert (made.contacts[0].name, made.contacts[0].emails) == ("ann@contoso.example", ("ann@contoso.example",))


def test_the_request_s_own_business_unit_outranks_that_of_the_settings() -> None:
    request = replace(OPEN, business_unit="Lab")
    made = setup_of(request, buyer_cookie="c", return_url="https://us/", business_unit="Office", user="Ann")
    assert made.extrinsics[1] == Extrinsic("UserBusinessUnit", "Lab")
    assert made.contacts[0].name == "Ann"


def test_without_any_session_that_is_known_no_order_is_made_of_a_cart() -> None:
    assert cart_of(shopping(OPEN, of("some")), OPEN) is None


def test_a_cart_of_a_session_opened_here_outranks_the_one_that_business_central_names() -> None:
    request = replace(OPEN, buyer_cookie="theirs")
    for carts in permutations([of("theirs"), of("ours")]):
        assert counting(shopping(request, *carts, sessions=("ours",)), request) == "ours"


def test_a_cart_counts_that_business_central_names_where_the_session_opened_here_brought_nothing() -> None:
    request = replace(OPEN, buyer_cookie="theirs")
    for carts in permutations([of("theirs"), of("ours", empty=True)]):
        assert counting(shopping(request, *carts, sessions=("ours",)), request) == "theirs"


def test_an_empty_cart_counts_only_where_no_other_has_lines() -> None:
    for carts in permutations([of("one", empty=True), of("two"), of("three", empty=True)]):
        assert counting(shopping(OPEN, *carts, sessions=("one", "two", "three"))) == "two"
    assert counting(shopping(OPEN, of("one", empty=True), sessions=("one",))) == "one"


def test_a_cart_of_a_session_that_is_no_longer_named_does_not_count() -> None:
    request = replace(OPEN, buyer_cookie="new")
    assert counting(shopping(request, of("old")), request) is None
