"""A report is whole or not there, and is its owner's alone."""

import fcntl
import os
import stat
from pathlib import Path
from threading import Thread

import pytest

from punchout.reports.files import write_private


def test_the_file_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    os.umask(0)
    write_private(tmp_path / "report.html", b"new")
    assert stat.S_IMODE((tmp_path / "report.html").stat().st_mode) == 0o600


def test_a_reader_of_the_earlier_file_keeps_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_private(path, b"old")
    with path.open("rb") as earlier:
        write_private(path, b"new")
        assert earlier.read() == b"old"
    assert path.read_bytes() == b"new"


def test_a_file_that_everybody_could_read_is_replaced_by_one_that_they_cannot(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_is_replaced_and_what_it_points_to_stays(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"not ours")
    path = tmp_path / "report.html"
    path.symlink_to(elsewhere)
    write_private(path, b"new")
    assert elsewhere.read_bytes() == b"not ours"
    assert not path.is_symlink()


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_write_that_fails_leaves_the_earlier_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "report.html"
    write_private(path, b"old")

    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="no space left"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    assert [left.name for left in tmp_path.iterdir()] == ["report.html"]


def test_the_bytes_are_on_the_disk_before_the_name_points_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    really_sync, really_rename = os.fsync, os.rename

    def sync(descriptor: int) -> None:
        steps.append("sync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync file")
        really_sync(descriptor)

    def rename(source: str, target: str, **folders: int) -> None:
        steps.append("rename")
        really_rename(source, target, **folders)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "rename", rename)
    write_private(tmp_path / "report.html", b"new")
    assert steps == ["sync file", "rename", "sync folder"]


def test_what_a_crash_left_unfinished_goes_with_the_next_writing(tmp_path: Path) -> None:
    (tmp_path / ".report.html.part").write_bytes(b"half a rep")
    write_private(tmp_path / "report.html", b"new")
    assert [left.name for left in tmp_path.iterdir()] == ["report.html"]


def test_a_writer_waits_for_the_one_before_it(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    writer = Thread(target=write_private, args=(tmp_path / "report.html", b"new"))
    writer.start()
    writer.join(0.1)
    assert list(tmp_path.iterdir()) == []
    os.close(folder)
    writer.join(10)
    assert (tmp_path / "report.html").read_bytes() == b"new"
