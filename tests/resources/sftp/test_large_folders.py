"""A folder of a hundred thousand files: it is listed piece by piece, and what is held of it is small."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from resources.sftp.connection import SftpServer
from resources.sftp.folder import SftpFolder
from resources.sftp.session import Session
from tests.support.scripted_sftp import ScriptedSftp

pytestmark = pytest.mark.slow

FILES = 100_000


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> SftpFolder:
    """A mailbox in such a folder; the way to its server is short cut, the session is a real one."""

    @contextmanager
    def connected(_server: SftpServer) -> Iterator[Session]:
        yield Session(ScriptedSftp(listing=(f"document-{number:06}.xml" for number in range(FILES))))

    monkeypatch.setattr("resources.sftp.folder.connected", connected)
    return SftpFolder(SftpServer(host="far", port=22, user="us", known_hosts=Path("known")), "/in")


@pytest.fixture(autouse=True)
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def peak() -> int:
    return tracemalloc.get_traced_memory()[1]


def test_it_is_listed_without_being_held(box: SftpFolder) -> None:
    assert sum(1 for _ in box.settled()) == FILES
    assert peak() < 1_000_000


def test_some_of_it_are_listed_without_asking_for_the_rest(box: SftpFolder) -> None:
    assert len(box.list_settled(200)) == 200
    assert peak() < 1_000_000


def test_all_of_it_in_order_takes_three_hundred_bytes_a_file(box: SftpFolder) -> None:
    assert len(sorted(box.settled())) == FILES
    assert peak() < 300 * FILES
