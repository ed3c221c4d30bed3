"""A worker that is killed, at every place where it writes or sends something, and started again."""

from signal import SIGKILL

import pytest

from tests.crash.conftest import Everywhere
from tests.crash.experiments import after
from tests.crash.lab import Ended, Lab
from tests.crash.scenes import (
    ARCHIVED,
    FIRST_DAY,
    PURGED,
    REBUILT,
    REPLAYED,
    SCENES,
    SECOND_DAY,
    SENDING,
    UPGRADED,
    Scene,
)
from tests.crash.strace import Point, killed_at, spread
from tests.resources.suppliers import closes

SAMPLE = {FIRST_DAY: 100, SECOND_DAY: 100, REBUILT: 30, REPLAYED: 30, UPGRADED: 30, ARCHIVED: 30, PURGED: 40}

# A busy machine takes its time.
pytestmark = [pytest.mark.crash, pytest.mark.timeout(900)]


def killed(scene: Scene, points: list[Point], everywhere: Everywhere[Point, Ended]) -> dict[str, Ended]:
    """Kill a worker at each point, restart twice, and judge; gives how each ended."""

    def kill(lab: Lab, point: Point) -> Ended:
        return lab.cut(scene, killed_at(point))

    return {str(point): ended for point, ended in zip(points, everywhere(kill, points), strict=True)}


def wrong(ends: dict[str, Ended]) -> dict[str, list[str]]:
    """Give what went wrong by point; a point at which nobody was killed proves nothing."""
    unreached = {point: ["nobody was killed"] for point, ended in ends.items() if ended.code != -SIGKILL}
    return {point: ended.wrong for point, ended in ends.items() if ended.wrong} | unreached


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_a_killed_worker_loses_nothing_and_sends_nothing_twice(
    scene: Scene, labs: list[Lab], everywhere: Everywhere[Point, Ended]
) -> None:
    points = spread(labs[0].points(scene), SAMPLE[scene])
    ends = killed(scene, points, everywhere)
    assert wrong(ends) == {}
    assert len(ends) == SAMPLE[scene]
    # Where orders leave, some of the kills came while one was on its way.
    assert any(ended.doubts for ended in ends.values()) is (scene in SENDING)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_a_worker_may_be_killed_anywhere_at_all(
    scene: Scene, labs: list[Lab], everywhere: Everywhere[Point, Ended]
) -> None:
    assert wrong(killed(scene, labs[0].points(scene), everywhere)) == {}


@pytest.mark.parametrize("scene", SENDING, ids=str)
def test_a_killed_worker_sends_nothing_twice_to_a_supplier_that_says_nothing(
    scene: Scene, labs: list[Lab], everywhere: Everywhere[Point, Ended]
) -> None:
    def kill(lab: Lab, point: Point) -> Ended:
        return lab.cut(scene, killed_at(point), closes)

    made = labs[0].calls(scene)
    points = [Point("sendto", call.number) for call in made if call.name == "sendto"] + after(made, "sendto")
    assert [ended.wrong for ended in everywhere(kill, points) if ended.wrong] == []
    assert len(points) > 2


def test_an_upgraded_ledger_comes_to_what_one_comes_to_that_was_never_older(labs: list[Lab]) -> None:
    assert labs[0].undisturbed(UPGRADED).conclusions == labs[0].undisturbed(REBUILT).conclusions


def test_a_purge_erases_what_it_is_killed_at(labs: list[Lab]) -> None:
    before, after = labs[0].undisturbed(PURGED.before or PURGED).tables, labs[0].undisturbed(PURGED).tables
    assert any("Jane" in row for rows in before.values() for row in rows)
    assert not any("Jane" in row for rows in after.values() for row in rows)
    assert after["purge"]
