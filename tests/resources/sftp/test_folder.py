"""The mailbox on an SFTP server: the main path, against OpenSSH's own server."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from resources.errors import ConfigurationError
from resources.mailbox import Entry, EntryNotReady, EntryTooLarge, Mailbox, MailboxUnavailable
from resources.secrets import SecretReference
from resources.sftp.folder import SftpFolder
from tests.support.ssh_servers import Keys, OpenSsh, openssh

pytestmark = pytest.mark.sshd

LIMIT = 1_000_000


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSsh]:
    with openssh(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def box(sshd: OpenSsh, inbox: Path) -> Iterator[SftpFolder]:
    mailbox = SftpFolder(sshd.server, str(inbox))
    yield mailbox
    mailbox.close()


def put(inbox: Path, *names: str, data: bytes = b"<cXML/>") -> None:
    for name in names:
        (inbox / name).write_bytes(data)


def names(box: SftpFolder) -> list[str]:
    return [entry.name for entry in box.list_settled(10_000)]


def test_a_folder_of_a_server_is_a_mailbox(box: SftpFolder) -> None:
    mailbox: Mailbox = box
    assert mailbox.list_settled(1) == []


def test_a_file_is_listed_with_its_size_and_time(box: SftpFolder, inbox: Path) -> None:
    put(inbox, "a.xml", data=b"12345")
    (entry,) = box.settled()
    assert (entry.name, entry.size) == ("a.xml", 5)
    assert abs(entry.modified - time.time() * 1e6) < 60e6


@pytest.mark.parametrize("size", [0, 1, 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 700_000])
def test_a_file_is_fetched_whole(box: SftpFolder, inbox: Path, size: int) -> None:
    data = os.urandom(size)
    put(inbox, "a.xml", data=data)
    (entry,) = box.settled()
    assert box.fetch(entry, LIMIT) == data


@pytest.mark.parametrize("size", [0, 1, 32 * 1024, 1024 * 1024, 3_000_000])
def test_a_file_is_given_piece_by_piece(box: SftpFolder, inbox: Path, size: int) -> None:
    data = os.urandom(size)
    put(inbox, "a.xml", data=data)
    (entry,) = box.settled()
    pieces = list(box.pieces(entry))
    assert (b"".join(pieces), max(map(len, pieces), default=0) <= 1024 * 1024) == (data, True)


def test_a_thousand_files_are_fetched_in_the_order_asked_for_and_removed(box: SftpFolder, inbox: Path) -> None:
    for number in range(1000):
        put(inbox, f"{number:04}.xml", data=f"<n>{number}</n>".encode())
    entries = sorted(box.settled())
    assert [(entry.name, data) for entry, data in box.fetch_all(entries, LIMIT)] == [
        (f"{number:04}.xml", f"<n>{number}</n>".encode()) for number in range(1000)
    ]
    assert {gone for _, gone in box.remove_all(entries)} == {True}
    assert list(inbox.iterdir()) == []


def test_files_can_be_removed_while_others_are_still_fetched(box: SftpFolder, inbox: Path) -> None:
    put(inbox, *(f"{number}.xml" for number in range(300)))
    fetched = box.fetch_all(sorted(box.settled()), LIMIT)
    for entry, data in fetched:
        assert data == b"<cXML/>"
        assert box.remove(entry)
    assert list(inbox.iterdir()) == []


def test_a_file_above_the_limit_is_not_read(box: SftpFolder, inbox: Path) -> None:
    put(inbox, "big.xml", "small.xml", data=b"x" * 11)
    put(inbox, "small.xml", data=b"x")
    outcomes = {entry.name: outcome for entry, outcome in box.fetch_all(sorted(box.settled()), 10)}
    assert isinstance(outcomes["big.xml"], EntryTooLarge)
    assert outcomes["small.xml"] == b"x"


@pytest.mark.parametrize("name", ["a.xml.part", ".a.xml", "a.xml.filepart", "a.xml.TMP"])
def test_an_upload_in_progress_is_passed_over(box: SftpFolder, inbox: Path, name: str) -> None:
    put(inbox, name)
    assert names(box) == []


def test_folders_links_and_pipes_are_passed_over(box: SftpFolder, inbox: Path, tmp_path: Path) -> None:
    put(tmp_path, "secret.xml")
    (inbox / "folder.xml").mkdir()
    (inbox / "link.xml").symlink_to(tmp_path / "secret.xml")
    os.mkfifo(inbox / "pipe.xml")
    assert names(box) == []


@pytest.mark.parametrize("name", [" lead.xml", "a b;rm -rf.xml", "ü.xml", "a\nb.xml", "-rf.xml", "$(x).xml", "'\".xml"])
def test_a_name_is_data_and_nothing_else(box: SftpFolder, inbox: Path, name: str) -> None:
    put(inbox, name, data=name.encode())
    (entry,) = box.settled()
    assert box.fetch(entry, LIMIT) == name.encode()
    assert box.remove(entry)
    assert list(inbox.iterdir()) == []


def test_a_name_in_another_encoding_comes_back_as_it_was(box: SftpFolder, inbox: Path) -> None:
    (Path(os.fsdecode(bytes(inbox) + b"/\xff.xml"))).write_bytes(b"x")
    (entry,) = box.settled()
    assert box.fetch(entry, LIMIT) == b"x"
    assert box.remove(entry)
    assert entry.shown.isprintable()


@pytest.mark.parametrize("name", ["../x.xml", "/etc/passwd", "..", "", "a\x00b"])
def test_no_name_leads_out_of_the_folder(box: SftpFolder, inbox: Path, name: str) -> None:
    put(inbox.parent, "x.xml")
    with pytest.raises(EntryNotReady, match="not the name of an entry"):
        box.fetch(Entry(name, 7, 0), LIMIT)
    with pytest.raises(EntryNotReady, match="not the name of an entry"):
        list(box.pieces(Entry(name, 7, 0)))
    with pytest.raises(EntryNotReady, match="not the name of an entry"):
        box.remove(Entry(name, 7, 0))
    assert (inbox.parent / "x.xml").exists()


def test_a_file_that_is_replaced_after_it_was_fetched_stays(box: SftpFolder, inbox: Path) -> None:
    put(inbox, "a.xml", data=b"first")
    (entry,) = box.settled()
    assert box.fetch(entry, LIMIT) == b"first"
    put(inbox, "a.xml", data=b"the second")
    assert not box.remove(entry)
    assert (inbox / "a.xml").read_bytes() == b"the second"
    assert names(box) == ["a.xml"]


def test_a_file_that_is_gone_already_counts_as_removed(box: SftpFolder, inbox: Path) -> None:
    put(inbox, "a.xml")
    (entry,) = box.settled()
    (inbox / "a.xml").unlink()
    assert box.remove(entry)


def test_what_a_removal_cut_short_has_left_is_listed_again_at_once(box: SftpFolder, inbox: Path) -> None:
    put(inbox, ".a.xml.0123456789abcdef.taken", data=b"put aside")
    (entry,) = box.settled()
    assert (entry.name, box.fetch(entry, LIMIT)) == ("a.xml", b"put aside")
    assert names(box) == ["a.xml"]
    assert (inbox / "a.xml").read_bytes() == b"put aside"


def test_what_was_left_aside_does_not_take_the_place_of_a_new_file(box: SftpFolder, inbox: Path) -> None:
    put(inbox, ".a.xml.0123456789abcdef.taken", data=b"put aside")
    put(inbox, "a.xml", data=b"new")
    (entry,) = box.list_settled(10)
    assert box.fetch(entry, LIMIT) == b"new"
    assert box.remove(entry)
    box.list_settled(10)
    assert (inbox / "a.xml").read_bytes() == b"put aside"


def test_a_file_that_still_grows_is_not_settled(sshd: OpenSsh, inbox: Path) -> None:
    put(inbox, "still.xml", "grows.xml")
    box = SftpFolder(sshd.server, str(inbox), settle_seconds=0.2)
    settled = box.settled()

    def grow(_seconds: float) -> None:
        put(inbox, "grows.xml", data=b"<cXML>and more")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("resources.sftp.folder.time.sleep", grow)
        assert [entry.name for entry in settled] == ["still.xml"]
    box.close()


@pytest.mark.parametrize("hours", [-36, 36])
def test_a_server_whose_clock_is_wrong_settles_all_the_same(sshd: OpenSsh, inbox: Path, hours: int) -> None:
    put(inbox, "a.xml")
    stated = time.time() + hours * 3600
    os.utime(inbox / "a.xml", (stated, stated))
    box = SftpFolder(sshd.server, str(inbox), settle_seconds=0.05)
    assert names(box) == ["a.xml"]
    box.close()


def test_a_file_of_last_week_is_settled_without_waiting(sshd: OpenSsh, inbox: Path) -> None:
    put(inbox, "a.xml")
    os.utime(inbox / "a.xml", (time.time() - 7 * 86_400,) * 2)
    box = SftpFolder(sshd.server, str(inbox), settle_seconds=3600)
    assert names(box) == ["a.xml"]
    box.close()


def test_a_delivery_is_whole_for_its_owner_alone_and_replaces_its_like(box: SftpFolder, inbox: Path) -> None:
    data = os.urandom(1_500_000)
    box.deliver("updates.json", b"earlier")
    box.deliver("updates.json", data)
    assert [path.name for path in inbox.iterdir()] == ["updates.json"]
    assert (inbox / "updates.json").read_bytes() == data
    assert (inbox / "updates.json").stat().st_mode & 0o077 == 0


def test_a_name_that_a_reader_would_pass_over_is_not_delivered(box: SftpFolder) -> None:
    with pytest.raises(ValueError, match="not a name for a delivery"):
        box.deliver(".hidden", b"")


def test_a_delivery_into_a_folder_that_is_not_there_is_an_error(sshd: OpenSsh, inbox: Path) -> None:
    box = SftpFolder(sshd.server, str(inbox / "nowhere"))
    with pytest.raises(MailboxUnavailable, match="cannot be written: it is not there"):
        box.deliver("a.json", b"")
    box.close()


def test_a_folder_that_is_not_there_cannot_be_listed(sshd: OpenSsh, inbox: Path) -> None:
    box = SftpFolder(sshd.server, str(inbox / "nowhere"))
    with pytest.raises(MailboxUnavailable, match="cannot be listed: it is not there"):
        box.list_settled(1)
    box.close()


def test_a_closed_mailbox_connects_again(box: SftpFolder, inbox: Path) -> None:
    put(inbox, "a.xml")
    box.list_settled(1)
    box.close()
    assert names(box) == ["a.xml"]


def test_a_server_is_trusted_by_its_fingerprint(sshd: OpenSsh, inbox: Path) -> None:
    put(inbox, "a.xml")
    box = SftpFolder(replace(sshd.server, known_hosts=None, fingerprint=sshd.host_key.fingerprint), str(inbox))
    assert names(box) == ["a.xml"]
    box.close()


def test_a_server_with_another_fingerprint_is_not_spoken_to(sshd: OpenSsh) -> None:
    other = replace(sshd.server, known_hosts=None, fingerprint=f"SHA256:{'A' * 43}")
    with pytest.raises(ConfigurationError, match="a key that is not trusted"):
        SftpFolder(other, ".").list_settled(1)


def test_a_server_whose_key_has_changed_is_not_spoken_to(sshd: OpenSsh, tmp_path: Path) -> None:
    known = tmp_path / "known_hosts"
    known.write_text(f"[127.0.0.1]:{sshd.port} {Keys.made(tmp_path / 'other').public}\n")
    with pytest.raises(ConfigurationError, match="a key that is not trusted"):
        SftpFolder(replace(sshd.server, known_hosts=known), ".").list_settled(1)


def test_a_server_that_nobody_knows_is_not_spoken_to(sshd: OpenSsh, tmp_path: Path) -> None:
    known = tmp_path / "known_hosts"
    known.write_text("")
    with pytest.raises(ConfigurationError, match="is not in"):
        SftpFolder(replace(sshd.server, known_hosts=known), ".").list_settled(1)


def test_a_key_that_the_server_does_not_know_is_not_let_in(sshd: OpenSsh, tmp_path: Path) -> None:
    stranger = SecretReference.parse(f"file:{Keys.made(tmp_path / 'stranger').private}")
    with pytest.raises(ConfigurationError, match="does not let"):
        SftpFolder(replace(sshd.server, private_key=stranger), ".").list_settled(1)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_keys_of_other_kinds_are_read_too(sshd: OpenSsh, tmp_path: Path, kind: str) -> None:
    key = SecretReference.parse(f"file:{Keys.made(tmp_path / 'key', kind).private}")
    with pytest.raises(ConfigurationError, match="does not let"):
        SftpFolder(replace(sshd.server, private_key=key), ".").list_settled(1)


def test_a_key_that_is_none_is_an_error_that_does_not_show_it(sshd: OpenSsh, tmp_path: Path) -> None:
    nonsense = tmp_path / "key"
    nonsense.write_text("s3cret")
    nonsense.chmod(0o600)
    with pytest.raises(ConfigurationError, match="no private key") as raised:
        SftpFolder(replace(sshd.server, private_key=SecretReference.parse(f"file:{nonsense}")), ".").list_settled(1)
    assert "s3cret" not in str(raised.value)


def test_a_server_that_is_not_there_is_unavailable(sshd: OpenSsh) -> None:
    with pytest.raises(MailboxUnavailable, match="cannot be reached: Connection refused"):
        SftpFolder(replace(sshd.server, port=1), ".").list_settled(1)
