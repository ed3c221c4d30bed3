"""Every way an order's POST can end, on real sockets: what is reported, what follows, and how often the order left."""

import base64
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from cxml_parsers.order_request import with_secret
from punchout.ordering.answers import Answer, Failure, classify
from resources.supplier import LARGEST_ANSWER, SupplierClient
from tests.resources.suppliers import (
    Behaviour,
    Server,
    answers,
    closes,
    drips,
    hangs,
    resets,
    says,
    unused_port,
)

SECRET = "s3cr&t-Wort"  # noqa: S105 - of nobody
ORDER = with_secret(
    b'<?xml version="1.0" encoding="UTF-8"?>\n<cXML payloadID="order-1@contoso.example" timestamp="t">'
    b"<SharedSecret></SharedSecret></cXML>",
    SECRET,
)
HTML = b"<!DOCTYPE html><html><body><h1>OK</h1></body></html>"


def cxml(code: int, text: str = "", payload_id: str = "r1@amazon.example", message: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.071/cXML.dtd">'
        f'<cXML payloadID="{payload_id}" timestamp="2026-03-03T17:00:01+00:00" xml:lang="en-US">'
        f'<Response><Status code="{code}" text="{text}">{message}</Status></Response></cXML>'
    ).encode()


# What answers may be late on a busy machine; what never answers is waited for as shortly as may be.
PATIENCE = 30.0
IMPATIENCE = 0.4


def client(
    url: str,
    *,
    read_timeout: float = PATIENCE,
    answer_timeout: float = PATIENCE,
    proxy: str | None = None,
    basic_auth: tuple[str, str] | None = None,
) -> SupplierClient:
    return SupplierClient(
        url,
        connect_timeout=PATIENCE,
        read_timeout=read_timeout,
        answer_timeout=answer_timeout,
        user_agent="punchout-exchange",
        proxy=proxy,
        basic_auth=basic_auth,
    )


def post(
    behave: Behaviour, *, read_timeout: float = PATIENCE, answer_timeout: float = PATIENCE
) -> tuple[Answer, Server]:
    with Server(behave) as server:
        answer = client(server.url, read_timeout=read_timeout, answer_timeout=answer_timeout).post(ORDER)
    return answer, server


