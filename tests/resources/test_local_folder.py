"""The mailbox in a folder: what is settled, what may be fetched and removed, and that no name leads out of it."""

import errno
import json
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from resources.local_folder import LocalFolder
from resources.mailbox import Entry, EntryNotReady, EntryTooLarge, Mailbox, MailboxUnavailable
from tests.support.lanes import data_folder

LIMIT = 1000
OUTWARD = ["../x.xml", "/etc/passwd", "a/../../x.xml", "..", ".", "", "a\x00b"]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, data: bytes = b"<cXML/>") -> Entry:
    (folder / name).write_bytes(data)
    return next(entry for entry in LocalFolder(folder).settled() if entry.name == name)


def names(folder: Path) -> list[str]:
    return [entry.name for entry in LocalFolder(folder).list_settled(100)]


def test_a_local_folder_is_a_mailbox(inbox: Path) -> None:
    mailbox: Mailbox = LocalFolder(inbox)
    assert mailbox.list_settled(1) == []


def test_a_settled_file_is_listed_with_size_and_time(inbox: Path) -> None:
    entry = put(inbox, "a.xml", b"12345")
    assert (entry.name, entry.size) == ("a.xml", 5)
    assert abs(entry.modified - time.time() * 1e6) < 60e6


@pytest.mark.parametrize("name", ["a.xml.part", ".a.xml", ".a.xml.part", "a.xml.filepart", "a.xml.TMP"])
def test_an_upload_in_progress_is_passed_over(inbox: Path, name: str) -> None:
    (inbox / name).write_bytes(b"<cX")
    assert names(inbox) == []


