"""A home folder with settings and a small ledger for the tests of the command line. No tests live here."""

import json
import os
import pty
import shutil
import subprocess
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from typer.testing import CliRunner, Result

from punchout.cli.main import app
from punchout.ledger.sending.outbox import OutboxOrder
from punchout.model.moments import Micros
from resources.exchange import open_ledger
from resources.settings import Settings
from tests.resources.suppliers import Behaviour, Server, answers
from tests.support.ledgers import put_migrated
from tests.support.plays import Play, settings_for
from tests.support.purchases import ACCOUNT, HOST

ROOT = Path(__file__).parents[2]
SECRET = "the-secret-of-these-tests"  # noqa: S105 - made up


_TOML = """\
environment = "production"
[company]
id = "{company}"
zone = "America/Los_Angeles"
[supplier]
id = "{supplier}"
identities = [{{ domain = "NetworkId", identity = "Amazon" }}]
our_identity = {{ domain = "NetworkId", identity = "ContosoPunchout" }}
supplier_identity = {{ domain = "NetworkId", identity = "Amazon" }}
payload_host = "{host}"
order_url = "{url}"
shared_secret = "file:{secret}"
[orders]
sent_by = "pipeline"
send_enabled = true
cutover_at = 2026-01-01T00:00:00Z
connect_timeout_seconds = 2
read_timeout_seconds = 3
[orders.bill_to]
name = "Contoso"
street = ["1 Main St"]
city = "Seattle"
country = "US"
[cart]
received_by = "pipeline"
"""
_NOWHERE = "http://127.0.0.1:9/orders"


def response(code: int, text: str) -> Behaviour:
    """Answers with a cXML Status."""
    body = (
        '<?xml version="1.0"?><cXML payloadID="r@amazon.example" timestamp="2026-03-03T10:00:00+00:00">'
        f'<Response><Status code="{code}" text="{text}"/></Response></cXML>'
    )
    return answers(body.encode(), "200 OK", "Content-Type: text/xml; charset=UTF-8")


class Home:
    """A home folder, its settings file, its ledger with a `Play` over it, and the commands run in it.

    Args:
        path: of the folder, which is made.
        monkeypatch: sets the variable by which commands find it.
        like: a home that this one begins as a copy of; by default the ledger is empty.
    """

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch, like: "Home | None" = None) -> None:
        self.path = path
        if like is None:
            path.mkdir(mode=0o700)
            put_migrated(path / "ledger.sqlite3")
        else:
            shutil.copytree(like.path, path)
        secret = path / "secret"
        secret.write_text(SECRET)
        secret.chmod(0o600)
        self.write_settings()
        self.monkeypatch = monkeypatch
        monkeypatch.setenv("PUNCHOUT_HOME", str(path))
        self.engine = open_ledger(settings_for(path))
        self.play = Play(self.engine, path)
        if like is not None:
            self.play.now, self.play._syncs = like.play.now, like.play._syncs

    def write_settings(self, url: str = _NOWHERE, more: str = "") -> None:
        """Write the settings file; `more` comes first, where sections have not begun."""
        text = _TOML.format(
            company=ACCOUNT.company, supplier=ACCOUNT.supplier, host=HOST, url=url, secret=self.path / "secret"
        )
        (self.path / "punchout.toml").write_text(more + text)

    @contextmanager
    def supplier(self, behave: Behaviour) -> Iterator[Server]:
        """Let orders go to a server that behaves like this."""
        with Server(behave) as server:
            self.write_settings(server.url)
            yield server

    def run(self, *arguments: str, stdin: str | None = None) -> Result:
        """Run a command in this process."""
        return run(*arguments, stdin=stdin)

    def json(self, *arguments: str) -> Any:  # noqa: ANN401 - whatever the command prints
        """Run a command that must succeed, and read what it prints."""
        result = self.run(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def order(self, identifier: str = "PR0001") -> OutboxOrder:
        return self.play.order(identifier)


Story: TypeAlias = Callable[[Home], object]
"""What happens in a home."""
Telling: TypeAlias = Callable[[Story], Home]
"""Makes a home as it is after a story."""


def run(*arguments: str, stdin: str | None = None) -> Result:
    """Run a command in this process; an error that is no answer is raised."""
    result = CliRunner().invoke(app, list(arguments), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def punchout(
    *arguments: str, cwd: Path = ROOT, stdin: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "punchout", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def at_a_terminal(*arguments: str, typed: str) -> int:
    """Run a command as a person would, at a terminal, answering its question; gives its exit code."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-m", "punchout", *arguments])  # noqa: S606 - ours
    os.write(terminal, f"{typed}\n".encode())
    try:
        while os.read(terminal, 1024):
            pass
    except OSError:
        # How the end of a terminal's child reads on Linux.
        pass
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a sync came to, in the place of the one that `pipelines` gives."""

    run_id: str = "run-1"
    as_of: Micros = 0
    success: bool = True
    counts: Mapping[str, Any] = field(default_factory=dict)
    failed_checks: tuple[str, ...] = ()
    failure: str | None = None
    report: Path | None = None


def sync_with(monkeypatch: pytest.MonkeyPatch, run_sync: Any) -> None:  # noqa: ANN401 - any stand-in for run_sync
    """Put something in the place of the sync that Dagster runs, which takes seconds."""
    stand_in = types.ModuleType("pipelines.running")
    stand_in.run_sync = run_sync  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pipelines.running", stand_in)


def plain_sync(settings: Settings, as_of: Micros | None) -> Outcome:
    """Sync without Dagster, by the same steps."""
    from punchout.ledger.runs import close_run, open_run
    from resources.exchange import Exchange, wall_clock

    engine = open_ledger(settings)
    try:
        name = os.urandom(8).hex()
        with engine.begin() as connection:
            moment = open_run(connection, name, as_of, wall_clock())
        exchange = Exchange(settings, engine, moment)
        exchange.receive()
        exchange.import_exports("bc_requests")
        exchange.import_exports("bc_orders")
        exchange.parse()
        exchange.touch_due()
        exchange.settle()
        exchange.queue_orders()
        exchange.settle()
        exchange.dispatch()
        exchange.recheck_waiting()
        exchange.settle()
        exchange.update_business_central()
        with engine.begin() as connection:
            close_run(connection, name, {}, wall_clock())
    finally:
        engine.dispose()
    return Outcome(run_id=name, as_of=moment)
