"""Attacks over HTTP: whatever comes by whatever route, the gateway answers as it should, and lives."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punchout.ledger.engine import open_engine
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.tables.logs import DELIVERY
from tests.gateway.callers import basic
from tests.gateway.processes import GatewayProcess, everything, one_answer, request, timed, write_home
from tests.support.ledgers import rows
from tests.support.purchases import SECRET
from tests.support.stories import confirmed

pytestmark = pytest.mark.process

CONFIRMED = confirmed()
PROOF = f"Authorization: {basic('Amazon', SECRET)}"
ALLOWED = re.compile(rb"HTTP/1\.1 (?:2\d\d|4\d\d|503) ")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    home: Path = tmp_path_factory.mktemp("gateway") / "home"
    write_home(home, header_seconds=1, body_seconds=1, keep_alive_seconds=1, request_burst=1_000_000)
    with GatewayProcess(home) as process:
        yield process


def is_alive(gateway: GatewayProcess) -> bool:
    with gateway.connect() as connection:
        connection.sendall(request(CONFIRMED.data))
        return b'<Status code="200"' in one_answer(connection)


def answer(gateway: GatewayProcess, *sent: bytes) -> bytes:
    with gateway.connect(timeout=60) as connection:
        for part in sent:
            connection.sendall(part)
        return one_answer(connection)


def test_attacks_on_xml_parsers_are_refused_quickly_and_kept_only_where_somebody_vouches_for_them(
    gateway: GatewayProcess, test_data: Path
) -> None:
    attacks = [path for path in sorted((test_data / "attacks").rglob("*.xml")) if path.stat().st_size < 5_000_000]
    assert len(attacks) > 20
    engine = open_engine(f"sqlite:///{gateway.home / 'ledger.sqlite3'}")
    before = len(rows(engine, DOCUMENT))
    for path in attacks:
        with timed() as took:
            said = answer(gateway, request(path.read_bytes(), "Content-Type: text/xml"))
        assert ALLOWED.match(said), path.name
        assert re.search(rb'<Status code="4\d\d"', said), path.name
        assert b"root:" not in said
        assert took[0] < 20, path.name
    assert len(rows(engine, DOCUMENT)) == before
    for path in attacks:
        said = answer(gateway, request(path.read_bytes(), "Content-Type: text/xml", PROOF))
        assert re.search(rb'<Status code="[24]\d\d"', said), path.name
    assert {row["feed"] for row in rows(engine, DELIVERY)} <= {"gateway"}
    engine.dispose()
    assert is_alive(gateway)


def test_a_bomb_that_is_wrapped_in_a_form_is_refused_too(gateway: GatewayProcess) -> None:
    fields = b"&".join(b"f%d=x" % number for number in range(50_000))
    nested = b"--b\r\n" + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 20_000
    for body, kind in ((fields, "application/x-www-form-urlencoded"), (nested, "multipart/mixed; boundary=b")):
        assert b'<Status code="406"' in answer(gateway, request(body, f"Content-Type: {kind}"))


_TOKENS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=":/?#[]@"), min_size=1, max_size=12
)
_METHODS = st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "TRACE", "CONNECT", "BREW", "post"])
_PATHS = st.one_of(
    st.sampled_from(
        ["/cxml", "/healthz", "/readyz", "/metrics", "/punchout/return", "/punchout/start/PR0001", "*", "/"]
    ),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60).map(lambda text: "/" + text),
)
_VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
_NAMES = st.one_of(
    st.sampled_from(
        [
            "Content-Type",
            "Content-Encoding",
            "Authorization",
            "X-Forwarded-For",
            "Expect",
            "Connection",
            "Upgrade",
            "Accept",
        ]
    ),
    _TOKENS,
)
_TYPES = st.sampled_from(
    [
        "text/xml",
        "application/x-www-form-urlencoded",
        "multipart/related; boundary=b",
        "multipart/form-data",
        "",
        "a/b; c",
    ]
)


@st.composite
def _bodies(draw: st.DrawFn) -> bytes:
    """Give a document with a part of it changed, or anything."""
    data = CONFIRMED.data
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 200)))
    return draw(st.one_of(st.binary(max_size=300), st.just(data[:start] + draw(st.binary(max_size=40)) + data[end:])))


@given(
    method=_METHODS,
    path=_PATHS,
    kind=_TYPES,
    headers=st.lists(st.tuples(_NAMES, _VALUES), max_size=4),
    body=_bodies(),
    proven=st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
def test_no_request_whatever_it_holds_gets_more_than_an_answer(
    gateway: GatewayProcess,
    method: str,
    path: str,
    kind: str,
    headers: list[tuple[str, str]],
    body: bytes,
    proven: bool,  # noqa: FBT001
) -> None:
    lines = [f"{name}: {value}" for name, value in headers]
    lines += [f"Content-Type: {kind}", "Connection: close", *([PROOF] if proven else [])]
    with gateway.connect() as connection:
        connection.sendall(_latin(request(b"", *lines, method=method, path=path).decode(), body))
        said = everything(connection)
    _is_sound(said)
    assert gateway.process.poll() is None


@given(
    sent=st.one_of(
        st.binary(max_size=400), st.binary(max_size=100).map(lambda raw: b"POST /cxml HTTP/1.1\r\n" + raw + b"\r\n\r\n")
    )
)
def test_no_bytes_get_more_than_an_answer(gateway: GatewayProcess, sent: bytes) -> None:
    with gateway.connect() as connection:
        connection.sendall(sent)
        connection.shutdown(1)
        _is_sound(everything(connection))
    assert gateway.process.poll() is None


def test_after_all_of_that_it_lives_and_its_log_holds_no_traceback(gateway: GatewayProcess) -> None:
    assert is_alive(gateway)
    log = gateway.log.read_text()
    assert "Traceback" not in log
    assert SECRET not in log


def _latin(head: str, body: bytes) -> bytes:
    return head.replace("Content-Length: 0", f"Content-Length: {len(body)}", 1).encode("latin-1") + body


def _is_sound(said: bytes) -> None:
    """Hold an answer to what every answer must be; none at all is one too, to what is no request."""
    if not said:
        return
    for status in re.findall(rb"HTTP/1\.1 \d{3} ", said):
        assert ALLOWED.match(status), said
    assert b"Traceback" not in said
    assert SECRET.encode() not in said
    assert b"\nserver:" not in said.lower()
