"""Coming back over real sockets: two gateways over one ledger, forms cut off, and whatever else may be posted."""

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punchout.ledger.shopping.sessions import open_session
from punchout.ledger.tables.facts import DOCUMENT, SESSION_RETURNED
from punchout.model.moments import DAY
from punchout.model.sessions import SessionOpened
from resources.exchange import open_ledger, wall_clock
from tests.gateway.processes import GatewayProcess, everything, request, write_home
from tests.gateway.sessions.shopper import Shopper
from tests.support.ledgers import each, rows
from tests.support.plays import settings_for
from tests.support.stories import FIRST, of_session

FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[sa.Engine, list[GatewayProcess]]]:
    """One ledger with an open session, and two gateways over it."""
    home = tmp_path / "home"
    write_home(home)
    text = (home / "punchout.toml").read_text()
    (home / "punchout.toml").write_text(f'cart = {{ received_by = "pipeline" }}\n{text}')
    engine = open_ledger(settings_for(home))
    now = wall_clock()
    opened = SessionOpened(buyer_cookie="session-1", payload_id="s@us", at=now, expires=now + DAY)
    each(engine, lambda connection: open_session(connection, FIRST.key, opened))
    with GatewayProcess(home) as one, GatewayProcess(home) as other:
        yield engine, [one, other]
    engine.dispose()


@pytest.mark.process
def test_of_two_carts_that_come_back_to_two_gateways_at_once_one_is_taken(
    two: tuple[sa.Engine, list[GatewayProcess]],
) -> None:
    engine, gateways = two
    genuine = of_session(FIRST, "session-1")
    carts = [genuine, genuine.saying("other@", "session-1@").saying("FORGED", "B0TEST0001")]
    found: list[int] = []
    together = threading.Barrier(2)

    def bring(address: str, data: bytes) -> None:
        together.wait()
        answer = httpx.post(f"{address}/punchout/return", data={"cxml-urlencoded": data.decode()}, trust_env=False)
        found.append(answer.status_code)

    browsers = [
        threading.Thread(target=bring, args=(gateway.address, cart.data))
        for gateway, cart in zip(gateways, carts, strict=True)
    ]
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    assert sorted(found) == [200, 409]
    assert len(rows(engine, SESSION_RETURNED)) == 1


@pytest.mark.process
def test_a_form_that_is_cut_off_or_has_two_lengths_brings_nothing(two: tuple[sa.Engine, list[GatewayProcess]]) -> None:
    engine, (gateway, _) = two
    body = urlencode({"cxml-urlencoded": of_session(FIRST, "session-1").data}).encode()
    whole = request(body, FORM, path="/punchout/return")
    for sent in (whole[:-100], whole.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n", 1)):
        with gateway.connect() as connection:
            connection.sendall(sent)
            connection.shutdown(1)
            assert b" 200 " not in everything(connection).partition(b"\r\n")[0]
    assert rows(engine, DOCUMENT) == []
    with gateway.connect() as connection:
        connection.sendall(request(body, FORM, "Connection: close", path="/punchout/return"))
        assert everything(connection).startswith(b"HTTP/1.1 200 OK\r\n")


def test_whatever_is_posted_is_answered_with_a_page_and_never_taken(shopper: Shopper) -> None:
    pieces = st.sampled_from(
        [b"cxml-urlencoded=", b"cxml-base64=", b"<cXML>", b"%3CcXML", b"&", b"\x00", b"\xff", b"--x"]
    )
    bodies = st.lists(pieces | st.binary(max_size=30), max_size=6).map(b"".join)
    kinds = st.sampled_from(
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml", "\x7f", ""]
    )

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(body=bodies, kind=kinds)
    def holds(body: bytes, kind: str) -> None:
        said = shopper.call("POST", "/punchout/return", content=body, headers={"Content-Type": kind})
        assert said.status_code in {400, 404, 429}
        assert said.headers["content-type"] == "text/html; charset=utf-8"

    holds()
    assert rows(shopper.engine, SESSION_RETURNED) == []
