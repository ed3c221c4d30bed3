"""The mailbox on an SFTP server that goes wrong: nothing is taken half, nothing is lost, and nothing waits for ever.

Where each fault is tried (F here, C in `test_connecting.py`, M in `test_folder.py` against OpenSSH's server, T in
`test_taking_in.py` as far as into the ledger):

| fault | where |
|---|---|
| refused; the call taken without a word; no SSH server | M: not there. C: says nothing; is no ssh server |
| not let in, by password, by key | C: a wrong password. M: a key that the server does not know |
| its key unknown, changed, of another fingerprint | M: nobody knows; has changed; another fingerprint. C: not trusted |
| disconnect after 0, 1, 32 kB, all but one byte | F: breaks in the middle of a file |
| disconnect at every request, for a while or for good | T: wherever the connection dies |
| silence at every kind of request | T: falls silent at anything. F: falls silent |
| a partial upload, under a name that says so, under its own | M: in progress. T: still uploaded under its own name |
| growing before it is opened, while it is read | F: still grows; grows while it is read |
| renamed while it is read | F: is renamed while it is read |
| deleted between listing and opening | F: is deleted after the listing |
| replaced before it is opened, after it was fetched, during its removal | F: is replaced; replaces. M: replaced |
| 10,000 files; 100,000 | F: ten thousand. `test_large_folders.py` |
| a link, a folder, a pipe under the name of a document | M: links and pipes. F: became a folder |
| permission denied; a server that may only be read | F: is forbidden; may only be read |
| hostile names, names in other encodings | M: is data; another encoding; leads out of the folder |
| a clock 36 hours ahead, behind | M: whose clock is wrong |
| reads that give less than asked for; requests done in another order | F: gives little, less. `test_fetching.py` |
"""

import errno
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import paramiko
import pytest

from resources.mailbox import Entry, EntryNotReady, MailboxUnavailable
from resources.sftp.folder import SftpFolder
from tests.support.faulty_sftp import Faults, FaultySftp

LIMIT = 10_000_000
SIZE = 100_000
READ_LENGTH = 32 * 1024


@pytest.fixture
def box(server: FaultySftp) -> Iterator[SftpFolder]:
    mailbox = SftpFolder(server.reached(), "/")
    yield mailbox
    mailbox.close()


def put(server: FaultySftp, name: str, data: bytes = b"<cXML/>") -> None:
    (server.root / name).write_bytes(data)


def listed(box: SftpFolder, name: str = "a.xml") -> Entry:
    return next(entry for entry in box.settled() if entry.name == name)


def once(act: Callable[[Path], object]) -> Callable[[Path], None]:
    """Do something the first time only."""
    done: list[Path] = []

    def first(path: Path) -> None:
        if not done:
            done.append(path)
            act(path)

    return first


@pytest.mark.parametrize("sent", [0, 1, READ_LENGTH, SIZE - 1])
def test_a_connection_that_breaks_in_the_middle_of_a_file_gives_nothing_of_it(
    server: FaultySftp, faults: Faults, sent: int
) -> None:
    put(server, "a.xml", os.urandom(SIZE))

    def breaks(_path: Path, offset: int, _length: int, data: bytes) -> bytes:
        if offset + len(data) > sent:
            faults.hang_up()
        return data[: max(sent - offset, 0)]

    faults.on_read = breaks
    box = SftpFolder(server.reached(), "/")
    entry = listed(box)
    with pytest.raises(MailboxUnavailable):
        box.fetch(entry, LIMIT)
    assert (server.root / "a.xml").exists()


def test_after_a_break_the_rest_is_fetched_one_at_a_time(server: FaultySftp, faults: Faults) -> None:
    for number in range(20):
        put(server, f"{number:02}.xml", f"<n>{number}</n>".encode())
    faults.on_open = once(lambda _path: faults.hang_up())
    box = SftpFolder(server.reached(), "/")
    fetched = [data for _, data in box.fetch_all(box.list_settled(100), LIMIT)]
    assert fetched == [f"<n>{number}</n>".encode() for number in range(20)]
    assert (box.window, faults.connections) == (1, 2)
    box.close()


