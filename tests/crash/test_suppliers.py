"""Suppliers that take an order and do not say so: it is never sent again, unless a person says so."""

import pytest

from tests.crash.experiments import MISBEHAVING, gone_on_from_a_replay, misbehaving_supplier, projections_made_again
from tests.crash.lab import Lab

# A busy machine takes its time.
pytestmark = [pytest.mark.crash, pytest.mark.timeout(900)]


@pytest.mark.parametrize("supplier", MISBEHAVING)
def test_an_order_whose_answer_says_nothing_is_sent_again_by_a_person_alone_and_with_the_same_bytes(
    labs: list[Lab], supplier: str
) -> None:
    assert misbehaving_supplier(labs[0], supplier) == []


def test_making_projections_again_sends_nothing(labs: list[Lab]) -> None:
    assert projections_made_again(labs[0]) == []


def test_going_on_from_a_replay_sends_nothing_again(labs: list[Lab]) -> None:
    assert gone_on_from_a_replay(labs[0]) == []
