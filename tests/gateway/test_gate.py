"""What every request passes, whatever its route: host, framing, rate, number; and what every answer carries."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from punchout.gateway.answering import Answering
from punchout.gateway.clients import client_of, networks, note_client
from punchout.ledger.documents.answering import Answered, answer
from punchout.ledger.documents.receive import Arrival
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.tables.logs import DELIVERY
from tests.gateway.callers import Caller, Said, basic, until
from tests.gateway.conftest import Making
from tests.support.ledgers import rows
from tests.support.purchases import SECRET
from tests.support.stories import confirmed

CONFIRMED = confirmed()
SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


@pytest.mark.parametrize("path", ["/cxml", "/healthz", "/nowhere", "/readyz"])
def test_every_answer_carries_the_security_headers_and_none_says_what_serves_it(caller: Caller, path: str) -> None:
    headers = caller.call("GET", path).http.headers
    assert SECURITY.items() <= headers.items()
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "server" not in headers
    assert "strict-transport-security" not in headers


def test_over_https_browsers_are_told_to_stay_there(making: Making) -> None:
    caller = making(public_url="https://127.0.0.1:8080")
    assert "max-age" in caller.call("GET", "/healthz").http.headers["strict-transport-security"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_only_post_is_answered_where_documents_are_posted(caller: Caller, method: str) -> None:
    said = caller.call(method, "/cxml")
    assert said.http.status_code == 405
    assert said.http.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "path",
    ["/", "/cxml/", "/cxml/../etc/passwd", "/..%2f..%2fetc/passwd", "/%00", "//cxml", "/CXML", "/static/x", "/.git"],
)
def test_there_is_nothing_anywhere_else(caller: Caller, path: str) -> None:
    said = caller.call("GET", path)
    assert said.http.status_code == 404
    assert said.body == b"Not Found\n"


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.example:8080", "", "[", "a b"])
def test_a_host_that_it_does_not_go_by_is_refused(caller: Caller, host: str) -> None:
    assert caller.post(CONFIRMED, Host=host).codes == (400, 400)
    assert rows(caller.engine, DOCUMENT) == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "127.0.0.1:99", "localhost", "[::1]:8080", "LOCALHOST", "b.example"]
)
def test_its_own_names_are_taken_with_any_port(making: Making, host: str) -> None:
    assert making(allowed_hosts=["B.example"]).post(CONFIRMED, Host=host).codes == (200, 200)


def test_a_request_that_is_framed_twice_is_refused_and_its_connection_closed(caller: Caller) -> None:
    said = caller.post(CONFIRMED, Transfer_Encoding="chunked", Content_Length=str(len(CONFIRMED.data)))
    assert said.codes == (400, 400)
    assert said.http.headers["connection"] == "close"


def test_a_head_that_is_too_large_is_refused_also_where_it_came_in_one_piece(making: Making) -> None:
    caller = making(max_header_bytes=1000)
    assert caller.post(CONFIRMED, X_Long="y" * 1000).codes == (431, 400)
    assert caller.call("POST", f"/cxml?{'y' * 1000}", content=CONFIRMED.data).codes == (431, 400)
    assert caller.post(CONFIRMED, X_Long="y" * 500).codes == (200, 200)


def test_whoever_comes_too_often_is_told_to_come_later(making: Making) -> None:
    caller = making(request_burst=2, requests_per_second=0.001)
    said = [caller.post(CONFIRMED) for _ in range(3)]
    assert [one.codes for one in said] == [(200, 200), (200, 200), (429, 560)]
    assert said[2].http.headers["retry-after"] == "30"
    assert caller.call("POST", "/cxml", content=CONFIRMED.data, client="192.0.2.9").codes == (200, 200)


def test_no_more_are_let_in_than_may_be_inside_at_once(making: Making) -> None:
    caller = making(max_requests=2)

    async def crowd() -> list[Said]:
        release = asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            yield CONFIRMED.data[:100]
            await release.wait()
            yield CONFIRMED.data[100:]

        waiting = [asyncio.create_task(caller.calling("POST", "/cxml", slow())) for _ in range(2)]
        await until(lambda: caller.door.admission.requests == 2)
        turned_away = await caller.calling("POST", "/cxml", CONFIRMED.data)
        watched = await caller.calling("GET", "/readyz")
        release.set()
        return [turned_away, watched, *await asyncio.gather(*waiting)]

    turned_away, watched, *inside = caller.run(crowd())
    assert turned_away.codes == (503, 560)
    assert watched.http.status_code == 200
    assert [one.codes for one in inside] == [(200, 200), (200, 200)]
    assert (caller.door.admission.requests, caller.door.admission.bytes_held) == (0, 0)


def test_while_it_stops_documents_are_to_be_sent_again_later(caller: Caller) -> None:
    caller.door.standing.is_stopping = True
    said = caller.post(CONFIRMED)
    assert (said.codes, said.http.headers["retry-after"]) == ((503, 560), "30")
    assert rows(caller.engine, DOCUMENT) == []
    assert caller.call("GET", "/readyz").http.status_code == 503
    assert caller.call("GET", "/healthz").http.status_code == 200


def test_a_ledger_that_is_locked_is_a_reason_to_come_again(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> None:
        raise sa.exc.OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr("punchout.gateway.answering.answer", locked)
    assert caller.post(CONFIRMED).codes == (503, 560)


def test_a_fault_of_ours_shows_no_traceback_and_is_to_be_tried_again(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("canary-in-an-error")

    monkeypatch.setattr("punchout.gateway.answering.answer", broken)
    said: list[Said] = []

    async def called() -> None:
        transport = httpx.ASGITransport(caller.app, raise_app_exceptions=False, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            said.append(Said(await http.post("/cxml", content=CONFIRMED.data)))

    caller.run(called())
    assert said[0].codes == (503, 500)
    assert b"canary" not in said[0].body
    assert b"Traceback" not in said[0].body


def test_one_document_that_cannot_be_judged_takes_no_other_with_it(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, together = CONFIRMED.named("poison"), []

    def picky(connection: sa.Connection, arrivals: Sequence[Arrival], **others: Any) -> list[Answered]:  # noqa: ANN401 - handed on
        together.append(len(arrivals))
        if any(one.data == poison.data for one in arrivals):
            raise ZeroDivisionError
        return answer(connection, arrivals, **others)

    monkeypatch.setattr("punchout.gateway.answering.answer", picky)

    async def all_at_once() -> list[Answered | BaseException]:
        answering = Answering(caller.door)
        arrivals = [
            Arrival(caller.door.account, "cxml", "gateway", one.name, one.data)
            for one in (CONFIRMED, poison, CONFIRMED.named("third"))
        ]
        return await asyncio.gather(*map(answering.to, arrivals), return_exceptions=True)

    first, failed, third = caller.run(all_at_once())
    assert (first.answer.code, third.answer.code) == (200, 200)
    assert isinstance(failed, ZeroDivisionError)
    assert together == [3, 1, 1, 1]
    assert len(rows(caller.engine, DOCUMENT)) == 2


@pytest.mark.parametrize(("size", "batches"), [(100, [5]), (3_000_000, [1] * 5), (2_000_000, [2, 2, 1])])
def test_no_more_documents_share_a_transaction_than_may_be_unfolded_at_once(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, size: int, batches: list[int]
) -> None:
    together: list[int] = []

    def looked_at(_connection: sa.Connection, arrivals: Sequence[Arrival], **_: object) -> list[Arrival]:
        together.append(len(arrivals))
        return list(arrivals)

    monkeypatch.setattr("punchout.gateway.answering.answer", looked_at)
    arrivals = [Arrival(caller.door.account, "cxml", "gateway", str(n), b"x" * size) for n in range(5)]

    async def all_at_once() -> list[object]:
        return list(await asyncio.gather(*map(Answering(caller.door).to, arrivals)))

    # Each is given what belongs to it, and nobody else's.
    assert caller.run(all_at_once()) == arrivals
    assert together == batches


PROXIED = [
    ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
    ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
    ("10.0.0.5", "127.0.0.1, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
    ("10.0.0.5", "203.0.113.9, nonsense", "10.0.0.5"),
    ("10.0.0.5", "", "10.0.0.5"),
    ("10.0.0.5", "10.0.0.9", "10.0.0.9"),
    ("::ffff:10.0.0.5", "203.0.113.9", "203.0.113.9"),
]


@pytest.mark.parametrize(("peer", "forwarded", "client"), PROXIED)
def test_a_forwarded_address_is_believed_of_trusted_proxies_alone(peer: str, forwarded: str, client: str) -> None:
    scope: dict[str, Any] = {"client": (peer, 1), "headers": [(b"x-forwarded-for", forwarded.encode())]}
    assert note_client(scope, networks(["10.0.0.0/24"])) == client == client_of(scope)


def test_the_ledger_logs_who_handed_a_document_in(making: Making) -> None:
    caller = making(trusted_proxies=["127.0.0.1"])
    caller.post(CONFIRMED, X_Forwarded_For="198.51.100.7")
    assert [one["name"] for one in rows(caller.engine, DELIVERY)] == ["198.51.100.7"]


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_what_goes_on_inside_is_told_here_or_to_whoever_proves_itself(caller: Caller, path: str) -> None:
    assert caller.call("GET", path).http.status_code == 200
    said = caller.call("GET", path, client="192.0.2.1")
    assert (said.http.status_code, said.http.headers["www-authenticate"]) == (401, 'Basic realm="punchout"')
    proof = {"Authorization": basic("Amazon", SECRET)}
    assert caller.call("GET", path, client="192.0.2.1", headers=proof).http.status_code == 200
    # A proxy on this machine that is not named hides who asks.
    assert caller.call("GET", path, headers={"X-Forwarded-For": "192.0.2.1"}).http.status_code == 401


def test_it_is_not_ready_where_the_database_is_not(caller: Caller) -> None:
    with caller.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    said = caller.call("GET", "/readyz")
    assert (said.http.status_code, said.body) == (503, b"the schema is another\n")
    with caller.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    assert caller.call("GET", "/readyz").http.status_code == 503


def test_metrics_count_requests_by_route_and_documents_by_verdict(caller: Caller) -> None:
    for sent in (CONFIRMED, CONFIRMED, CONFIRMED.named("again"), b"<x/>"):
        caller.post(sent)
    caller.call("GET", "/a-name-that-a-stranger-thought-of")
    text = caller.call("GET", "/metrics").body.decode()
    for line in (
        'punchout_gateway_requests_total{route="/cxml",status="200"} 4',
        'punchout_gateway_requests_total{route="other",status="404"} 1',
        'punchout_gateway_documents_total{verdict="accepted"} 1',
        'punchout_gateway_documents_total{verdict="duplicate"} 1',
        'punchout_gateway_documents_total{verdict="repeated"} 1',
        'punchout_gateway_documents_total{verdict="stranger"} 1',
        "punchout_gateway_request_seconds_count 5",
        "punchout_gateway_bytes_in_flight 0",
    ):
        assert line in text.splitlines()
    assert "a-name" not in text
