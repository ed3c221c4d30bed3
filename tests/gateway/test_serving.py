"""How the gateway begins and ends: what it refuses to begin with, TLS, and that nothing answered is lost at its end."""

import re
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest

from punchout.gateway import serving
from punchout.gateway.serving import require_safe
from resources.errors import ConfigurationError
from resources.settings import Settings
from tests.cli.homes import punchout
from tests.gateway.processes import GatewayProcess, everything, one_answer, request, until, write_home
from tests.support.certificates import made_in
from tests.support.stories import confirmed

pytestmark = pytest.mark.process

CONFIRMED = confirmed()


def changed(settings: Settings, **gateway: object) -> Settings:
    stated = {**settings.gateway.model_dump(), **gateway}
    return settings.model_copy(update={"gateway": type(settings.gateway).model_validate(stated)})


@pytest.mark.parametrize(
    ("gateway", "message"),
    [
        ({"secrets": []}, r"gateway\.secrets is not set"),
        ({"secrets": ["env:NOT_THERE"]}, r"env:NOT_THERE is missing"),
        ({"host": "0.0.0.0"}, "in clear"),  # noqa: S104 - what is refused
        ({"host": "gateway.internal"}, "in clear"),
    ],
)
def test_what_would_not_be_safe_is_refused(settings: Settings, gateway: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        require_safe(changed(settings, **gateway))


@pytest.mark.parametrize(
    "gateway",
    [
        {"host": "127.0.0.2"},
        {"host": "::1"},
        {"host": "localhost"},
        {"host": "0.0.0.0", "tls_certificate": "c.pem", "tls_key": "k.pem"},  # noqa: S104 - with TLS
        {"host": "0.0.0.0", "trusted_proxies": ["10.0.0.5"]},  # noqa: S104 - behind a proxy
    ],
)
def test_what_is_safe_is_not_refused(settings: Settings, gateway: dict[str, object]) -> None:
    require_safe(changed(settings, **gateway))


def test_no_answer_is_held_back_until_its_head_is_acknowledged(settings: Settings) -> None:
    with (
        serving._listening(changed(settings, host="127.0.0.1", port=0)) as listener,
        socket.create_connection(listener.getsockname()),
    ):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_where_nobody_is_accepted_it_does_not_open(settings: Settings) -> None:
    supplier = settings.supplier.model_copy(update={"identities": (), "our_identity": None})
    with pytest.raises(ConfigurationError, match="nobody may hand documents in"):
        require_safe(settings.model_copy(update={"supplier": supplier}))


@pytest.mark.parametrize(
    "gateway", [{"tls_certificate": "c.pem"}, {"secrets": ["env:A", "env:B", "env:C"]}, {"trusted_proxies": ["10.0.0"]}]
)
def test_settings_that_make_no_sense_are_refused(settings: Settings, gateway: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"tls_key|at most 2|network"):
        changed(settings, **gateway)


def test_the_command_says_what_is_wrong_in_a_line(tmp_path: Path) -> None:
    write_home(tmp_path / "home", secrets=[])
    result = punchout("gateway", PUNCHOUT_HOME=str(tmp_path / "home"))
    assert result.returncode == 3
    assert result.stderr == "gateway.secrets is not set: senders could not prove themselves\n"
    assert result.stdout == ""


def test_an_address_that_is_taken_is_said_to_be(tmp_path: Path) -> None:
    write_home(tmp_path / "home")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = punchout("gateway", "--port", str(port), PUNCHOUT_HOME=str(tmp_path / "home"))
    assert result.returncode == 3
    assert result.stderr.startswith(f"the gateway cannot listen on 127.0.0.1:{port}: Address already in use")


def test_a_certificate_that_cannot_be_used_is_said_to_be(tmp_path: Path) -> None:
    write_home(tmp_path / "home", tls_certificate="c.pem", tls_key="k.pem")
    for name in ("c.pem", "k.pem"):
        (tmp_path / "home" / name).write_text("no certificate")
    result = punchout("gateway", PUNCHOUT_HOME=str(tmp_path / "home"))
    assert result.returncode == 3
    assert result.stderr.startswith("the certificate of the gateway cannot be used: ")


def test_what_is_being_sent_when_it_is_told_to_stop_is_answered(tmp_path: Path) -> None:
    write_home(tmp_path / "home", body_seconds=60)
    sent = request(CONFIRMED.data)
    with GatewayProcess(tmp_path / "home") as gateway, gateway.connect() as connection:
        connection.sendall(sent[:-50])
        until(gateway.is_reading)
        stopped: list[int] = []
        stopping = threading.Thread(target=lambda: stopped.append(gateway.stop()))
        stopping.start()
        until(gateway.is_closed)
        connection.sendall(sent[-50:])
        assert b'<Status code="200"' in everything(connection)
        stopping.join()
        assert stopped == [0]
        assert gateway.log.read_text() == ""


def test_who_is_too_slow_does_not_keep_it_from_stopping(tmp_path: Path) -> None:
    write_home(tmp_path / "home", body_seconds=60, stop_seconds=1)
    with GatewayProcess(tmp_path / "home") as gateway, gateway.connect() as connection:
        connection.sendall(request(CONFIRMED.data)[:-50])
        until(gateway.is_reading)
        began = time.monotonic()
        assert gateway.stop() == 0
        assert time.monotonic() - began < 15


def test_with_a_moment_given_everything_comes_in_at_that_moment(tmp_path: Path) -> None:
    write_home(tmp_path / "home")
    with (
        GatewayProcess(tmp_path / "home", "--as-of", "2026-03-02T17:00:00+00:00") as gateway,
        gateway.connect() as connection,
    ):
        connection.sendall(request(CONFIRMED.data))
        assert b'timestamp="2026-03-02T17:00:00+00:00"' in one_answer(connection)


def test_over_tls_documents_come_in_and_nothing_else_is_spoken(tmp_path: Path) -> None:
    files = made_in(tmp_path)
    write_home(
        tmp_path / "home",
        tls_certificate=str(files.certificate),
        tls_key=str(files.key),
        header_seconds=1,
    )
    trusting = ssl.create_default_context(cafile=files.certificate)
    with GatewayProcess(tmp_path / "home") as gateway:
        assert gateway.address.startswith("https://127.0.0.1:")
        with (
            gateway.connect() as plain,
            trusting.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
        ):
            assert connection.version() in {"TLSv1.2", "TLSv1.3"}
            connection.sendall(request(CONFIRMED.data))
            answer = one_answer(connection)
            assert b'<Status code="200"' in answer
            assert re.search(rb"\r\nstrict-transport-security: max-age=\d+\r\n", answer)
        with gateway.connect() as plain:
            plain.sendall(request(CONFIRMED.data))
            assert b"HTTP/1.1 200" not in everything(plain)