@pytest.mark.parametrize(
    ("behave", "expected", "outcome"),
    [
        pytest.param(closes, Answer(failure=Failure.BROKEN_ANSWER), "in_doubt", id="read all, then closed"),
        pytest.param(resets, Answer(failure=Failure.CONNECTION_LOST), "in_doubt", id="read all, then reset"),
        pytest.param(says(b"HTTP/1.1 20"), Answer(failure=Failure.BROKEN_ANSWER), "in_doubt", id="half a status line"),
        pytest.param(says(b"220 smtp\r\n\r\n"), Answer(failure=Failure.BROKEN_ANSWER), "in_doubt", id="not HTTP"),
        pytest.param(
            answers(cxml(200), length=5000),
            Answer(failure=Failure.BROKEN_ANSWER, http_status=200),
            "in_doubt",
            id="body cut off",
        ),
        pytest.param(
            says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n<cXML"),
            Answer(failure=Failure.BROKEN_ANSWER, http_status=200),
            "in_doubt",
            id="chunk cut off",
        ),
        pytest.param(
            says(b"HTTP/1.1 200 OK\r\n\r\n" + cxml(200)[:-20]),
            Answer(http_status=200),
            "in_doubt",
            id="half a document",
        ),
        pytest.param(answers(HTML, "502 Bad Gateway"), Answer(http_status=502), "in_doubt", id="502 page"),
        pytest.param(answers(HTML, "503 Service Unavailable"), Answer(http_status=503), "in_doubt", id="503 page"),
        pytest.param(answers(HTML), Answer(http_status=200), "in_doubt", id="200 page"),
        pytest.param(answers(b"", "204 No Content"), Answer(http_status=204), "in_doubt", id="204"),
        pytest.param(answers(HTML, "401 Unauthorized"), Answer(http_status=401), "blocked", id="401 page"),
        pytest.param(answers(HTML, "404 Not Found"), Answer(http_status=404), "blocked", id="404 page"),
        pytest.param(
            answers(b"", "429 Too Many Requests", "Retry-After: 120"),
            Answer(http_status=429, retry_after=120),
            "pending",
            id="429",
        ),
        pytest.param(
            answers(cxml(200, "OK")),
            Answer(http_status=200, is_cxml=True, cxml_code=200, cxml_text="OK"),
            "sent",
            id="cXML 200",
        ),
        pytest.param(
            says(b"HTTP/1.0 200 OK\r\n\r\n" + cxml(201, "Accepted")),
            Answer(http_status=200, is_cxml=True, cxml_code=201, cxml_text="Accepted"),
            "sent",
            id="cXML 201 up to the end of the connection",
        ),
        pytest.param(
            answers(cxml(401, "Unauthorized", message="no such\n  sender")),
            Answer(http_status=200, is_cxml=True, cxml_code=401, cxml_text="Unauthorized: no such sender"),
            "blocked",
            id="cXML 401 in HTTP 200",
        ),
        pytest.param(
            answers(cxml(200, "OK"), "500 Internal Server Error"),
            Answer(http_status=500, is_cxml=True, cxml_code=200, cxml_text="OK"),
            "sent",
            id="cXML 200 in HTTP 500",
        ),
        pytest.param(
            answers(cxml(500, "PO Number: 1 has already been processed.")),
            Answer(http_status=200, is_cxml=True, cxml_code=500, cxml_text="PO Number: 1 has already been processed."),
            "in_doubt",
            id="cXML 500",
        ),
        pytest.param(
            answers(cxml(200, "OK", payload_id="order-2@contoso.example")),
            Answer(http_status=200, is_cxml=True, cxml_code=200, cxml_text="OK", echo_ok=False),
            "in_doubt",
            id="another order's payloadID",
        ),
        pytest.param(
            answers(cxml(200, "OK", payload_id="order-1@contoso.example")),
            Answer(http_status=200, is_cxml=True, cxml_code=200, cxml_text="OK"),
            "sent",
            id="this order's payloadID",
        ),
        pytest.param(
            answers(cxml(200), "200 OK", "Content-Encoding: gzip"), Answer(http_status=200), "in_doubt", id="gzip"
        ),
        pytest.param(
            answers(b"x" * (LARGEST_ANSWER + 1)),
            Answer(failure=Failure.TOO_LARGE, http_status=200),
            "in_doubt",
            id="too large",
        ),
        pytest.param(answers(ORDER), Answer(http_status=200), "in_doubt", id="our own order echoed"),
    ],
)
def test_an_answer_is_reported_as_it_was_and_the_order_left_once(
    behave: Behaviour, expected: Answer, outcome: str
) -> None:
    answer, server = post(behave)
    assert answer == expected
    assert classify(answer).outcome == outcome
    assert server.bodies == [ORDER]
    assert server.connections == 1


def test_an_answer_that_never_comes_is_given_up_and_the_order_left_once() -> None:
    answer, server = post(hangs, read_timeout=IMPATIENCE)
    assert answer == Answer(failure=Failure.READ_TIMEOUT)
    assert classify(answer).outcome == "in_doubt"
    assert server.bodies == [ORDER]
    assert server.connections == 1


@pytest.mark.parametrize(
    ("before", "drop"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x", id="a header"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x", id="a body of known length"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + cxml(200), b" ", id="a body up to the end of the connection"),
    ],
)
def test_an_answer_that_drips_is_cut_off_in_time(before: bytes, drop: bytes) -> None:
    started = time.monotonic()
    answer, server = post(drips(before, drop), answer_timeout=0.7)
    assert time.monotonic() - started < 3
    assert answer.failure is Failure.TOO_SLOW
    assert classify(answer).outcome == "in_doubt"
    assert len(server.bodies) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_never_followed(status: str) -> None:
    with Server(answers(cxml(200))) as elsewhere:
        answer, server = post(answers(b"", status, f"Location: {elsewhere.url}"))
    assert classify(answer).outcome == "blocked"
    assert (len(server.bodies), elsewhere.connections) == (1, 0)


