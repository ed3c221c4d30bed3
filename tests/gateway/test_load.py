"""Many senders at once, good and bad: every good document counts once, every answer is right, memory stays bounded."""

import random
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.ledger.engine import open_engine
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import CONFIRMATION, DOCUMENT
from punchout.ledger.tables.logs import ANSWER, DELIVERY
from tests.gateway.callers import with_secret
from tests.gateway.crowd import Crowd, Reply
from tests.gateway.processes import GatewayProcess, write_home
from tests.support.deliveries import Delivery, cxml
from tests.support.ledgers import Ledgers, rows
from tests.support.plays import FIRST_SYNC, Play
from tests.support.purchases import Purchase
from tests.support.stories import confirmed

pytestmark = [pytest.mark.process, pytest.mark.slow]

CLIENTS = 32
AS_OF = "2026-03-02T17:00:00+00:00"
BOMB = cxml(
    "bomb.xml",
    b'<?xml version="1.0"?><!DOCTYPE cXML [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "&%c;&%c;&%c;&%c;">' % (n + 1, n, n, n, n) for n in range(97, 110))
    + b"]><cXML>&n;</cXML>",
)
MEBIBYTE = 1024 * 1024
IN_FLIGHT = 16 * MEBIBYTE
SQLITE_PAGES = 64 * MEBIBYTE
"""`PRAGMA cache_size` of the ledger's engine."""
MOST_GROWTH = IN_FLIGHT + SQLITE_PAGES + 16 * MEBIBYTE
"""All bodies that may be held, the pages that SQLite keeps, and what is parsed and judged at one moment."""


def documents(count: int) -> list[Delivery]:
    """Give confirmations of as many orders."""
    return [confirmed(Purchase(number=f"PR{n:06}", order_id=f"{n + 200_000}")) for n in range(count)]


@contextmanager
def slow_senders(gateway: GatewayProcess, count: int) -> Iterator[None]:
    """Have senders at the same time that never come to an end."""
    done = threading.Event()

    def drip() -> None:
        while not done.is_set():
            try:
                with gateway.connect() as connection:
                    connection.sendall(b"POST /cxml HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n")
                    while not done.wait(0.2):
                        connection.sendall(b"<")
            except OSError:
                pass

    threads = [threading.Thread(target=drip) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()


def mixed(good: list[Delivery]) -> list[Delivery]:
    """Give documents in disorder, with repetitions, bad secrets and bombs between them."""
    sent = [*good, *good[::8], *(with_secret(one, "canary-wrong") for one in good[::10])]
    sent += [BOMB] * (len(good) // 20)
    random.Random(8).shuffle(sent)  # noqa: S311 - the same disorder every time
    return sent


def code(reply: Reply) -> bytes:
    return reply.body.partition(b'<Status code="')[2][:3]


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.nightly)])
@pytest.mark.timeout(600)
def test_a_crowd_is_answered_rightly_and_everything_counts_once(tmp_path: Path, count: int) -> None:
    home = tmp_path / "home"
    write_home(home, request_burst=1_000_000, max_bytes_in_flight=IN_FLIGHT, body_seconds=5)
    good = documents(count)
    with GatewayProcess(home) as gateway:
        at_rest = gateway.resident_bytes()
        with slow_senders(gateway, 8):
            replies = list(Crowd(gateway.place, CLIENTS).send(mixed(good)))
        grown = gateway.resident_bytes() - at_rest
        assert gateway.stop() == 0
    told: dict[bytes, set[tuple[int | None, bytes]]] = defaultdict(set)
    for reply in replies:
        told[reply.sent.data].add((reply.status, reply.body))
    assert {(status, code(reply)) for reply in replies if (status := reply.status)} == {
        (200, b"200"),
        (200, b"401"),
        (200, b"406"),
    }
    for one in good:
        ((status, body),) = told[one.data]
        assert (status, b'<Status code="200" text="OK"' in body) == (200, True)
    assert {code(reply) for reply in replies if b"canary-wrong" in reply.sent.data} == {b"401"}
    assert {code(reply) for reply in replies if reply.sent is BOMB} == {b"406"}
    assert grown < MOST_GROWTH
    engine = open_engine(f"sqlite:///{home / 'ledger.sqlite3'}")
    assert _count(engine, DOCUMENT) == _count(engine, CONFIRMATION) == _count(engine, ANSWER) == count
    assert _count(engine, DELIVERY) == count + len(good[::8])
    assert {one["state"] for one in rows(engine, DOCUMENT_STATE)} == {"accepted"}
    assert Play(engine, home).broken_promises() == {}
    engine.dispose()


