"""`punchout sandbox run --profile postgres`: the same script on a PostgreSQL server that comes and goes."""

import importlib.util
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.cli import sandbox_postgres_folder
from punchout.cli.errors import CommandError
from punchout.cli.sandbox_postgres import PostgresChild
from punchout.cli.sandbox_postgres_folder import LINK, postgres_folder, remove_postgres
from tests.cli.homes import Outcome, plain_sync, run, sync_with
from tests.cli.sandbox_runs import HANDFUL, last_line
from tests.cli.test_sandbox import LAST_MOMENT

pytestmark = [pytest.mark.sandbox, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _own_temporary_files(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let what is made among the temporary files be gone afterwards; the folder is one that everybody gets to."""
    # pytest's own folder is for the whole session.
    tmp_path_factory.getbasetemp()
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that everybody may pass through, with a name short enough for a socket in it."""
    folder = tmp_path_factory.getbasetemp() / f"pg{os.urandom(3).hex()}"
    folder.mkdir()
    return folder


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home folder that nobody but its owner gets to, and its programs neither; run as root, this matters."""
    monkeypatch.setattr(sandbox_postgres_folder, "_is_open_to_others", lambda _: False)
    monkeypatch.setattr(sandbox_postgres_folder, "_LONGEST_FOLDER", 0)
    return tmp_path


def is_served(home: Path) -> bool:
    return (home / LINK / ".s.PGSQL.5432").exists()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_script_is_played_on_it_and_goes_on_with_the_same_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_with(monkeypatch, plain_sync)
    home = tmp_path / "home"
    first = run("sandbox", "run", *HANDFUL, "--profile", "postgres", "--home", str(home))
    ended = last_line(first.stdout)
    assert (first.exit_code, ended["differences"], ended["as_of"]) == (0, "0", LAST_MOMENT), first.stderr
    assert not is_served(home)
    assert not (home / "ledger.sqlite3").exists()
    again = last_line(run("sandbox", "run", *HANDFUL, "--home", str(home)).stdout)
    assert [again[name] for name in ("documents_new", "orders_sent", "differences")] == ["0"] * 3
    assert again["ledger_hash"] == ended["ledger_hash"]
    other = run("sandbox", "run", *HANDFUL, "--profile", "sqlite", "--home", str(home))
    assert (other.exit_code, "--fresh starts over" in other.stderr) == (2, True)


def test_where_the_home_folder_is_out_of_reach_the_server_stands_elsewhere_until_it_starts_over(closed: Path) -> None:
    folder = postgres_folder(closed)
    assert not folder.path.is_relative_to(closed)
    with PostgresChild(folder):
        engine = sa.create_engine(folder.url)
        with engine.connect() as connection:
            assert connection.execute(sa.text("SELECT current_database()")).scalar_one() == "punchout"
        engine.dispose()
    assert (folder.path / "programs").is_dir() is (os.geteuid() == 0)
    remove_postgres(closed)
    assert not folder.path.exists()
    assert not (closed / LINK).is_symlink()


def test_nobody_else_can_look_into_its_folder(short: Path) -> None:
    folder = postgres_folder(short)
    assert folder.path.stat().st_mode & 0o077 == 0
    assert folder.path.stat().st_uid == (os.geteuid() if folder.user is None else folder.user.pw_uid)


def test_it_ends_with_whoever_started_it_and_starts_again(short: Path) -> None:
    folder = postgres_folder(short)
    with PostgresChild(folder) as first:
        assert first._keeper is not None
        assert first._keeper.stdin is not None
        first._keeper.stdin.close()
        assert first._keeper.wait(20) == 0
    assert not is_served(short)
    with PostgresChild(folder):
        assert is_served(short)


def test_data_that_is_gone_is_a_clear_error(closed: Path) -> None:
    shutil.rmtree(postgres_folder(closed).path)
    with pytest.raises(CommandError, match="is gone; --fresh starts over"):
        postgres_folder(closed)


def test_a_server_that_cannot_start_says_why(short: Path) -> None:
    folder = postgres_folder(short)
    folder.initialise()
    (folder.path / "data" / "postgresql.conf").write_text("no such thing\n")
    with (
        pytest.raises(CommandError, match=r"PostgreSQL does not start: .*no such thing|syntax error"),
        PostgresChild(folder),
    ):
        pass


def test_without_its_packages_it_says_what_installs_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(sandbox_postgres_folder, "find_spec", lambda name: None if "pgserver" in name else found(name))
    ended = run("sandbox", "run", *HANDFUL, "--profile", "postgres", "--home", str(tmp_path / "home"))
    assert (ended.exit_code, ended.stdout) == (3, "")
    assert "`make run PROFILE=postgres` installs them" in ended.stderr


def test_the_profile_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync_with(monkeypatch, lambda _settings, _as_of: Outcome(success=False, failure="enough"))
    home = tmp_path / "home"
    assert run("sandbox", "run", *HANDFUL, "--profile", "postgres", "--home", str(home)).exit_code == 1
    assert json.loads((home / "sandbox.json").read_text())["profile"] == "postgres"
    assert "postgresql+psycopg://postgres@/punchout?host=" in (home / "punchout.toml").read_text()
