"""The schedule of repetitions, for a supplier that takes repeats for one order."""

from hypothesis import given
from hypothesis import strategies as st

from punchout.model.moments import HOUR
from punchout.ordering.repeats import LONGEST, is_in_time, wait_before

CAPS = (60, 240, 960)


@given(payload_id=st.text(min_size=1), repetition=st.integers(1, 3))
def test_each_of_three_repetitions_waits_by_chance_up_to_its_cap(payload_id: str, repetition: int) -> None:
    wait = wait_before(repetition, payload_id)
    assert wait is not None
    assert 0 <= wait < CAPS[repetition - 1]


@given(payload_id=st.text(), repetition=st.integers(4, 100))
def test_there_is_no_fourth_repetition(payload_id: str, repetition: int) -> None:
    assert wait_before(repetition, payload_id) is None


def test_the_wait_is_the_order_s_own_so_that_a_replay_waits_as_long_and_two_orders_do_not() -> None:
    assert wait_before(3, "a@x") == wait_before(3, "a@x")
    assert len({wait_before(3, f"{n}@x") for n in range(50)}) > 40


def test_the_chance_is_spread_over_the_whole_wait() -> None:
    waits = [wait_before(3, f"{n}@x") or 0 for n in range(400)]
    assert [sum(low <= wait < low + 240 for wait in waits) > 60 for low in (0, 240, 480, 720)] == [True] * 4


def test_the_longest_wait_is_a_second_below_its_cap() -> None:
    longest = [max(wait_before(repetition, f"{n}@x") or 0 for n in range(5000)) for repetition in (1, 2, 3)]
    assert longest == [cap - 1 for cap in CAPS]


def test_no_repetition_comes_later_than_twenty_hours_after_the_first_attempt() -> None:
    assert LONGEST == 20 * HOUR
    assert is_in_time(HOUR, 21 * HOUR)
    assert not is_in_time(HOUR, 21 * HOUR + 1)