@pytest.mark.timeout(300)
def test_large_documents_that_come_all_at_once_do_not_fill_the_memory(tmp_path: Path) -> None:
    home = tmp_path / "home"
    write_home(home, request_burst=1_000_000, max_bytes_in_flight=IN_FLIGHT, body_seconds=60)
    padding = f"<Comments>{'x' * 3 * MEBIBYTE}</Comments></ConfirmationHeader>"
    large = [one.saying(padding, "</ConfirmationHeader>") for one in documents(24)]
    with GatewayProcess(home) as gateway:
        at_rest = gateway.resident_bytes()
        replies = list(Crowd(gateway.place, len(large)).send(large))
        grown = gateway.resident_bytes() - at_rest
        late = [reply.sent for reply in replies if reply.status == 503]
        while late:
            late = [reply.sent for reply in Crowd(gateway.place, 4).send(late) if reply.status == 503]
        assert gateway.stop() == 0
    assert {(reply.status, code(reply)) for reply in replies} <= {(200, b"200"), (503, b"560")}
    assert grown < MOST_GROWTH
    engine = open_engine(f"sqlite:///{home / 'ledger.sqlite3'}")
    assert _count(engine, CONFIRMATION) == len(large)
    engine.dispose()


def _count(engine: sa.Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@pytest.mark.timeout(300)
def test_what_was_answered_outlives_a_kill_and_what_was_not_may_be_sent_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    write_home(home, request_burst=1_000_000)
    sent = documents(400)
    with GatewayProcess(home, "--as-of", AS_OF) as gateway:
        crowd, many = Crowd(gateway.place, CLIENTS), threading.Semaphore(120)

        def post(one: Delivery) -> Reply:
            reply = crowd.post(one)
            # By whoever is answered then: this thread might not look before all are answered.
            if not many.acquire(blocking=False):
                gateway.kill()
            return reply

        replies = list(crowd.each(post, sent))
    answered = {reply.sent.data: reply.body for reply in replies if reply.status == 200}
    assert 100 < len(answered) < len(sent)
    engine = open_engine(f"sqlite:///{home / 'ledger.sqlite3'}")
    assert len(answered) <= _count(engine, CONFIRMATION) == _count(engine, ANSWER) <= len(sent)
    with GatewayProcess(home, "--as-of", AS_OF) as gateway:
        again = {reply.sent.data: reply.body for reply in Crowd(gateway.place, CLIENTS).send(sent)}
        assert gateway.stop() == 0
    assert [again[data] for data in answered] == list(answered.values())
    assert {b'<Status code="200" text="OK"' in body for body in again.values()} == {True}
    assert _count(engine, DOCUMENT) == _count(engine, CONFIRMATION) == len(sent)
    disturbed = Play(engine, home)
    disturbed.sync()
    assert disturbed.broken_promises() == {}
    with Ledgers("sqlite", tmp_path).migrated() as other:
        undisturbed = Play(other, tmp_path / "other")
        undisturbed.now = FIRST_SYNC
        undisturbed.post(*sent)
        undisturbed.sync()
        assert undisturbed.hash() == disturbed.hash()
    engine.dispose()
