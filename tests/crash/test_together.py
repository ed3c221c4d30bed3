"""Many workers at once: eight that send, four that take in, four whole syncs, and one that was given up."""

import pytest

from tests.crash.experiments import given_up
from tests.crash.lab import Lab
from tests.crash.scenes import SENDING, Scene
from tests.crash.together import MANY, Databases, dispatched_together, synced_together, taken_in_together

# A busy machine takes its time.
pytestmark = [pytest.mark.crash, pytest.mark.timeout(900)]


@pytest.mark.parametrize("cap", [5, len(MANY)])
def test_eight_dispatchers_send_each_order_once_and_under_the_cap(
    labs: list[Lab], databases: Databases, cap: int
) -> None:
    assert dispatched_together(labs[0], databases, cap) == []


def test_four_workers_take_every_document_in_once(labs: list[Lab], databases: Databases) -> None:
    assert taken_in_together(labs[0], databases) == []


@pytest.mark.parametrize("scene", SENDING, ids=str)
def test_four_whole_syncs_at_once_come_to_what_one_comes_to(labs: list[Lab], scene: Scene) -> None:
    assert synced_together(labs[0], scene) == []


def test_a_worker_that_was_given_up_writes_nothing_when_its_answer_comes(labs: list[Lab]) -> None:
    assert given_up(labs[0]) == []
