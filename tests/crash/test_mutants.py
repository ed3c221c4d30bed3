"""Twelve mistakes that would lose a document or buy twice: each is made once, and caught by its lane."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.crash import experiments
from tests.crash.lab import Lab
from tests.crash.scenes import SECOND_DAY
from tests.crash.together import on_postgres, taken_in_together
from tests.support.postgres import PostgresServer

MUTANTS = sorted(path.stem for path in (Path(__file__).parent / "mutants").glob("*.py"))
LANES: Mapping[str, Callable[[Lab, ModuleType, PostgresServer], list[str]]] = {
    "kill": lambda lab, mutant, _: experiments.killed_after(lab, SECOND_DAY, mutant.CUT_AFTER),
    "order": lambda lab, *_: experiments.order_of_writing(lab, SECOND_DAY),
    "supplier": lambda lab, mutant, _: experiments.misbehaving_supplier(lab, mutant.SUPPLIER),
    "replay": lambda lab, *_: experiments.gone_on_from_a_replay(lab),
    "given up": lambda lab, *_: experiments.given_up(lab),
    "together": lambda lab, mutant, server: _at_once(lab, server, mutant.PREPARED_BY),
}
MOST_TRIES = 12

# A busy machine takes its time.
pytestmark = [pytest.mark.crash, pytest.mark.postgres, pytest.mark.timeout(900)]


def _at_once(lab: Lab, server: PostgresServer, prepared_by: Sequence[str]) -> list[str]:
    """Have files taken in at once until something comes of it: who is faster than whom is a matter of luck."""
    tries = (taken_in_together(lab, on_postgres(server), prepared_by) for _ in range(MOST_TRIES))
    return next((wrong for wrong in tries if wrong), [])


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mistake_is_caught_by_its_lane(name: str, labs: list[Lab], postgres: PostgresServer) -> None:
    mutant = import_module(f"tests.crash.mutants.{name}")
    lab = labs[0]
    lab.mutant = name
    try:
        wrong = LANES[mutant.LANE](lab, mutant, postgres)
    finally:
        lab.mutant = None
    assert any(mutant.CAUGHT_BY in one for one in wrong), wrong


def test_there_are_twelve_mistakes() -> None:
    assert len(MUTANTS) == 12
