"""The way that runs without a person: a real daemon, a file in a feed, a sync and its report."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.instance import open_instance
from resources.settings import Settings
from tests.support.bc_exports import as_json
from tests.support.exchange_home import KEY_VARIABLE, drop, home_settings, request

ROOT = Path(__file__).parents[2]
SETTINGS = """
[orders]
sent_by = "bc"
[cart]
received_by = "bc"
"""

pytestmark = [pytest.mark.daemon, pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    (home / "punchout.toml").write_text(SETTINGS, encoding="utf-8")
    return home_settings(home)


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    with open_instance(settings):
        pass
    return {
        **os.environ,
        "DAGSTER_HOME": str(settings.dagster.home),
        "PUNCHOUT_HOME": str(settings.home),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        KEY_VARIABLE: "hush",
    }


@pytest.fixture
def _daemon(environment: dict[str, str], tmp_path: Path) -> Iterator[None]:
    dagster = [sys.executable, "-m", "dagster", "sensor", "start", "--start-all"]
    workspace = ["-w", "workspace.yaml", "-l", "punchout"]
    subprocess.run([*dagster, *workspace], cwd=ROOT, env=environment, capture_output=True, check=True)
    command = [sys.executable, "-m", "dagster._daemon", "run", "-w", "workspace.yaml"]
    with (tmp_path / "daemon.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def waited(seconds: float, condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(1)
    return False


@pytest.mark.usefixtures("_daemon")
def test_a_file_that_arrives_is_taken_in_and_reported(settings: Settings, tmp_path: Path) -> None:
    drop(settings, "bc_requests", "r.json", as_json(request()))
    succeeded = [dg.DagsterRunStatus.SUCCESS]
    with open_instance(settings) as instance:

        def have_run() -> bool:
            runs = instance.get_runs(dg.RunsFilter(statuses=succeeded))
            return {"sync", "report"} <= {run.job_name for run in runs}

        assert waited(180, have_run), (tmp_path / "daemon.log").read_text(encoding="utf-8")[-4000:]
    assert list(settings.feeds["bc_requests"].path.iterdir()) == []
    assert list(settings.report.out_dir.iterdir()) != []