@pytest.mark.parametrize("least", [1, 1000])
def test_a_server_that_gives_little_at_a_time_is_read_to_the_end(
    server: FaultySftp, faults: Faults, box: SftpFolder, least: int
) -> None:
    data = os.urandom(READ_LENGTH + 500 if least > 1 else 50)
    put(server, "a.xml", data)
    faults.on_read = lambda _path, _offset, _length, given: given[:least]
    assert box.fetch(listed(box), LIMIT) == data


def test_a_server_that_gives_less_than_the_file_holds_is_not_believed(
    server: FaultySftp, faults: Faults, box: SftpFolder
) -> None:
    put(server, "a.xml", os.urandom(SIZE))
    faults.on_read = lambda _path, offset, _length, given: given if offset < READ_LENGTH else b""
    with pytest.raises(EntryNotReady, match=f"gave {READ_LENGTH} bytes of {SIZE}"):
        box.fetch(listed(box), LIMIT)


def test_a_server_that_falls_silent_is_given_up(server: FaultySftp, faults: Faults) -> None:
    put(server, "a.xml")

    over = threading.Event()

    def silent(_path: Path) -> None:
        # It would end by itself, but for a bad answer.
        over.wait(60)

    faults.on_open = silent
    box = SftpFolder(server.reached(timeout=2), "/", window=1)
    entry = listed(box)
    with pytest.raises(MailboxUnavailable, match="does not answer"):
        box.fetch(entry, LIMIT)
    # It was given up while the server was still silent, however busy the machine is.
    over.set()
    box.close()


def test_a_file_that_still_grows_is_left(server: FaultySftp, faults: Faults, box: SftpFolder) -> None:
    put(server, "a.xml", b"<cXML>")
    entry = listed(box)

    def grow(path: Path) -> None:
        with path.open("ab") as file:
            file.write(b"more</cXML>")

    faults.on_open = grow
    with pytest.raises(EntryNotReady, match="has changed since it was listed"):
        box.fetch(entry, LIMIT)


def test_a_file_that_grows_while_it_is_read_is_left(server: FaultySftp, faults: Faults, box: SftpFolder) -> None:
    put(server, "a.xml", b"<cXML>")
    entry = listed(box)

    def grow(path: Path, _offset: int, _length: int, data: bytes) -> bytes:
        with path.open("ab") as file:
            file.write(b"x")
        return data

    faults.on_read = grow
    with pytest.raises(EntryNotReady, match="has changed since it was listed"):
        box.fetch(entry, LIMIT)


def test_a_file_that_is_replaced_before_it_is_opened_is_left(
    server: FaultySftp, faults: Faults, box: SftpFolder
) -> None:
    put(server, "a.xml", b"the first")
    entry = listed(box)
    faults.on_open = once(lambda path: path.write_bytes(b"another one"))
    with pytest.raises(EntryNotReady, match="has changed since it was listed"):
        box.fetch(entry, LIMIT)
    assert box.fetch(listed(box), LIMIT) == b"another one"


def test_a_file_that_is_deleted_after_the_listing_stops_no_other(
    server: FaultySftp, faults: Faults, box: SftpFolder
) -> None:
    for name in ("a.xml", "b.xml", "c.xml"):
        put(server, name)
    entries = box.list_settled(10)
    (server.root / "b.xml").unlink()
    outcomes = {entry.name: outcome for entry, outcome in box.fetch_all(entries, LIMIT)}
    assert isinstance(outcomes["b.xml"], EntryNotReady)
    assert (outcomes["a.xml"], outcomes["c.xml"]) == (b"<cXML/>", b"<cXML/>")
    assert faults.connections == 1


def test_a_file_that_is_renamed_while_it_is_read_is_fetched_whole(
    server: FaultySftp, faults: Faults, box: SftpFolder
) -> None:
    data = os.urandom(SIZE)
    put(server, "a.xml", data)
    entry = listed(box)
    moved = once(lambda path: path.rename(path.with_name("moved.xml")))

    def move(path: Path, _offset: int, _length: int, given: bytes) -> bytes:
        moved(path)
        return given

    faults.on_read = move
    assert box.fetch(entry, LIMIT) == data
    assert box.remove(entry)
    assert (server.root / "moved.xml").exists()


