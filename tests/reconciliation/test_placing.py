"""Whole documents on the lines of the order: what is left over is asked last, and nothing weak is applied."""

from dataclasses import replace

from punchout.model.exact import ONE
from punchout.model.history import RequestHistory
from punchout.model.values import Extrinsic, PartId
from punchout.reconciliation.accounts import Suggestion
from tests.reconciliation.histories import (
    POLICY,
    accept,
    add,
    at,
    billing,
    codes,
    confirmation,
    history,
    invoice_line,
    item,
    mark,
    now,
    only,
    ordered_line,
    part_of,
    purchase_order,
    queued,
    request,
    result,
    sent,
    shipment,
    stated,
    usd,
)

ASIN = PartId("B0PART0001")
TWINS = (ordered_line(1, 3), replace(ordered_line(2, 2), supplier_part_id="B0PART0001"))
DOUBLE = history(request(3, 2), purchase_order(3, 2), queued(3, 2, lines=TWINS), mark(), result("sent"))


def links(facts: RequestHistory, kind: str = "invoice") -> list[tuple[str, str]]:
    return [(link.rule, link.line_key) for link in now(facts).links if link.kind == kind]


def test_the_line_that_is_left_is_found_when_the_others_have_theirs() -> None:
    older = billing(invoice_line(1, None, 2, part=ASIN), invoice_id="I0", invoice_date=at("2026-03-05T12:00:00Z"))
    assert codes(add(DOUBLE, older)) == ["MATCH_AMBIGUOUS"]
    newer = billing(invoice_line(1, 1, 3))
    assert sorted(links(add(DOUBLE, older, newer))) == [("L1", "10000"), ("L5", "20000")]


def test_the_oldest_of_what_is_left_is_served_first() -> None:
    wide = billing(invoice_line(1, None, 3, part=ASIN), invoice_id="I0", invoice_date=at("2026-03-05T12:00:00Z"))
    small = billing(invoice_line(1, None, 1, part=ASIN), invoice_id="I1")
    assert sorted(links(add(DOUBLE, small, wide))) == [("L5", "10000"), ("L5", "20000")]


def test_a_line_billed_beyond_its_room_does_not_have_room_for_nothing_either() -> None:
    over = billing(invoice_line(1, 1, 4), invoice_id="I0", invoice_date=at("2026-03-05T12:00:00Z"))
    nothing = billing(invoice_line(1, None, 0, part=ASIN))
    assert sorted(links(add(DOUBLE, over, nothing))) == [("L1", "10000"), ("L5", "20000")]


def test_a_conflict_suggests_the_line_that_the_part_points_at() -> None:
    facts = add(sent(3, 1), billing(invoice_line(1, 1, 3, part=part_of(2))))
    (found,) = now(facts).suggestions
    assert (found.line_key, found.rule, found.confidence, found.ordinals) == ("20000", "L3", 950, (1, 1))


def test_a_rule_below_the_threshold_suggests_and_one_above_it_applies() -> None:
    bill = billing(invoice_line(1, None, 3, part=None))
    facts = add(sent(3), bill)
    (found,) = now(facts).suggestions
    assert (found.rule, found.line_key, now(facts).lines[0].invoiced) == ("L9", "10000", 0)
    assert codes(facts) == ["LINE_NOT_FOUND", "MATCH_LOW_CONFIDENCE"]
    eager = now(facts, policy=replace(POLICY, link_from=700))
    assert ([link.rule for link in eager.links], eager.suggestions) == (["L9"], ())


def test_a_suggestion_says_the_command_that_accepts_it_with_twelve_digits_of_the_hash() -> None:
    bill = billing(invoice_line(1, None, 3, part=None))
    found = only(add(sent(3), bill), "MATCH_LOW_CONFIDENCE")
    place = f"{stated(bill).source.body_sha256[:12]}#1.1"
    assert found.detail.endswith(f"to put it there: `punchout decide link {place} 10000`")


def test_a_place_that_states_only_its_price_is_reported_in_that_currency() -> None:
    euros = replace(usd(10), currency="EUR")
    facts = add(sent(3), billing(invoice_line(1, 97, 3, unit_price=euros, subtotal=None)))
    assert only(facts, "LINE_NOT_FOUND").currency == "EUR"


def test_a_description_is_a_suggestion_however_low_the_threshold() -> None:
    bill = billing(invoice_line(1, None, 3, description="thing  1"), invoice_line(2, None, 2, description="Thing 2"))
    found = now(add(sent(3, 2), bill), policy=replace(POLICY, link_from=0))
    assert {(one.rule, one.line_key) for one in found.suggestions} == {("L10", "10000"), ("L10", "20000")}
    assert all(isinstance(one, Suggestion) for one in found.suggestions)


def test_a_code_in_an_extrinsic_finds_the_line_of_the_cart() -> None:
    coded = replace(ordered_line(1, 3), extrinsics=(Extrinsic("UPC", "042"),))
    facts = history(request(3), queued(3, lines=(coded,)), mark(), result("sent"))
    bill = billing(invoice_line(1, None, 3, extrinsics=(Extrinsic("EAN", "0042"),)))
    assert links(add(facts, bill)) == [("L7", "10000")]


def test_a_line_that_refers_to_a_shipment_is_found_through_it() -> None:
    bill = billing(invoice_line(1, None, 1, ship_notice_id="S1"))
    facts = add(sent(3, 1), shipment((2, 1)), bill)
    assert links(facts) == [("L8", "20000")]


def test_a_shipment_of_two_lines_needs_its_own_line_number() -> None:
    notice = shipment((1, 3), (2, 1))
    items = tuple(replace(one, ship_notice_line_number=7 + one.ordinal) for one in notice.portions[0].items)
    facts = add(sent(3, 1), replace(notice, portions=(replace(notice.portions[0], items=items),)))
    alone = billing(invoice_line(1, None, 1, ship_notice_id="S1"))
    assert codes(add(facts, alone)) == ["MATCH_AMBIGUOUS"]
    told = billing(invoice_line(1, None, 1, ship_notice_id="S1", ship_notice_line_number=9))
    assert links(add(facts, told)) == [("L8", "20000")]


def test_a_shipment_that_is_not_known_is_no_clue() -> None:
    bill = billing(invoice_line(1, None, 1, ship_notice_id="S9", unit_price=usd(7), subtotal=usd(7)))
    assert codes(add(sent(3, 1), bill)) == ["LINE_NOT_FOUND"]


def test_a_confirmed_price_helps_to_tell_lines_of_one_part_apart() -> None:
    agreed = confirmation(item(1, accept(3, unit_price=usd(12))), item(2, accept(2)))
    bill = billing(invoice_line(1, None, 2, part=ASIN, unit_price=usd(12), subtotal=usd(24)))
    assert links(add(DOUBLE, agreed, bill)) == [("L5", "10000")]


def test_what_comes_back_is_taken_from_the_line_that_had_it() -> None:
    gone = shipment((1, 2))
    back = shipment((None, 2), shipment_id="S2", reason="return")
    items = tuple(replace(one, part=PartId("B0PART0001")) for one in back.portions[0].items)
    facts = add(DOUBLE, gone, replace(back, portions=(replace(back.portions[0], items=items),)))
    # A ship notice states no price, so nothing tells the two lines apart.
    assert codes(facts) == ["MATCH_AMBIGUOUS"]
    assert now(facts).lines[0].shipped == 2 * ONE
