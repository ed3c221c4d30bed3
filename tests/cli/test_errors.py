"""Which errors are answers, and the exit code each gives."""

import errno
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.cli.errors import CommandError, Exit, understood
from punchout.ledger.errors import NotPossibleError
from punchout.ledger.runs import ClockRanBackwardsError
from punchout.ledger.schema import SchemaMismatchError
from resources.errors import ConfigurationError
from resources.mailbox import MailboxUnavailable
from tests.cli.homes import Home, punchout


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigurationError("set it"), Exit.CONFIGURATION),
        (SchemaMismatchError("newer"), Exit.CONFIGURATION),
        (NotPossibleError("sent already"), Exit.USAGE),
        (ClockRanBackwardsError("earlier"), Exit.USAGE),
        (MailboxUnavailable("not mounted"), Exit.UNAVAILABLE),
        (sa.exc.OperationalError("SELECT 1", {}, sqlite3.OperationalError("locked")), Exit.UNAVAILABLE),
        (OSError(errno.ENOSPC, "No space left on device"), Exit.UNAVAILABLE),
        (CommandError("no", Exit.NOT_OK), Exit.NOT_OK),
    ],
)
def test_a_known_error_has_its_exit_code(error: Exception, code: Exit) -> None:
    answer = understood(error)
    assert answer is not None
    assert answer[0] is code


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), FileNotFoundError(errno.ENOENT, "x")])
def test_any_other_error_is_a_fault(error: Exception) -> None:
    assert understood(error) is None


def test_of_a_database_error_only_what_the_database_says_is_told() -> None:
    error = sa.exc.OperationalError("SELECT secret FROM ledger", {}, sqlite3.OperationalError("database is locked"))
    answer = understood(error)
    assert answer is not None
    assert "locked" in answer[1]
    assert "SELECT" not in answer[1]


def test_wrong_settings_are_one_line_without_a_traceback(home: Home) -> None:
    home.write_settings(more='enviroment = "test"\n')
    done = punchout("status")
    assert (done.returncode, done.stdout) == (3, "")
    assert "did you mean environment?" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("home")
def test_a_database_that_is_not_there_is_unavailable() -> None:
    done = punchout("status", PUNCHOUT_DATABASE__URL="postgresql+psycopg://nobody@127.0.0.1:9/none")
    assert (done.returncode, done.stdout) == (7, "")
    assert "Traceback" not in done.stderr


def test_without_a_ledger_reading_says_how_to_make_one_and_makes_none(tmp_path: Path) -> None:
    done = punchout("status", PUNCHOUT_HOME=str(tmp_path))
    assert done.returncode == 3
    assert "`punchout sync` makes one" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_fault_has_a_traceback_and_exit_code_one(home: Home) -> None:
    (home.path / "ledger.sqlite3").write_bytes(b"not a database, and long enough to be looked at" * 20)
    for name in ("ledger.sqlite3-wal", "ledger.sqlite3-shm"):
        (home.path / name).unlink(missing_ok=True)
    done = punchout("status")
    assert done.returncode == 1
    assert "Traceback" in done.stderr
