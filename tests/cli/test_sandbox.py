"""`punchout sandbox run`: plays to the end without a difference, however often it is cut short; touches nobody's home.

The stand-ins are real; the sync goes by the same steps without Dagster, but for the one test that plays everything.
"""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from punchout.cli import sandbox_rounds
from punchout.cli.child_process import free_port
from punchout.cli.errors import CommandError
from punchout.cli.sandbox_child import SandboxChild
from punchout.cli.sending import Sent, send_now
from punchout.model.moments import Micros
from resources.settings import Settings
from tests.cli.homes import ROOT, Outcome, plain_sync, punchout, run, sync_with
from tests.cli.sandbox_runs import HANDFUL, Played, last_line, stop_after_one_round

pytestmark = pytest.mark.sandbox

LAST_MOMENT = "2026-03-09T18:00:00+00:00"


def test_the_script_is_played_to_its_end_without_a_difference(played: Played) -> None:
    assert played.first.exit_code == 0, played.first.stderr
    ended = last_line(played.first.stdout)
    assert (ended["differences"], ended["as_of"]) == ("0", LAST_MOMENT)
    assert int(ended["compared"]) > 50
    assert int(ended["orders_sent"]) > 10


def test_what_it_leaves_is_the_same_when_it_is_replayed(played: Played) -> None:
    replayed = punchout("replay", "--json", PUNCHOUT_HOME=str(played.home))
    assert replayed.returncode == 0, replayed.stderr
    found = json.loads(replayed.stdout)
    assert (found["equal"], found["differences"], found["waiting"]) == (True, [], 0)
    assert found["replayed_hash"] == last_line(played.second.stdout)["ledger_hash"]


def test_standard_output_is_one_line_and_each_round_is_told_on_the_other(played: Played) -> None:
    assert len(played.first.stdout.splitlines()) == 1
    rounds = [line for line in played.first.stderr.splitlines() if line.startswith("round ")]
    assert len(rounds) >= 4
    assert all(re.search(r"as of .*: \d+ documents, .* 0 differences", line) for line in rounds)


def test_after_the_end_everything_comes_again_and_nothing_is_new(played: Played) -> None:
    first, second = last_line(played.first.stdout), last_line(played.second.stdout)
    assert played.second.exit_code == 0
    assert [second[name] for name in ("documents_new", "orders_sent", "bc_updates", "differences")] == ["0"] * 4
    assert int(second["duplicates"]) >= int(first["documents_new"])
    assert second["ledger_hash"] == first["ledger_hash"]


def test_what_it_leaves_is_its_owners_alone_and_can_be_looked_at(played: Played) -> None:
    assert [path for path in played.home.rglob("*") if path.stat().st_mode & 0o077] == []
    shown = punchout("status", "PR1002", PUNCHOUT_HOME=str(played.home))
    assert (shown.returncode, "PR1002: Invoiced" in shown.stdout) == (0, True)
    assert punchout("config", "check", PUNCHOUT_HOME=str(played.home)).returncode == 0


def test_the_ledger_it_leaves_keeps_its_promises(played: Played) -> None:
    done = punchout("verify", "--json", PUNCHOUT_HOME=str(played.home))
    assert done.returncode == 0, done.stdout


def test_cut_short_anywhere_it_goes_on_where_it_was(
    playing: Path, monkeypatch: pytest.MonkeyPatch, played: Played
) -> None:
    cuts = Cuts(monkeypatch)
    codes = []
    while cuts.left:
        codes.append(run("sandbox", "run", *HANDFUL, "--home", str(playing)).exit_code)
    ended = run("sandbox", "run", *HANDFUL, "--home", str(playing))
    assert codes == [130] * 5
    assert ended.exit_code == 0, ended.stderr
    assert last_line(ended.stdout)["ledger_hash"] == last_line(played.first.stdout)["ledger_hash"]