def test_a_refused_connection_is_provably_unsent() -> None:
    with unused_port() as port:
        answer = client(f"http://127.0.0.1:{port}/").post(ORDER)
    assert answer == Answer(failure=Failure.NOT_CONNECTED)
    assert classify(answer).outcome == "pending"


def test_a_name_that_does_not_resolve_is_provably_unsent() -> None:
    assert client("http://supplier.invalid/").post(ORDER) == Answer(failure=Failure.NOT_CONNECTED)


def test_a_connection_reset_before_anything_was_read_is_never_taken_for_an_answer() -> None:
    # Whether the reset meets the connection or the first write is the operating system's choice. Provably unsent or in
    # doubt are both right, since nothing was read.
    with Server(resets, listens=False) as server:
        answer = client(server.url).post(ORDER)
    assert classify(answer).outcome in {"pending", "in_doubt"}
    assert server.bodies == []


def test_an_address_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(httpx.InvalidURL):
        client("http://supplier:orders/")


def test_each_order_has_a_connection_of_its_own() -> None:
    with Server(answers(cxml(200))) as server:
        door = client(server.url)
        assert [door.post(ORDER).cxml_code for _ in range(3)] == [200, 200, 200]
    assert server.connections == 3


def test_an_order_is_posted_as_cxml_over_a_connection_that_closes() -> None:
    with Server(answers(cxml(200))) as server:
        client(server.url, basic_auth=("user", "pässword")).post(ORDER)
    head = server.received[0].partition(b"\r\n\r\n")[0].decode().splitlines()
    assert head[0] == "POST /orders HTTP/1.1"
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
    assert headers["content-type"] == "text/xml; charset=UTF-8"
    assert headers["connection"] == "close"
    assert headers["accept-encoding"] == "identity"
    assert headers["user-agent"] == "punchout-exchange"
    assert headers["content-length"] == str(len(ORDER))
    assert base64.b64decode(headers["authorization"].partition(" ")[2]).decode() == "user:pässword"


def test_a_secret_that_the_supplier_repeats_is_masked() -> None:
    told = cxml(401, "bad secret s3cr&amp;t-Wort", message="password hunter2 too")
    with Server(answers(told)) as server:
        answer = client(server.url, basic_auth=("user", "hunter2")).post(ORDER)
    assert answer.cxml_text == "bad secret ***: password *** too"
    assert SECRET not in repr(classify(answer))


def test_a_long_text_is_shortened() -> None:
    answer, _ = post(answers(cxml(400, "x" * 10_000)))
    assert len(answer.cxml_text or "") == 500


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(answers(HTML)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        answer, server = post(answers(cxml(200)))
    assert answer.cxml_code == 200
    assert (len(server.bodies), proxy.connections) == (1, 0)


def test_a_proxy_is_used_where_one_is_set() -> None:
    with Server(answers(cxml(200))) as proxy:
        answer = client("http://supplier.invalid/orders", proxy=f"http://127.0.0.1:{proxy.port}").post(ORDER)
    assert answer.cxml_code == 200
    assert proxy.received[0].startswith(b"POST http://supplier.invalid/orders ")


def test_a_proxy_that_refuses_the_tunnel_is_provably_unsent() -> None:
    with Server(answers(HTML, "403 Forbidden")) as proxy:
        answer = client("https://supplier.invalid/orders", proxy=f"http://127.0.0.1:{proxy.port}").post(ORDER)
    assert answer.failure is Failure.PROXY
    assert classify(answer).outcome == "pending"
    assert proxy.bodies == [b""]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Retry-After: 0", 0),
        ("Retry-After: 99999999999", 999_999_999),
        ("Retry-After: -1", None),
        ("Retry-After: soon", None),
        ("Retry-After: Mon, 01 Jan 2001 00:00:00 GMT", 0),
        ("X-Other: 1", None),
    ],
)
def test_the_wait_is_read_in_seconds(header: str, seconds: int | None) -> None:
    answer, _ = post(answers(b"", "429 Too Many Requests", header))
    assert answer.retry_after == seconds


def test_the_wait_is_read_as_a_date() -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    answer, _ = post(answers(b"", "429 Too Many Requests", f"Retry-After: {then}"))
    assert answer.retry_after is not None
    assert 590 <= answer.retry_after <= 600
