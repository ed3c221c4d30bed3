"""Messages over real sockets: they arrive, and one that does not fails nothing and shows no address."""

import json
from pathlib import Path

import pytest

from resources.notifier import Failure, Notifier
from resources.secrets import SecretReference
from tests.resources.suppliers import Server, answers, closes, unused_port

OK = answers(b"")


def reference(monkeypatch: pytest.MonkeyPatch, name: str, address: str) -> SecretReference:
    """Put an address where a setting may name it."""
    monkeypatch.setenv(name, address)
    return SecretReference.parse(f"env:{name}")


def test_a_message_arrives_with_its_lines_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(OK) as server:
        channel = reference(monkeypatch, "CHAT", f"json://127.0.0.1:{server.port}/token-1234")
        assert Notifier((channel,)).tell("<b>2</b> orders", "106001\n*12.5* USD") == []
    (body,) = server.bodies
    told = json.loads(body)
    assert (told["title"], told["message"], told["type"]) == ("<b>2</b> orders", "106001\n*12.5* USD", "warning")


def test_the_end_of_something_is_told_as_good_news(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(OK) as server:
        channel = reference(monkeypatch, "CHAT", f"json://127.0.0.1:{server.port}")
        Notifier((channel,)).tell("over", "x", is_over=True)
    assert json.loads(server.bodies[0])["type"] == "success"


def test_one_channel_that_fails_keeps_no_other_from_being_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with Server(OK) as server, Server(answers(b"", "500 Internal Server Error")) as broken:
        channels = (
            reference(monkeypatch, "BROKEN", f"json://127.0.0.1:{broken.port}/token-1234"),
            reference(monkeypatch, "NONSENSE", "token-1234"),
            SecretReference.parse(f"file:{tmp_path}/nowhere"),
            reference(monkeypatch, "CHAT", f"json://127.0.0.1:{server.port}"),
        )
        failures = Notifier(channels).tell("a", "b")
    assert [one.channel for one in failures] == ["env:BROKEN", "env:NONSENSE", f"file:{tmp_path}/nowhere"]
    assert len(server.received) == 1
    assert "token-1234" not in repr(failures) + caplog.text


def test_the_heartbeat_asks_for_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(OK) as server:
        beat = reference(monkeypatch, "BEAT", f"http://127.0.0.1:{server.port}/ping/abc")
        assert Notifier(heartbeat=beat).beat() is None
    assert server.received[0].startswith(b"GET /ping/abc HTTP/1.1\r\n")


def test_no_heartbeat_is_sent_where_nobody_watches() -> None:
    assert Notifier().beat() is None


@pytest.mark.parametrize("behave", [answers(b"", "404 Not Found"), answers(b"", "302 Found", "Location: /x"), closes])
def test_a_heartbeat_that_nobody_takes_says_so_without_its_address(
    monkeypatch: pytest.MonkeyPatch, behave: object
) -> None:
    with Server(behave) as server:  # type: ignore[arg-type]
        beat = reference(monkeypatch, "BEAT", f"http://127.0.0.1:{server.port}/token-1234")
        failure = Notifier(heartbeat=beat).beat()
    assert failure is not None
    assert "token-1234" not in repr(failure)
    assert len(server.received) == 1


def test_a_heartbeat_without_a_server_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with unused_port() as port:
        beat = reference(monkeypatch, "BEAT", f"http://127.0.0.1:{port}/")
        assert Notifier(heartbeat=beat).beat() == Failure("env:BEAT", "ConnectError")
