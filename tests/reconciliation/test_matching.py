"""How a line of a document finds its line of the order."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from punchout.model.codes import Code
from punchout.model.values import PartId
from punchout.reconciliation.line_map import MappedLine
from punchout.reconciliation.matching import MEANINGS, RULES, Clue, Match, Miss, ladder_of, match
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


def found(number: int | None, part: PartId | None, lines: Iterable[MappedLine] = LINES, **more: bool) -> object:
    hit = match(Clue(line_number=number, part=part, **more), ladder_of(lines))
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
    hit = match(Clue(line_number=1, part=part_of(2)), ladder_of(LINES))
    assert isinstance(hit, Miss)
    assert (hit.code, hit.likely) == (Code.LINE_PART_CONFLICT, Match(LINES[1], "L3", 950))


def test_a_number_with_a_part_that_nobody_knows_is_a_conflict() -> None:
    assert found(1, PartId("B0OTHER")) == "LINE_PART_CONFLICT"


def test_a_number_with_its_own_auxiliary_id_is_no_conflict() -> None:
    assert found(1, PartId("B0OTHER", "135-1,1")) == (1, "L3", 950)


def test_a_part_that_was_declared_as_a_substitute_keeps_its_number() -> None:
    ladder = replace(ladder_of(LINES), substitutes={"10000": frozenset({"B0NEW"})})
    hit = match(Clue(line_number=1, part=PartId("B0NEW")), ladder)
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
