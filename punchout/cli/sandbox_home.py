"""A home folder of the sandbox: how it is recognised, set up, taken up again and cleared. Nobody else's is touched."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from punchout.cli.child_process import free_port
from punchout.cli.errors import CommandError, Exit
from punchout.cli.sandbox_doors import Doors, SandboxDoors
from punchout.cli.sandbox_postgres_folder import LINK, remove_postgres
from punchout.cli.start import write_new
from punchout.sandbox.identifiers import Identifiers

Step: TypeAlias = Literal["begun", "synced", "acted", "compared"]

DEFAULT_SEED = 7
BUYER = "ContosoPunchout"

_MARKER = "sandbox.json"
_LOCK = "sandbox.lock"
_MADE = (
    "ledger.sqlite3", "ledger.sqlite3-wal", "ledger.sqlite3-shm", "dagster", "inbox", "outbox", "reports", "sandbox",
    "secrets", "punchout.toml", "sending-epoch.json", "oversize", "archive", _MARKER,
)  # fmt: skip
# Not the dagster folder: `make dev` makes that before anything else is there.
_SIGNS_OF_OTHERS = ("ledger.sqlite3", "inbox", "outbox", "secrets", "punchout.toml", LINK)

_SETTINGS = """\
# Settings of the sandbox, made by `punchout sandbox run`. --fresh makes them anew.
environment = "production"

[company]
id = "CONTOSO"
zone = "America/Los_Angeles"
local_currency = "USD"

[supplier]
id = "AMAZON"
identities = [{{ domain = "NetworkId", identity = "Amazon" }}]
our_identity = {{ domain = "NetworkId", identity = "{buyer}" }}
supplier_identity = {{ domain = "NetworkId", identity = "Amazon" }}
shared_secret = {secret}
order_url = "http://127.0.0.1:{port}/amazon/orders"
payload_host = "punchout.contoso.example"

[orders]
sent_by = "{sent_by}"
send_enabled = true
cutover_at = 2026-03-03T16:00:00Z
max_order_amount = "25000"
max_orders_per_day = 200
max_amount_per_day = "250000"
business_unit = "Contoso Seattle"
connect_timeout_seconds = 5
read_timeout_seconds = 15

[orders.bill_to]
name = "Contoso Accounts Payable"
street = ["1 Main Street"]
city = "Seattle"
state = "WA"
post_code = "98101"
country = "US"

[cart]
received_by = "pipeline"

[logging]
level = "WARNING"
"""
_DATABASE_SETTINGS = """
[database]
url = {url}
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a home folder's script has been played: what was chosen, the round, and the last of its steps done."""

    seed: int = DEFAULT_SEED
    scenario_set: str = "full"
    orders_sent_by: str = "pipeline"
    profile: str = "sqlite"
    doors: str = Doors.ALL.value
    round: int = 0
    step: Step = "compared"


@dataclass(frozen=True, slots=True)
class SandboxHome:
    """A home folder that the sandbox may use."""

    path: Path

    @property
    def secret(self) -> Path:
        """The file with the secret that orders carry."""
        return self.path / "secrets" / "shared-secret"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.path / "punchout.toml"

    @property
    def state(self) -> Path:
        """Where the stand-ins keep their state."""
        return self.path / "sandbox"

    def doors(self, progress: Progress) -> SandboxDoors:
        """Return the doors that it is played through."""
        return SandboxDoors(self.path, progress.doors)

    def progress(self, chosen: Mapping[str, int | str | None]) -> Progress:
        """Return how far it has been played.

        Args:
            chosen: fields of the progress that this run asks for; None leaves one as it is, or takes its default.

        Raises:
            CommandError: it was begun with another choice.
        """
        asked: dict[str, Any] = {name: value for name, value in chosen.items() if value is not None}
        marker = self.path / _MARKER
        if not marker.is_file():
            return replace(Progress(), **asked)
        # A folder of before there was a choice of doors has one.
        found = Progress(**{"doors": Doors.FOLDER.value, **json.loads(marker.read_text(encoding="utf-8"))})
        for name, value in asked.items():
            if value != getattr(found, name):
                known = f"{name.replace('_', ' ')} {getattr(found, name)}"
                raise CommandError(f"{self.path} was begun with {known}; --fresh starts over with another")
        return found

    def note(self, progress: Progress) -> None:
        """Write down how far it has been played, durably and as a whole."""
        target = self.path / _MARKER
        part = target.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            json.dump(asdict(progress), file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)

    def prepare(self, progress: Progress, database_url: str | None = None) -> None:
        """Put into it what is missing: the marker first, then secret and settings, with a database's address if any."""
        if not (self.path / _MARKER).is_file():
            self.note(progress)
        self.secret.parent.mkdir(exist_ok=True)
        if not self.secret.is_file():
            write_new(self.secret, secrets.token_hex(16))
        doors = self.doors(progress)
        doors.prepare(secrets.token_hex(16), Identifiers(progress.seed).sender_secret())
        if not self.settings.is_file():
            text = _settings(progress.orders_sent_by, self.secret) + doors.settings()
            if database_url is not None:
                text += _DATABASE_SETTINGS.format(url=json.dumps(database_url))
            write_new(self.settings, text)

    def clear(self) -> None:
        """Remove everything the sandbox has made, the marker last."""
        remove_postgres(self.path)
        for name in _MADE:
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _settings(sent_by: str, secret: Path) -> str:
    reference = json.dumps(f"file:{secret}")
    return _SETTINGS.format(buyer=BUYER, secret=reference, port=free_port(), sent_by=sent_by)


@contextmanager
def sandbox_home(path: Path, *, fresh: bool) -> Iterator[SandboxHome]:
    """Open a home folder for the sandbox, cleared where it is to start over.

    Raises:
        CommandError: the folder is somebody else's, or in use.
    """
    os.umask(0o077)
    marked = (path / _MARKER).is_file()
    others = [] if marked else [name for name in _SIGNS_OF_OTHERS if (path / name).exists()]
    if others:
        message = f"{path} was not made by the sandbox: {', '.join(others)} would be touched. Name another with --home"
        raise CommandError(message)
    path.mkdir(parents=True, exist_ok=True)
    with (path / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CommandError(f"another sandbox runs in {path}", Exit.LOCKED) from None
        home = SandboxHome(path)
        if fresh and marked:
            home.clear()
        yield home
