"""Who is let in, and how often: the bounds hold whatever the order in which requests come and go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchout.gateway.admission import Admission
from resources.settings_sections import GatewaySettings


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def admission(clock: Clock | None = None, **bounds: float) -> Admission:
    return Admission(GatewaySettings.model_validate(bounds), clock or Clock())


@given(waits=st.lists(st.floats(0, 5), max_size=100), burst=st.integers(1, 20), rate=st.floats(0.1, 20))
def test_nobody_comes_more_often_than_its_burst_and_its_rate_allow(waits: list[float], burst: int, rate: float) -> None:
    clock = Clock()
    door = admission(clock, requests_per_second=rate, request_burst=burst)
    came = 0
    for wait in waits:
        clock.now += wait
        came += door.may_come("192.0.2.1")
        assert came <= burst + rate * clock.now + 1e-6


def test_whoever_keeps_to_the_rate_is_never_turned_away() -> None:
    clock = Clock()
    door = admission(clock, requests_per_second=2, request_burst=1)
    for _ in range(50):
        assert door.may_come("192.0.2.1")
        clock.now += 0.5


def test_a_long_silence_saves_up_no_more_than_a_burst() -> None:
    clock = Clock()
    door = admission(clock, requests_per_second=5, request_burst=3)
    door.may_come("192.0.2.1")
    clock.now += 86_400
    assert [door.may_come("192.0.2.1") for _ in range(4)] == [True, True, True, False]


def test_one_address_does_not_spend_what_is_anothers() -> None:
    door = admission(request_burst=1)
    assert [door.may_come("192.0.2.1"), door.may_come("192.0.2.1"), door.may_come("192.0.2.2")] == [True, False, True]


def test_addresses_without_end_do_not_fill_the_memory() -> None:
    door = admission(request_burst=1)
    for number in range(12_000):
        door.may_come(f"2001:db8::{number:x}")
    assert len(door._buckets) == 10_000
    assert not door.may_come("2001:db8::2edf")


@given(steps=st.lists(st.booleans()))
def test_there_are_never_more_inside_than_may_be(steps: list[bool]) -> None:
    door, inside = admission(max_requests=3), 0
    for is_coming in steps:
        if is_coming:
            inside += door.enter()
        elif inside:
            door.leave()
            inside -= 1
        assert door.requests == inside <= 3


@pytest.mark.parametrize(("sizes", "held"), [([60, 50], [True, False]), ([60, 40, 1], [True, True, False])])
def test_bytes_are_held_up_to_their_bound(sizes: list[int], held: list[bool]) -> None:
    door = admission(max_bytes_in_flight=100)
    assert [door.hold(size) for size in sizes] == held
    door.release(60)
    assert door.hold(60)
