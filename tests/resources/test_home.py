"""The home folder: what is made, for whom, and what is left alone."""

import errno
import os
import stat
from pathlib import Path

import pytest

from punchout.ledger.engine import open_engine
from punchout.ledger.schema import upgrade
from resources.errors import ConfigurationError
from resources.home import prepare_home
from resources.settings import load_settings


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folders_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "a/home"
    prepare_home(load_settings(home=home))
    made = sorted(str(path.relative_to(home)) for path in home.rglob("*"))
    assert made == [
        "archive",
        "dagster",
        "inbox",
        "inbox/bc-orders",
        "inbox/bc-requests",
        "inbox/cxml",
        "outbox",
        "outbox/bc-updates",
        "reports",
    ]
    assert {mode_of(path) for path in [home, *home.rglob("*")]} == {0o700}


def test_files_made_afterwards_are_the_owners_alone(tmp_path: Path) -> None:
    os.umask(0o022)
    prepare_home(load_settings(home=tmp_path / "home"))
    (tmp_path / "home/ledger.sqlite3").write_bytes(b"")
    assert mode_of(tmp_path / "home/ledger.sqlite3") == 0o600


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home")
    prepare_home(settings)
    waiting = tmp_path / "home/inbox/cxml/waiting.xml"
    waiting.write_bytes(b"<cXML/>")
    prepare_home(settings)
    assert waiting.read_bytes() == b"<cXML/>"


def test_a_feed_elsewhere_is_not_made(tmp_path: Path) -> None:
    share = tmp_path / "share/drop"
    prepare_home(load_settings(home=tmp_path / "home", overrides={"feeds": {"cxml": {"path": share}}}))
    assert not share.exists()


def test_a_file_where_a_folder_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be made"):
        prepare_home(load_settings(home=tmp_path / "home"))


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EIO])
def test_a_failing_disk_is_no_mistake_in_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(reason, os.strerror(reason))

    settings = load_settings(home=tmp_path / "home")
    monkeypatch.setattr(Path, "mkdir", fail)
    with pytest.raises(OSError, match=os.strerror(reason)):
        prepare_home(settings)


def test_the_files_beside_a_ledger_are_its_owner_s_alone_whatever_the_umask(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    upgrade(engine)
    with engine.connect():
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    engine.dispose()
    assert modes == dict.fromkeys(("ledger.sqlite3", "ledger.sqlite3-wal", "ledger.sqlite3-shm"), 0o600)
