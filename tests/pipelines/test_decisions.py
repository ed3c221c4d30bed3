"""What the inbox sensor decides, as tables."""

import pytest

from pipelines.decisions import MOST_ATTEMPTS, Decision, Start, Wait, decide, digest
from resources.mailbox import Entry

A, B = ("cxml", Entry("a.xml", 10, 1)), ("cxml", Entry("b.xml", 10, 2))


@pytest.mark.parametrize(
    ("batch", "attempts", "is_running", "expected"),
    [
        (None, 0, False, Wait("nothing lies in the feeds")),
        (None, 0, True, Wait("nothing lies in the feeds")),
        ("d", 0, False, Start("d", 1, 5)),
        ("d", 0, True, Wait("a sync is under way")),
        ("d", 1, False, Start("d", 2, 5)),
        ("d", 2, False, Start("d", 3, 5)),
        ("d", 3, False, Wait("3 runs left 5 files in the feeds; waiting for a change", is_final=True)),
        ("d", 9, False, Wait("9 runs left 5 files in the feeds; waiting for a change", is_final=True)),
        ("d", 3, True, Wait("a sync is under way")),
    ],
)
def test_a_batch_is_asked_for_until_it_was_tried_often_enough(
    batch: str | None,
    attempts: int,
    is_running: bool,  # noqa: FBT001 - a column of the table
    expected: Decision,
) -> None:
    assert decide(batch, 5, attempts, is_running=is_running) == expected


def test_each_attempt_has_a_run_key_of_its_own() -> None:
    keys = {Start("d", attempt, 1).run_key for attempt in range(1, MOST_ATTEMPTS + 1)}
    assert len(keys) == MOST_ATTEMPTS


def test_nothing_has_no_digest() -> None:
    assert digest([]) is None


def test_a_digest_does_not_depend_on_the_order_of_the_listing() -> None:
    assert digest([A, B]) == digest([B, A])


@pytest.mark.parametrize(
    "other",
    [
        [A],
        [A, ("cxml", Entry("b.xml", 10, 3))],
        [A, ("cxml", Entry("b.xml", 11, 2))],
        [A, ("cxml", Entry("c.xml", 10, 2))],
        [A, ("bc_orders", Entry("b.xml", 10, 2))],
    ],
)
def test_any_change_in_the_feeds_is_another_batch(other: list[tuple[str, Entry]]) -> None:
    assert digest(other) != digest([A, B])


def test_a_name_of_no_encoding_has_a_digest() -> None:
    assert digest([("cxml", Entry("b\udcff.xml", 1, 1))]) is not None


def test_a_digest_is_short_whatever_the_names() -> None:
    batch = digest(("cxml", Entry(f"{'x' * 200}{number}", 1, 1)) for number in range(100))
    assert batch is not None
    assert len(Start(batch, 1, 100).run_key) < 40
