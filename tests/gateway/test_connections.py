"""Over real sockets: slow, endless, ambiguous and hostile senders, and what they cannot do to others."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.gateway.processes import GatewayProcess, everything, one_answer, request, timed, write_home
from tests.support.stories import confirmed

pytestmark = pytest.mark.process

CONFIRMED = confirmed()
HEAD_SECONDS, BODY_SECONDS = 0.6, 0.6
MOST_CONNECTIONS = 30
SLACK = 5
"""A machine that does something else at the same time."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    home: Path = tmp_path_factory.mktemp("gateway") / "home"
    write_home(
        home,
        header_seconds=HEAD_SECONDS,
        body_seconds=BODY_SECONDS,
        keep_alive_seconds=1,
        max_header_bytes=4096,
        max_body_bytes=100_000,
        max_connections=MOST_CONNECTIONS,
        request_burst=10_000,
    )
    with GatewayProcess(home) as process:
        yield process


def codes(answer: bytes) -> tuple[int, int]:
    """Give HTTP's status and that of the cXML in it."""
    http = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    cxml = re.search(rb'<Status code="(\d{3})"', answer)
    assert http is not None, answer
    assert cxml is not None, answer
    return int(http[1]), int(cxml[1])


def drip(connection: socket.socket, data: bytes, seconds: float = 0.1) -> None:
    """Send byte by byte until the other end has had enough."""
    for at in range(len(data)):
        try:
            connection.sendall(data[at : at + 1])
        except OSError:
            return
        time.sleep(seconds)


def is_cut_off(connection: socket.socket, chunk: bytes) -> bool:
    """Send a chunk over and over; tell whether the other end ends that."""
    for _ in range(10_000):
        try:
            connection.sendall(chunk)
        except OSError:
            return True
        time.sleep(0.01)
    return False


def works(gateway: GatewayProcess) -> bool:
    """Tell whether a good document is answered as it should be; a connection that is closed at once is no answer."""
    try:
        with gateway.connect() as connection:
            connection.sendall(request(CONFIRMED.data))
            return b'<Status code="200" text="OK"' in one_answer(connection)
    except ConnectionError:
        return False


def test_it_says_where_it_listens_in_one_line(gateway: GatewayProcess) -> None:
    assert gateway.ready == {"ready": True, "address": gateway.address}
    assert works(gateway)


@pytest.mark.parametrize("sent", [b"", b"P", b"POST /cxml HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "])
def test_a_head_that_does_not_come_to_its_end_is_cut_off(gateway: GatewayProcess, sent: bytes) -> None:
    with gateway.connect() as connection, timed() as took:
        connection.sendall(sent)
        assert everything(connection) == b""
    assert HEAD_SECONDS * 0.5 <= took[0] <= HEAD_SECONDS + SLACK


def test_a_head_that_drips_is_cut_off_as_soon(gateway: GatewayProcess) -> None:
    with gateway.connect() as connection, timed() as took:
        drip(connection, b"POST /cxml HTTP/1.1\r\n" + b"X-Header: value\r\n" * 20)
        everything(connection)
    assert took[0] <= HEAD_SECONDS + SLACK


def test_the_next_head_of_a_connection_is_bounded_too(gateway: GatewayProcess) -> None:
    with gateway.connect() as connection:
        connection.sendall(request(CONFIRMED.data))
        assert codes(one_answer(connection)) == (200, 200)
        with timed() as took:
            drip(connection, b"POST /cxml HTTP/1.1\r\n" + b"X-Header: value\r\n" * 20)
            everything(connection)
    assert took[0] <= HEAD_SECONDS + SLACK


def test_a_body_that_drips_is_given_up_and_its_connection_with_it(gateway: GatewayProcess) -> None:
    with gateway.connect() as connection, timed() as took:
        connection.sendall(request(CONFIRMED.data)[: -len(CONFIRMED.data)])
        drip(connection, CONFIRMED.data[:60])
        answer = everything(connection)
    assert codes(answer) == (408, 560)
    assert took[0] <= 2 * BODY_SECONDS + 6 + SLACK


