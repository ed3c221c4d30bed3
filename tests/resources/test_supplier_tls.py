"""Orders over TLS: what a failed handshake means, and that a slow server is cut off there too."""

import ssl
import time
from pathlib import Path

import pytest

from punchout.ordering.answers import Failure, classify
from resources.supplier import SupplierClient
from tests.resources.suppliers import Server, answers, closes, drips, hangs, says
from tests.support.certificates import made_in

ORDER = b"<cXML/>"
ACCEPTED = b'<cXML payloadID="r" timestamp="2026-03-03T17:00:01+00:00"><Response><Status code="200"/></Response></cXML>'
# What answers may be late on a busy machine.
PATIENCE = 30.0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, with its key."""
    return made_in(tmp_path_factory.mktemp("tls")).both


@pytest.fixture
def served(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def client(url: str, trusted: Path | None = None, answer_timeout: float = PATIENCE) -> SupplierClient:
    return SupplierClient(
        url,
        connect_timeout=PATIENCE,
        read_timeout=PATIENCE,
        answer_timeout=answer_timeout,
        user_agent="u",
        tls=ssl.create_default_context(cafile=str(trusted)) if trusted else None,
    )


def test_an_order_leaves_over_tls_to_a_server_that_is_trusted(certificate: Path, served: ssl.SSLContext) -> None:
    with Server(answers(ACCEPTED), tls=served) as server:
        assert client(server.url, certificate).post(ORDER).cxml_code == 200
    assert server.bodies == [ORDER]


def test_a_certificate_that_is_not_trusted_blocks_the_channel(served: ssl.SSLContext) -> None:
    with Server(answers(ACCEPTED), tls=served) as server:
        answer = client(server.url).post(ORDER)
    assert answer.failure is Failure.TLS
    assert classify(answer).outcome == "blocked"
    assert server.bodies == []


def test_a_certificate_for_another_name_blocks_the_channel(certificate: Path, served: ssl.SSLContext) -> None:
    with Server(answers(ACCEPTED), tls=served) as server:
        answer = client(server.url.replace("127.0.0.1", "localhost"), certificate).post(ORDER)
    assert answer.failure is Failure.TLS
    assert server.bodies == []


def test_a_server_that_speaks_no_tls_blocks_the_channel() -> None:
    with Server(says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), listens=False) as server:
        answer = client(server.url.replace("http:", "https:")).post(ORDER)
    assert answer.failure is Failure.TLS


def test_a_connection_that_ends_in_the_handshake_is_provably_unsent() -> None:
    with Server(closes, listens=False) as server:
        answer = client(server.url.replace("http:", "https:")).post(ORDER)
    assert answer.failure is Failure.NOT_CONNECTED
    assert classify(answer).outcome == "pending"


def test_a_handshake_that_never_ends_is_provably_unsent() -> None:
    with Server(hangs, listens=False) as server:
        answer = SupplierClient(
            server.url.replace("http:", "https:"), connect_timeout=0.3, read_timeout=5, user_agent="u"
        ).post(ORDER)
    assert answer.failure is Failure.CONNECT_TIMEOUT
    assert classify(answer).outcome == "pending"


def test_an_answer_that_drips_over_tls_is_cut_off_in_time(certificate: Path, served: ssl.SSLContext) -> None:
    started = time.monotonic()
    with Server(drips(b"HTTP/1.1 200 OK\r\nX-Slow: "), tls=served) as server:
        answer = client(server.url, certificate, answer_timeout=0.7).post(ORDER)
    assert time.monotonic() - started < 3
    assert answer.failure is Failure.TOO_SLOW
    assert server.bodies == [ORDER]