def test_a_file_that_is_forbidden_stops_no_other(server: FaultySftp, faults: Faults, box: SftpFolder) -> None:
    put(server, "a.xml")
    put(server, "b.xml")

    def forbid(path: Path) -> None:
        if path.name == "a.xml":
            raise PermissionError(errno.EACCES, "no")

    faults.on_open = forbid
    outcomes = [outcome for _, outcome in box.fetch_all(box.list_settled(10), LIMIT)]
    assert (str(outcomes[0]), outcomes[1]) == ("a.xml cannot be read: permission denied", b"<cXML/>")
    assert faults.connections == 1


def test_a_file_that_became_a_folder_stops_no_other(server: FaultySftp, faults: Faults, box: SftpFolder) -> None:
    put(server, "a.xml")
    put(server, "b.xml")

    def forbid(path: Path) -> None:
        if path.name == "a.xml":
            path.unlink()
            path.mkdir()

    faults.on_open = forbid
    outcomes = dict(box.fetch_all(box.list_settled(10), LIMIT))
    assert [type(outcome) for outcome in outcomes.values()] == [EntryNotReady, bytes]


def test_a_file_that_another_replaces_during_its_removal_gets_its_name_back(
    server: FaultySftp, faults: Faults, box: SftpFolder
) -> None:
    put(server, "a.xml", b"taken in")
    entry = listed(box)
    put(server, "a.xml", b"came a moment before the removal")
    faults.after_rename = once(lambda path: path.write_bytes(b"came a moment before the removal"))
    assert not box.remove(entry)
    assert (server.root / "a.xml").read_bytes() == b"came a moment before the removal"


def test_a_new_file_under_the_name_of_one_that_is_removed_is_never_touched(
    server: FaultySftp, faults: Faults, box: SftpFolder
) -> None:
    put(server, "a.xml", b"taken in")
    entry = listed(box)
    faults.after_rename = once(lambda path: (path.parent / "a.xml").write_bytes(b"new"))
    assert box.remove(entry)
    assert [path.read_bytes() for path in server.root.iterdir()] == [b"new"]


def test_a_file_that_gets_its_name_back_during_the_listing_is_listed_once(
    server: FaultySftp, faults: Faults, box: SftpFolder
) -> None:
    put(server, ".a.xml.0123456789abcdef.taken")

    def twice(found: list[paramiko.SFTPAttributes]) -> list[paramiko.SFTPAttributes]:
        back = paramiko.SFTPAttributes.from_stat((server.root / found[0].filename).lstat(), "a.xml")
        return [*found, back]

    faults.on_list = twice
    assert [entry.name for entry in box.settled()] == ["a.xml"]


def test_on_a_server_that_may_only_be_read_every_file_stays(
    server: FaultySftp, faults: Faults, box: SftpFolder
) -> None:
    put(server, "a.xml")
    faults.may_rename = False
    entry = listed(box)
    assert box.fetch(entry, LIMIT) == b"<cXML/>"
    assert not box.remove(entry)
    assert (server.root / "a.xml").exists()


def test_a_delivery_to_a_server_without_extensions_is_whole_and_replaces_its_like(
    server: FaultySftp, box: SftpFolder
) -> None:
    box.deliver("updates.json", b"earlier")
    box.deliver("updates.json", b"later")
    assert [(path.name, path.read_bytes()) for path in server.root.iterdir()] == [("updates.json", b"later")]


def test_ten_thousand_files_are_listed_without_another_connection(
    server: FaultySftp, faults: Faults, box: SftpFolder
) -> None:
    for number in range(10_000):
        (server.root / f"{number}.xml").touch()
    assert len(box.list_settled(20_000)) == 10_000
    assert len(box.list_settled(50)) == 50
    assert faults.connections == 1