def test_a_difference_is_told_and_ends_with_one(playing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(settings: Settings, as_of: Micros | None) -> Outcome:
        done = plain_sync(settings, as_of)
        in_ledger(settings, "UPDATE request_stage SET stage = 'Closed' WHERE request_no = 'PR1001'")
        return done

    sync_with(monkeypatch, forgetful)
    ended = run("sandbox", "run", *HANDFUL, "--home", str(playing))
    assert ended.exit_code == 1
    assert int(last_line(ended.stdout)["differences"]) > 0
    assert "actual 'Closed'" in ended.stderr


def test_a_failed_run_ends_with_one_and_is_repeated_by_the_next(playing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync_with(monkeypatch, lambda _settings, _as_of: Outcome(success=False, failure="the step broke"))
    failed = run("sandbox", "run", *HANDFUL, "--home", str(playing))
    assert failed.exit_code == 1
    assert "the step broke" in failed.stderr
    assert last_line(failed.stdout)["compared"] == "0"
    assert '"round": 1, "step": "begun"' in (playing / "sandbox.json").read_text()


def test_starting_over_removes_what_the_sandbox_made_and_nothing_else(
    playing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_after_one_round(monkeypatch)
    run("sandbox", "run", *HANDFUL, "--home", str(playing))
    (playing / "notes.txt").write_text("mine")
    secret = (playing / "secrets" / "shared-secret").read_text()
    run("sandbox", "run", *HANDFUL, "--fresh", "--seed", "8", "--home", str(playing))
    assert (playing / "notes.txt").read_text() == "mine"
    assert (playing / "secrets" / "shared-secret").read_text() != secret
    noted = json.loads((playing / "sandbox.json").read_text())
    assert (noted["seed"], noted["round"]) == (8, 1)


def test_another_seed_wants_a_fresh_start(playing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_after_one_round(monkeypatch)
    run("sandbox", "run", *HANDFUL, "--seed", "8", "--home", str(playing))
    ended = run("sandbox", "run", *HANDFUL, "--seed", "9", "--home", str(playing))
    assert (ended.exit_code, "--fresh" in ended.stderr) == (2, True)


def test_who_sends_the_orders_stands_in_the_settings_and_is_remembered(
    playing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_after_one_round(monkeypatch)
    first = run("sandbox", "run", *HANDFUL, "--orders-sent-by", "bc", "--home", str(playing))
    assert "round 1 of 8" in first.stderr
    assert " 0 differences" in first.stderr
    settings = tomllib.loads((playing / "punchout.toml").read_text())
    assert (settings["orders"]["sent_by"], settings["cart"]["received_by"]) == ("bc", "pipeline")
    again = run("sandbox", "run", *HANDFUL, "--home", str(playing))
    assert "the sync as of 2026-03-03" in again.stderr
    noted = json.loads((playing / "sandbox.json").read_text())
    assert (noted["orders_sent_by"], noted["round"]) == ("bc", 2)


def test_two_hundred_requests_are_played_unless_a_handful_is_asked_for(
    playing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_after_one_round(monkeypatch)
    ended = run("sandbox", "run", "--home", str(playing))
    assert "round 1 of 10" in ended.stderr
    assert json.loads((playing / "sandbox.json").read_text())["scenario_set"] == "full"


def test_another_sender_of_the_orders_wants_a_fresh_start(playing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_after_one_round(monkeypatch)
    run("sandbox", "run", *HANDFUL, "--home", str(playing))
    assert tomllib.loads((playing / "punchout.toml").read_text())["orders"]["sent_by"] == "pipeline"
    ended = run("sandbox", "run", *HANDFUL, "--orders-sent-by", "bc", "--home", str(playing))
    assert (ended.exit_code, "orders sent by pipeline; --fresh" in ended.stderr) == (2, True)


@pytest.mark.parametrize("options", [(), ("--fresh",)])
def test_a_home_that_somebody_else_made_is_not_touched(options: tuple[str, ...], playing: Path) -> None:
    playing.mkdir()
    (playing / "punchout.toml").write_text("# a real company's\n")
    ended = run("sandbox", "run", *options, "--home", str(playing))
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert [path.name for path in playing.iterdir()] == ["punchout.toml"]


def test_settings_of_the_shell_do_not_reach_the_sandbox(
    playing: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stop_after_one_round(monkeypatch)
    elsewhere = tmp_path / "real.sqlite3"
    monkeypatch.setenv("PUNCHOUT_DATABASE__URL", f"sqlite:///{elsewhere}")
    ended = run("sandbox", "run", *HANDFUL, "--home", str(playing))
    assert "Not heeded by the sandbox: PUNCHOUT_DATABASE__URL" in ended.stderr
    assert not elsewhere.exists()
    assert os.environ["PUNCHOUT_DATABASE__URL"].endswith("real.sqlite3")


def test_one_home_is_played_by_one_run_at_a_time(playing: Path) -> None:
    playing.mkdir()
    with (playing / "sandbox.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = run("sandbox", "run", *HANDFUL, "--home", str(playing))
    assert (ended.exit_code, "another sandbox runs" in ended.stderr) == (6, True)


def test_the_child_ends_with_whoever_started_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "punchout.cli.sandbox_child", "serve", *arguments(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        assert child.stdout.readline()
        child.stdin.close()
        assert child.wait(10) == 0


def test_a_child_that_dies_is_a_clear_error(tmp_path: Path) -> None:
    with SandboxChild(arguments(tmp_path), tmp_path / "stderr.log", {}) as child:
        assert child._process is not None
        child._process.send_signal(signal.SIGKILL)
        child._process.wait()
        with pytest.raises(CommandError, match="the sandbox does not answer: it ended with -9"):
            child.advance(1)


def test_a_child_that_cannot_start_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(CommandError, match=r"does not start: .*--seed"),
        SandboxChild([*arguments(tmp_path), "--seed", "x"], tmp_path / "stderr.log", {}),
    ):
        pass


def test_the_child_takes_the_port_it_had_before(tmp_path: Path) -> None:
    port = free_port()
    with SandboxChild(arguments(tmp_path), tmp_path / "stderr.log", {"--port": port}) as child:
        assert child.ready["port"] == port


@pytest.mark.slow
@pytest.mark.timeout(300)  # two whole plays, each with a gateway and an SFTP server beside it
def test_everything_is_played_with_dagster_as_processes_of_their_own(tmp_path: Path, played: Played) -> None:
    first, second = (punchout("sandbox", "run", *HANDFUL, "--home", str(tmp_path / "home")) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    ended, again = last_line(first.stdout), last_line(second.stdout)
    assert ended["differences"] == again["differences"] == "0"
    assert ended["ledger_hash"] == again["ledger_hash"] == last_line(played.first.stdout)["ledger_hash"]
    assert Path(ended["report"]).is_file()
    assert [again[name] for name in ("documents_new", "orders_sent", "bc_updates")] == ["0"] * 3


class Cuts:
    """Five places at which a run is cut short, each once.

    When a round's documents have been delivered and posted, before a sync, after one, after a send, before a compare.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = ["delivered", "before", "after", "sent", "compare"]
        self._syncs = 0
        sync_with(monkeypatch, self._sync)
        monkeypatch.setattr(sandbox_rounds, "send_now", self._send)
        cut, told, advance = self._cut_before_comparing, SandboxChild.told, SandboxChild.advance

        def cut_or_told(child: SandboxChild, name: str) -> dict[str, Any]:
            cut()
            return told(child, name)

        def advanced_and_cut(child: SandboxChild, round_number: int) -> dict[str, Any]:
            outcome = advance(child, round_number)
            if round_number > 1:
                self._cut("delivered")
            return outcome

        monkeypatch.setattr(SandboxChild, "told", cut_or_told)
        monkeypatch.setattr(SandboxChild, "advance", advanced_and_cut)

    def _cut(self, place: str) -> None:
        if place in self.left:
            self.left.remove(place)
            raise KeyboardInterrupt

    def _sync(self, settings: Settings, as_of: Micros | None) -> Outcome:
        self._syncs += 1
        if self._syncs > 1:
            self._cut("before")
        done = plain_sync(settings, as_of)
        if self._syncs > 2:
            self._cut("after")
        return done

    def _send(self, *arguments: Any) -> Sent:  # noqa: ANN401 - as they come
        sent = send_now(*arguments)
        self._cut("sent")
        return sent

    def _cut_before_comparing(self) -> None:
        if "sent" not in self.left:
            self._cut("compare")


def in_ledger(settings: Settings, statement: str) -> None:
    """Change a ledger behind everybody's back."""
    from punchout.ledger.engine import open_engine

    engine = open_engine(settings.database.sqlalchemy_url())
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def arguments(folder: Path) -> list[str]:
    """Give the arguments of a sandbox that lives in this folder."""
    names = ("home", "cxml-drop", "bc-requests", "bc-orders", "bc-updates")
    return [part for name in names for part in (f"--{name}", str(folder / name))] + ["--seed", "7"]
