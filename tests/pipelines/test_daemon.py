"""The way that runs without a person: a real daemon, documents by every door, syncs and their reports."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import httpx
import pytest

from pipelines.instance import open_instance
from punchout.ledger.engine import reading
from punchout.ledger.views.status import status_report
from resources.exchange import open_ledger
from resources.settings import Settings, load_settings
from tests.support.exchange_home import drop
from tests.support.faulty_sftp import PASSWORD, PASSWORD_VARIABLE, USER, Faults, FaultySftp, faulty_sftp
from tests.support.purchases import ACCOUNT, SECRET
from tests.support.stories import FIRST, confirmed

ROOT = Path(__file__).parents[2]
GATEWAY_VARIABLE = "TEST_GATEWAY_SECRET"
SENSOR_TAG = "dagster/sensor_name"
ENDED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
SETTINGS = """
environment = "production"
[company]
id = "{company}"
[supplier]
id = "{supplier}"
identities = [{{ domain = "NetworkId", identity = "Amazon" }}]
[orders]
sent_by = "bc"
[cart]
received_by = "bc"
[feeds.bc_orders]
path = "/orders"
[feeds.bc_orders.sftp]
host = "127.0.0.1"
port = {port}
user = "{user}"
fingerprint = "{fingerprint}"
password = "env:{password}"
[gateway]
port = 0
secrets = ["env:{gateway}"]
"""

pytestmark = [pytest.mark.daemon, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FaultySftp]:
    (tmp_path / "far" / "orders").mkdir(parents=True)
    with faulty_sftp(tmp_path / "far", Faults()) as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, server: FaultySftp) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    said = SETTINGS.format(
        company=ACCOUNT.company,
        supplier=ACCOUNT.supplier,
        port=server.port,
        user=USER,
        fingerprint=server.host_key.fingerprint,
        password=PASSWORD_VARIABLE,
        gateway=GATEWAY_VARIABLE,
    )
    (home / "punchout.toml").write_text(said, encoding="utf-8")
    return load_settings(home=home)


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
        PASSWORD_VARIABLE: PASSWORD,
        GATEWAY_VARIABLE: SECRET,
    }


@contextmanager
def running(
    command: list[str],
    environment: dict[str, str],
    log: Path,
    stdout: int | None = None,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a process and those that it starts, and end them all."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=stdout or said, stderr=said, start_new_session=True
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture
def daemon(environment: dict[str, str], tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the daemon, which starts a code server of its own, with every sensor turned on."""
    dagster = [sys.executable, "-m", "dagster", "sensor", "start", "--start-all"]
    workspace = ["-w", "workspace.yaml", "-l", "punchout"]
    subprocess.run([*dagster, *workspace], cwd=ROOT, env=environment, capture_output=True, check=True, timeout=120)
    command = [sys.executable, "-m", "dagster._daemon", "run", "-w", "workspace.yaml"]
    with running(command, environment, tmp_path / "daemon.log") as process:
        yield process


def kill_code_server(daemon: "subprocess.Popen[bytes]") -> None:
    """Kill the process in which the daemon has the definitions loaded; the daemon starts another."""
    tasks = (Path("/proc") / str(daemon.pid) / "task").glob("*/children")
    children = [child for task in tasks for child in task.read_text().split()]
    servers = [int(one) for one in children if b"grpc" in (Path("/proc") / one / "cmdline").read_bytes()]
    assert servers
    for server in servers:
        os.kill(server, signal.SIGKILL)


def waited(seconds: float, condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(1)
    return False


def standing(settings: Settings) -> dict[str, Any]:
    """Return where the purchase stands, by request and lines; nothing before the ledger knows it."""
    if not (settings.home / "ledger.sqlite3").exists():
        return {}
    engine = open_ledger(settings)
    try:
        with reading(engine) as connection:
            rows = json.loads(json.dumps(status_report(connection)))["requests"]
    finally:
        engine.dispose()
    return next((dict(row) for row in rows if row["request_no"] == FIRST.number), {})


def shipped(settings: Settings) -> set[str]:
    return {line["ship_axis"] for line in standing(settings).get("lines", ())}


def tracking(settings: Settings) -> str:
    return (settings.report.out_dir / "tracking.html").read_text(encoding="utf-8")


def under_way(instance: dg.DagsterInstance) -> int:
    return instance.get_runs_count(dg.RunsFilter(statuses=[one for one in dg.DagsterRunStatus if one not in ENDED]))


def succeeded(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    return list(instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS])))


def post(environment: dict[str, str], data: bytes, log: Path) -> None:
    """Hand a document in at the gateway, which runs until it has answered."""
    command = [sys.executable, "-m", "punchout", "gateway"]
    with running(command, environment, log, stdout=subprocess.PIPE) as gateway:
        assert gateway.stdout is not None
        address = json.loads(gateway.stdout.readline())["address"]
        with httpx.Client(trust_env=False, timeout=30) as client:
            answer = client.post(f"{address}/cxml", content=data, headers={"Content-Type": "text/xml"})
        gateway.stdout.close()
    assert b'<Status code="200"' in answer.content, answer.text


def test_documents_by_every_door_are_reconciled_and_reported(
    settings: Settings,
    server: FaultySftp,
    environment: dict[str, str],
    daemon: "subprocess.Popen[bytes]",
    tmp_path: Path,
) -> None:
    requests, orders = FIRST.exported()
    (server.root / "orders" / orders.name).write_bytes(orders.data)
    drop(settings, "bc_requests", requests.name, requests.data)
    drop(settings, "cxml", "confirmation.xml", confirmed().data)

    def log() -> str:
        return (tmp_path / "daemon.log").read_text(encoding="utf-8")[-4000:]

    assert waited(150, lambda: standing(settings).get("order_confirmation_id") is not None), log()
    assert [*(server.root / "orders").iterdir(), *settings.feeds["cxml"].path.iterdir()] == []
    assert list(settings.feeds["bc_requests"].path.iterdir()) == []
    with open_instance(settings) as instance:
        assert waited(60, lambda: {"sync", "report"} <= {run.job_name for run in succeeded(instance)}), log()
        # A run that is cut short by what follows would be reported as a failed one, as it should be.
        assert waited(60, lambda: not under_way(instance)), log()
        before = {run.run_id for run in instance.get_runs()}

        def succeeded_since() -> list[dg.DagsterRun]:
            return [run for run in succeeded(instance) if run.run_id not in before]

        kill_code_server(daemon)
        # No feed shows what was posted.
        post(environment, FIRST.ship_notice("S1", (1, "3"), (2, "1")).data, tmp_path / "gateway.log")
        assert waited(180, lambda: shipped(settings) == {"full"}), log()
        # The first report since may be that of a sync before; one of the last sync follows.
        assert waited(60, lambda: "S1" in tracking(settings)), log()
        assert waited(60, lambda: {"sync", "report"} <= {run.job_name for run in succeeded_since()}), log()
        askers = {(run.job_name, run.tags.get(SENSOR_TAG)) for run in succeeded_since()}
    assert {sensor for job, sensor in askers if job == "sync"} == {"ledger"}
    assert ("report", "report_after_sync") in askers
