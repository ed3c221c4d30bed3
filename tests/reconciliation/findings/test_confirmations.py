"""What a confirmation says that a person should know of."""

from dataclasses import replace

import pytest

from punchout.model.codes import Severity
from punchout.model.exact import ONE
from punchout.model.values import PartId
from tests.reconciliation.histories import (
    POLICY,
    accept,
    add,
    at,
    backorder,
    billing,
    codes,
    confirmation,
    invoice_line,
    item,
    micros,
    now,
    number,
    only,
    payload_of,
    reject,
    sent,
    shipment,
    status,
    usd,
)

NOTICED = micros("2026-03-04T10:00:00Z")
LATE = at("2026-03-04T15:00:00Z")


@pytest.mark.parametrize(("price", "severity"), [(10.5, Severity.WARNING), (10.51, Severity.ERROR)])
def test_a_higher_confirmed_price_says_what_it_costs_more(price: float, severity: Severity) -> None:
    found = only(add(sent(3), confirmation(item(1, accept(3, unit_price=usd(price))))), "CONF_PRICE_UP")
    assert (found.subject_key, found.severity, found.since) == ("PR1/10000", severity, NOTICED)
    assert found.amount_at_risk == round((price - 10) * 3 * ONE)
    assert found.detail == f"confirmed at {price}, ordered at 10"


def test_a_lower_confirmed_price_is_good_to_know_and_costs_nothing() -> None:
    found = only(add(sent(3), confirmation(item(1, accept(3, unit_price=usd(9))))), "CONF_PRICE_DOWN")
    assert (found.severity, found.amount_at_risk) == (Severity.INFO, 0)


def test_a_price_within_tolerance_is_the_ordered_one() -> None:
    assert codes(add(sent(3), confirmation(item(1, accept(3, unit_price=usd(10.05)))))) == []


def test_of_several_prices_the_worst_decides_and_all_add_up() -> None:
    facts = add(sent(3), confirmation(item(1, accept(1, unit_price=usd(10.2)), accept(2, 2, unit_price=usd(12)))))
    found = only(facts, "CONF_PRICE_UP")
    assert (found.severity, found.amount_at_risk) == (Severity.ERROR, 4_200_000)
    assert found.detail == "confirmed at 10.2, 12, ordered at 10"


def test_a_line_of_which_nothing_was_ordered_does_not_keep_the_order_from_being_rejected() -> None:
    found = only(add(sent(3, 0), confirmation(item(1, reject(3)))), "CONF_REJECTED_ORDER")
    assert found.detail == "all 1 lines rejected"


def test_the_price_of_a_rejection_is_no_confirmed_price() -> None:
    assert "CONF_PRICE_UP" not in codes(add(sent(3), confirmation(item(1, reject(3, unit_price=usd(12))))))


def test_a_price_in_another_currency_is_not_compared_but_reported() -> None:
    euros = replace(usd(12), currency="EUR")
    facts = add(sent(3), confirmation(item(1, accept(3, unit_price=euros))))
    assert codes(facts) == ["CURRENCY_MISMATCH"]
    found = only(facts, "CURRENCY_MISMATCH")
    assert (found.detail, found.amount_at_risk, found.currency) == ("ordered in USD, stated in EUR", 30 * ONE, "USD")


def test_an_update_to_the_ordered_price_settles_it() -> None:
    first = confirmation(item(1, accept(3, unit_price=usd(12))))
    update = confirmation(item(1, accept(3)), operation="update", previous_payload_id=payload_of(first), notice=LATE)
    assert codes(add(sent(3), first, update)) == []


@pytest.mark.parametrize("rest", [reject(1, 2), backorder(1, 2), status("unknown", 1, 2)])
def test_less_accepted_than_ordered_is_reported_whatever_became_of_the_rest(rest: object) -> None:
    found = only(add(sent(3), confirmation(item(1, accept(2), rest))), "CONF_PARTIAL_QTY")  # type: ignore[arg-type]
    assert (found.detail, found.amount_at_risk, found.since) == ("1 of 3 not accepted", 10 * ONE, NOTICED)


@pytest.mark.parametrize("one", [accept(3), reject(3), backorder(3)])
def test_all_or_nothing_accepted_is_not_partial(one: object) -> None:
    assert "CONF_PARTIAL_QTY" not in codes(add(sent(3), confirmation(item(1, one))))  # type: ignore[arg-type]


def test_confirmations_that_add_up_to_more_than_was_ordered_are_reported() -> None:
    two = [confirmation(item(1, accept(q)), confirm_id=f"111-{q}") for q in (1, 3)]
    found = only(add(sent(3), *two), "CONF_OVER_ORDERED")
    assert (found.detail, found.amount_at_risk) == ("1 of 3 too many confirmed", 10 * ONE)


def test_status_quantities_that_do_not_add_up_are_reported_with_what_is_missing() -> None:
    short = replace(item(1, accept(2)), quantity=number(3))
    facts = add(sent(3), confirmation(short))
    found = only(facts, "CONF_QTY_SUM")
    assert (found.detail, found.amount_at_risk) == ("statuses sum to 2, the item says 3", 10 * ONE)
    assert now(facts).lines[0].order_axis == "partial"


def test_a_line_that_two_confirmations_share_may_repeat_its_quantity() -> None:
    parts = [
        confirmation(replace(item(1, accept(quantity)), quantity=number(3)), confirm_id=f"111-{quantity}")
        for quantity in (1, 2)
    ]
    assert "CONF_QTY_SUM" in codes(add(sent(3), parts[0]))
    assert "CONF_QTY_SUM" not in codes(add(sent(3), *parts))


