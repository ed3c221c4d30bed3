"""A table in the page gives back what was put into it, and nothing in it is markup."""

import json
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from punchout.reports.packing import block, differing, listed, pack
from punchout.reports.text import visible
from tests.reports.pages import unpacked

_COLUMNS = st.lists(st.sampled_from(["", "a", "b", "-1", "0", "</script>"]) | st.text(max_size=4), max_size=40)


@given(_COLUMNS)
def test_a_column_comes_back_as_it_was(texts: list[str]) -> None:
    assert unpacked(pack(texts)) == texts


@given(_COLUMNS)
def test_every_text_is_written_once(texts: list[str]) -> None:
    written = [item for item in pack(texts) if isinstance(item, str)]
    assert sorted(written) == sorted(set(texts))


@given(_COLUMNS, st.randoms())
def test_a_column_like_another_one_comes_back_from_what_it_has_of_its_own(texts: list[str], random: Random) -> None:
    others = [random.choice([text, "other"]) for text in texts]
    own = unpacked(pack(differing(texts, others)))
    assert [other if text is None else text for text, other in zip(own, others, strict=True)] == texts


def test_a_column_that_is_as_another_one_is_two_numbers_however_long() -> None:
    assert pack(differing(["x"] * 10_000, ["x"] * 10_000)) == [None, -9_999]


def test_a_run_is_one_number_however_long() -> None:
    assert pack(["x"] * 10_000 + ["y", "x"]) == ["x", -9_999, "y", 0]


@given(_COLUMNS)
def test_a_block_holds_no_markup_and_reads_back(texts: list[str]) -> None:
    written = block({"column": [visible(text) for text in texts]})
    assert "<" not in written
    assert json.loads(written) == {"column": [visible(text) for text in texts]}


@given(st.lists(st.text(min_size=1), min_size=1))
def test_texts_that_share_a_cell_are_told_apart(texts: list[str]) -> None:
    assert listed(texts).split("\n") == [visible(text) for text in texts]