def test_a_body_that_goes_on_after_its_answer_is_cut_off(gateway: GatewayProcess) -> None:
    with gateway.connect() as connection, timed() as took:
        connection.sendall(b"POST /cxml HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert is_cut_off(connection, b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
    assert took[0] <= BODY_SECONDS * 2 + SLACK


def test_a_body_that_declares_too_much_is_refused_before_it_is_sent(gateway: GatewayProcess) -> None:
    with gateway.connect() as connection:
        connection.sendall(
            b"POST /cxml HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000000\r\nExpect: 100-continue\r\n\r\n"
        )
        answer = one_answer(connection)
    assert codes(answer) == (413, 400)
    assert b"100 Continue" not in answer


def test_slow_senders_do_not_keep_others_out(gateway: GatewayProcess) -> None:
    with ExitStack() as stack:
        for _ in range(MOST_CONNECTIONS - 5):
            stack.enter_context(gateway.connect()).sendall(b"POST /cxml HTTP/1.1\r\nX: ")
        assert works(gateway)


def test_more_connections_than_it_can_afford_are_closed_at_once_and_do_no_harm(tmp_path: Path) -> None:
    write_home(tmp_path / "home", max_connections=5, header_seconds=60)
    with GatewayProcess(tmp_path / "home") as small, ExitStack() as stack:
        crowd = [stack.enter_context(small.connect()) for _ in range(10)]
        late = stack.enter_context(small.connect())
        assert everything(late) == b""
        for connection in crowd:
            connection.settimeout(0.0)
            with pytest.raises(BlockingIOError):
                connection.recv(1)
        crowd[0].settimeout(10)
        crowd[0].sendall(request(CONFIRMED.data))
        assert one_answer(crowd[0]).startswith(b"HTTP/1.1 503 ")
        for connection in crowd:
            connection.close()
        deadline = time.monotonic() + SLACK
        while not works(small) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert works(small)


def test_requests_one_behind_the_other_are_answered_in_their_order(gateway: GatewayProcess) -> None:
    with gateway.connect() as connection:
        connection.sendall(request(CONFIRMED.data) + request(b"<x/>", "Connection: close"))
        answer = everything(connection)
    assert re.findall(rb'<Status code="(\d+)"', answer) == [b"200", b"401"]


AMBIGUOUS = {
    "two framings": "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": "Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
    "two lengths in one": "Content-Length: 0, 44\r\n\r\n",
    "a coding behind chunked": "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a hidden coding": "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a coding of another kind": "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a signed length": "Content-Length: +0\r\n\r\n",
    "a bare line feed in a value": "X: a\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "a null in a header": "X: a\0b\r\nContent-Length: 0\r\n\r\n",
    "a bad chunk": "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
}
SMUGGLED = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.parametrize("framing", AMBIGUOUS)
def test_nothing_is_smuggled_in_behind_a_request_that_could_be_read_in_two_ways(
    gateway: GatewayProcess, framing: str
) -> None:
    with gateway.connect() as connection:
        connection.sendall(f"POST /cxml HTTP/1.1\r\nHost: 127.0.0.1\r\n{AMBIGUOUS[framing]}{SMUGGLED}".encode())
        answer = everything(connection)
    assert b"alive" not in answer
    assert re.findall(rb"HTTP/1\.1 (\d{3})", answer) == [b"400"]
    assert works(gateway)


@pytest.mark.parametrize(
    "head",
    [
        b"POST /cxml HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"y" * 10_000 + b"\r\n\r\n",
        b"POST /" + b"y" * 10_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"POST /cxml HTTP/1.1\r\n" + b"X: y\r\n" * 5_000 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST /cxml HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
        b"POST /cxml HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: elsewhere\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_a_head_that_is_none_or_too_large_is_refused(gateway: GatewayProcess, head: bytes) -> None:
    with gateway.connect() as connection:
        connection.sendall(head)
        connection.shutdown(socket.SHUT_WR)
        assert everything(connection)[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 431", b"")
    assert works(gateway)


@pytest.mark.parametrize(
    "payload_id", ["x&#13;&#10;Set-Cookie: evil=1&#13;&#10;&#13;&#10;&lt;html&gt;@y", "x&#10;X-Evil: 1@y"]
)
def test_line_ends_in_a_payload_id_become_no_header(gateway: GatewayProcess, payload_id: str) -> None:
    sent = re.sub(rb'payloadID="[^"]*"', f'payloadID="{payload_id}"'.encode(), CONFIRMED.data, count=1)
    with gateway.connect() as connection:
        connection.sendall(request(sent))
        head, _, body = one_answer(connection).partition(b"\r\n\r\n")
    assert b"evil" not in head.lower()
    assert b"<html" not in body


@pytest.mark.parametrize("path", ["/x%0d%0aSet-Cookie:%20evil=1", "/%0d%0a%0d%0a<html>", "/../../etc/passwd", "//evil"])
def test_a_path_becomes_no_header_and_leads_nowhere(gateway: GatewayProcess, path: str) -> None:
    with gateway.connect() as connection:
        connection.sendall(request(b"", method="GET", path=path))
        head, _, body = one_answer(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 404 ")
    assert b"evil" not in head
    assert body == b"Not Found\n"


def test_an_upgrade_is_not_taken(gateway: GatewayProcess) -> None:
    with gateway.connect() as connection:
        connection.sendall(request(CONFIRMED.data, "Connection: Upgrade", "Upgrade: websocket"))
        assert codes(one_answer(connection)) == (200, 200)


def test_a_document_is_not_compressed_into_a_bomb(gateway: GatewayProcess) -> None:
    with gateway.connect() as connection:
        connection.sendall(request(b"\x1f\x8b" + bytes(1000), "Content-Encoding: gzip"))
        assert codes(one_answer(connection)) == (415, 400)


def test_the_log_does_not_grow_with_what_strangers_send(gateway: GatewayProcess) -> None:
    before = gateway.log.stat().st_size
    for number in range(300):
        with gateway.connect() as connection:
            connection.sendall(b"GARBAGE\r\n\r\n" if number % 2 else request(b"<stranger/>", "Connection: close"))
            everything(connection)
    assert gateway.log.stat().st_size - before < 2_000
    assert b"canary" not in gateway.log.read_bytes()


def test_no_answer_names_the_server(gateway: GatewayProcess) -> None:
    with gateway.connect() as connection:
        connection.sendall(request(CONFIRMED.data))
        head = one_answer(connection).partition(b"\r\n\r\n")[0].lower()
    assert b"\r\nserver:" not in head
    assert b"uvicorn" not in head
