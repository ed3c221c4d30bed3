"""Syncs that are killed, that run side by side, or that Dagster executes again: nothing is lost or done twice."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

from pipelines.abandoned import PROCESS_TAG, end_abandoned, this_process
from pipelines.definitions import build_definitions, definitions
from pipelines.feed_sensors import feed_sensors
from pipelines.instance import open_instance
from pipelines.jobs import SYNC
from punchout.ledger.engine import reading
from punchout.ledger.ledger_hash import ledger_hash
from resources.settings import load_settings
from tests.cli.homes import ROOT, Home, punchout, response
from tests.pipelines.ticks import UNDER_WAY, requested, tick
from tests.support.faulty_sftp import PASSWORD, PASSWORD_VARIABLE, USER, Faults, FaultySftp, faulty_sftp
from tests.support.stories import FIRST

AS_OF = "2026-03-02T18:00:00+00:00"

pytestmark = [pytest.mark.dagster, pytest.mark.gx, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with prepared(tmp_path / "home", monkeypatch) as home:
        yield home


@contextmanager
def prepared(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Make a home with a request and its purchase order in its feeds, and an order that may leave."""
    home = Home(path, monkeypatch)
    home.play.switch_on()
    for one in FIRST.exported():
        put(home, one.content, one.name, one.data)
    yield home
    home.engine.dispose()


def put(home: Home, content: str, name: str, data: bytes) -> None:
    (home.path / "inbox" / content.replace("_", "-") / name).write_bytes(data)


def hash_of(home: Home) -> str:
    with reading(home.engine) as connection:
        return ledger_hash(connection)


def started(home: Home) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "punchout", "sync", "--as-of", AS_OF],
        cwd=ROOT,
        env={**os.environ, "PUNCHOUT_HOME": str(home.path), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def statuses(home: Home) -> list[dg.DagsterRunStatus]:
    with open_instance(load_settings(home=home.path)) as instance:
        return [run.status for run in instance.get_runs(dg.RunsFilter(job_name=SYNC.name))]


def test_a_sync_that_was_killed_keeps_nobody_waiting_and_its_order_does_not_leave_again(home: Home) -> None:
    arrived, over = threading.Event(), threading.Event()

    def hold(*_: object) -> None:
        arrived.set()
        over.wait(120)

    with home.supplier(hold) as supplier:
        sync = started(home)
        try:
            assert arrived.wait(120)
        finally:
            sync.send_signal(signal.SIGKILL)
            sync.wait()
            over.set()
        put(home, "cxml", "next.xml", FIRST.ship_notice("S1", (1, "3")).data)
        settings = load_settings(home=home.path)
        with open_instance(settings) as instance:
            assert requested(tick(feed_sensors(lambda: settings), "feed_cxml", instance)).run_key
        assert statuses(home) == [dg.DagsterRunStatus.FAILURE]
        again = punchout("sync", "--as-of", AS_OF, PUNCHOUT_HOME=str(home.path))
        assert again.returncode == 0, again.stderr
        assert len(supplier.bodies) == 1
    assert list((home.path / "inbox" / "cxml").iterdir()) == []


def test_two_syncs_side_by_side_do_everything_once(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.supplier(response(200, "OK")) as supplier:
        both = [started(home) for _ in range(2)]
        assert {one.wait(200) for one in both} == {0}
        assert len(supplier.bodies) == 1
    with prepared(tmp_path / "alone", monkeypatch) as alone, alone.supplier(response(200, "OK")):
        assert started(alone).wait(200) == 0
        assert hash_of(home) == hash_of(alone)


def test_a_step_that_failed_is_executed_again_from_there(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    (tmp_path / "far").mkdir()
    job, faults = dg.reconstructable(_sync_job), Faults(may_rename=False)
    config = {"resources": {"exchange": {"config": {"as_of": AS_OF}}}}
    with home.supplier(response(200, "OK")) as supplier, faulty_sftp(tmp_path / "far", faults) as far:
        home.write_settings(supplier.url, _updates_to(far))
        with open_instance(load_settings(home=home.path)) as instance:
            failed = dg.execute_job(job, instance, run_config=config)
            assert {event.step_key for event in failed.get_step_failure_events()} == {"bc_updates"}
            faults.may_rename = True
            from_there = dg.ReexecutionOptions.from_failure(failed.run_id, instance)
            again = dg.execute_job(job, instance, run_config=config, reexecution_options=from_there)
            assert {event.step_key for event in again.get_step_success_events()} == {"bc_updates"}
        assert len(supplier.bodies) == 1
    assert list((tmp_path / "far").glob("*.manifest.json"))


def _updates_to(server: FaultySftp) -> str:
    sftp = f'host = "127.0.0.1", port = {server.port}, user = "{USER}", fingerprint = "{server.host_key.fingerprint}"'
    password = f'password = "env:{PASSWORD_VARIABLE}", timeout_seconds = 10'
    return f'business_central = {{ updates_dir = "/", sftp = {{ {sftp}, {password} }} }}\n'


def _sync_job() -> dg.JobDefinition:
    return definitions().resolve_job_def(SYNC.name)


@pytest.mark.parametrize(
    ("process", "is_ended"),
    [(this_process(), False), ("elsewhere/1", False), ("nonsense", False), (None, False)],
    ids=["ours", "of another machine", "no process", "not said"],
)
def test_only_runs_of_processes_that_are_gone_are_ended(process: str | None, is_ended: bool) -> None:  # noqa: FBT001 - a column of the table
    with dg.DagsterInstance.ephemeral() as instance:
        tags = {} if process is None else {PROCESS_TAG: process}
        run = instance.create_run_for_job(build_definitions().resolve_job_def(SYNC.name), tags=tags, status=UNDER_WAY)
        end_abandoned(instance)
        found = instance.get_run_by_id(run.run_id)
        assert found is not None
        assert found.is_failure is is_ended


def test_a_process_that_is_gone_has_no_run_under_way() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    machine = this_process().rpartition("/")[0]
    with dg.DagsterInstance.ephemeral() as instance:
        job = build_definitions().resolve_job_def(SYNC.name)
        run = instance.create_run_for_job(job, tags={PROCESS_TAG: f"{machine}/{gone.pid}"}, status=UNDER_WAY)
        end_abandoned(instance)
        found = instance.get_run_by_id(run.run_id)
        assert found is not None
        assert found.is_failure
