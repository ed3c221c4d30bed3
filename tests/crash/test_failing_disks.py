"""A disk that is full, or broken, from some call on: a worker ends clean, and everything drains afterwards."""

import pytest

from tests.crash.conftest import Everywhere
from tests.crash.lab import Ended, Lab
from tests.crash.scenes import ARCHIVED, FIRST_DAY, PURGED, REBUILT, REPLAYED, SCENES, SECOND_DAY, UPGRADED, Scene
from tests.crash.strace import Point, failing_from, spread
from tests.support.purchases import SECRET

SAMPLE = {FIRST_DAY: 26, SECOND_DAY: 26, REBUILT: 8, REPLAYED: 8, UPGRADED: 8, ARCHIVED: 8, PURGED: 8}
# What the errors of a disk come out as: the command line's exit code for a store that cannot be used. A worker that was
# cut where nothing depends on the call, as on removing what is there no more, ends well.
CLEAN = {0, 7}

# A busy machine takes its time.
pytestmark = [pytest.mark.crash, pytest.mark.timeout(900)]


def judged(
    scene: Scene, error: str, points: list[Point], everywhere: Everywhere[Point, Ended]
) -> dict[str, tuple[int, str, list[str]]]:
    """Give by point what went wrong: how the worker ended, what it said, and which promise did not hold."""

    def fail(lab: Lab, point: Point) -> Ended:
        return lab.cut(scene, failing_from(point, error))

    ends = dict(zip(points, everywhere(fail, points), strict=True))
    return {str(point): (ended.code, ended.said, ended.wrong) for point, ended in ends.items() if not is_clean(ended)}


def is_clean(ended: Ended) -> bool:
    """Whether a worker met the fault, ended as it should, told nothing of a document, and everything drained."""
    tells = any(text in ended.said for text in (SECRET, "<cXML", "Traceback"))
    return ended.met_fault and ended.code in CLEAN and not tells and not ended.wrong


def can_fail(lab: Lab, scene: Scene) -> list[Point]:
    """Give the places at which a disk can fail; the network is none of them."""
    return [point for point in lab.points(scene) if point.name != "sendto"]


@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_a_failing_disk_ends_a_worker_clean_and_loses_nothing(
    scene: Scene, error: str, labs: list[Lab], everywhere: Everywhere[Point, Ended]
) -> None:
    points = spread(can_fail(labs[0], scene), SAMPLE[scene])
    assert judged(scene, error, points, everywhere) == {}
    assert len(points) == SAMPLE[scene]


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_a_disk_may_fail_anywhere_at_all(
    scene: Scene, error: str, labs: list[Lab], everywhere: Everywhere[Point, Ended]
) -> None:
    assert judged(scene, error, can_fail(labs[0], scene), everywhere) == {}
