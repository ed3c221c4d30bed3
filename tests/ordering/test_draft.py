"""When an order is due, and what it says."""

from dataclasses import replace

import pytest

from punchout.model.business_central import BcOrder, BcRequest
from punchout.model.codes import Code
from punchout.model.documents import Confirmation
from punchout.model.exact import ONE, parse_decimal
from punchout.model.history import RequestHistory, Stated
from punchout.model.moments import DAY, Moment, parse_moment
from punchout.model.orders import OrderDraft, OrderQueued
from punchout.model.values import OrderReference
from punchout.ordering.draft import draft_order
from punchout.ordering.policy import OrderingPolicy
from punchout.ordering.refusals import Findings, Refusals
from tests.ordering.examples import (
    CART,
    CART_AT,
    NOW,
    ORDER,
    POLICY,
    REQUEST,
    history,
    number,
    source,
    usd,
    with_cart_line,
    with_order_line,
    with_request_line,
)


def drafted(facts: RequestHistory, policy: OrderingPolicy = POLICY) -> OrderDraft:
    result = draft_order(facts, policy, NOW)
    assert isinstance(result, OrderDraft), result
    return result


def refused(facts: RequestHistory, policy: OrderingPolicy = POLICY, as_of: int = NOW) -> set[tuple[Code, str]]:
    result = draft_order(facts, policy, as_of)
    assert isinstance(result, Refusals), result
    return {(reason.code, reason.where) for reason in result.reasons}


def test_a_released_request_with_its_purchase_order_becomes_a_draft() -> None:
    draft = drafted(history())
    assert (draft.order_id, draft.order_version, draft.release_mode) == ("106001", 1, "approval")
    assert (draft.currency, draft.total) == ("USD", 50 * ONE)
    assert [(line.line_number, line.bc_line_number, line.cart_position) for line in draft.lines] == [
        (1, 10000, 1),
        (2, 20000, 2),
    ]


def test_the_same_facts_give_the_same_draft_at_any_time_before_the_cart_expires() -> None:
    assert draft_order(history(), POLICY, NOW) == draft_order(history(), POLICY, NOW + 3 * DAY)


def test_the_parts_of_a_line_are_the_cart_s_own() -> None:
    line = drafted(history()).lines[0]
    assert (line.supplier_part_id, line.supplier_part_aux_id) == ("B0TEST0001", "135-1,1")
    assert line.extrinsics == CART.lines[0].extrinsics
    assert (line.manufacturer_name, line.manufacturer_part_id) == ("Pen & Co", "P-1")
    assert (line.description, line.classification, line.classification_domain) == ("Pens", "44121704", "UNSPSC")


def test_price_and_quantity_are_the_purchase_order_s() -> None:
    order = with_order_line(0, direct_unit_cost=number("9.125"))
    draft = drafted(history(order=order))
    assert draft.lines[0].unit_price == parse_decimal("9.125")
    assert draft.total == parse_decimal("47.38")  # 3 x 9.125 = 27.375, rounded half-up, and 20


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(history(replace(REQUEST, status="open")), id="open"),
        pytest.param(history(replace(REQUEST, status="pendingApproval")), id="pending approval"),
        pytest.param(history(order=None), id="without a purchase order"),
        pytest.param(history(replace(REQUEST, purchase_order_number="106002")), id="its order is not exported yet"),
        pytest.param(history(replace(REQUEST, order_confirmation_id="111-1")), id="confirmed by other means"),
        pytest.param(RequestHistory(key=history().key), id="nothing known"),
    ],
)
def test_nothing_is_drafted_before_its_time(facts: RequestHistory) -> None:
    assert draft_order(facts, POLICY, NOW) is None


def test_an_order_that_was_queued_is_never_drafted_again() -> None:
    queued = OrderQueued(
        order_id="106001",
        order_version=1,
        payload_id="p@contoso.example",
        environment="test",
        release_mode="approval",
        currency="USD",
        total=50 * ONE,
        body_sha256="s",
        at=NOW,
        lines=(),
    )
    assert draft_order(replace(history(), queued=(queued,)), POLICY, NOW) is None


@pytest.mark.parametrize("sent_by", ["bc", None])
def test_nothing_is_drafted_unless_the_pipeline_is_the_sender(sent_by: str | None) -> None:
    assert draft_order(history(), replace(POLICY, sent_by=sent_by), NOW) is None  # type: ignore[arg-type]


def test_a_request_released_before_the_cut_over_is_left_alone() -> None:
    released = parse_moment("2026-03-03T16:00:00Z").utc or 0
    assert draft_order(history(), replace(POLICY, cutover_at=released + 1), NOW) is None
    assert isinstance(draft_order(history(), replace(POLICY, cutover_at=released), NOW), OrderDraft)


def test_a_request_that_was_answered_before_it_was_queued_is_left_alone() -> None:
    answer = Confirmation(
        confirm_id="111-1", type="accept", operation="new", notice=Moment("t", 1), order=OrderReference("106001")
    )
    assert draft_order(replace(history(), confirmations=(Stated(source(), answer),)), POLICY, NOW) is None


