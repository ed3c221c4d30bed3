"""How a line of a document finds its line of the order."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from punchout.model.codes import Code
from punchout.model.exact import ONE
from punchout.model.values import PartId
from punchout.reconciliation.clues import Clue, Ladder
from punchout.reconciliation.clues import ladder_of as index
from punchout.reconciliation.line_map import MappedLine
from punchout.reconciliation.matching import MEANINGS, RULES, Match, Miss, Turn, match
from punchout.reconciliation.tolerances import Tolerances
from tests.reconciliation.histories import part_of


def line(place: int, part: PartId | None = None) -> MappedLine:
    known = part or part_of(place)
    return MappedLine(
        key=str(10_000 * place),
        order_line_number=place,
        supplier_part_id=known.supplier_part_id,
        supplier_part_aux_id=known.supplier_part_aux_id,
    )


LINES = (line(1), line(2))
ALWAYS = [rule for rule in RULES if rule.turn is not Turn.NEVER_APPLIED]


def ladder_of(lines: Iterable[MappedLine]) -> Ladder:
    return index(lines, Tolerances())


def found(number: int | None, part: PartId | None, lines: Iterable[MappedLine] = LINES, **more: Any) -> object:  # noqa: ANN401 - any clue
    hit = match(Clue(line_number=number, part=part, **more), ladder_of(lines), ALWAYS)
    return (hit.line.order_line_number, hit.rule, hit.confidence) if isinstance(hit, Match) else hit.code.value


def test_a_number_with_the_same_part_is_certain() -> None:
    assert found(2, part_of(2)) == (2, "L1", 1000)


@pytest.mark.parametrize("part", [None, PartId(None, "135-9,9")])
def test_a_number_without_a_part_is_almost_certain(part: PartId | None) -> None:
    assert found(2, part) == (2, "L1", 970)


def test_a_number_is_enough_for_a_line_whose_part_is_not_known() -> None:
    assert found(1, part_of(7), [line(1, PartId())]) == (1, "L1", 970)


def test_a_declared_substitute_keeps_its_number() -> None:
    assert found(2, PartId("B0OTHER"), substituted=True) == (2, "L2", 900)


def test_a_number_with_the_part_of_another_line_is_a_conflict_and_names_the_likely_line() -> None:
    hit = match(Clue(line_number=1, part=part_of(2)), ladder_of(LINES), ALWAYS)
    assert isinstance(hit, Miss)
    assert (hit.code, hit.likely) == (Code.LINE_PART_CONFLICT, Match(LINES[1], "L3", 950))


def test_a_number_with_a_part_that_nobody_knows_is_a_conflict() -> None:
    assert found(1, PartId("B0OTHER")) == "LINE_PART_CONFLICT"


def test_a_number_with_its_own_auxiliary_id_is_no_conflict() -> None:
    assert found(1, PartId("B0OTHER", "135-1,1")) == (1, "L3", 950)


def test_a_part_that_was_declared_as_a_substitute_keeps_its_number() -> None:
    ladder = replace(ladder_of(LINES), substitutes={"10000": frozenset({"B0NEW"})})
    hit = match(Clue(line_number=1, part=PartId("B0NEW")), ladder, ALWAYS)
    assert isinstance(hit, Match)
    assert (hit.line, hit.rule) == (LINES[0], "L2")


def test_a_part_that_fits_two_lines_and_no_number_is_ambiguous() -> None:
    twins = [line(1), line(2, PartId("B0PART0001", "135-2,2"))]
    assert found(97, PartId("B0PART0001"), twins) == "MATCH_AMBIGUOUS"


def test_the_auxiliary_id_may_come_back_with_other_spaces() -> None:
    spaced = line(1, PartId("B0A", "135-1  ,\n1"))
    assert found(None, PartId(None, " 135-1 , 1 "), [spaced]) == (1, "L3", 950)


def test_a_part_that_is_unique_in_the_order_is_enough() -> None:
    assert found(None, PartId("B0PART0002")) == (2, "L4", 930)


def test_a_number_that_is_not_in_the_order_falls_back_on_the_part() -> None:
    assert found(97, PartId("B0PART0002")) == (2, "L4", 930)


def test_a_part_that_is_twice_in_the_order_is_not_guessed() -> None:
    twins = [line(1), line(2, PartId("B0PART0001", "135-2,2"))]
    assert found(None, PartId("B0PART0001"), twins) == "MATCH_AMBIGUOUS"


def test_a_line_without_a_number_is_found_by_its_part() -> None:
    nameless = MappedLine(key="10000", supplier_part_id="B0PART0001")
    assert found(1, PartId("B0PART0001"), [nameless]) == (None, "L4", 930)


def test_of_two_lines_with_one_part_the_number_tells() -> None:
    twins = [line(1), line(2, PartId("B0PART0001", "135-2,2"))]
    assert found(2, PartId("B0PART0001"), twins) == (2, "L1", 1000)


@pytest.mark.parametrize(("number", "part"), [(97, None), (None, None), (97, PartId("B0OTHER")), (None, PartId())])
def test_what_fits_nothing_is_not_matched(number: int | None, part: PartId | None) -> None:
    assert found(number, part) == "LINE_NOT_FOUND"


def test_no_part_on_either_side_is_not_the_same_part() -> None:
    assert found(None, PartId(None, None), [line(1, PartId())]) == "LINE_NOT_FOUND"


def test_every_rule_has_a_meaning_of_its_own() -> None:
    assert {f"{rule.code}/{rule.confidence}" for rule in RULES} < set(MEANINGS)
    assert len({rule.meaning for rule in RULES}) == len(RULES)


TWINS = (line(1), line(2, PartId("B0PART0001", "135-2,2")))


def told(clue: Clue, ladder: Ladder) -> str:
    hit = match(clue, ladder, ALWAYS)
    return f"{hit.rule} {hit.line.key}" if isinstance(hit, Match) else hit.code.value


def priced(*prices: int) -> tuple[MappedLine, ...]:
    return tuple(replace(one, unit_price=price * ONE) for one, price in zip(TWINS, prices, strict=True))


ROOM = {"10000": 3 * ONE, "20000": 3 * ONE}
ASIN = Clue(line_number=None, part=PartId("B0PART0001"), quantity=2 * ONE, price=12 * ONE)


def test_of_two_lines_with_one_part_the_price_tells() -> None:
    assert told(ASIN, replace(ladder_of(priced(10, 12)), room=ROOM)) == "L5 20000"


def test_of_two_lines_with_one_part_a_confirmed_price_tells_too() -> None:
    ladder = replace(ladder_of(priced(10, 10)), room=ROOM, prices={"20000": frozenset({12 * ONE})})
    assert told(ASIN, ladder) == "L5 20000"


def test_of_two_lines_with_one_part_and_price_the_open_quantity_tells() -> None:
    assert told(ASIN, replace(ladder_of(priced(12, 12)), room={"10000": ONE, "20000": 3 * ONE})) == "L5 20000"


def test_what_is_taken_back_must_have_been_put_there() -> None:
    ladder = replace(ladder_of(priced(12, 12)), room=ROOM, taken={"10000": 2 * ONE})
    assert told(replace(ASIN, quantity=-2 * ONE), ladder) == "L5 10000"


def test_without_a_price_two_lines_with_one_part_stay_ambiguous() -> None:
    assert told(replace(ASIN, price=None), replace(ladder_of(priced(10, 12)), room=ROOM)) == "MATCH_AMBIGUOUS"


@pytest.mark.parametrize(("number", "key"), [(10_000, "10000"), (20_000, "20000"), (0, "10000")])
def test_another_numbering_counts_with_the_part_as_a_witness(number: int, key: str) -> None:
    lines = [replace(one, bc_line_number=int(one.key)) for one in TWINS]
    assert told(Clue(line_number=number, part=PartId("B0PART0001")), ladder_of(lines)) == f"L6 {key}"


def test_steps_of_ten_thousand_count_where_business_central_numbers_otherwise() -> None:
    lines = [replace(one, bc_line_number=5) for one in TWINS]
    assert told(Clue(line_number=20_000, part=PartId("B0PART0001")), ladder_of(lines)) == "L6 20000"


def test_another_numbering_counts_with_description_and_price_as_witnesses() -> None:
    lines = [replace(one, bc_line_number=int(one.key), description="Blue Pen", unit_price=ONE) for one in TWINS]
    clue = Clue(line_number=20_000, part=None, description=" blue  pen", price=ONE)
    assert told(clue, ladder_of(lines)) == "L6 20000"
    assert told(replace(clue, price=2 * ONE), ladder_of(lines)) == "LINE_NOT_FOUND"
    assert told(replace(clue, description="red ink"), ladder_of(lines)) == "LINE_NOT_FOUND"


def test_another_numbering_without_a_witness_says_nothing() -> None:
    assert told(Clue(line_number=20_000, part=None), ladder_of(LINES)) == "LINE_NOT_FOUND"


def test_a_code_of_the_part_is_enough_where_only_one_line_has_it() -> None:
    coded = (replace(TWINS[0], codes=frozenset({("gtin", "42")})), TWINS[1])
    clue = Clue(line_number=None, part=None, codes=frozenset({("gtin", "42"), ("buyer", "x")}))
    assert told(clue, ladder_of(coded)) == "L7 10000"
    assert told(clue, ladder_of((coded[0], replace(coded[1], codes=coded[0].codes)))) == "MATCH_AMBIGUOUS"


def test_the_shipment_it_refers_to_is_enough_where_it_moved_one_line() -> None:
    clue = Clue(line_number=None, part=None, shipped_lines=frozenset({"20000"}))
    assert told(clue, ladder_of(TWINS)) == "L8 20000"


def test_the_only_open_line_is_meant_where_price_and_quantity_fit() -> None:
    ladder = replace(ladder_of(priced(10, 12)), room={"10000": 0, "20000": 3 * ONE})
    clue = replace(ASIN, part=None)
    assert told(clue, ladder) == "L9 20000"
    assert told(replace(clue, quantity=4 * ONE), ladder) == "LINE_NOT_FOUND"
    assert told(replace(clue, price=11 * ONE), ladder) == "LINE_NOT_FOUND"
    assert told(clue, replace(ladder, room=ROOM)) == "LINE_NOT_FOUND"


def test_a_description_alone_is_never_applied() -> None:
    lines = [replace(one, description="Blue Pen, 12 Pack", unit_price=12 * ONE) for one in TWINS[:1]]
    ladder = replace(ladder_of(lines), room=ROOM)
    clue = Clue(line_number=None, part=None, description="Blue Pen 12 pack", price=12 * ONE, quantity=ONE)
    (rule,) = [one for one in RULES if one.turn is Turn.NEVER_APPLIED]
    assert [one.key for one in rule.candidates(clue, ladder)] == ["10000"]
    assert rule.candidates(replace(clue, price=13 * ONE), ladder) == []


def test_the_rules_stand_in_the_order_of_their_codes() -> None:
    assert [int(rule.code[1:]) for rule in RULES] == sorted(int(rule.code[1:]) for rule in RULES)
