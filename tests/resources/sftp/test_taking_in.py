"""Taking in from an SFTP server that breaks off anywhere: every file is in the ledger once, by the next sync."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.ledger.bodies import sha256
from punchout.ledger.engine import reading
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.tables.logs import DELIVERY
from resources.exchange import Exchange
from resources.inbox import Feed, Taken, take_in
from resources.oversize import Oversize
from resources.sftp.folder import SftpFolder
from tests.support.exchange_home import at, home_settings, opened
from tests.support.faulty_sftp import Faults, FaultySftp

NOON = at("2026-03-02T12:00:00Z")
LIMIT = 1_000
FILES = 4
KINDS = ("list", "open", "read", "fstat", "close", "rename", "lstat", "remove")
REQUESTS = 1 + FILES * (len(KINDS) - 1)
"""What an undisturbed sync asks for."""


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    """One ledger for all; every test has documents of its own."""
    with opened(home_settings(tmp_path_factory.mktemp("home")), NOON) as exchange:
        yield exchange


@pytest.fixture
def documents(server: FaultySftp, request: pytest.FixtureRequest) -> list[bytes]:
    """What lies in the folder, unlike what any other test has put there."""
    written = [f"<n>{request.node.nodeid} {number}</n>".encode() for number in range(FILES)]
    for number, data in enumerate(written):
        (server.root / f"{number}.xml").write_bytes(data)
    return written


def sync(exchange: Exchange, server: FaultySftp, *, timeout: float = 5, settle_seconds: float = 0) -> Taken:
    """Take in what is there, with a mailbox of its own, as every sync has one."""
    box = SftpFolder(server.reached(timeout=timeout), "/", settle_seconds)
    aside = Oversize(exchange.engine, exchange.account, NOON, LIMIT, exchange.settings.home)
    feed = Feed("cxml", "cxml", box)
    try:
        return take_in(exchange.engine, exchange.account, feed, NOON, LIMIT, aside.set_aside)
    finally:
        box.close()


def firsts(exchange: Exchange, documents: Sequence[bytes]) -> list[int]:
    """Return how often each document was new."""
    query = (
        sa.select(sa.func.count())
        .select_from(DOCUMENT.join(DELIVERY, DELIVERY.c.document_id == DOCUMENT.c.id))
        .where(DELIVERY.c.is_first)
    )
    with reading(exchange.engine) as connection:
        return [
            connection.execute(query.where(DOCUMENT.c.received_sha256 == sha256(data))).scalar_one()
            for data in documents
        ]


def lying(server: FaultySftp) -> list[bytes]:
    """Return what lies in the folder, under whatever name."""
    return sorted(path.read_bytes() for path in server.root.iterdir())


def at_request(number: int, act: Callable[[], object]) -> Callable[[str], None]:
    """Do something when so many requests have come, once."""
    seen: list[str] = []

    def count(kind: str) -> None:
        seen.append(kind)
        if len(seen) == number + 1:
            act()

    return count


def test_an_undisturbed_sync_asks_for_each_file_once_and_lists_the_folder_once(
    exchange: Exchange, server: FaultySftp, faults: Faults, documents: list[bytes]
) -> None:
    asked: list[str] = []
    faults.on_request = asked.append
    assert sync(exchange, server) == Taken(total=FILES, new=FILES)
    assert sorted(asked) == sorted(["list", *(kind for kind in KINDS[1:] for _ in range(FILES))])
    assert firsts(exchange, documents) == [1] * FILES


@pytest.mark.parametrize("comes_back", [True, False], ids=["comes back", "stays away"])
@pytest.mark.parametrize("number", range(REQUESTS))
def test_wherever_the_connection_dies_nothing_is_lost_or_doubled_and_the_next_sync_ends_it(
    exchange: Exchange,
    server: FaultySftp,
    faults: Faults,
    documents: list[bytes],
    number: int,
    comes_back: bool,  # noqa: FBT001 - a case
) -> None:
    def die() -> None:
        faults.refuses = not comes_back
        faults.hang_up()

    faults.on_request = at_request(number, die)
    first = sync(exchange, server)
    new = firsts(exchange, documents)
    lost = [data for data, times in zip(documents, new, strict=True) if not times and data not in lying(server)]
    assert (lost, set(new) - {0, 1}) == ([], set())
    assert first.unavailable or comes_back

    faults.refuses = False
    second = sync(exchange, server)
    assert (second.left, second.kept, second.unavailable) == (0, 0, 0)
    assert (firsts(exchange, documents), lying(server)) == ([1] * FILES, [])
    assert first.new + second.new == FILES
    assert sync(exchange, server) == Taken()


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_falls_silent_at_anything_is_given_up_and_the_next_sync_ends_it(
    exchange: Exchange, server: FaultySftp, faults: Faults, documents: list[bytes], kind: str
) -> None:
    timeout, over = 0.5, threading.Event()

    def silent(asked: str) -> None:
        if asked == kind:
            over.wait(30)

    faults.on_request = silent
    started = time.monotonic()
    assert sync(exchange, server, timeout=timeout).unavailable == 1
    # It is waited for once, and once more for one file at a time; the rest is for a busy machine.
    assert time.monotonic() - started < 2 * timeout + 8
    over.set()
    faults.on_request = lambda _kind: None
    sync(exchange, server)
    assert (firsts(exchange, documents), lying(server)) == ([1] * FILES, [])


def test_a_file_that_is_still_uploaded_under_its_own_name_waits_until_it_is_whole(
    exchange: Exchange, server: FaultySftp, faults: Faults, documents: list[bytes]
) -> None:
    half = server.root / "half.xml"
    half.write_bytes(b"<cXML>")

    def upload(kind: str) -> None:
        if kind == "list":
            half.write_bytes(half.read_bytes() + b"<more/>")

    faults.on_request = upload
    assert sync(exchange, server, settle_seconds=0.01) == Taken(total=FILES, new=FILES)
    assert (firsts(exchange, documents), lying(server)) == ([1] * FILES, [b"<cXML><more/><more/>"])

    faults.on_request = lambda _kind: None
    whole = half.read_bytes() + b"</cXML>"
    half.write_bytes(whole)
    sync(exchange, server, settle_seconds=0.01)
    assert (firsts(exchange, [whole]), lying(server)) == ([1], [])


def test_what_is_too_large_is_found_by_the_same_listing(
    exchange: Exchange, server: FaultySftp, faults: Faults, documents: list[bytes]
) -> None:
    (server.root / "large.xml").write_bytes(b"x" * (LIMIT + 1))
    listings: list[str] = []
    faults.on_request = lambda kind: listings.append(kind) if kind == "list" else None
    taken = sync(exchange, server, settle_seconds=0.01)
    assert (taken.total, taken.oversize, len(documents), lying(server)) == (FILES + 1, 0, FILES, [])
    # One, and another to see what has stayed as it was.
    assert len(listings) == 2


def test_a_large_file_that_a_server_breaks_off_at_holds_up_no_other(
    exchange: Exchange, server: FaultySftp, faults: Faults, documents: list[bytes]
) -> None:
    (server.root / "large.xml").write_bytes(b"x" * (LIMIT + 1))

    def breaks(path: Path) -> None:
        if path.name == "large.xml":
            faults.hang_up()

    faults.on_open = breaks
    taken = sync(exchange, server)
    assert (taken.total, taken.oversize, taken.unavailable) == (FILES, 1, 0)
    assert (firsts(exchange, documents), lying(server)) == ([1] * FILES, [b"x" * (LIMIT + 1)])


def test_a_large_file_that_grows_while_it_is_kept_stays_and_nothing_of_it_is_kept(
    exchange: Exchange, server: FaultySftp, faults: Faults, documents: list[bytes]
) -> None:
    large = server.root / "large.xml"
    large.write_bytes(b"y" * (LIMIT + 1))

    def grow(path: Path, _offset: int, _length: int, data: bytes) -> bytes:
        if path == large:
            large.write_bytes(b"y" * (LIMIT + 2))
        return data

    faults.on_read = grow
    taken = sync(exchange, server)
    kept = [path.read_bytes()[:1] for path in (exchange.settings.home / "oversize").iterdir()]
    assert (taken.total, taken.oversize, b"y" in kept) == (FILES, 1, False)
    assert (firsts(exchange, documents), lying(server)) == ([1] * FILES, [b"y" * (LIMIT + 2)])


@pytest.mark.parametrize("number", range(1, 5))
def test_wherever_the_connection_dies_under_a_large_file_it_is_kept_once_by_the_next_sync(
    exchange: Exchange, server: FaultySftp, faults: Faults, number: int
) -> None:
    data = f"{number}".encode() * (LIMIT + 1)
    (server.root / "large.xml").write_bytes(data)
    faults.on_request = at_request(number, faults.hang_up)
    sync(exchange, server)
    sync(exchange, server)
    assert (firsts(exchange, [data]), lying(server)) == ([1], [])
    assert (exchange.settings.home / "oversize" / sha256(data)).read_bytes() == data