def test_statuses_that_say_more_than_their_item_are_off_too() -> None:
    assert "CONF_QTY_SUM" in codes(add(sent(3), confirmation(replace(item(1, accept(3)), quantity=number(2)))))


def test_a_sum_that_is_off_on_no_line_is_reported_as_that_line() -> None:
    short = replace(item(9, accept(2)), quantity=number(3))
    assert codes(add(sent(3), confirmation(short))) == ["LINE_NOT_FOUND"]


def test_a_substitute_is_reported_while_it_stands() -> None:
    other = PartId("B0NEW")
    first = confirmation(item(1, accept(3, substitute=other)))
    found = only(add(sent(3), first), "SUBSTITUTION")
    assert (found.detail, found.amount_at_risk) == ("B0NEW instead of B0PART0001", 30 * ONE)
    update = confirmation(item(1, accept(3)), operation="update", previous_payload_id=payload_of(first), notice=LATE)
    assert codes(add(sent(3), first, update)) == []


def test_a_substitute_without_part_id_is_reported_too() -> None:
    facts = add(sent(3), confirmation(item(1, accept(3, substitute=PartId()))))
    assert only(facts, "SUBSTITUTION").detail == "a part without id instead of B0PART0001"


def test_a_part_that_was_rejected_substitutes_nothing() -> None:
    refused = confirmation(item(1, reject(3, substitute=PartId("B0NEW"))))
    assert "SUBSTITUTION" not in codes(add(sent(3), refused))


def test_several_substitutes_for_one_line_are_named_in_order() -> None:
    parts = [f"B0SUB{place}" for place in range(1, 7)]
    accepted = [accept(1, place, substitute=PartId(part)) for place, part in enumerate(reversed(parts), 1)]
    found = only(add(sent(6), confirmation(item(1, *accepted))), "SUBSTITUTION")
    assert found.detail == f"{', '.join(parts)} instead of B0PART0001"


def test_the_bill_for_a_substitute_finds_its_line_by_number() -> None:
    other = PartId("B0NEW")
    bill = billing(invoice_line(1, 1, 3, part=other))
    facts = add(sent(3), confirmation(item(1, accept(3, substitute=other))), shipment((1, 3)), bill)
    assert codes(facts) == ["SUBSTITUTION"]
    assert [link.rule for link in now(facts).links if link.kind == "invoice"] == ["L2"]


def test_the_bill_for_a_part_that_nobody_declared_is_a_conflict() -> None:
    facts = add(sent(3), billing(invoice_line(1, 1, 3, part=PartId("B0NEW"))))
    found = only(facts, "LINE_PART_CONFLICT")
    assert (found.detail, found.amount_at_risk) == ("line number 1, part id B0NEW", 30 * ONE)


def test_a_conflict_names_the_line_that_the_part_points_at() -> None:
    facts = add(sent(3, 1), billing(invoice_line(1, 1, 3, part=PartId("B0PART0002"))))
    assert only(facts, "LINE_PART_CONFLICT").detail == "line number 1, part id B0PART0002, likely line 20000"


def test_a_rejection_of_the_whole_order_after_an_acceptance_changes_nothing_and_is_reported() -> None:
    accepted, rejected = confirmation(item(1, accept(3))), confirmation(type="reject", confirm_id="111-2", notice=LATE)
    facts = add(sent(3), rejected, accepted)
    assert (now(facts).lines[0].accepted, only(facts, "CONF_REJECT_AFTER_ACCEPT").detail) == (
        3 * ONE,
        "1 rejection of the whole order changed nothing",
    )


def test_a_rejection_of_the_whole_order_is_reported_also_where_only_one_line_had_been_accepted() -> None:
    decided = confirmation(item(1, accept(3)), item(2, reject(1)))
    facts = add(sent(3, 1), decided, confirmation(type="reject", confirm_id="111-2", notice=LATE))
    assert only(facts, "CONF_REJECT_AFTER_ACCEPT").subject_key == "PR1"


def test_a_rejection_of_what_was_left_is_no_contradiction() -> None:
    facts = add(sent(3, 1), confirmation(item(1, accept(3))), confirmation(type="reject", confirm_id="111-2"))
    assert "CONF_REJECT_AFTER_ACCEPT" not in codes(facts)


def test_two_rejections_of_the_whole_order_contradict_nothing() -> None:
    facts = add(sent(3), confirmation(type="reject"), confirmation(type="reject", confirm_id="111-2"))
    assert "CONF_REJECT_AFTER_ACCEPT" not in codes(facts)


def test_a_confirmed_quantity_in_another_unit_is_held() -> None:
    facts = add(sent(3), confirmation(item(1, accept(30, unit="BX"))))
    assert (now(facts).lines[0].accepted, now(facts).links) == (0, ())
    assert only(facts, "UOM_UNMAPPED").detail == "line number 1, no part id, unit BX, likely line 10000"


def test_a_unit_that_the_map_knows_as_another_one_is_a_changed_unit() -> None:
    facts = add(sent(3), shipment((1, 3)))
    boxed = replace(facts.ship_notices[0].body.portions[0].items[0], unit="BX")
    portion = replace(facts.ship_notices[0].body.portions[0], items=(boxed,))
    facts = add(sent(3), shipment(portions=(portion,)))
    found = now(facts, policy=replace(POLICY, unit_map=(("BOX", "BX"),)))
    assert ([one.code.value for one in found.exceptions], found.lines[0].shipped) == (["UOM_CHANGED"], 0)
