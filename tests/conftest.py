"""What every test starts from: an environment without settings of ours, and the data that lies outside the project."""

import gc
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.lanes import DATA_VARIABLE, data_folder

settings.register_profile(
    "project",
    deadline=None,  # two test processes on two cores: time says nothing about the code
    derandomize=True,  # a change is judged by the same examples everywhere; the nightly run draws new ones
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("nightly", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "project"))


# Folders and modules whose tests are no unit tests: they start processes, play whole scripts, or try many histories.
_LANES = {
    "tests/assets/": "dagster",
    "tests/pipelines/": "dagster",
    "tests/cli/": "process",
    "tests/end_to_end/": "slow",
    "tests/sandbox/": "sandbox",
    "tests/ledger/test_laws.py": "slow",
    "tests/reconciliation/test_laws.py": "slow",
}

# Test processes take one file after the other, in this order: were a long one the last, all others would wait for it.
_LONGEST_FIRST = ("crash", "slow", "sandbox", "daemon", "process", "dagster", "browser", "gx", "postgres")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put every test into its lane (what is in none is a unit test, `make unit`), and the files of long lanes first."""
    ranks: dict[Path, int] = {}
    for item in items:
        place = item.path.relative_to(item.config.rootpath).as_posix()
        for start, lane in _LANES.items():
            if place.startswith(start):
                item.add_marker(lane)
        ranks[item.path] = min(_rank(item), ranks.get(item.path, len(_LONGEST_FIRST)))
    items.sort(key=lambda item: ranks[item.path])


def pytest_collection_finish() -> None:
    """Look for garbage more seldom: it takes up to a fifth of the time, and a test process ends with its tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _rank(item: pytest.Item) -> int:
    lanes = [mark.name for mark in item.iter_markers()]
    return next((rank for rank, lane in enumerate(_LONGEST_FIRST) if lane in lanes), len(_LONGEST_FIRST))


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take away what a developer's shell sets; a test says itself which settings hold."""
    for name in list(os.environ):
        if name.startswith("PUNCHOUT_") and name != DATA_VARIABLE:
            monkeypatch.delenv(name)
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Put back where log records go: a command run in this process sends them to a stream that ends with the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder with `samples/`, `corpus/`, `attacks/` and `dtd/`; without one the test is skipped."""
    return data_folder()
