"""The SFTP server of the stand-in Business Central, as the product's client and a plain one see it."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paramiko
import pytest

from punchout.sandbox.file_server import Access, FileServer
from resources.errors import ConfigurationError
from resources.mailbox import MailboxUnavailable
from resources.secrets import SecretReference
from resources.sftp.connection import SftpServer
from resources.sftp.folder import SftpFolder
from tests.sandbox.buyer import RunningSandbox

USER, PASSWORD = "punchout", "correct horse"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder that is served, with one feed and a file beside it that nobody is to see."""
    (tmp_path / "outside.txt").write_text("nobody's business")
    (tmp_path / "served" / "feed").mkdir(parents=True)
    return tmp_path / "served"


@pytest.fixture
def server(root: Path, tmp_path: Path) -> Iterator[FileServer]:
    with FileServer(Access(root=root, user=USER, password=PASSWORD), tmp_path / "key", 0) as running:
        yield running


def reached(server: FileServer, tmp_path: Path, password: str = PASSWORD) -> SftpServer:
    """Give how the product reaches it: trusted by the line that the server writes of itself."""
    (tmp_path / "password").write_text(password)
    (tmp_path / "password").chmod(0o600)
    (tmp_path / "known_hosts").write_text(server.known_hosts())
    return SftpServer(
        host="127.0.0.1",
        port=server.port,
        user=USER,
        known_hosts=tmp_path / "known_hosts",
        password=SecretReference.parse(f"file:{tmp_path / 'password'}"),
        timeout=10,
    )


@contextmanager
def plain_client(server: FileServer) -> Iterator[paramiko.SFTPClient]:
    transport = paramiko.Transport(("127.0.0.1", server.port))
    try:
        transport.connect(username=USER, password=PASSWORD)
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        yield client
    finally:
        transport.close()


def test_what_lies_there_is_fetched_and_removed_by_the_product(server: FileServer, root: Path, tmp_path: Path) -> None:
    for number in range(5):
        (root / "feed" / f"{number}.json").write_bytes(b"x" * 70_000)
    mailbox = SftpFolder(reached(server, tmp_path), "/feed")
    entries = mailbox.list_settled(10)
    assert {data for _, data in mailbox.fetch_all(entries, 100_000)} == {b"x" * 70_000}
    assert all(gone for _, gone in mailbox.remove_all(entries))
    mailbox.close()
    assert list((root / "feed").iterdir()) == []


def test_what_the_product_delivers_lies_there_whole(server: FileServer, root: Path, tmp_path: Path) -> None:
    mailbox = SftpFolder(reached(server, tmp_path), "/feed")
    for data in (b"first", b"second" * 20_000):
        mailbox.deliver("update.json", data)
    mailbox.close()
    assert {path.name: path.read_bytes() for path in (root / "feed").iterdir()} == {"update.json": b"second" * 20_000}


def test_nobody_else_is_let_in(server: FileServer, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="does not let punchout in"):
        SftpFolder(reached(server, tmp_path, "wrong"), "/feed").list_settled(1)


@pytest.mark.parametrize("path", ["/../outside.txt", "../outside.txt", "/feed/../../outside.txt", "/link.txt"])
def test_nothing_outside_its_folder_is_shown(server: FileServer, root: Path, path: str) -> None:
    (root / "link.txt").symlink_to(root.parent / "outside.txt")
    with plain_client(server) as client, pytest.raises(OSError):  # noqa: PT011 - whatever it says
        client.open(path).read()


@pytest.mark.parametrize("path", ["/../made.txt", "/feed/../../made.txt"])
def test_nothing_is_written_outside_its_folder(server: FileServer, root: Path, path: str) -> None:
    with plain_client(server) as client:
        client.putfo(io.BytesIO(b"x"), path)
    assert (root / "made.txt").exists()
    assert not (root.parent / "made.txt").exists()


def test_a_name_that_is_in_use_is_not_taken_by_a_plain_rename(server: FileServer, root: Path) -> None:
    for name in ("a", "b"):
        (root / "feed" / name).write_text(name)
    with plain_client(server) as client:
        with pytest.raises(OSError):  # noqa: PT011 - whatever it says
            client.rename("/feed/a", "/feed/b")
        assert (root / "feed" / "b").read_text() == "b"
        client.posix_rename("/feed/a", "/feed/b")
    assert {path.name: path.read_text() for path in (root / "feed").iterdir()} == {"b": "a"}


def test_a_folder_that_is_not_there_is_said(server: FileServer, tmp_path: Path) -> None:
    with pytest.raises(MailboxUnavailable, match="it is not there"):
        SftpFolder(reached(server, tmp_path), "/elsewhere").list_settled(1)


def test_a_sandbox_tells_how_its_server_is_reached_and_keeps_its_key(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    options = ("--sftp-root", str(tmp_path / "run"), "--sftp-password-file", str(tmp_path / "password"))
    told = []
    for _ in range(2):
        with RunningSandbox(tmp_path / "run", options=options) as sandbox:
            told.append(sandbox.ready["sftp"])
            known = (tmp_path / "run" / "home" / "known_hosts").read_text()
            assert known.startswith(f"[127.0.0.1]:{told[-1]['port']} ecdsa-sha2-nistp256 ")
    assert {(one["host"], one["user"], one["fingerprint"]) for one in told} == {
        ("127.0.0.1", "punchout", told[0]["fingerprint"])
    }
    assert PASSWORD not in str(told)