def test_the_current_version_of_a_row_decides() -> None:
    older = replace(REQUEST, status="open")
    facts = replace(
        history(), requests=(Stated(source("z", version=1), older), Stated(source("a", version=2), REQUEST))
    )
    assert isinstance(draft_order(facts, POLICY, NOW), OrderDraft)


def test_the_request_s_business_unit_outranks_the_default() -> None:
    policy = replace(POLICY, business_unit="Default")
    assert drafted(history(), policy).business_unit == "Default"
    assert drafted(history(replace(REQUEST, business_unit="Office")), policy).business_unit == "Office"


def test_an_order_date_with_a_time_is_kept_and_a_day_alone_gives_way_to_the_release() -> None:
    assert drafted(history()).order_date == parse_moment("2026-03-03T16:00:00Z").utc
    order = replace(ORDER, order_date=parse_moment("2026-03-02T10:00:00Z"))
    assert drafted(history(order=order)).order_date == parse_moment("2026-03-02T10:00:00Z").utc


@pytest.mark.parametrize(
    ("request_row", "where"),
    [
        (replace(REQUEST, requester_email=None), "requester e-mail"),
        (replace(REQUEST, requester_email="buyer at contoso"), "requester e-mail"),
        (replace(REQUEST, requester_email="a@b.example, c@d.example"), "requester e-mail"),
        (replace(REQUEST, release_mode=None), "request"),
        (replace(REQUEST, released=None), "request"),
        (replace(REQUEST, currency_code="EUR"), "currency"),
        (replace(REQUEST, lines=()), "request"),
    ],
)
def test_a_gap_in_the_request_refuses_the_order(request_row: BcRequest, where: str) -> None:
    assert (Code.OUT_VALIDATION, where) in refused(history(request_row))


@pytest.mark.parametrize(
    ("order", "where"),
    [
        (replace(ORDER, status="Draft"), "purchase order"),
        (replace(ORDER, status="In Review"), "purchase order"),
        (replace(ORDER, status=None), "purchase order"),
        (replace(ORDER, punchout_request_number="PR0002"), "purchase order"),
        (replace(ORDER, ship_to_name=None), "shipTo.name"),
        (replace(ORDER, ship_to_address_line1=None), "shipTo.street"),
        (replace(ORDER, ship_to_city=" "), "shipTo.city"),
        (replace(ORDER, ship_to_post_code=None), "shipTo.postCode"),
        (replace(ORDER, ship_to_country=None), "shipTo.country"),
        (replace(ORDER, ship_to_country="USA"), "shipTo.country"),
        (replace(ORDER, ship_to_country="UK"), "shipTo.country"),
        (replace(ORDER, currency_code="EUR"), "currency"),
        (replace(ORDER, currency_code="usd"), "currency"),
        (with_order_line(0, direct_unit_cost=number("0")), "line 10000"),
        (with_order_line(0, direct_unit_cost=None), "line 10000"),
        (with_order_line(0, quantity=None), "line 10000"),
        (with_order_line(0, quantity=number("2")), "line 10000"),
        (with_order_line(0, quantity=number("0")), "line 10000"),
        (with_order_line(0, quantity=number("-3")), "line 10000"),
        (with_order_line(1, unit_of_measure_code="BOX"), "line 20000"),
    ],
)
def test_a_gap_in_the_purchase_order_refuses_the_order(order: BcOrder, where: str) -> None:
    assert refused(history(order=order)) == {(Code.OUT_VALIDATION, where)}


def test_a_malformed_address_is_shown_up_to_its_eightieth_character() -> None:
    result = draft_order(history(replace(REQUEST, requester_email="x" * 200)), POLICY, NOW)
    assert isinstance(result, Refusals)
    assert [one.detail for one in result.reasons] == [f"is malformed: '{'x' * 80}'"]


def test_an_order_without_a_bill_to_is_refused() -> None:
    assert refused(history(), replace(POLICY, bill_to=None)) == {(Code.OUT_VALIDATION, "billTo")}


def test_all_reasons_are_given_at_once() -> None:
    facts = history(replace(REQUEST, requester_email=None), replace(ORDER, ship_to_city=None, status="Draft"))
    assert {where for _, where in refused(facts)} == {"requester e-mail", "shipTo.city", "purchase order"}


def test_two_purchase_orders_for_one_request_are_refused() -> None:
    other = replace(ORDER, number="106002")
    facts = replace(history(), orders=(Stated(source("o"), ORDER), Stated(source("p"), other)))
    assert refused(facts) == {(Code.OUT_VALIDATION, "request")}


def test_a_purchase_order_that_names_the_request_is_enough() -> None:
    assert drafted(history(replace(REQUEST, purchase_order_number=None))).order_id == "106001"


def test_a_cart_expires_on_its_seventh_day() -> None:
    assert isinstance(draft_order(history(), POLICY, CART_AT + 7 * DAY - 1), OrderDraft)
    assert refused(history(), as_of=CART_AT + 7 * DAY) == {(Code.CART_EXPIRED, "cart")}


