"""Lanes: tests that want something a machine may not have, such as a browser or test data outside the project.

Without it they are skipped with the reason; with `REQUIRE_LANES` set they fail, so that a build which has installed
everything cannot lose a lane unseen.
"""

import os
import shutil
from pathlib import Path

import pytest

DATA_VARIABLE = "PUNCHOUT_TEST_DATA"
REQUIRE_VARIABLE = "REQUIRE_LANES"


def need_command(*names: str) -> str:
    """Give the path of the first of these programs that is installed."""
    for name in names:
        path = shutil.which(name)
        if path is not None:
            return path
    return _without(f"none of these programs is installed: {', '.join(names)}")


def need(reason: str, *, given: bool) -> None:
    """Go on only where something is given that cannot be looked up by its name; the reason says what is lacking."""
    if not given:
        _without(reason)


def data_folder() -> Path:
    """Give the folder of test data that lies outside the project.

    It is no lane: a build that is not given any may pass without it.
    """
    named = os.environ.get(DATA_VARIABLE)
    if not named:
        pytest.skip(f"{DATA_VARIABLE} is not set")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"{DATA_VARIABLE} names {named}, which is no folder")
    return folder


def _without(reason: str) -> str:
    if os.environ.get(REQUIRE_VARIABLE):
        pytest.fail(f"{REQUIRE_VARIABLE} is set, and {reason}")
    pytest.skip(reason)