def test_folders_links_and_pipes_are_passed_over(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_bytes(b"secret")
    (inbox / "folder.xml").mkdir()
    (inbox / "link.xml").symlink_to(tmp_path / "secret.xml")
    (inbox / "dangling.xml").symlink_to(tmp_path / "nothing")
    os.mkfifo(inbox / "pipe.xml")
    assert names(inbox) == []


def test_a_file_that_is_still_young_is_not_settled(inbox: Path) -> None:
    put(inbox, "a.xml")
    os.utime(inbox / "a.xml", (0, 0))
    assert LocalFolder(inbox, settle_seconds=60).list_settled(10) == []


def test_a_file_that_has_stayed_as_it_is_is_settled(inbox: Path) -> None:
    put(inbox, "a.xml")
    time.sleep(0.05)
    assert len(LocalFolder(inbox, settle_seconds=0.02).list_settled(10)) == 1


def test_a_time_that_lies_ahead_does_not_hold_a_file_back(inbox: Path) -> None:
    put(inbox, "a.xml")
    os.utime(inbox / "a.xml", (4e9, 4e9))
    assert names(inbox) == ["a.xml"]


def test_no_more_than_the_limit_is_listed(inbox: Path) -> None:
    for number in range(5):
        put(inbox, f"{number}.xml")
    assert len(LocalFolder(inbox).list_settled(3)) == 3


def test_entries_may_be_removed_while_they_are_listed(inbox: Path) -> None:
    for number in range(500):
        (inbox / f"{number}.xml").write_bytes(b"x")
    mailbox = LocalFolder(inbox)
    settled = mailbox.settled()
    while batch := list(islice(settled, 50)):
        assert all(mailbox.remove(entry) for entry in batch)
    assert list(inbox.iterdir()) == []


def test_a_file_that_another_takes_during_the_listing_is_passed_over(inbox: Path) -> None:
    for number in range(3):
        put(inbox, f"{number}.xml")
    settled = LocalFolder(inbox).settled()
    first = next(settled).name
    for path in inbox.iterdir():
        path.unlink()
    assert [entry.name for entry in settled] in ([], [first])


def test_a_file_is_fetched_whole(inbox: Path) -> None:
    entry = put(inbox, "a.xml", b"\x00\xff" * 100)
    assert LocalFolder(inbox).fetch(entry, 200) == b"\x00\xff" * 100


def test_a_file_above_the_limit_is_not_read(inbox: Path) -> None:
    entry = put(inbox, "a.xml", b"x" * 11)
    with pytest.raises(EntryTooLarge):
        LocalFolder(inbox).fetch(entry, 10)


def test_a_file_that_grew_since_it_was_listed_is_not_taken(inbox: Path) -> None:
    entry = put(inbox, "a.xml", b"<cXML>")
    with (inbox / "a.xml").open("ab") as file:
        file.write(b"</cXML>")
    with pytest.raises(EntryNotReady):
        LocalFolder(inbox).fetch(entry, LIMIT)


def test_a_file_that_changes_while_it_is_read_is_not_taken(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = put(inbox, "a.xml", b"<cXML>")
    real = os.fstat

    def fstat_then_grow(descriptor: int) -> os.stat_result:
        status = real(descriptor)
        (inbox / "a.xml").write_bytes(b"<cXML></cXML>")
        return status

    monkeypatch.setattr(os, "fstat", fstat_then_grow)
    with pytest.raises(EntryNotReady, match="while it was read"):
        LocalFolder(inbox).fetch(entry, LIMIT)


def test_a_file_that_was_taken_by_another_is_not_ready(inbox: Path) -> None:
    entry = put(inbox, "a.xml")
    (inbox / "a.xml").unlink()
    with pytest.raises(EntryNotReady):
        LocalFolder(inbox).fetch(entry, LIMIT)


def test_a_link_planted_after_the_listing_is_not_followed(inbox: Path, tmp_path: Path) -> None:
    entry = put(inbox, "a.xml", b"secret")
    (inbox / "a.xml").rename(tmp_path / "secret")
    (inbox / "a.xml").symlink_to(tmp_path / "secret")
    with pytest.raises(EntryNotReady):
        LocalFolder(inbox).fetch(entry, LIMIT)


@pytest.mark.timeout(10)
def test_a_pipe_planted_after_the_listing_does_not_hold_the_reader(inbox: Path) -> None:
    entry = put(inbox, "a.xml")
    (inbox / "a.xml").unlink()
    os.mkfifo(inbox / "a.xml")
    with pytest.raises(EntryNotReady):
        LocalFolder(inbox).fetch(entry, LIMIT)


def test_a_committed_file_is_removed(inbox: Path) -> None:
    entry = put(inbox, "a.xml")
    assert LocalFolder(inbox).remove(entry)
    assert names(inbox) == []


def test_a_file_that_is_gone_already_counts_as_removed(inbox: Path) -> None:
    entry = put(inbox, "a.xml")
    (inbox / "a.xml").unlink()
    assert LocalFolder(inbox).remove(entry)


def test_a_file_that_may_not_be_removed_is_told(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    entry = put(inbox, "a.xml")
    monkeypatch.setattr(os, "unlink", forbidden)
    with pytest.raises(MailboxUnavailable, match=r"a\.xml cannot be removed: Permission denied"):
        LocalFolder(inbox).remove(entry)


def test_a_new_file_under_the_old_name_is_not_removed(inbox: Path) -> None:
    entry = put(inbox, "a.xml", b"first")
    put(inbox, "a.xml", b"second one")
    assert not LocalFolder(inbox).remove(entry)
    assert names(inbox) == ["a.xml"]


@pytest.mark.parametrize("name", OUTWARD)
def test_a_name_that_leads_out_of_the_folder_is_never_used(inbox: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "x.xml").write_bytes(b"outside")
    entry = Entry(name, 7, (tmp_path / "x.xml").stat().st_mtime_ns // 1000)
    mailbox = LocalFolder(inbox)
    with pytest.raises(EntryNotReady):
        mailbox.fetch(entry, LIMIT)
    with pytest.raises(EntryNotReady):
        mailbox.remove(entry)
    assert (tmp_path / "x.xml").read_bytes() == b"outside"


@pytest.mark.parametrize("name", [*OUTWARD, ".a", "a.part", "a\\b", "a b", "é.json", "-rf.json", "a" * 250])
def test_a_delivery_under_such_a_name_is_refused(inbox: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"name for a delivery|longer than"):
        LocalFolder(inbox).deliver(name, b"x")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_delivery_is_whole_and_for_the_owner_alone(inbox: Path) -> None:
    before = os.umask(0)
    try:
        LocalFolder(inbox).deliver("a.json", b"{}")
    finally:
        os.umask(before)
    assert [(path.name, path.read_bytes()) for path in inbox.iterdir()] == [("a.json", b"{}")]
    assert stat.S_IMODE((inbox / "a.json").stat().st_mode) == 0o600


def test_a_delivery_replaces_what_a_cut_short_one_left(inbox: Path) -> None:
    (inbox / ".a.json.part").write_bytes(b"{")
    (inbox / "a.json").write_bytes(b"old")
    LocalFolder(inbox).deliver("a.json", b"new")
    assert {path.name: path.read_bytes() for path in inbox.iterdir()} == {"a.json": b"new"}


def test_a_link_planted_for_a_delivery_is_not_written_through(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"untouched")
    for name in (".a.json.part", "a.json"):
        (inbox / name).symlink_to(tmp_path / "victim")
    LocalFolder(inbox).deliver("a.json", b"new")
    assert (tmp_path / "victim").read_bytes() == b"untouched"
    assert (inbox / "a.json").read_bytes() == b"new"
    assert not (inbox / "a.json").is_symlink()


def test_a_delivery_that_cannot_be_made_shows_readers_nothing(inbox: Path) -> None:
    (inbox / "a.json").mkdir()
    with pytest.raises(MailboxUnavailable, match=r"a\.json cannot be written"):
        LocalFolder(inbox).deliver("a.json", b"{}")
    assert names(inbox) == []
    assert [path.name for path in inbox.iterdir()] == ["a.json"]


def test_a_delivery_is_synced_before_it_is_renamed(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def recorded(name: str) -> None:
        real: Any = getattr(os, name)

        def call(*arguments: object, **named: object) -> object:
            calls.append(name)
            return real(*arguments, **named)

        monkeypatch.setattr(os, name, call)

    recorded("fsync")
    recorded("rename")
    LocalFolder(inbox).deliver("a.json", b"{}")
    assert calls == ["fsync", "rename", "fsync"]


def test_writers_of_one_name_at_once_never_show_a_part(inbox: Path) -> None:
    bodies = [letter * 1_000_000 for letter in (b"a", b"b", b"c")]
    with ThreadPoolExecutor(len(bodies)) as writers:
        written = [writers.submit(LocalFolder(inbox).deliver, "x.json", body) for body in bodies * 10]
        seen = [(inbox / "x.json").read_bytes() for one in written if one.result() is None]
    assert set(seen) <= set(bodies)
    assert [path.name for path in inbox.iterdir()] == ["x.json"]


def test_a_missing_folder_is_an_unavailable_mailbox(tmp_path: Path) -> None:
    mailbox = LocalFolder(tmp_path / "nowhere")
    for attempt in (
        lambda: mailbox.list_settled(1),
        lambda: mailbox.fetch(Entry("a", 1, 1), 1),
        lambda: mailbox.remove(Entry("a", 1, 1)),
        lambda: mailbox.deliver("a", b""),
    ):
        with pytest.raises(MailboxUnavailable):
            attempt()
    assert list(tmp_path.iterdir()) == []


def hostile_names() -> list[str]:
    listed = json.loads((data_folder() / "attacks" / "own" / "filenames.json").read_bytes())
    return [{"LONG-255-BYTES": "é" * 127 + "x", "LONG-300-BYTES": "x" * 300}.get(name, name) for name in listed]


def test_hostile_names_are_taken_as_data_and_touch_nothing_outside(inbox: Path, tmp_path: Path) -> None:
    written = []
    descriptor = os.open(inbox, os.O_RDONLY)
    for name in hostile_names():
        try:
            if "/" not in name:
                os.close(os.open(name, os.O_CREAT | os.O_WRONLY, 0o600, dir_fd=descriptor))
                written.append(name)
        except (OSError, ValueError):
            continue  # a name that no folder can hold
    os.close(descriptor)
    mailbox = LocalFolder(inbox)
    entries = mailbox.list_settled(1000)
    left_alone = {name for name in written if name.startswith(".") or name.endswith((".part", ".filepart", ".tmp"))}
    assert {entry.name for entry in entries} == set(written) - left_alone
    assert all(mailbox.fetch(entry, LIMIT) == b"" and mailbox.remove(entry) for entry in entries)
    assert [path.name for path in tmp_path.iterdir()] == ["inbox"]


def test_hostile_names_that_a_remote_listing_may_hold_are_refused(inbox: Path, tmp_path: Path) -> None:
    mailbox = LocalFolder(inbox)
    for name in hostile_names():
        with pytest.raises(EntryNotReady):
            mailbox.fetch(Entry(name, 0, 0), LIMIT)
    assert [path.name for path in tmp_path.iterdir()] == ["inbox"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\nERROR b.xml", "a\\nERROR b.xml"),
        ("\u202elmx.exe", "\\u202elmx.exe"),
        ("é.xml", "é.xml"),
        (os.fsdecode(b"\xff.xml"), "\\udcff.xml"),
    ],
)
def test_a_name_is_shown_without_control_characters(name: str, shown: str) -> None:
    assert Entry(name, 0, 0).shown == shown


def test_a_long_name_is_shown_shortened() -> None:
    assert len(Entry("\n" * 255, 0, 0).shown) == 255