def test_only_the_cart_of_the_present_session_counts() -> None:
    facts = replace(
        history(),
        carts=(Stated(source("z", received=0), replace(CART, buyer_cookie="earlier")), Stated(source("c"), CART)),
    )
    assert draft_order(facts, POLICY, NOW) == drafted(history())


def test_blank_currency_means_the_local_one() -> None:
    assert drafted(history(cart=None)).currency == "USD"


def test_a_currency_that_every_side_states_is_kept() -> None:
    request, order = replace(REQUEST, currency_code="EUR"), replace(ORDER, currency_code="EUR")
    assert drafted(history(request, order, cart=None)).currency == "EUR"


def test_a_cart_in_another_currency_than_a_blank_purchase_order_means_is_refused() -> None:
    policy = replace(POLICY, local_currency="CAD")
    assert refused(history(), policy) == {(Code.OUT_VALIDATION, "currency")}


def test_a_currency_without_decimals_is_rounded_to_whole_units() -> None:
    cart = replace(CART, lines=tuple(replace(line, unit_price=None) for line in CART.lines))
    order = replace(with_order_line(0, direct_unit_cost=number("10.5")), currency_code="JPY")
    draft = drafted(history(replace(REQUEST, currency_code="JPY"), order, cart))
    assert draft.total == 52 * ONE  # 31.5 becomes 32, and 20


def test_an_amount_beyond_twelve_digits_is_refused() -> None:
    order = with_order_line(0, direct_unit_cost=number("999999999999"))
    assert refused(history(order=order)) == {(Code.OUT_VALIDATION, "total")}


def test_a_control_character_is_refused_before_it_is_written() -> None:
    cart = with_cart_line(0, description="Pens\x0b")
    result = draft_order(history(cart=cart), POLICY, NOW)
    assert isinstance(result, Refusals)
    assert [(reason.where, reason.detail) for reason in result.reasons] == [
        ("order lines 1 description", "holds a character that XML cannot carry: U+000B")
    ]


def test_units_are_compared_through_the_unit_map_and_sent_as_the_supplier_spells_them() -> None:
    order = with_order_line(0, unit_of_measure_code="PCS")
    assert refused(history(order=order)) == {(Code.OUT_VALIDATION, "line 10000")}
    assert drafted(history(order=order), replace(POLICY, unit_map=(("PCS", "EA"),))).lines[0].unit == "EA"


def test_a_unit_is_spelled_as_the_cart_spells_it() -> None:
    assert drafted(history(cart=with_cart_line(0, unit="ea"))).lines[0].unit == "ea"


def test_a_unit_that_no_side_states_is_refused() -> None:
    request = replace(REQUEST, lines=tuple(replace(line, unit_of_measure_code=None) for line in REQUEST.lines))
    order = replace(ORDER, lines=tuple(replace(line, unit_of_measure_code=None) for line in ORDER.lines))
    assert refused(history(request, order, cart=None)) == {
        (Code.OUT_VALIDATION, "line 10000"),
        (Code.OUT_VALIDATION, "line 20000"),
    }


def test_a_price_in_the_cart_does_not_outrank_the_purchase_order() -> None:
    assert drafted(history(cart=with_cart_line(0, unit_price=usd("11.00")))).lines[0].unit_price == 10 * ONE


def test_a_request_without_a_session_has_no_cart_to_compare_with() -> None:
    draft = drafted(history(request=replace(REQUEST, buyer_cookie=None)))
    assert [line.cart_position for line in draft.lines] == [None, None]


def test_a_unit_that_cxml_cannot_carry_is_refused() -> None:
    cart = replace(CART, lines=tuple(replace(item, unit=None) for item in CART.lines))
    order = replace(ORDER, lines=tuple(replace(line, unit_of_measure_code="a box") for line in ORDER.lines))
    request = replace(REQUEST, lines=tuple(replace(line, unit_of_measure_code="a box") for line in REQUEST.lines))
    facts = history(request=request, order=order, cart=cart)
    assert refused(facts) == {(Code.OUT_VALIDATION, "line 10000"), (Code.OUT_VALIDATION, "line 20000")}


def test_a_unit_that_cxml_cannot_carry_is_named_as_the_cart_spells_it() -> None:
    order, request = (
        with_order_line(0, unit_of_measure_code="A BOX"),
        with_request_line(0, unit_of_measure_code="A BOX"),
    )
    result = draft_order(history(request, order, with_cart_line(0, unit="a box")), POLICY, NOW)
    assert isinstance(result, Refusals)
    assert [one.detail for one in result.reasons] == ["has a unit of measure that cXML cannot carry: 'a box'"]


def test_a_reason_is_given_once() -> None:
    findings = Findings()
    findings.refuse("request", "has no lines")
    findings.refuse("request", "has no lines")
    found = findings.refusals()
    assert found is not None
    assert len(found.reasons) == 1


def test_an_expired_cart_is_refused_in_the_same_words_every_day() -> None:
    refusals = [draft_order(history(), POLICY, CART_AT + days * DAY) for days in (7, 30)]
    assert refusals[0] == refusals[1]
    assert isinstance(refusals[0], Refusals)
    assert [(one.code, one.detail) for one in refusals[0].reasons] == [(Code.CART_EXPIRED, "is 7 days old or more")]
