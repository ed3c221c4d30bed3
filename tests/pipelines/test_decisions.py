"""What the sensors decide, as tables."""

import pytest

from pipelines.decisions import MOST_ATTEMPTS, Batch, Decision, Start, Wait, decide
from resources.mailbox import Entry

A, B = Entry("a.xml", 10, 1), Entry("b.xml", 10, 2)
BATCH = Batch("feed_cxml", "d", "5 files in the feed")


def digest(*entries: Entry, place: str = "feed_cxml") -> str | None:
    batch = Batch.of_files(place, entries)
    return None if batch is None else batch.digest


@pytest.mark.parametrize(
    ("batch", "attempts", "is_running", "expected"),
    [
        (None, 0, False, Wait("nothing is waiting")),
        (None, 0, True, Wait("nothing is waiting")),
        (BATCH, 0, False, Start(BATCH, 1)),
        (BATCH, 0, True, Wait("a sync is under way")),
        (BATCH, 1, False, Start(BATCH, 2)),
        (BATCH, 2, False, Start(BATCH, 3)),
        (BATCH, 3, False, Wait("3 runs left 5 files in the feed as they were; waiting for a change", is_final=True)),
        (BATCH, 9, False, Wait("9 runs left 5 files in the feed as they were; waiting for a change", is_final=True)),
        (BATCH, 3, True, Wait("a sync is under way")),
    ],
)
def test_a_batch_is_asked_for_until_it_was_tried_often_enough(
    batch: Batch | None,
    attempts: int,
    is_running: bool,  # noqa: FBT001 - a column of the table
    expected: Decision,
) -> None:
    assert decide(batch, attempts, is_running=is_running) == expected


def test_each_attempt_has_a_run_key_of_its_own() -> None:
    keys = {Start(BATCH, attempt).run_key for attempt in range(1, MOST_ATTEMPTS + 1)}
    assert len(keys) == MOST_ATTEMPTS


def test_nothing_is_no_batch() -> None:
    assert (Batch.of_files("feed_cxml", []), Batch.of_work("ledger", [], "documents")) == (None, None)


def test_a_batch_does_not_depend_on_the_order_of_the_listing() -> None:
    assert digest(A, B) == digest(B, A)


@pytest.mark.parametrize(
    "other",
    [
        [A],
        [A, Entry("b.xml", 10, 3)],
        [A, Entry("b.xml", 11, 2)],
        [A, Entry("c.xml", 10, 2)],
    ],
)
def test_any_change_in_a_feed_is_another_batch(other: list[Entry]) -> None:
    assert digest(*other) != digest(A, B)


def test_the_same_files_in_two_feeds_are_two_batches() -> None:
    assert digest(A, place="feed_cxml") != digest(A, place="feed_bc_orders")


def test_a_name_of_no_encoding_has_a_digest() -> None:
    assert digest(Entry("b\udcff.xml", 1, 1)) is not None


def test_a_run_key_is_short_whatever_the_names() -> None:
    batch = Batch.of_files("feed_cxml", (Entry(f"{'x' * 200}{number}", 1, 1) for number in range(100)))
    assert batch is not None
    assert batch.what == "100 files in the feed"
    assert len(Start(batch, 1).run_key) < 40
